"""Filters as they stand in an address."""

from __future__ import annotations

import pytest

from catalog.errors import FilterError
from catalog.search.filters import allowed_by, constraint_from
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, FacetValue, Operator, Product, ShopConfig

PRICE = Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR")
COLOR = Facet(
    key="color",
    label="color",
    kind=FacetKind.CATEGORY,
    values=(FacetValue(value="Rosé", label="Rosé", count=1),),
)
VEGAN = Facet(key="vegan", label="vegan", kind=FacetKind.FLAG)


@pytest.mark.parametrize(
    ("text", "operator", "values"),
    [
        ("20", "=", (20.0,)),
        ("=20", "=", (20.0,)),
        ("<20", "<", (20.0,)),
        ("<= 20", "<=", (20.0,)),
        (">5.5", ">", (5.5,)),
        (">=5,5", ">=", (5.5,)),
        ("<1,500", "<", (1500.0,)),
        ("10-20", "between", (10.0, 20.0)),
        ("20 – 10", "between", (10.0, 20.0)),
        ("10..20", "between", (10.0, 20.0)),
        ("10..", ">=", (10.0,)),
        ("..20", "<=", (20.0,)),
        ("-5", "=", (-5.0,)),
        ("-5--1", "between", (-5.0, -1.0)),
        ("€10-€20", "between", (10.0, 20.0)),
        ("10-20 EUR", "between", (10.0, 20.0)),
        ("<20€", "<", (20.0,)),
        (" 45.0 cm ", "=", (45.0,)),
    ],
)
def test_numbers_are_read(text: str, operator: str, values: tuple[float, ...]) -> None:
    constraint = constraint_from(PRICE, text)
    assert (constraint.operator, constraint.values) == (Operator(operator), values)
    assert constraint.unit == "EUR"


@pytest.mark.parametrize(
    "text", ["", "cheap", "..", "<", "10-20-30", "1e999x", "nan", "9" * 5000 + "x1"]
)
def test_what_is_no_number_is_refused_with_examples(text: str) -> None:
    with pytest.raises(FilterError, match=r'facet\.price takes a number, "10-20"'):
        constraint_from(PRICE, text)


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("TRUE", True), ("ja", True), ("0", False), ("no", False)]
)
def test_flags_are_read(text: str, value: bool) -> None:
    assert constraint_from(VEGAN, text).values == (value,)


def test_a_flag_is_yes_or_no() -> None:
    with pytest.raises(FilterError, match=r'takes "yes" or "no", not \'maybe\''):
        constraint_from(VEGAN, "maybe")


def test_values_need_neither_case_nor_accents() -> None:
    assert constraint_from(COLOR, "rose").values == ("Rosé",)


@pytest.fixture
def shop() -> Catalog:
    products = [
        Product(id=str(n), title="t", facets={"price": (price,), "color": (color,)})
        for n, (price, color) in enumerate(
            [(10.0, "Rosé"), (15.0, "red"), (20.0, "red"), (30.0, "Rosé")]
        )
    ]
    return Catalog(ShopConfig(name="s", currency="EUR"), [PRICE, COLOR, VEGAN], products)


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"price": ["10-20"]}, [0, 1, 2]),
        ({"price": ["<15", ">20"]}, [0, 3]),
        ({"price": ["10-20"], "color": ["rose"]}, [0]),
        ({"color": ["red", "rose"]}, [0, 1, 2, 3]),
        ({"color": ["blue"]}, []),
        ({"color": []}, [0, 1, 2, 3]),
        ([Constraint(facet="price", operator=Operator.LT, values=(16.0,))], [0, 1]),
    ],
    ids=["range", "either", "both", "all", "none", "empty", "constraints"],
)
def test_one_facet_is_either_several_are_both(
    shop: Catalog, filters: object, left: list[int]
) -> None:
    allowed = allowed_by(shop, filters)  # type: ignore[arg-type]
    assert allowed is not None
    assert list(allowed.nonzero()[0]) == left


def test_no_filter_allows_all(shop: Catalog) -> None:
    assert allowed_by(shop, {}) is None
    assert allowed_by(shop, []) is None


def test_an_unknown_facet_is_named_with_the_known_ones(shop: Catalog) -> None:
    with pytest.raises(FilterError, match=r"no facet 'colour'; it has color, price, vegan"):
        allowed_by(shop, {"colour": ["red"]})


def test_a_number_longer_than_any_amount_is_refused() -> None:
    with pytest.raises(FilterError, match=r"facet\.price takes a number"):
        constraint_from(PRICE, "<" + "9" * 30)
