"""A feed understood as a whole: roles, groups, readings, and what the shop is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import FeedError, ShopError
from catalog.feeds import Feed
from catalog.feeds.base import RawRow
from catalog.feeds.rows import Rows
from catalog.inference.schema import FeedSchema, roles_in_use, understand
from catalog.roles import Roles
from catalog.storage.shop_file import FacetOverride, ShopFile

PATH = Path("feed.csv")


def feed_of(count: int = 12, **texts) -> Feed:
    """Rows whose cells are made of patterns: "{n}" is the row's number, a list goes round."""
    rows = [
        RawRow(
            number=n + 1,
            cells={
                key: text[n % len(text)] if isinstance(text, list) else text.format(n=n)
                for key, text in texts.items()
            },
        )
        for n in range(count)
    ]
    return Feed(format="csv", rows=Rows(rows), names={key: key for key in texts})


def schema_of(feed: Feed, chosen=None, **facets: FacetOverride) -> FeedSchema:
    return understand(feed, PATH, ShopFile(facets=facets), chosen or {})


def groups(schema: FeedSchema) -> list[str]:
    return [row.group for row in schema.feed.rows]


def test_a_single_column_is_a_feed_only_where_it_is_called_a_title():
    with pytest.raises(FeedError, match=r"has only the column wood\. A feed needs a column of"):
        schema_of(feed_of(wood="oak {n}"))
    with pytest.raises(FeedError, match=r"only the column \(none\)"):
        schema_of(Feed(format="csv", rows=Rows([RawRow(number=1, cells={})])))
    assert schema_of(feed_of(title="Lamp {n}")).roles.title == ("title",)


@pytest.mark.parametrize("role", ["price", "title"])
def test_a_column_the_staff_chose_must_be_there(role):
    feed = feed_of(title="Lamp {n}", wood=["oak", "ash"])
    with pytest.raises(ShopError) as caught:
        schema_of(feed, {role: "cost"})
    assert str(caught.value) == (
        f"shop.yml says {role} is column 'cost', which the feed does not have. Allowed: title, wood."
    )


def test_forty_columns_are_named_to_choose_from():
    feed = feed_of(**{f"c{n}x": "text {n}" for n in range(41)})
    with pytest.raises(ShopError, match=r"Allowed: c0x, .*, c39x\.$"):
        schema_of(feed, {"price": "cost"})


def test_only_roles_with_a_column_are_in_use():
    roles = Roles(id="sku", title=("maker", "model"))
    assert roles_in_use(roles) == {"id": "sku", "title": ["maker", "model"]}
    assert roles_in_use(Roles(title=("name",))) == {"title": "name"}


def test_columns_with_a_role_and_bookkeeping_are_no_facets():
    feed = feed_of(id="{n}", title="Lamp {n}", price="{n}.50", wood=["oak", "ash"], tax="5")
    feed = Feed(format="csv", rows=feed.rows, names=feed.names, technical=frozenset({"tax"}))
    assert set(schema_of(feed).readings) == {"wood"}


def test_words_for_a_price_are_a_facet():
    schema = schema_of(feed_of(title="Lamp {n}", price=["cheap", "dear"]))
    assert schema.roles.price == "" and "price" in schema.readings


@pytest.mark.parametrize(
    ("letters", "facet"), [(120, True), (121, False)], ids=["short enough", "prose"]
)
def test_long_texts_are_no_facet(letters, facet):
    texts = ["x" * letters, "y" * letters]
    assert ("tale" in schema_of(feed_of(title="Lamp {n}", tale=texts)).readings) is facet


def test_long_lists_are_a_facet():
    texts = [str([f"{word} number {n}" for n in range(12)]) for word in ("tag", "mark")]
    assert "tags" in schema_of(feed_of(title="Lamp {n}", tags=texts)).readings


# ---- forms of one product ----


def test_rows_of_one_group_are_forms_of_one_product():
    schema = schema_of(feed_of(4, id="{n}", title="Lamp {n}", item_group_id=["A", "B", " A ", " "]))
    assert groups(schema) == ["A", "B", "A", ""]


def test_rows_of_one_id_are_forms_where_they_share_the_title():
    ids, titles = ["1", "1", "2", "2", "3", "4"], ["Mug", "mug", "Cup", "Jug", "Pot", "Pan"]
    schema = schema_of(feed_of(6, id=ids, title=titles, wood=["oak", "ash", "pine"]))
    assert groups(schema) == ["1", "1", "", "", "", ""]


def test_an_item_number_that_rows_of_a_title_share_is_better_than_a_count_of_rows():
    parts = [f"P{n // 2}" for n in range(4)] + [f"P{n}" for n in range(4, 12)]
    titles = [f"Lamp {part}" for part in parts]
    texts = {"index": "{n}", "title": titles, "part_no": parts}
    schema = schema_of(feed_of(**texts))
    assert schema.roles.id == "part_no" and groups(schema)[:5] == ["P0", "P0", "P1", "P1", ""]
    assert schema_of(feed_of(**texts), {"id": "index"}).roles.id == "index"


