"""A catalog after an edit equals one made anew, and shares what did not change."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.edit import apply_edit, edit_of, words_changed
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, FacetValue, Operator, Product, ShopConfig

COLOURS = ("red", "blue", "green", "grey")


def product(
    number: int, colours: tuple[str, ...], price: float | None, flag: bool | None
) -> Product:
    facets = {"colour": colours} if colours else {}
    if price is not None:
        facets["price"] = (price,)
    if flag is not None:
        facets["folds"] = (flag,)
    return Product(id=f"p{number}", title=f"Thing {number}", facets=facets)


PRODUCTS = st.builds(
    product,
    st.integers(0, 12),
    st.lists(st.sampled_from(COLOURS), max_size=3, unique=True).map(tuple),
    st.none() | st.integers(1, 9).map(float),
    st.none() | st.booleans(),
)


def made(products: list[Product]) -> Catalog:
    kinds = {"colour": FacetKind.CATEGORY, "price": FacetKind.NUMBER, "folds": FacetKind.FLAG}
    facets = []
    for key, kind in kinds.items():
        counts = Counter(v for p in products for v in p.facets.get(key, ()))
        number = kind is FacetKind.NUMBER
        values = (
            ()
            if number
            else tuple(
                FacetValue(value=v, label=str(v), count=n)
                for v, n in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
            )
        )
        numbers = [v for v in counts] if number else []
        facets.append(
            Facet(
                key=key,
                label=key,
                kind=kind,
                values=values,
                coverage=round(sum(key in p.facets for p in products) / max(len(products), 1), 4),
                minimum=min(numbers, default=None),
                maximum=max(numbers, default=None),
            )
        )
    return Catalog(ShopConfig(name="s", currency="EUR"), facets, products)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PRODUCTS, max_size=10, unique_by=lambda p: p.id),
    st.lists(st.tuples(PRODUCTS, st.booleans()), max_size=6),
)
def test_an_edited_catalog_is_like_one_made_anew(before, changes):
    old = made(before)
    for key in old.facets:
        old.column(key)
    wanted = {one.id: (None if gone else one) for one, gone in changes}
    now = apply_edit(old, edit_of(old, wanted))
    fresh = made(list(now.products))
    expected = {p.id: p for p in before} | wanted
    assert {p.id: p for p in now.products} == {k: p for k, p in expected.items() if p is not None}
    assert old.products == tuple(before)
    for key, facet in fresh.facets.items():
        ours = now.facets[key]
        assert {v.value: v.count for v in ours.values} == {v.value: v.count for v in facet.values}
        assert (ours.minimum, ours.maximum) == (facet.minimum, facet.maximum)
        assert abs(ours.coverage - facet.coverage) < 0.05
        left, right = now.column(key), fresh.column(key)
        assert left.rows.tolist() == right.rows.tolist()
        assert left.presence.tolist() == right.presence.tolist()
        assert left.single == right.single
        assert left.numbers.tolist() == right.numbers.tolist()
        assert [left.values[c] for c in left.codes] == [right.values[c] for c in right.codes]
    for position, one in enumerate(now.products):
        assert now.position(one.id) == position
    red = Constraint(facet="colour", operator=Operator.EQ, values=("red",))
    assert now.matches(red).tolist() == fresh.matches(red).tolist()


def test_a_price_leaves_everything_else_shared():
    old = made([product(n, ("red",), float(n), None) for n in range(5)])
    for key in old.facets:
        old.column(key)
    now = apply_edit(old, edit_of(old, {"p3": product(3, ("red",), 99.0, None)}))
    assert now.column("colour") is old.column("colour")
    assert now.facets["colour"] is old.facets["colour"]
    assert now.column("price") is not old.column("price")
    assert now.facets["price"].maximum == 99.0
    assert np.array_equal(old.column("price").numbers, np.arange(5.0))
    assert apply_edit(now, edit_of(now, {"p3": now.product("p3"), "nobody": None})) is now


def test_words_change_with_texts_and_not_with_offers():
    facets = {
        "price": Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR"),
        "year": Facet(key="year", label="year", kind=FacetKind.NUMBER),
        "colour": Facet(key="colour", label="colour", kind=FacetKind.CATEGORY),
    }
    old = Product(
        id="a", title="A", facets={"price": (1.0,), "year": (2020.0,), "colour": ("red",)}
    )

    def other(**changes: object) -> Product:
        return Product(**{"id": "a", "title": "A", "facets": old.facets, **changes})

    assert not words_changed(old, other(facets={**old.facets, "price": (2.0,)}), facets)
    assert words_changed(old, other(facets={**old.facets, "year": (2021.0,)}), facets)
    assert words_changed(old, other(facets={**old.facets, "colour": ("blue",)}), facets)
    assert words_changed(old, other(title="B"), facets)
    assert words_changed(old, other(description="b"), facets)
