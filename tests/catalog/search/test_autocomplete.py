"""Type-ahead: begins with what was typed, never leads to nothing."""

from __future__ import annotations

import string

import pytest

from catalog.search.search import Search
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig

TITLES = ["Aero One", "Aero Two", "Aero Three", "Bluebird blue", "Café Noir", "In-Ear 5"]


@pytest.fixture(scope="module")
def search() -> Search:
    facets = [
        Facet(
            key="color",
            label="color",
            kind=FacetKind.CATEGORY,
            values=(
                FacetValue(value="Blue", label="Blue", count=4),
                FacetValue(value="Black", label="Black", count=2),
                FacetValue(value="Beige", label="Beige", count=0),
                FacetValue(value="4", label="4", count=3),
            ),
        ),
        Facet(
            key="wireless",
            label="wireless",
            kind=FacetKind.FLAG,
            values=(
                FacetValue(value=True, label="yes", count=3),
                FacetValue(value=False, label="no", count=3),
            ),
        ),
    ]
    products = [
        Product(
            id=f"p{n}",
            title=title,
            facets={"color": (("Blue", "4") if n < 4 else ("Black",)), "wireless": (n < 3,)},
        )
        for n, title in enumerate(TITLES)
    ]
    return Search(Catalog(ShopConfig(name="s", currency="EUR"), facets, products))


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("bl", ["Blue", "Black", "Bluebird blue"]),
        ("BLUEB", ["Bluebird blue"]),
        ("aero", ["Aero", "Aero One", "Aero Two", "Aero Three"]),
        ("aero t", ["Aero Two", "Aero Three"]),
        ("t ae", ["Aero Two", "Aero Three"]),
        ("cafe", ["Café Noir"]),
        ("noir", ["Café Noir"]),
        ("wire", ["wireless"]),
        ("inear", ["In-Ear 5"]),
        ("in-e", ["In-Ear 5"]),
        ("bluebrid", ["Bluebird blue"]),
        ("bei", []),
        ("zzz", []),
        ("", []),
        ("-", []),
    ],
)
def test_suggestions_go_on_from_what_was_typed(
    search: Search, typed: str, texts: list[str]
) -> None:
    assert [one.text for one in search.suggest(typed, 10)] == texts


def test_a_limit_is_kept(search: Search) -> None:
    assert len(search.suggest("a", 2)) == 2
    assert search.suggest("a", 0) == ()


def test_no_suggestion_leads_to_nothing(search: Search) -> None:
    offered = {one for letter in string.ascii_lowercase for one in search.suggest(letter, 50)}
    assert offered
    for one in offered:
        assert one.count > 0
        assert search.search(one.text, {}).total > 0


def test_a_suggestion_says_what_it_is(search: Search) -> None:
    blue = search.suggest("blue", 1)[0]
    assert (blue.kind, blue.facet, blue.value, blue.count) == ("value", "color", "Blue", 4)
    noir = search.suggest("noir", 1)[0]
    assert (noir.kind, noir.product_id) == ("product", "p4")
