"""The unit that the name of a column states, and what is left of the name."""

from __future__ import annotations

import pytest

from catalog.parsing.column_units import MEASURES, unit_in_name


@pytest.mark.parametrize(
    ("name", "unit", "rest"),
    [
        ("Weight (kg)", "kg", "Weight"),
        ("Weight(kg) net", "kg", "Weight net"),
        ("Width [ in cm ]", "cm", "Width"),
        ("Power (kW)", "kW", "Power"),
        ("Size (x)", None, "Size (x)"),
        ("Size ()", None, "Size ()"),
        ("Weight (kg (lb))", "lb", "Weight (kg )"),
    ],
)
def test_a_unit_stands_in_brackets(name, unit, rest):
    assert unit_in_name(name) == (unit, rest)


@pytest.mark.parametrize(
    ("name", "unit", "rest"),
    [
        ("Zoom wide (W)", None, "Zoom wide"),
        ("Height (H)", None, "Height"),
        ("Height (h)", "h", "Height"),
        ("Power (W)", "W", "Power"),
        ("Watts (W)", "W", "Watts"),
        ("Wattage (W)", "W", "Wattage"),
        ("(W)", "W", ""),
    ],
)
def test_a_capital_that_repeats_the_word_before_it_is_no_unit(name, unit, rest):
    assert unit_in_name(name) == (unit, rest)


@pytest.mark.parametrize(
    ("name", "unit", "rest"),
    [
        ("wine_ml", "ml", "wine"),
        ("battery-mah", "mAh", "battery"),
        ("net.weight.kg", "kg", "net weight"),
        ("weight in kg", "kg", "weight"),
        ("depth in in", "in", "depth"),
        ("Miles_per_Gallon", "mpg", "Miles_per_Gallon"),
        ("Inches", "in", "Inches"),
        ("city mpg", "mpg", "city mpg"),
        ("power hp", "hp", "power hp"),
        ("alcohol %", "%", "alcohol %"),
        ("alcohol percent", "%", "alcohol percent"),
        ("%", "%", "%"),
    ],
)
def test_a_unit_stands_behind_the_name(name, unit, rest):
    assert unit_in_name(name) == (unit, rest)


@pytest.mark.parametrize("name", ["wine", "kg", "", "__", "mls", "percent off", "fee_in_eur"])
def test_a_name_without_a_unit_is_left_as_it_is(name):
    assert unit_in_name(name) == (None, name)


@pytest.mark.parametrize(
    "short", ["m", "g", "l", "h", "w", "v", "in", "min", "mp", "pc", "piece", "pieces"]
)
def test_a_short_unit_needs_a_word_that_announces_an_amount(short):
    assert unit_in_name(f"model {short}") == (None, f"model {short}")
    assert unit_in_name(f"weight {short}")[0] is not None
    assert unit_in_name(f"model in {short}")[0] is not None


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_words_of_measure_announce_an_amount(measure):
    assert unit_in_name(f"{measure} l") == ("l", measure)


@pytest.mark.parametrize("span", ["year", "month", "day", "hour", "minute"])
def test_a_span_of_time_behind_a_name_is_a_date_or_a_clock(span):
    assert unit_in_name(f"battery life {span}") == (None, f"battery life {span}")
    assert unit_in_name(span) == (None, span)
    assert unit_in_name(f"{span}s")[0] is not None
