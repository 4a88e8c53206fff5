"""Units that go without saying, and those that do not."""

import pytest

from nlu.lexical.units import units
from nlu.lexical.usual_units import LEAST_NUMBERS, usual_unit, usual_units


@pytest.mark.parametrize(
    ("name", "numbers", "unit"),
    [
        ("Screen_Size", [13.3, 14.0, 17.3], "in"),
        ("RAM", [8.0, 16.0, 64.0], "GB"),
        ("memory", [8192.0, 16384.0, 32768.0], None),
        ("refresh rate", [60.0, 120.0, 144.0], "Hz"),
        ("Breite", [80.0, 120.0, 160.0], "cm"),
        ("width", [800.0, 1200.0, 1600.0], "mm"),
        ("width", [0.8, 1.2, 1.6], None),
        ("weight", [1.2, 1.4, 2.0], None),
        ("screen size", [13.3, 14.0], None),
        ("rating", [3.0, 4.0, 5.0], None),
    ],
)
def test_a_unit_is_usual_by_name_and_range(name, numbers, unit):
    assert usual_unit(name, numbers) == unit


def test_ranges_of_one_name_do_not_overlap_and_units_are_known():
    by_name = {}
    for entry in usual_units():
        assert entry.unit in units(), entry.unit
        for name in entry.names:
            for smallest, largest in by_name.get(name, []):
                assert entry.smallest > largest or entry.largest < smallest, name
            by_name.setdefault(name, []).append((entry.smallest, entry.largest))
    assert LEAST_NUMBERS > 2
