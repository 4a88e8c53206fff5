"""Filtering over the columns answers as looking at each product would."""

import random

import numpy as np
import pytest

from catalog.store import ALMOST_ALL, KEPT, LEAST_EVIDENCE
from catalog.types import Availability, Constraint, FacetKind, Operator, Variant
from tests.catalog.goods import facet, tool, tool_shop


def rows(catalog, facet, operator, *values):
    mask = catalog.matches(Constraint(facet=facet, operator=operator, values=values))
    return list(np.flatnonzero(mask))


@pytest.mark.parametrize(
    ("key", "operator", "values", "expected"),
    [
        ("material", Operator.EQ, ("STEEL",), [0, 1]),
        ("material", Operator.IN, ("copper", "ash wood"), [1, 2]),
        ("material", Operator.NE, ("steel",), [2]),
        ("material", Operator.NOT_IN, ("steel", "copper"), []),
        ("width", Operator.LT, (40.0,), [1]),
        ("width", Operator.LE, (40.0,), [0, 1]),
        ("width", Operator.GT, (18.0,), [0]),
        ("width", Operator.GE, (18.0,), [0, 1]),
        ("width", Operator.BETWEEN, (40.0, 18.0), [0, 1]),
        ("width", Operator.EQ, (18.0,), [1]),
        ("width", Operator.NE, (18.0,), [0, 2]),
        ("foldable", Operator.EQ, (True,), [0]),
        ("foldable", Operator.EQ, (1.0,), []),
        ("nothing", Operator.EQ, ("x",), []),
        ("width", Operator.LE, ("wide",), []),
    ],
)
def test_a_wish_is_met_by_these_rows(key, operator, values, expected):
    assert rows(tool_shop(), key, operator, *values) == expected


def test_whether_anything_is_known_is_another_question():
    shop = tool_shop()
    assert list(shop.known("width")) == [True, True, False]
    assert not shop.known("nothing").any()


def test_what_is_sold_out_is_not_available_and_silence_is_not_sold_out():
    assert list(tool_shop().available) == [True, False, True]


def test_positions():
    shop = tool_shop()
    assert shop.position("H-300") == 2
    assert shop.product("H-300").title == "Hand hoe"
    assert shop.position("?") is None
    assert shop.product("?") is None


def test_arrays_of_wishes_are_remembered_up_to_a_bound_and_not_changed():
    shop = tool_shop()
    wish = Constraint(facet="material", operator=Operator.EQ, values=("steel",))
    first = shop.matches(wish)
    assert shop.matches(wish) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = False
    for width in range(KEPT):
        shop.matches(Constraint(facet="width", operator=Operator.GE, values=(float(width),)))
    assert shop.matches(wish) is not first


def places(agreeing, odd=0):
    """Three products for each of some regions, whose country is theirs but for the odd."""
    facets = (facet("region"), facet("country"))
    products = [
        tool(f"p{n}", "Tool", facets={"region": (f"r{n % 4}",), "country": (f"c{n % 2}",)})
        for n in range(agreeing)
    ]
    products += [
        tool(f"o{n}", "Tool", facets={"region": ("r0",), "country": ("c1",)}) for n in range(odd)
    ]
    return tool_shop(tuple(products), facets)


def test_a_region_settles_its_country_and_not_the_other_way_round():
    shop = places(40)
    assert shop.determines("region", "country")
    assert not shop.determines("country", "region")


def test_few_products_settle_nothing():
    assert places(LEAST_EVIDENCE).determines("region", "country")
    assert not places(LEAST_EVIDENCE - 1).determines("region", "country")


def test_slips_are_forgiven_and_exceptions_are_not():
    slips = round(100 * (1 - ALMOST_ALL))
    assert places(100, slips - 1).determines("region", "country")
    assert not places(100, slips + 4).determines("region", "country")


def test_a_text_that_two_facets_have_is_shared():
    products = (tool("1", "Saw", facets={"colour": ("Oak",), "wood": ("oak",)}),)
    shop = tool_shop(
        products,
        (
            facet("colour", FacetKind.CATEGORY, "Oak"),
            facet("wood", FacetKind.CATEGORY, "oak", "elm"),
        ),
    )
    assert shop.shared_values == {"oak"}


# ---- variants ----


def by_looking(product, wishes):
    """Whether a product fits, found by looking at each of its variants."""
    offers = product.variants or (product,)
    return any(
        (offer is product or offer.availability != "out_of_stock")
        and all(
            {**product.facets, **offer.facets}.get(wish.facet, (None,))[0] in wish.values
            or (offer is product and set(product.facets.get(wish.facet, ())) & set(wish.values))
            for wish in wishes
        )
        for offer in offers
    )


def random_shop(seed):
    chance = random.Random(seed)
    products = []
    for n in range(40):
        forms = [
            Variant(
                id=f"p{n}-{k}",
                title=str(k),
                price=None,
                availability=chance.choice([Availability.IN_STOCK, Availability.OUT_OF_STOCK]),
                facets={
                    "size": (chance.choice("SML"),),
                    "colour": (chance.choice(["red", "blue"]),),
                },
            )
            for k in range(chance.choice([0, 2, 3, 5]))
        ]
        facets = {
            key: tuple(dict.fromkeys(value for form in forms for value in form.facets[key]))
            or (chance.choice(values),)
            for key, values in (("size", "SML"), ("colour", ["red", "blue"]))
        }
        facets["cut"] = (chance.choice(["wide", "slim"]),)
        products.append(tool(f"p{n}", f"Shirt {n}", facets=facets, variants=tuple(forms)))
    return tool_shop(
        tuple(products),
        (
            facet("size", FacetKind.CATEGORY, "S", "M", "L"),
            facet("colour", FacetKind.CATEGORY, "red", "blue"),
            facet("cut", FacetKind.CATEGORY, "wide", "slim"),
        ),
    )


@pytest.mark.parametrize("seed", range(5))
def test_wishes_are_met_together_by_a_variant_that_can_be_bought(seed):
    shop = random_shop(seed)
    for wanted in (
        {"size": "M"},
        {"size": "M", "colour": "red"},
        {"size": "L", "cut": "slim"},
        {"cut": "wide"},
    ):
        wishes = [
            Constraint(facet=key, operator=Operator.EQ, values=(value,))
            for key, value in wanted.items()
        ]
        looked = [by_looking(product, wishes) for product in shop.products]
        buyable = [
            not product.variants or any(v.availability != "out_of_stock" for v in product.variants)
            for product in shop.products
        ]
        found = shop.fits(wishes)
        for row, product in enumerate(shop.products):
            if buyable[row]:
                assert bool(found[row]) == looked[row], product


def test_values_on_offer_beside_a_wish_are_those_of_variants_that_meet_it():
    shop = random_shop(1)
    red = Constraint(facet="colour", operator=Operator.EQ, values=("red",))
    column = shop.narrowed([red]).column("size")
    offered = {
        (int(row), column.values[code]) for row, code in zip(column.rows, column.codes, strict=True)
    }
    for row, product in enumerate(shop.products):
        expected = {
            variant.facets["size"][0]
            for variant in product.variants
            if variant.availability != "out_of_stock" and variant.facets["colour"] == ("red",)
        }
        if product.variants:
            assert {value for at, value in offered if at == row} == expected
    assert shop.narrowed([Constraint(facet="cut", operator=Operator.EQ, values=("slim",))]) is shop
