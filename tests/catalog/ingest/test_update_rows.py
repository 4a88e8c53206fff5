"""Rows of an update: what they mean, and which are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.errors import FeedError
from catalog.ingest.update_rows import read_rows, revise
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Facet,
    FacetKind,
    FacetValue,
    Money,
    Product,
    ShopConfig,
    Variant,
)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


@pytest.fixture
def catalog() -> Catalog:
    facets = [
        Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR"),
        Facet(key="width", label="width", kind=FacetKind.NUMBER, unit="cm"),
        Facet(key="folds", label="folds", kind=FacetKind.FLAG),
        Facet(
            key="colour",
            label="colour",
            kind=FacetKind.CATEGORY,
            values=tuple(FacetValue(value=v, label=v, count=1) for v in ("Red", "Blue")),
        ),
    ]
    shirt = Product(
        id="S",
        title="Shirt",
        price=euros("10.00"),
        availability=Availability.IN_STOCK,
        facets={"price": (10.0,), "colour": ("Red", "Blue")},
        variants=tuple(
            Variant(id=f"S-{n}", title=n, price=euros(p), availability=Availability.IN_STOCK)
            for n, p in (("red", "10.00"), ("blue", "12.00"))
        ),
    )
    desk = Product(
        id="D",
        title="Desk",
        price=euros("99.00"),
        availability=Availability.IN_STOCK,
        facets={"price": (99.0,), "width": (120.0,)},
    )
    return Catalog(ShopConfig(name="s", currency="EUR"), facets, [desk, shirt])


@pytest.mark.parametrize(
    ("row", "amount"),
    [
        ({"id": "D", "price": "89.5"}, "89.50"),
        ({"id": "D", "price": 89.5}, "89.50"),
        ({"id": "D", "price": "EUR 89.50"}, "89.50"),
        ({"id": "D", "Price": "€1,089.50"}, "1089.50"),
        ({"id": "D", "price": {"amount": "89.50", "currency": "EUR"}}, "89.50"),
        ({"id": "D", "price": 0}, "0.00"),
    ],
)
def test_prices_in_every_spelling(catalog, row, amount):
    made = revise(catalog, [row]).products["D"]
    assert made.price == euros(amount)
    assert made.facets["price"] == (float(amount),)
    assert made.facets["width"] == (120.0,)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"stock": 0}, "out_of_stock"),
        ({"stock": "12"}, "in_stock"),
        ({"availability": "sold out"}, "out_of_stock"),
        ({"availability": "preorder"}, "preorder"),
        ({"In stock": "no"}, "out_of_stock"),
        ({"quantity": 3}, "in_stock"),
    ],
)
def test_stock_in_every_spelling(catalog, row, state):
    assert revise(catalog, [{"id": "D", **row}]).products["D"].availability == state


def test_a_variant_carries_its_product_with_it(catalog):
    sold_out = revise(catalog, [{"id": "S-red", "stock": 0}]).products["S"]
    assert sold_out.availability is Availability.IN_STOCK
    assert sold_out.price == euros("12.00")
    assert sold_out.facets["price"] == (12.0,)
    both = revise(catalog, [{"id": "S-red", "stock": 0}, {"id": "S-blue", "stock": 0}])
    assert both.products["S"].availability is Availability.OUT_OF_STOCK
    gone = revise(catalog, [{"id": "S-red", "deleted": True}]).products["S"]
    assert [form.id for form in gone.variants] == ["S-blue"]
    cheap = revise(catalog, [{"id": "S", "price": 5}]).products["S"]
    assert {form.price for form in cheap.variants} == {euros("5.00")}


def test_facets_are_read_as_the_catalog_has_them(catalog):
    row = {"id": "N", "title": "Stool", "width": "0.4 m", "folds": "yes", "colour": "red, blue"}
    made = revise(catalog, [row]).products["N"]
    assert made.facets == {"width": (40.0,), "folds": (True,), "colour": ("Red", "Blue")}
    listed = {"id": "N", "title": "Stool", "facets": {"colour": ["green"], "folds": False}}
    assert revise(catalog, [listed]).products["N"].facets == {
        "colour": ("green",),
        "folds": (False,),
    }
    assert "width" not in revise(catalog, [{"id": "D", "width": None}]).products["D"].facets


def test_later_rows_build_on_earlier_ones(catalog):
    rows = [
        {"id": "N", "title": "Stool"},
        {"id": "N", "price": 7},
        {"id": "D", "deleted": "yes"},
        {"id": "D", "title": "Desk again"},
    ]
    made = revise(catalog, rows).products
    assert (made["N"].title, made["N"].price) == ("Stool", euros("7.00"))
    assert (made["D"].title, made["D"].price) == ("Desk again", None)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({}, "needs an id"),
        ({"id": ""}, "needs an id"),
        ({"id": "x" * 300, "title": "t"}, "needs an id"),
        ({"id": "X", "price": 1}, "needs a title"),
        ({"id": "X", "deleted": True}, "no product 'X' to remove"),
        ({"id": "D", "price": -1}, "negative"),
        ({"id": "D", "price": "soon"}, "amount of money"),
        ({"id": "D", "price": "$5"}, "in USD"),
        ({"id": "D", "price": "NaN"}, "amount of money"),
        ({"id": "D", "stock": "perhaps"}, "in stock"),
        ({"id": "D", "width": "wide"}, "takes a number"),
        ({"id": "D", "width": "3 kg"}, "measured in cm"),
        ({"id": "D", "folds": "perhaps"}, "yes or no"),
        ({"id": "D", "title": "t" * 501}, "at most 500"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_and_changes_nothing(catalog, row, why):
    made = revise(catalog, [row, {"id": "S", "price": 1}])
    assert set(made.products) == {"S"}
    ((number, reason),) = made.refused
    assert number == 1
    assert why in reason


def test_columns_the_shop_does_not_have_are_told(catalog):
    made = revise(catalog, [{"id": "D", "price": 1, "smell": "oak"}])
    assert dict(made.ignored) == {"smell": 1}


def test_addresses_and_markup_are_made_harmless(catalog):
    row = {"id": "D", "url": "javascript:alert(1)", "description": "<script>x</script><b>Oak</b>"}
    made = revise(catalog, [row]).products["D"]
    assert made.url == ""
    assert "<" not in made.description


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "D", "price": 1}\n{"id": "S"}\n',
        '[{"id": "D", "price": 1}, {"id": "S"}]',
        "id,price\nD,1\nS,\n",
        "ID;Price\nD;1\nS;\n",
        "\ufeffsku\tprice\nD\t1\nS\t\n",
    ],
    ids=["lines", "json", "csv", "semicolons", "tabs and a mark"],
)
def test_files_of_every_kind_are_read(tmp_path, catalog, text):
    path = tmp_path / "u"
    path.write_text(text, encoding="utf-8")
    made = revise(catalog, read_rows(path))
    assert made.read == 2
    assert made.products["D"].price == euros("1.00")


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"\xff\xfe\x00", b"[1, 2", b"price\n1\n", b"[" * 100_000],
    ids=["empty", "blank", "no text", "broken", "no id", "deep"],
)
def test_a_file_that_is_no_update_says_so(tmp_path, catalog, content):
    path = tmp_path / "u"
    path.write_bytes(content)
    with pytest.raises(FeedError):
        list(read_rows(path))


def test_lines_that_are_no_json_are_refused_one_by_one(tmp_path, catalog):
    path = tmp_path / "u"
    path.write_text('{"id": "D", "price": 1}\nnonsense\n[]\n{"id": "S", "price": 2}\n')
    made = revise(catalog, read_rows(path))
    assert (len(made.products), len(made.refused)) == (2, 2)
