"""Nothing fits: the smallest ways out."""

from catalog.ranking.relaxation import blocking_pairs, relaxations
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator, Product, ShopConfig

FACETS = [
    Facet(key="colour", label="colour", kind=FacetKind.CATEGORY),
    Facet(key="shape", label="shape", kind=FacetKind.CATEGORY),
    Facet(key="price", label="price", kind=FacetKind.NUMBER),
]


def shop(*rows):
    products = [
        Product(
            id=str(n), title=str(n), facets={"colour": (c,), "shape": (s,), "price": (float(p),)}
        )
        for n, (c, s, p) in enumerate(rows)
    ]
    return Catalog(ShopConfig(name="t", currency="EUR"), FACETS, products)


def wish(facet, operator, *values):
    return Constraint(facet=facet, operator=Operator(operator), values=values)


RED, CHEAP = wish("colour", "=", "red"), wish("price", "<", 10.0)


def test_single_wishes_that_block_are_named_with_what_lies_behind():
    catalog = shop(("red", "round", 12), ("red", "flat", 30), ("blue", "round", 5))
    ways = relaxations(catalog, [RED, CHEAP])
    drops = {way.dropped: way.count for way in ways if way.instead is None}
    assert drops == {(CHEAP,): 2, (RED,): 1}


def test_the_nearest_price_that_helps_is_offered():
    catalog = shop(("red", "round", 12), ("red", "flat", 30))
    instead = [way for way in relaxations(catalog, [RED, CHEAP]) if way.instead]
    assert instead[0].instead.values == (12.0,)
    assert instead[0].count == 1


def test_a_range_is_stretched_to_the_nearest_price():
    catalog = shop(("red", "round", 12), ("red", "flat", 40))
    around = wish("price", "between", 14.0, 18.0)
    instead = [way for way in relaxations(catalog, [RED, around]) if way.instead]
    assert instead[0].instead.values == (12.0, 18.0)


def test_pairs_are_found_only_when_no_single_wish_is_enough():
    catalog = shop(("blue", "flat", 5), ("blue", "round", 50))
    round_ones = wish("shape", "=", "round")
    ways = relaxations(catalog, [RED, round_ones, CHEAP])
    assert {len(way.dropped) for way in ways} == {2}


def test_guarded_wishes_are_never_given_up():
    catalog = shop(("red", "round", 12), ("blue", "round", 5))
    ways = relaxations(catalog, [RED, CHEAP], keep=[RED])
    assert all(RED not in way.dropped for way in ways)


def test_clashing_pairs():
    catalog = shop(("red", "round", 12), ("blue", "round", 5))
    assert blocking_pairs(catalog, [RED, CHEAP]) == [(RED, CHEAP)]
