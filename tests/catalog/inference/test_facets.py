"""Facets summed up from the products that pass by."""

from __future__ import annotations

from collections import Counter

import pytest

from catalog.inference.columns import FeedColumn
from catalog.inference.facets import Tally
from catalog.inference.readings import ColumnReading
from catalog.types import FacetKind, Product

WORDS = ColumnReading(kind=FacetKind.CATEGORY, values={})
NUMBERS = ColumnReading(kind=FacetKind.NUMBER, values={})


def number(**more) -> ColumnReading:
    return ColumnReading(kind=FacetKind.NUMBER, values={}, **more)


def products(*facets: dict) -> list[Product]:
    return [Product(id=str(n), title=f"Thing {n}", facets=each) for n, each in enumerate(facets)]


def tally(*facets: dict) -> Tally:
    tally = Tally()
    for product in products(*facets):
        tally.add(product)
    return tally


def summed(readings: dict, *facets: dict, names: dict | None = None, locale: str = "en") -> dict:
    columns = {
        key: FeedColumn(key=key, name=name, counts=Counter()) for key, name in (names or {}).items()
    }
    inferred = tally(*facets).sum_up(readings, columns, "EUR", locale)
    return {each.facet.key: each for each in inferred}


def facet(reading: ColumnReading, *values: tuple, key: str = "wood", name: str = "", **more):
    names = {key: name} if name else {}
    facets = [{key: each} if each else {} for each in values]
    return summed({key: reading}, *facets, names=names, **more)[key].facet


def test_values_are_counted_by_product_and_the_most_frequent_comes_first():
    wood = facet(WORDS, ("oak", "ash"), ("pine",), ("pine",), ("ash", "box"), ())
    assert [(value.value, value.label, value.count) for value in wood.values] == [
        ("ash", "ash", 2),
        ("pine", "pine", 2),
        ("box", "box", 1),
        ("oak", "oak", 1),
    ]
    assert (wood.coverage, wood.minimum, wood.maximum, wood.unit) == (0.8, None, None, None)


def test_numbers_have_bounds_and_no_values():
    width = facet(number(unit="cm"), (9.0, 12.0), (3.5,), key="width")
    assert (width.values, width.minimum, width.maximum, width.unit) == ((), 3.5, 12.0, "cm")


def test_the_price_comes_first_and_the_rest_as_in_the_feed():
    facets = summed(
        {"wood": WORDS, "width": NUMBERS},
        {"width": (1.0,), "wood": ("oak",), "price": (5.0,)},
        {"more": (1.0,)},
    )
    assert list(facets) == ["price", "more", "wood", "width"]
    assert facets["price"].facet.names == ("price", "cost", "budget", "prices")
    assert facets["price"].facet.unit == "EUR"


@pytest.mark.parametrize(
    ("key", "unit", "expected"),
    [
        ("deposit", "usd", "USD"),
        ("width", "cm", "cm"),
        ("width", None, None),
        ("entrance_fee", None, "EUR"),
        ("unit_cost", None, "EUR"),
        ("msrp_shop", None, "EUR"),
        ("priceless", None, None),
    ],
)
def test_the_unit_of_amounts_of_money_is_their_currency(key, unit, expected):
    assert facet(number(unit=unit), (1.0,), (2.0,), key=key).unit == expected


@pytest.mark.parametrize(
    ("key", "name", "label", "names"),
    [
        ("wood", "", "wood", ("wood", "woods")),
        ("weight_kg", "Weight (kg)", "weight", ("weight", "weights", "weight kg")),
        ("main_colours", "Main Colours", "main colours", ("main colours", "main colour")),
        ("inches", "Inches", "size", ("size", "sizes", "inches")),
    ],
)
def test_a_facet_is_named_by_its_label_one_or_many_and_by_its_key(key, name, label, names):
    named = facet(NUMBERS, (1.0,), (2.0,), key=key, name=name)
    assert (named.label, named.names) == (label, names)


