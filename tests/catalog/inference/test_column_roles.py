"""Which columns hold the id, title, price and so on."""

from __future__ import annotations

import pytest

from catalog.feeds.base import RawRow
from catalog.inference.column_roles import (
    counts_rows,
    find_roles,
    names_a_kind,
    names_a_title,
    names_an_id,
    role_named,
)
from catalog.inference.columns import (
    profile,
)

PROSE = "A long tale of how the thing number {} was made by hand in a small shop by the sea"


def raw_rows(count: int, **texts) -> list[RawRow]:
    """Rows whose cells are made of patterns: "{n}" is the row's number, a list goes round."""
    return [
        RawRow(
            number=n,
            cells={
                key: pattern[n % len(pattern)] if isinstance(pattern, list) else pattern.format(n)
                for key, pattern in texts.items()
                if not isinstance(pattern, list) or pattern[n % len(pattern)]
            },
        )
        for n in range(count)
    ]


def roles(chosen=None, technical=(), count=20, names=None, **texts):
    columns = profile(raw_rows(count, **texts), names or {})
    return find_roles(columns, chosen or {}, frozenset(technical))


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("product_id", "id"), ("artikelnummer", "id"), ("name", "title"), ("bezeichnung", "title"),
        ("body_html", "description"), ("preis", "price"), ("sale_price", "sale_price"),
        ("angebot_ab", "sale_starts"), ("sale_until", "sale_ends"), ("currency_code", "currency"),
        ("stock_on_hand", "availability"), ("permalink", "url"), ("img", "image"),
        ("item_group_id", "group"), ("wood", ""),
    ],
)  # fmt: skip
def test_roles_are_known_by_their_usual_names(key, role):
    assert role_named(key) == role


def test_names_of_columns_tell_what_they_hold():
    assert [key for key in ("id", "part_no", "itemid", "lamp", "nova") if names_an_id(key)] == [
        "id",
        "part_no",
        "itemid",
    ]
    assert counts_rows("row_names") and counts_rows("unnamed_0") and not counts_rows("id")
    assert names_a_title("product_title") and not names_a_title("subtitle")
    kinds = ["type", "main_category", "categories", "category_1", "warengruppe", "typeface"]
    assert [key for key in kinds if names_a_kind(key)] == kinds[:5]


def test_the_name_that_is_usual_first_wins():
    sku = roles(sku="S{}", id="{}", name="Lamp {}", title="Fine lamp {}")
    assert (sku.id, sku.title) == ("id", ("title",))


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        ({"id": ["1", "2", "3", "4", "5"]}, ""),
        ({"id": [str(n) for n in range(7)]}, "id"),
        ({"asin": [str(n) for n in range(19)]}, ""),
        ({"asin": "{}"}, "asin"),
        ({"part_no": "P{}"}, "part_no"),
        ({"part_no": ["P{}"] * 19 + [""]}, ""),
        ({"part_no": "P{}" + "x" * 40}, ""),
        ({"index": "{}"}, "index"),
        ({"index": "{}", "part_no": "P{}"}, "part_no"),
        ({"index": [str(n) for n in range(19)]}, ""),
    ],
    ids=[
        "one in four", "one in three", "repeats", "all differ", "by its ending", "not always",
        "too long", "a counter", "better than a counter", "counts twice",
    ],
)  # fmt: skip
def test_an_id_differs_from_row_to_row(texts, key):
    assert roles(title="Lamp {}", **texts).id == key


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        ({"price": ["5", "ask", "ask", "ask"]}, "price"),
        ({"price": ["5"] + ["ask"] * 4}, ""),
        ({"cost": ["5", "6", "ask"]}, "cost"),
        ({"cost": ["5", "ask"]}, ""),
        ({"cost": "5", "msrp": "6"}, "msrp"),
        ({"price_per_box": "5"}, "price_per_box"),
        ({"old_price": "5"}, ""),
        ({"price_range": "5"}, ""),
        ({"tax_price": "5"}, ""),
        ({"price_incl_tax": "5"}, "price_incl_tax"),
        ({"to_pay": "5 EUR"}, "to_pay"),
        ({"to_pay": ["5 EUR", "5 EUR", "5 EUR", "5", "5"]}, ""),
        ({"lowest_price": "5"}, "lowest_price"),
        ({"shipping_eur": "5 EUR"}, ""),
        ({"price": "{} for you, ask"}, "price"),
    ],
    ids=[
        "a quarter", "a fifth", "mostly", "half", "more usual", "in the name", "of before",
        "a range", "a tax", "with tax", "with currency", "seldom with currency", "least",
        "shipping", "hopeless",
    ],
)  # fmt: skip
def test_a_price_is_mostly_money(texts, key):
    assert roles(title="Lamp {}", **texts).price == key


