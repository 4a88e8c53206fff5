"""Products named inside a sentence."""

from __future__ import annotations

import pytest

from catalog.search.search import Search
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig

PRODUCTS = [
    ("SKU-77", "Corte Alta Barolo 2016"),
    ("SKU-78", "Corte Alta Barolo Riserva 2016"),
    ("40000", "Casa Lunga Merlot"),
    ("123456", "Merlot"),
    ("SKU-81", "Acme WH-1000XM4"),
    ("SKU-82", "Acme WH-1000XM5"),
    ("SKU-83", "Bright QuietZone 35 II"),
    ("SKU-84", "Acme Soundbox"),
]


@pytest.fixture(scope="module")
def search() -> Search:
    facets = [
        Facet(
            key=key,
            label=key,
            kind=FacetKind.CATEGORY,
            values=tuple(FacetValue(value=v, label=v, count=2) for v in values),
        )
        for key, values in (("grape", ("Merlot", "Barolo")), ("color", ("red", "black")))
    ]
    products = [Product(id=number, title=title) for number, title in PRODUCTS]
    config = ShopConfig(name="s", currency="EUR", noun="wine", nouns="wines")
    return Search(Catalog(config, facets, products))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("tell me about the Corte Alta Barolo Riserva", ["SKU-78"]),
        ("is the corte alta barolo riserva 2016 vegan?", ["SKU-78"]),
        ("what about the casa lunga", ["40000"]),
        ("how is the cassa lunga merlot", ["40000"]),
        ("tell me more about the soundbox", ["SKU-84"]),
        ("the wh1000xm5, how long does it play?", ["SKU-82"]),
        ("is sku-83 any good", ["SKU-83"]),
        ("do you have 123456?", ["123456"]),
        ("#40000", ["40000"]),
    ],
)
def test_a_named_product_is_found(search: Search, text: str, named: list[str]) -> None:
    assert [PRODUCTS[row][0] for row in search.mentioned(text)] == named


def test_several_products_may_be_named(search: Search) -> None:
    rows = search.mentioned("compare the Acme WH-1000XM4 with the Bright QuietZone 35 II")
    assert {PRODUCTS[row][0] for row in rows} == {"SKU-81", "SKU-83"}


@pytest.mark.parametrize(
    "text",
    [
        "a red wine please",
        "do you have a merlot",
        "a barolo",
        "something from acme",
        "under 40000",
        "hello",
        "",
        "the",
        "2016",
        "black or red?",
        "which one is the best?",
    ],
)
def test_a_wish_names_no_product(search: Search, text: str) -> None:
    assert search.mentioned(text) == []