def test_a_german_catalog_has_german_labels():
    facets = summed(
        {"farbe": WORDS},
        {"farbe": ("rot",), "price": (5.0,), "gewicht_kg": (1.0,)},
        {"farbe": ("blau",), "price": (6.0,), "gewicht_kg": (2.0,)},
        names={"farbe": "farbe außen", "gewicht_kg": "gewicht (kg)"},
        locale="de-AT",
    )
    assert facets["farbe"].facet.label == "farbe Außen"
    assert facets["farbe"].facet.names[:2] == ("farbe außen", "farbe")
    assert facets["gewicht_kg"].facet.label == "Gewicht"
    assert facets["price"].facet.label == "Preis" and "price" in facets["price"].facet.names


def test_a_unit_of_three_letters_is_no_word_for_what_it_measures():
    assert facet(NUMBERS, (1.0,), (2.0,), key="kgs", name="kgs").label == "kgs"


def test_english_of_any_country_is_english():
    rows = [{"main_colours": ("red",)}, {}, {}]
    names = {"main_colours": "Main Colours"}
    english, british = (
        summed({"main_colours": WORDS}, *rows, names=names, locale=locale)
        for locale in ("en", "en-GB")
    )
    assert english == british and english["main_colours"].facet.coverage == 0.3333


@pytest.mark.parametrize(("straps", "asked"), [(4, True), (3, False)])
def test_what_seven_of_ten_of_a_kind_have_is_asked(straps, asked):
    bags = [{"type": ("bag",), "strap": (colour,)} for colour in "abcd"[:straps]]
    others = [{"type": ("bag",)}] * (5 - straps) + [{"type": ("hat",)}] * 45
    facets = summed({"type": WORDS, "strap": WORDS}, *bags, *others)
    assert facets["strap"].facet.askable is asked


def test_four_products_are_no_kind():
    bags = [{"type": ("bag",), "strap": (c,)} for c in "abcd"]
    facets = summed({"type": WORDS, "strap": WORDS}, *bags, *[{"type": ("hat",)}] * 46)
    assert not facets["strap"].facet.askable
    assert facets["strap"].reason == "only 4 of 50 products have it"


@pytest.mark.parametrize(("others", "asked"), [(499, True), (500, False)])
def test_five_hundred_kinds_are_told_apart(others, asked):
    kinds = [{"type": (f"kind {n}",)} for n in range(others)]
    bags = [{"type": ("bag",), "strap": (c,)} for c in "abcde"]
    facets = summed({"type": WORDS, "strap": WORDS}, *kinds, *bags)
    assert facets["strap"].facet.askable is asked


def test_numbers_that_count_kinds_are_no_kinds():
    facets = summed(
        {"type": NUMBERS, "strap": WORDS},
        *[{"type": (1.0,), "strap": (c,)} for c in "abcde"],
        *[{"type": (2.0,)}] * 45,
    )
    assert not facets["strap"].facet.askable


@pytest.mark.parametrize(("percents", "knowable"), [(3, 0.75), (4, 0.2)])
def test_more_than_three_percentages_are_the_marks_of_a_test_report(percents, knowable):
    keys = [f"share_of_{word}" for word in ("noise", "light", "warmth", "water")][:percents]
    rows = [{"width": (float(n),), **{key: (float(n * 9),) for key in keys}} for n in range(9)]
    readings = {"width": number(unit="cm"), **{key: number(unit="%") for key in keys}}
    facets = summed(readings, *rows)
    assert {facets[key].facet.knowable for key in keys} == {knowable}
    assert facets["width"].facet.knowable == 0.75


@pytest.mark.parametrize("priced", [True, False], ids=["prices", "words for prices"])
def test_another_price_is_asked_where_the_price_is_a_word(priced):
    price = [{"price": (float(n),) if priced else ("cheap", "dear")[n % 2 : n % 2 + 1]} for n in range(9)]  # fmt: skip
    rows = [{**each, "old_price": (float(n + 3),)} for n, each in enumerate(price)]
    readings = {"old_price": NUMBERS, **({} if priced else {"price": WORDS})}
    assert summed(readings, *rows)["old_price"].facet.askable is not priced


def test_what_the_reading_found_is_told_with_the_facet():
    reading = number(unit="cm", unit_assumed=True, merged={"a": ["b"]}, unread=["wide"])
    inferred = summed({"width": reading}, {"width": (1.0,)})["width"]
    assert (inferred.merged, inferred.unread, inferred.unit_assumed) == ({"a": ["b"]}, ["wide"], True)  # fmt: skip
    assert inferred.reason == "all products that have it have the same value"