@pytest.mark.parametrize(
    ("texts", "names", "title"),
    [
        ({"tag": "Lamp {}", "wood": ["oak", "ash"]}, {}, ("tag",)),
        ({"lamp_name": "Lamp {}"}, {}, ("lamp_name",)),
        ({"lamp_name": "{}"}, {}, ()),
        ({"brand": ["Osk", "Ekle"], "model": ["A 1", "B 2", "C 3"]}, {}, ("brand", "model")),
        ({"title": ["Lamp", "Rug"], "brand": ["Osk", "Ekle"]}, {}, ("brand", "title")),
        ({"title": ["Lamp", "Rug"], "subtitle": ["of oak", "of wool", "of ash"]}, {}, ("title", "subtitle")),
        ({"title": ["Lamp", "Rug"], "subtitle": ["of oak", "of ash"]}, {}, ("title",)),
        ({"wood": ["oak", "ash"], "page": "https://a.example/{}"}, {}, ()),
        ({"tag": [f"Lamp {n}" for n in range(10)]}, {}, ("tag",)),
        ({"tag": [f"Lamp {n}" for n in range(9)]}, {}, ()),
    ],
    ids=[
        "the text that differs", "by its ending", "numbers", "maker and model", "maker and title",
        "title and short text", "short text that says little", "addresses", "half differ",
        "less than half differ",
    ],
)  # fmt: skip
def test_a_title_tells_products_apart(texts, names, title):
    assert roles(names=names, **texts).title == title


def test_prose_is_the_description_under_any_name():
    assert roles(title="Lamp {}", tale=PROSE).description == "tale"
    assert roles(title="Lamp {}", tale=PROSE, terms=PROSE + " and more").description == "tale"
    assert roles(title="Lamp {}", tale=PROSE, details="Oak").description == "tale"
    assert roles(title="Lamp {}", tale="Made by hand {}").description == ""
    assert roles(title="Lamp {}", product_description="Oak").description == "product_description"


def test_a_page_is_an_address_and_not_a_word():
    assert roles(title="Lamp {}", link="https://a.example/{}").url == "link"
    assert roles(title="Lamp {}", link=["chain", "rope"]).url == ""
    third = roles(title="Lamp {}", link=["https://a.example/1", "rope", "chain"])
    assert third.url == "link"


def test_a_sale_price_needs_a_price_beside_it():
    assert roles(title="Lamp {}", offerprice="5", price="6").sale_price == "offerprice"
    assert roles(title="Lamp {}", offerprice="5").sale_price == ""


def test_a_currency_stands_beside_the_amount_it_is_of():
    assert roles(title="Lamp {}", price_current_currency="EUR").currency == "price_current_currency"


def test_what_the_staff_chose_and_what_merchants_keep_for_themselves():
    texts = {"title": "Lamp {}", "tag": "T{}", "price": "5", "cost": "4"}
    assert roles({"title": "tag", "price": "cost"}, **texts).title == ("tag",)
    assert roles({"title": ["tag", "title"]}, **texts).title == ("tag", "title")
    assert roles({"price": None}, **texts).price == ""
    assert roles(technical=["price", "title"], **texts).price == "cost"
