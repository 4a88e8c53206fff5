"""What single cells say of stock."""

import pytest

from catalog.parsing.offers import read_availability
from catalog.types import Availability


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("12", Availability.IN_STOCK),
        ("1,200", Availability.IN_STOCK),
        ("0", Availability.OUT_OF_STOCK),
        ("0.0", Availability.OUT_OF_STOCK),
        ("-3", Availability.OUT_OF_STOCK),
        ("ja", Availability.IN_STOCK),
        ("falsch", Availability.OUT_OF_STOCK),
        ("In stock", Availability.IN_STOCK),
        ("nicht verfügbar", Availability.OUT_OF_STOCK),
        ("pre-order", Availability.PREORDER),
        ("soon, ask us", Availability.UNKNOWN),
        ("", Availability.UNKNOWN),
    ],
)
def test_stock_is_a_word_a_flag_or_a_number(text, state):
    assert read_availability(text) is state
