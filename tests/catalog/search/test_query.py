"""Numbers in a search."""

from __future__ import annotations

import pytest

from catalog.parsing.text import language
from catalog.search.query import QueryReader
from catalog.search.search import Search
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig

TABLES = [
    # id, title, price, width cm, height cm, weight kg, size
    ("T1", "Oak table", 199.0, 101.0, 75.0, 20.0, None),
    ("T2", "Pine table 3000", 89.0, 160.0, 75.0, 31.0, None),
    ("T3", "Glass desk", 45.0, 80.0, 101.0, 1.9, None),
    ("D1", "Red dress", 49.0, None, None, 0.3, 38.0),
    ("D2", "Red dress", 59.0, None, None, 0.3, 40.0),
    ("D3", "Blue dress", 20.0, None, None, 0.2, 38.0),
]
KEYS = (("price", "EUR"), ("width", "cm"), ("height", "cm"), ("weight", "kg"), ("size", None))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    products = [
        Product(
            id=row[0],
            title=row[1],
            facets={
                key: (value,)
                for (key, _), value in zip(KEYS, row[2:], strict=True)
                if value is not None
            },
        )
        for row in TABLES
    ]
    facets = [
        Facet(key=key, label=key, kind=FacetKind.NUMBER, unit=unit, names=(key,))
        for key, unit in KEYS
    ]
    values = (FacetValue(value="x", label="x", count=0),)
    facets.append(Facet(key="other", label="other", kind=FacetKind.CATEGORY, values=values))
    return Catalog(ShopConfig(name="s", currency="EUR"), facets, products)


@pytest.fixture(scope="module")
def search(catalog: Catalog) -> Search:
    return Search(catalog)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("red dress 38 under 50", ["D1"]),
        ("dress 38", ["D1", "D3"]),
        ("dress under 50", ["D1", "D3"]),
        ("dress size 40", ["D2"]),
        ("40 inch table", ["T1"]),
        ('40" table', ["T1"]),
        ("table 101 cm", ["T1"]),
        ("1.6 m table", ["T2"]),
        ("table wide at least 150 cm", ["T2"]),
        ("table up to 25 kg", ["T1"]),
        ("desk under 5 lb", ["T3"]),
        ("table from 50 to 100", ["T2"]),
        ("table 50-100 euros", ["T2"]),
        ("table €150-250", ["T1"]),
        ("dress over 55 eur", ["D2"]),
        ("dress 20€", ["D3"]),
        ("height over 100 cm", ["T3"]),
        ("weight under 0.25", ["D3"]),
        ("pine table 3000", ["T2"]),
        ("around 48 dress", ["D1"]),
        ("under 50", ["T3", "D1", "D3"]),
        ("table under 10", []),
    ],
)
def test_numbers_in_a_query_are_filters(search: Search, query: str, found: list[str]) -> None:
    assert sorted(hit.product.id for hit in search.search(query, {}).hits) == sorted(found)


def test_what_was_understood_is_told(search: Search) -> None:
    understood = search.search("red dress under 50", {}).understood
    assert [
        [(c.facet, c.operator.value, c.values, c.unit) for c in wish] for wish in understood
    ] == [[("price", "<=", (50.0,), "EUR")]]
    assert search.search("red dress", {}).understood == ()


def test_a_size_that_could_be_several_things_means_any(catalog: Catalog) -> None:
    reader = QueryReader(catalog, language("en"), lambda word: False)
    (wish,) = reader.read("40 inch table").wishes
    assert {constraint.facet for constraint in wish} == {"width", "height"}
    (wish,) = reader.read("40 inch high height table").wishes
    assert {constraint.facet for constraint in wish} == {"height"}


@pytest.mark.parametrize(
    "query",
    [
        "7up",
        "wh-1000xm4",
        "usb 3.0.1",
        "10.000.000,5",
        "-5",
        "9" * 400,
        "1e9",
        "²³",
        "٣٤ cm",
        "5 parsecs",
        "$",
        "1-",
        "-1-2-3",
        "under",
        "1/2",
    ],
)
def test_odd_numbers_do_no_harm(search: Search, query: str) -> None:
    search.search(query, {})


def test_numbers_stay_words_where_nothing_is_measured() -> None:
    bare = Catalog(ShopConfig(name="s", currency="EUR"), [], [Product(id="1", title="Vase 50")])
    found = Search(bare).search("vase under 50", {})
    assert [hit.product.id for hit in found.hits] == ["1"]


@pytest.mark.parametrize(
    ("locale", "query", "low"),
    [
        ("de", "Tisch ab 1.000 €", 1000.0),
        ("de", "Tisch ab 99,50 €", 99.5),
        ("en", "table over 1,000 euros", 1000.0),
        ("en", "table over 99.50 euros", 99.5),
    ],
)
def test_numbers_have_the_decimal_mark_of_the_shops_language(
    catalog: Catalog, locale: str, query: str, low: float
) -> None:
    wishes = QueryReader(catalog, language(locale), lambda word: False).read(query).wishes
    assert [wish.values for (wish,) in wishes] == [(low,)]


def test_ordinary_words_that_are_also_codes_ask_for_no_price(catalog: Catalog) -> None:
    reading = QueryReader(catalog, language("en"), lambda word: True).read("12 cup coffee maker")
    assert reading.wishes == ()
