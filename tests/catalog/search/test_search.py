"""Search as a shopper uses it, on a shop of six wines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy as np
import pytest

from catalog.errors import FilterError
from catalog.search.search import Search
from catalog.search.vector_index import BruteForceIndex
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Facet,
    FacetKind,
    FacetValue,
    Money,
    Product,
    ShopConfig,
    Value,
    Variant,
)

WINES: tuple[tuple[str, str, str, str, float, bool, str], ...] = (
    ("W-1001", "Corte Alta Barolo", "red", "Nebbiolo", 48.0, False, "Tar and roses; for a feast."),
    (
        "W-1002",
        "Corte Alta Barolo Riserva",
        "red",
        "Nebbiolo",
        79.0,
        False,
        "Ten years of patience.",
    ),
    ("W-1003", "Les Galets Rosé", "rosé", "Grenache", 12.5, True, "Terrace wine, strawberries."),
    ("W-1004", "Steinkammer Riesling", "white", "Riesling", 14.0, True, "Slate, lime, a spark."),
    ("W-1005", "Merlot", "red", "Merlot", 9.0, True, "Soft and easy, for a weekday."),
    ("W-1006", "Dune Grüner", "white", "Grüner Veltliner", 11.0, True, "White pepper."),
)


def values(rows: list[Mapping[str, tuple[Value, ...]]], key: str) -> tuple[FacetValue, ...]:
    counts = Counter(one for row in rows for one in row[key])
    return tuple(FacetValue(value=v, label=str(v), count=n) for v, n in counts.most_common())


def wine_shop() -> Catalog:
    products = [
        Product(
            id=number,
            title=title,
            description=words,
            price=Money(amount=Decimal(str(price)), currency="EUR"),
            availability=Availability.OUT_OF_STOCK if number == "W-1001" else Availability.IN_STOCK,
            facets={"color": (color,), "grape": (grape,), "price": (price,), "vegan": (vegan,)},
            variants=(
                Variant(
                    id=f"{number}-MAG",
                    title="Magnum",
                    price=None,
                    availability=Availability.IN_STOCK,
                ),
            )
            if number == "W-1002"
            else (),
        )
        for number, title, color, grape, price, vegan, words in WINES
    ]
    rows = [product.facets for product in products]
    facets = [
        Facet(key="color", label="color", kind=FacetKind.CATEGORY, values=values(rows, "color")),
        Facet(key="grape", label="grape", kind=FacetKind.CATEGORY, values=values(rows, "grape")),
        Facet(key="vegan", label="vegan", kind=FacetKind.FLAG, values=values(rows, "vegan")),
        Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR", minimum=9, maximum=79),
    ]
    return Catalog(
        ShopConfig(name="s", currency="EUR", noun="wine", nouns="wines"), facets, products
    )


class TwoTopics:
    """Knows only "party" and "cellar"; every wine has a place between them."""

    def encode_query(self, text: str) -> np.ndarray:
        asked = np.array(
            ["party" in text, "cellar" in text, not {"party", "cellar"} & {*text.split()}]
        )
        return asked.astype(np.float32)


def topics() -> BruteForceIndex:
    angle = np.array([1.4, 1.5, 0.1, 0.5, 0.3, 0.6])
    vectors = np.stack([np.cos(angle), np.sin(angle), np.zeros(6)], axis=1).astype(np.float32)
    return BruteForceIndex.build(vectors)


@pytest.fixture(scope="module")
def search() -> Search:
    return Search(wine_shop())


@pytest.fixture(scope="module")
def knowing() -> Search:
    return Search(wine_shop(), topics(), TwoTopics())


def titles(found) -> list[str]:
    return [hit.product.title for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("w-1004", "Steinkammer Riesling"),
        ("W1004", "Steinkammer Riesling"),
        ("W-1002-MAG", "Corte Alta Barolo Riserva"),
        ("merlot", "Merlot"),
        ("barolo riserva", "Corte Alta Barolo Riserva"),
        ("reisling", "Steinkammer Riesling"),
        ("corte alta barolo", "Corte Alta Barolo"),
        ("gruner", "Dune Grüner"),
        ("vegan rose", "Les Galets Rosé"),
        ("strawberry", "Les Galets Rosé"),
        ("item W-1006 please", "Dune Grüner"),
    ],
)
def test_the_right_product_comes_first(search: Search, query: str, first: str) -> None:
    assert titles(search.search(query, {}))[0] == first


def test_when_every_word_is_known_all_of_them_count(search: Search) -> None:
    assert set(titles(search.search("red nebbiolo", {}))) == {
        "Corte Alta Barolo",
        "Corte Alta Barolo Riserva",
    }


def test_what_cannot_be_had_comes_after_what_can(search: Search) -> None:
    assert titles(search.search("nebbiolo", {}))[-1] == "Corte Alta Barolo"


def test_filters_hold_whatever_is_typed(search: Search) -> None:
    found = search.search("red", {"price": ["<50"], "vegan": ["yes"]})
    assert titles(found) == ["Merlot"]
    assert search.search("W-1001", {"color": ["white"]}).total == 0
    assert search.search("nebbiolo", {"color": ["white"]}).total == 0


def test_no_query_lists_what_passes_the_filters(search: Search) -> None:
    found = search.search("  ", {"price": ["10-15"]})
    assert titles(found) == ["Les Galets Rosé", "Steinkammer Riesling", "Dune Grüner"]


def test_counts_are_of_all_that_was_found(search: Search) -> None:
    found = search.search("", {"color": ["red", "white"]}, limit=1)
    assert (len(found.hits), found.total) == (1, 5)
    assert [(one.value, one.count) for one in found.facets["color"]] == [("red", 3), ("white", 2)]
    assert {one.value: one.count for one in found.facets["vegan"]} == {True: 3, False: 2}
    assert found.ranges["price"] == (9.0, 79.0)
    assert all(one.count for counts in found.facets.values() for one in counts)


def test_pages_show_everything_once(search: Search) -> None:
    seen, cursor = [], None
    while True:
        page = search.search("", {}, 4, cursor)
        seen += titles(page)
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(wine[1] for wine in WINES)


@pytest.mark.parametrize("cursor", ["x", "-1", "", "1" * 40, "١"])
def test_a_made_up_cursor_is_refused(search: Search, cursor: str) -> None:
    with pytest.raises(FilterError, match=r"cursor"):
        search.search("", {}, 4, cursor)


@pytest.mark.parametrize(
    "query", ["", " ", "\x00", "\ud800", "💥", "a" * 100_000, "'; drop table--", "((((", "%", "0"]
)
def test_odd_input_is_only_text(search: Search, knowing: Search, query: str) -> None:
    for one in (search, knowing):
        one.search(query, {})
        one.suggest(query, 5)
        one.mentioned(query)


def test_meaning_finds_what_words_do_not(search: Search, knowing: Search) -> None:
    assert search.search("party", {}).total == 0
    found = titles(knowing.search("something for a party", {}))
    assert found[0] == "Les Galets Rosé"
    assert "Corte Alta Barolo Riserva" not in found
    assert (
        titles(knowing.search("for the cellar", {"color": ["red"]}))[0]
        == "Corte Alta Barolo Riserva"
    )


def test_meaning_is_a_cosine_for_every_product(search: Search, knowing: Search) -> None:
    scores = knowing.meaning("party")
    assert scores is not None
    assert scores.shape == (6,)
    assert scores.argmax() == 2
    with pytest.raises(ValueError, match=r"read-only"):
        scores[0] = 1
    assert knowing.meaning("  ") is None
    assert search.meaning("party") is None


def test_threads_may_search_together() -> None:
    fresh = Search(wine_shop(), topics(), TwoTopics())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: titles(fresh.search("red party", {})), range(64)))
    assert len({tuple(one) for one in found}) == 1


def test_an_empty_shop_answers() -> None:
    empty = Search(Catalog(ShopConfig(name="s", currency="EUR"), [], []))
    empty.warm_up()
    assert empty.search("red", {}).total == 0
    assert (empty.suggest("r", 5), empty.mentioned("red")) == ((), [])
