"""Weights after wishes, right and wrong."""

import numpy as np
import pytest

from catalog.candidates import PassedOver, weigh
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Constraint,
    Facet,
    FacetKind,
    Operator,
    Origin,
    Product,
    ShopConfig,
    Strength,
)


def catalog(*products):
    facets = [
        Facet(key="colour", label="colour", kind=FacetKind.CATEGORY),
        Facet(key="price", label="price", kind=FacetKind.NUMBER),
    ]
    made = [
        Product(id=str(n), title=str(n), facets=facets_of, availability=availability)
        for n, (facets_of, availability) in enumerate(products)
    ]
    return Catalog(ShopConfig(name="t", currency="EUR"), facets, made)


def here(**facets):
    return {k: (v,) for k, v in facets.items()}, Availability.IN_STOCK


def wish(facet, operator, *values, **more):
    return Constraint(facet=facet, operator=Operator(operator), values=values, **more)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("=", (20.0,), [1]),
        ("<", (20.0,), [0]),
        ("<=", (20.0,), [0, 1]),
        (">", (20.0,), [2]),
        (">=", (20.0,), [1, 2]),
        ("between", (10.0, 20.0), [0, 1]),
        ("in", (10.0, 30.0), [0, 2]),
        ("!=", (20.0,), [0, 2, 3]),
        ("not_in", (10.0, 20.0), [2, 3]),
    ],
)
def test_operators(operator, values, expected):
    shop = catalog(here(price=10.0), here(price=20.0), here(price=30.0), here(colour="red"))
    assert list(np.flatnonzero(shop.matches(wish("price", operator, *values)))) == expected


def test_a_must_excludes_and_an_answer_only_lowers():
    shop = catalog(here(colour="red"), here(colour="blue"))
    must = weigh(shop, [wish("colour", "=", "red")])
    assert must.best(5) == [0]
    answer = weigh(
        shop,
        [wish("colour", "=", "red", strength=Strength.PREFER, origin=Origin.ANSWER)],
    )
    assert answer.best(5) == [0, 1]
    assert answer.remaining == 1


def test_two_right_answers_outweigh_one_wrong():
    shop = catalog(here(colour="red", price=10.0), here(colour="blue", price=90.0))

    def answered(*constraint):
        return wish(*constraint, strength=Strength.PREFER, origin=Origin.ANSWER)

    said = [answered("colour", "=", "red"), answered("price", ">", 50.0)]
    tie = weigh(shop, said).weights
    assert tie[0] == pytest.approx(tie[1])
    assert weigh(shop, [*said, answered("price", ">", 80.0)]).best(1) == [1]


def test_a_product_shown_and_left_gives_way():
    shop = catalog(here(colour="red"), here(colour="red"))
    assert weigh(shop, []).best(1) == [0]
    assert weigh(shop, [], shown={0: 1}).best(1) == [1]


def test_sold_out_comes_last_and_does_not_count():
    gone = ({"colour": ("red",)}, Availability.OUT_OF_STOCK)
    shop = catalog(gone, here(colour="blue"), here(colour="red"))
    assert weigh(shop, []).best(3)[-1] == 0
    assert weigh(shop, [wish("colour", "=", "red")]).remaining == 1


def test_not_minding_leans_towards_what_was_not_on_offer():
    shop = catalog(here(colour="red"), here(colour="teal"))
    passed = [PassedOver(facet="colour", values=("red",))]
    weights = weigh(shop, [], passed=passed).weights
    assert weights[1] > weights[0] > 0


def test_meaning_orders_products_that_fit_equally():
    shop = catalog(here(colour="red"), here(colour="red"))
    meaning = np.array([0.2, 0.7], dtype=np.float32)
    assert weigh(shop, [], meaning=meaning).best(2) == [1, 0]
