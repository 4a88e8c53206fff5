"""Weights after wishes, right and wrong."""

import numpy as np
import pytest

from catalog.ranking.candidates import Answered, Channel, indifference, weigh
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
    passed = [Answered(facet="colour", values=("red",))]
    weights = weigh(shop, [], answered=passed).weights
    assert weights[1] > weights[0] > 0


def test_meaning_orders_products_that_fit_equally():
    shop = catalog(here(colour="red"), here(colour="red"))
    meaning = np.array([0.2, 0.7], dtype=np.float32)
    assert weigh(shop, [], meaning=meaning).best(2) == [1, 0]


def test_somebody_who_never_minds_tells_little_by_it():
    shop = catalog(here(colour="red"), here(colour="teal"))
    passed = [Answered(facet="colour", values=("red",))]
    first = weigh(shop, [], answered=passed, channel=Channel(no_opinion=indifference(1, 1))).weights
    tenth = weigh(
        shop, [], answered=passed, channel=Channel(no_opinion=indifference(10, 10))
    ).weights
    assert first[1] > tenth[1] > tenth[0]


def test_a_wrong_answer_among_many_says_less_against_a_product_than_one_of_two():
    """With seven answers on offer a given one is hit by mistake less often than with two."""
    shop = catalog(here(colour="red"), here(colour="blue"))
    held = [wish("colour", "=", "red", strength=Strength.PREFER, origin=Origin.ANSWER)]

    def chance(*offered):
        asked = Answered(facet="colour", values=offered, answer=0)
        return weigh(shop, held, answered=[asked]).weights[1]

    assert chance("red", "blue", "teal", "grey", "pink") < chance("red", "blue")


def test_a_finer_answer_counts_beside_the_coarse_one():
    shop = catalog(here(price=5.0), here(price=15.0), here(price=95.0))
    held = [wish("price", "<", 10.0, strength=Strength.PREFER, origin=Origin.ANSWER)]
    coarse = Answered(facet="price", ranges=((None, 50.0), (50.0, None)), answer=0)
    fine = Answered(facet="price", ranges=((None, 10.0), (10.0, 50.0)), answer=0)
    weights = weigh(shop, held, answered=[coarse, fine]).weights
    assert weights[0] > weights[1] > weights[2] > 0


def test_a_product_with_several_of_the_answers_is_told_less_by_one():
    both = {"colour": ("red", "blue")}, Availability.IN_STOCK
    shop = catalog(here(colour="red"), both)
    held = [wish("colour", "=", "red", strength=Strength.PREFER, origin=Origin.ANSWER)]
    asked = Answered(facet="colour", values=("red", "blue"), answer=0)
    weights = weigh(shop, held, answered=[asked]).weights
    assert weights[0] > weights[1]


@pytest.mark.parametrize("held", [0, 1, 2])
def test_the_chances_of_all_answers_sum_to_one(held):
    channel, answers = Channel(), 4
    described, undescribed, silent = channel.indifferent()
    right = float(channel.of(np.array([held]), answers)[0])
    told = held * right + (answers - held) * channel.wrong(answers)
    assert told + (described if held else undescribed) == pytest.approx(1.0)
    assert answers * channel.silent(answers) + silent == pytest.approx(1.0)


def test_the_prior_counts_until_something_is_said():
    shop = catalog(here(colour="red"), here(colour="blue"))
    assert weigh(shop, [], prior=np.array([0.1, 0.9])).best(1) == [1]
    must = [wish("colour", "=", "red")]
    assert weigh(shop, must, prior=np.array([0.1, 0.9])).best(1) == [0]


def test_best_takes_equals_in_the_order_of_the_shop():
    shop = catalog(*(here(colour="red") for _ in range(9)))
    assert weigh(shop, [], shown={1: 1}).best(4) == [0, 2, 3, 4]


def test_a_value_that_settles_another_facet_is_recognised():
    facets = [
        Facet(key=key, label=key, kind=FacetKind.CATEGORY) for key in ("region", "country", "style")
    ]
    rows = [
        (region, country, style)
        for region, country in [("a", "x"), ("b", "x"), ("c", "y"), ("d", "y")]
        for style in ("dry", "sweet", "dry")
    ]
    products = [
        Product(id=str(n), title="t", facets={"region": (r,), "country": (c,), "style": (s,)})
        for n, (r, c, s) in enumerate(rows)
    ]
    shop = Catalog(ShopConfig(name="t", currency="EUR"), facets, products)
    assert shop.determines("region", "country")
    assert not shop.determines("country", "region")
    assert not shop.determines("region", "style")
