"""Yes and no."""

import pytest

from nlu.lexical.flags import flag_words, read_flag


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("TRUE", True),
        (" Ja ", True),
        ("wahr", True),
        ("✓", True),
        ("1", True),
        ("No", False),
        ("nein", False),
        ("Falsch", False),
        ("off", False),
        ("0", False),
        ("maybe", None),
        ("10", None),
        ("", None),
    ],
)
def test_spellings_of_yes_and_no(text, flag):
    assert read_flag(text) is flag


def test_numbers_and_letters_alone_are_no_words():
    assert {"yes", "nein", "true"} <= flag_words()
    assert not {"1", "0", "x", "on"} & flag_words()
