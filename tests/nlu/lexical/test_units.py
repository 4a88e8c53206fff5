"""Units: one table for feeds and messages, its factors those of physics."""

import pytest

from nlu.lexical.units import factor, spoken_units, unit_symbols, units

NAMES = {
    **{"°C": "delta_degC", "%": "percent", "l": "liter", "PS": "metric_horsepower", "hp": "hp"},
    **{"days": "day", "weeks": "week", "months": "month", "years": "year", "in": "inch"},
    **{"KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "Ohm": "ohm"},
    **{"mi": "mile", "ft": "foot", "gal": "gallon", "pt": "pint", "fl oz": "fluid_ounce"},
    **{"mAh": "milliampere_hour", "Ah": "ampere_hour", "h": "hour", "t": "tonne", "oz": "ounce"},
    **{"mph": "mile_per_hour", "km/h": "kilometer_per_hour", "px": "pixel", "MP": "megapixel"},
    **{
        "lm": "lumen",
        "kcal": "kilocalorie",
        "pfd": "0.5 kilogram",
        "Wh": "watt_hour",
        "dB": "",
        "dpi": "",
        "ppi": "",
        "pcs": "",
        "mpg": "",
    },
}
"""What the library of units calls ours, where it is not the symbol; empty where it has none."""


def test_factors_are_those_of_the_library_of_units():
    pint = pytest.importorskip("pint", reason="the library that the table is checked against")
    registry = pint.UnitRegistry()
    first = {}
    for symbol, unit in units().items():
        name = NAMES.get(symbol, symbol)
        if not name:
            continue
        base = first.setdefault(unit.dimension, symbol)
        quantity = registry(f"1 * {name}")
        expected = quantity.to(registry(NAMES.get(base, base) or base).units).magnitude
        start = registry(NAMES.get(base, base)).magnitude
        assert factor(symbol, base) == pytest.approx(expected / start, rel=1e-6), symbol


@pytest.mark.parametrize(
    ("source", "target", "times"),
    [
        ("in", "cm", 2.54),
        ("kg", "lb", 2.20462262),
        ("l", "ml", 1000.0),
        ("TB", "GB", 1000.0),
        ("PS", "kW", 0.73549875),
        ("years", "months", 12.0),
        ("h", "min", 60.0),
        ("kg", "cm", None),
        ("ppi", "dpi", None),
        ("kg", "parsec", None),
        ("fathom", "fathom", 1.0),
    ],
)
def test_units_convert_within_what_they_measure(source, target, times):
    assert factor(source, target) == (times if times is None else pytest.approx(times))


def test_factors_of_ten_are_exact():
    assert factor("mm", "cm") == 0.1
    assert factor("g", "kg") == 0.001


@pytest.mark.parametrize(
    ("language", "spelling", "symbol"),
    [
        ("en", "gigs", "GB"),
        ("en", "pounds", "lb"),
        ("en", "lumens", "lm"),
        ("de", "pfund", "pfd"),
        ("de", "stunden", "h"),
        ("de", "ps", "PS"),
        ("xx", "kg", "kg"),
        ("de", "seconds", None),
        ("en", "pieces", None),
        ("en", "a", None),
    ],
)
def test_messages_spell_units_in_their_language(language, spelling, symbol):
    unit = spoken_units(language).get(spelling)
    assert (unit.symbol if unit else None) == symbol


@pytest.mark.parametrize(
    ("spelling", "symbol"),
    [
        ("zoll", "in"),
        ("stk", "pcs"),
        ("amps", "A"),
        ("gallons", "gal"),
        ("s", None),
        ("t", None),
        ("a", None),
    ],
)
def test_cells_spell_units_in_any_language(spelling, symbol):
    assert unit_symbols().get(spelling) == symbol


def test_no_spelling_stands_for_two_units():
    for language in ("en", "de"):
        everything = [
            (spelling, unit.symbol)
            for unit in units().values()
            for spelling in {*unit.spellings, *unit.spoken.get(language, ())}
        ]
        assert len({spelling for spelling, _ in everything}) == len(everything)
