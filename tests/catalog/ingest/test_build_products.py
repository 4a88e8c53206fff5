"""Rows made products: prices, ids, forms of one product, and rows that are set aside."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.feeds.base import RawRow
from catalog.inference.readings import ColumnReading
from catalog.ingest.build_products import Builder, is_blank, without_facets
from catalog.roles import Roles
from catalog.types import Availability, FacetKind, Product

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
ROLES = Roles(
    id="id",
    title=("title",),
    description="text",
    price="price",
    sale_price="sale",
    sale_starts="from",
    sale_ends="to",
    currency="currency",
    availability="stock",
    url="page",
    image="image",
)


def words(*texts: str) -> ColumnReading:
    return ColumnReading(kind=FacetKind.CATEGORY, values={text: (text,) for text in texts})


READINGS = {
    "wood": words("oak", "ash", "pine"),
    "size": words("S", "M", "L", "XL"),
    "rim": words("round", "oval"),
    "type": words("Tables", "Desks"),
}


def raw(number: int = 1, **cells) -> RawRow:
    more = {key: cells.pop(key) for key in ("group", "parent", "problem") if key in cells}
    return RawRow(number=number, cells={"title": "Table", **cells}, **more)


def built(*rows: RawRow, roles: Roles = ROLES, **options):
    builder = Builder(
        roles=roles, readings=READINGS, currency="EUR", mark=".", **{"now": NOW, **options}
    )
    last = {row.group: place for place, row in enumerate(rows, start=1) if row.group}
    return list(builder.products(rows, last)), builder.rejections


def product(*rows: RawRow, **options) -> Product:
    (only,), _ = built(*rows, **options)
    return only


def reasons(*rows: RawRow, **options) -> list[tuple]:
    return [(each.row, each.field, each.value, each.reason) for each in built(*rows, **options)[1]]


# ---- single rows ----


@pytest.mark.parametrize(
    ("row", "rejection"),
    [
        (raw(problem="the row is cut"), (1, "", "", "the row is cut")),
        (raw(title=" <b></b> "), (1, "title", "", "the product has no title")),
        (raw(title="x" * 501), (1, "title", "x" * 200, "the title has 501 letters, at most 500 are allowed")),
        (raw(price="ask us"), (1, "price", "ask us", "the price cannot be read as an amount of money")),
        (raw(price="-5"), (1, "price", "-5", "the price is negative")),
        (raw(price="5 USD"), (1, "price", "5 USD", "the price is in USD, the shop's prices are in EUR")),
        (raw(price="5", currency="USD"), (1, "price", "5", "the price is in USD, the shop's prices are in EUR")),
    ],
    ids=["problem", "no title", "long title", "words", "negative", "foreign", "foreign column"],
)  # fmt: skip
def test_a_row_that_makes_no_product_is_set_aside_with_its_reason(row, rejection):
    products, _ = built(row)
    assert products == [] and reasons(row) == [rejection]


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        ({"price": "5"}, "5.00"),
        ({"price": "5.125"}, "5.125"),
        ({"price": "0"}, "0.00"),
        ({"price": "€ 5.50", "currency": "USD"}, "5.50"),
        ({"price": "5", "currency": "EUR"}, "5.00"),
    ],
)
def test_a_price_has_two_places_or_as_many_as_it_needs(cells, amount):
    table = product(raw(**cells))
    assert (str(table.price.amount), table.price.currency) == (amount, "EUR")
    assert table.facets["price"] == (float(amount),)


def test_a_row_without_a_price_has_none():
    table = product(raw(price="n/a"))
    assert table.price is None and "price" not in table.facets


@pytest.mark.parametrize(
    ("cells", "paid", "planned"),
    [
        ({"sale": "8"}, "8.00", False),
        ({"sale": "12"}, "10.00", False),
        ({"sale": "0"}, "10.00", False),
        ({"sale": "soon"}, "10.00", False),
        ({"sale": "8", "from": "2026-05-01", "to": "2026-05-10"}, "8.00", True),
        ({"sale": "8", "from": "2026-05-01", "to": "2026-05-09"}, "10.00", True),
        ({"sale": "8", "from": "2026-05-11"}, "10.00", True),
        ({"sale": "8", "from": "2026-05-01/2026-05-20"}, "8.00", True),
        ({"sale": "8", "to": "2026-05-20"}, "8.00", True),
        ({"sale": "8", "from": "soon"}, "10.00", True),
        ({"sale": "8", "to": "some day"}, "10.00", True),
    ],
    ids=["lower", "higher", "nought", "words", "last day", "over", "to come", "interval", "open beginning",
         "no first day", "no last day"],
)  # fmt: skip
def test_the_sale_price_is_paid_while_it_runs(cells, paid, planned):
    table = product(raw(price="10", **cells))
    assert str(table.price.amount) == paid
    assert (table.sale is not None) is planned
    assert table.regular_price == (None if not planned else table.regular_price)
    assert not planned or table.regular_price.amount == 10


@pytest.mark.parametrize(
    ("dates", "paid"), [({"from": "2000-01-01"}, "8.00"), ({"to": "2000-01-01"}, "10.00")]
)
def test_sales_are_judged_by_the_clock_where_no_moment_is_given(dates, paid):
    assert str(product(raw(price="10", sale="8", **dates), now=None).price.amount) == paid


def test_a_missing_title_is_told_by_the_first_column_it_is_made_of():
    row = RawRow(number=3, cells={"wood": "oak"})
    roles = Roles(title=("maker", "model"))
    assert reasons(row, roles=roles) == [(3, "maker", "", "the product has no title")]


def test_a_sale_price_that_cannot_be_read_is_told_and_no_obstacle():
    products, rejections = built(raw(price="10", sale="soon"))
    assert len(products) == 1
    assert [(each.field, each.value) for each in rejections] == [("sale", "soon")]


def test_a_sale_without_a_regular_price_is_no_price():
    assert product(raw(sale="8")).price is None


def test_ids_and_descriptions_have_a_longest():
    table = product(raw(id="7" * 201, text="y" * 20_001, title="x" * 500))
    assert (len(table.id), len(table.description), len(table.title)) == (200, 20_000, 500)


@pytest.mark.parametrize(
    ("maker", "model", "title"),
    [("Osk", "Osk A5", "Osk A5"), ("osk", "Osk", "Osk"), ("Osk", "Oskar", "Osk Oskar"), ("", "A5", "A5")],
)  # fmt: skip
def test_a_maker_that_the_model_names_again_is_said_once(maker, model, title):
    roles = Roles(title=("maker", "model"))
    row = RawRow(number=1, cells={"maker": maker, "model": model})
    assert product(row, roles=roles).title == title


def test_a_title_is_put_together_where_none_is_given():
    row = RawRow(number=1, cells={"wood": "oak", "price": "5"})
    named = product(row, title_of=lambda facets: f"{facets['wood'][0]} for {facets['price'][0]}")
    assert named.title == "oak for 5.0"
    assert product(raw(), title_of=lambda facets: "never").title == "Table"


def test_values_are_those_of_the_readings_each_once():
    table = product(raw(wood=("oak", "plastic", "ash", "oak"), rim="square", hue="red"))
    assert table.facets == {"wood": ("oak", "ash")}


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("https://a.example/1.png, https://a.example/2.png", "https://a.example/1.png"),
        ("https://a.example/1,2.png", "https://a.example/1,2.png"),
        (("", "https://a.example/2.png"), "https://a.example/2.png"),
        ('["https://a.example/1.png", "https://a.example/2.png"]', "https://a.example/1.png"),
        ("[]", ""),
        ("javascript:x()", ""),
    ],
    ids=["list", "comma inside", "entries", "as a program writes it", "empty list", "no address"],
)
def test_the_first_picture_and_page_are_taken(cell, address):
    table = product(raw(image=cell, page=cell))
    assert (table.image_url, table.url) == (address, address)


# ---- ids ----


def test_products_without_an_id_are_called_after_their_title():
    titles = ["Big Table!", "Big table", "Other", "Big Table", "№"]
    products, _ = built(*(raw(n, title=title) for n, title in enumerate(titles)))
    assert [each.id for each in products] == ["big-table", "big-table-2", "other", "big-table-3", "no"]  # fmt: skip
    assert product(raw(title="Стол")).id == "product"


def test_an_id_made_of_a_title_is_never_one_that_exists():
    products, rejections = built(raw(1, id="table"), raw(2, id="table-2"), raw(3), raw(4))
    assert [each.id for each in products] == ["table", "table-2", "table-3", "table-4"]
    assert rejections == []


def test_a_second_row_with_the_same_id_is_set_aside():
    rows = raw(1, id="T"), raw(2, id="T", title="Desk")
    assert [each.title for each in built(*rows)[0]] == ["Table"]
    assert reasons(*rows) == [(2, "id", "T", "another row before it has the same id")]


# ---- forms of one product ----


def form(number: int, size: str, **more) -> RawRow:
    return raw(number, **{"group": "T", "size": size, "title": "", **more})


def test_forms_are_told_apart_by_what_differs():
    table = product(
        form(1, "S", id="T-S", wood="oak", price="5", title="Table"),
        form(2, "L", id="T-L", wood="oak", price="8", stock="no"),
    )
    assert (table.id, table.title) == ("T", "Table")
    assert table.facets == {"size": ("S", "L"), "wood": ("oak",), "price": (5.0,)}
    assert [(each.id, each.title, dict(each.facets)) for each in table.variants] == [
        ("T-S", "S", {"size": ("S",), "price": (5.0,)}),
        ("T-L", "L", {"size": ("L",), "price": (8.0,)}),
    ]
    assert table.variants[1].availability is Availability.OUT_OF_STOCK


def test_four_differences_are_said_of_a_form():
    table = product(
        form(1, "S", wood=("oak", "ash"), rim="round", type="Desks", title="Table"),
        form(2, "L", wood=("pine",), rim="oval", type="Tables"),
    )
    assert [each.title for each in table.variants] == ["S / oak / ash / round", "L / pine / oval / Tables"]  # fmt: skip


def test_forms_without_a_difference_are_called_by_title_or_number():
    table = product(form(1, "S", title="Table"), form(2, "S"))
    assert [(each.id, each.title) for each in table.variants] == [("T-1", "Table"), ("T-2", "T-2")]


def test_one_item_number_for_two_colours_is_told_apart_and_for_the_same_refused():
    rows = (
        form(1, "S", id="A", title="Table"),
        form(2, "L", id="A"),
        form(3, "S", id="A"),
        form(4, "M", id="B"),
    )
    assert [each.id for each in product(*rows).variants] == ["A", "A-2", "B"]
    assert reasons(*rows) == [(3, "id", "A", "another row before it has the same id")]


def test_one_thing_in_two_departments_has_no_forms():
    table = product(form(1, "S", type="Tables", title="Table"), form(2, "S", type="Desks"))
    assert table.variants == () and table.facets["type"] == ("Tables", "Desks")


def test_a_parent_describes_and_is_not_for_sale():
    table = product(
        raw(1, group="T", parent=True, text="Made by hand.", price="1", wood="oak", stock="yes"),
        form(2, "S", price="5", stock="no", title="Small", text="Small one."),
        form(3, "L", price="8", stock="no"),
    )
    assert (table.title, table.description) == ("Table", "Made by hand.")
    assert (str(table.price.amount), table.availability) == ("5.00", Availability.OUT_OF_STOCK)
    assert table.facets["wood"] == ("oak",) and len(table.variants) == 2


def test_a_parent_without_forms_has_its_own_price_and_stock():
    table = product(raw(1, group="T", parent=True, price="7", stock="yes"))
    assert (table.price.amount, table.availability) == (Decimal("7.00"), Availability.IN_STOCK)


def test_the_price_of_a_product_is_the_lowest_that_can_be_had():
    table = product(
        form(1, "S", price="5", stock="no", title="Table"),
        form(2, "M", price="9", stock="yes"),
        form(3, "L", price="8", stock="yes"),
    )
    assert (table.price.amount, table.facets["price"]) == (Decimal("8.00"), (8.0,))
    assert table.availability is Availability.IN_STOCK


def test_a_single_form_is_a_product_without_variants():
    table = product(form(1, "S", id="T-S", title="Table"))
    assert (table.id, table.variants, table.facets) == ("T", (), {"size": ("S",)})


def test_a_group_that_nothing_names_is_set_aside_whole():
    assert reasons(form(1, "S"), form(2, "L")) == [
        (1, "title", "", "the product has no title"),
        (2, "title", "", "the product has no title"),
    ]


def test_products_come_in_the_order_of_their_first_rows_as_soon_as_they_are_whole():
    seen = []

    def rows():
        for row in (
            raw(1, id="A"),
            form(2, "S", group="G", title="Desk"),
            raw(3, id="B", title="Bed"),
            form(4, "L", group="G"),
            raw(5, id="C"),
        ):
            seen.append(row.number)
            yield row

    builder = Builder(roles=ROLES, readings=READINGS, currency="EUR", mark=".", now=NOW)
    order = [(each.id, len(seen)) for each in builder.products(rows(), {"G": 4})]
    assert order == [("A", 1), ("G", 4), ("B", 4), ("C", 5)]


# ---- helpers ----


def test_facets_can_be_taken_out_of_a_product():
    table = Product(id="T", title="Table", facets={"wood": ("oak",), "rim": ("round",)})
    assert without_facets(table, frozenset({"wood", "hue"})).facets == {"rim": ("round",)}
    assert table.facets["wood"] == ("oak",)


@pytest.mark.parametrize(("cell", "blank"), [(None, True), ("n/a", True), ((), True), (("x",), False)])  # fmt: skip
def test_a_cell_is_blank_where_it_says_nothing(cell, blank):
    assert is_blank(cell) is blank