@pytest.mark.parametrize(
    ("different", "key"), [(12, "index"), (13, "part_no")], ids=["half", "more than half"]
)
def test_numbers_that_more_rows_share_than_not_are_no_ids(different, key):
    parts = [str(n % different) for n in range(24)]
    titles = [f"Lamp {part}" for part in parts]
    schema = schema_of(feed_of(24, index="{n}", title=titles, part_no=parts))
    assert schema.roles.id == key


def test_numbers_that_products_of_other_titles_share_are_no_ids():
    parts = [f"P{n % 11}" for n in range(12)]
    schema = schema_of(feed_of(index="{n}", title="Lamp {n}", part_no=parts))
    assert schema.roles.id == "index"


# ---- readings ----


def test_spellings_that_the_staff_keep_apart_are_values_of_their_own():
    feed = feed_of(title="Lamp {n}", wood=["Oak", "oak", "Oak", "ash"])
    together = schema_of(feed).readings["wood"].values
    apart = schema_of(feed, wood=FacetOverride(apart=("oak",))).readings["wood"].values
    assert together["oak"] == ("Oak",) and apart["oak"] == ("oak",)


def test_the_mark_of_prices_may_differ_from_that_of_the_rest():
    texts = {"title": "Lamp {n}", "weight": ["1,5", "2,25", "3,75"]}
    assert schema_of(feed_of(**texts, price="{n}.50")).price_mark() == "."
    assert schema_of(feed_of(**texts, price="1{n}")).price_mark() == ","
    assert schema_of(feed_of(**texts)).price_mark() == ","


@pytest.mark.parametrize(
    ("beside", "unit"), [("mpg", None), ("kg", "cm"), ("hp", "cm"), ("in", "cm")]
)
def test_no_metric_unit_is_guessed_beside_imperial_ones(beside, unit):
    feed = feed_of(
        title="Cart {n}",
        length=["150", "160", "170"],
        other=[f"{n} {beside}" for n in (20, 30, 40)],
    )
    length = schema_of(feed).readings["length"]
    assert (length.unit, length.unit_assumed) == (unit, unit is not None)


def test_the_currency_is_stated_by_the_feed_or_by_nobody():
    assert schema_of(feed_of(title="Lamp {n}", price="{n} EUR")).currency_stated
    assert not schema_of(feed_of(title="Lamp {n}", price="{n}.50")).currency_stated
    assert schema_of(feed_of(title="Lamp {n}", wood=["oak", "ash"])).currency_stated
    configured = ShopFile(config={"currency": "SEK"})
    schema = understand(feed_of(title="Lamp {n}", price="{n}.50"), PATH, configured, {})
    assert (schema.config.currency, schema.currency_stated) == ("SEK", False)


# ---- facts in texts ----

SCREENS = [f"{10 + n % 9}.5 inches, bright" for n in range(24)]


@pytest.mark.parametrize(("plain", "covered"), [(0, True), (4, True), (5, False)])
def test_a_column_is_covered_by_the_facts_read_out_of_most_of_it(plain, covered):
    screens = SCREENS[plain:] + ["no amount here"] * plain
    schema = schema_of(feed_of(24, title="Cart {n}", screen=screens))
    (key,) = schema.notes
    assert key in schema.readings and schema.notes[key].startswith("read out of 'screen' by")
    assert schema.readings["screen"].covered_by_facts is covered


def test_facts_the_staff_switched_off_are_not_read():
    feed = feed_of(24, title="Cart {n}", screen=SCREENS)
    (key,) = schema_of(feed).notes
    assert not schema_of(feed, **{key: FacetOverride(from_text=False)}).notes
    assert schema_of(feed, **{key: FacetOverride(from_text=True)}).notes


# ---- titles put together ----


def composed(values: dict, **texts) -> str | None:
    schema = schema_of(feed_of(24, **texts))
    compose = schema.title_of()
    return compose(values) if compose else None


def test_nameless_products_are_called_by_what_they_are_like():
    texts = {"carat": ["0.2", "0.3", "0.4"], "cut": ["Fair", "Ideal"], "hue": ["D", "E", "F"]}
    values = {"carat": (0.2,), "cut": ("Fair",), "hue": ("D",)}
    assert composed(values, **texts) == "0.2 carat, Fair cut, D hue"
    assert composed({"cut": ("Ideal",)}, **texts) == "Ideal cut"


def test_four_words_and_one_number_are_enough_for_a_title():
    words = {f"{name}": [f"{name} a", f"{name} b"] for name in ("wood", "rim", "lid", "foot", "ear")}  # fmt: skip
    numbers = {"width": ["10 cm", "20 cm"], "height": ["30 cm", "40 cm"]}
    values = {key: (texts[0],) for key, texts in words.items()} | {"width": (10.0,), "height": (30.0,)}  # fmt: skip
    assert composed(values, **words, **numbers) == "wood a, rim a, lid a, foot a, 10 cm width"


def test_products_with_a_title_or_without_words_are_not_named():
    assert composed({}, title="Lamp {n}", wood=["oak", "ash"]) is None
    assert composed({}, width=["10", "20"], height=["30", "40"]) is None
