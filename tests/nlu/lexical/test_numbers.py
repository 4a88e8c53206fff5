"""Numbers under either decimal mark."""

from decimal import Decimal

import pytest

from nlu.lexical.numbers import MOST_DIGITS, decimal_evidence, decimal_mark, read_decimal


@pytest.mark.parametrize(
    ("text", "dot", "comma"),
    [
        ("7", "7", "7"),
        ("2.50", "2.50", "2.50"),
        ("2,50", "2.50", "2.50"),
        ("4.312", "4.312", "4312"),
        ("4,312", "4312", "4.312"),
        ("4.312,75", "4312.75", "4312.75"),
        ("4,312.75", "4312.75", "4312.75"),
        ("4 312,75", "4312.75", "4312.75"),
        ("4'312.75", "4312.75", "4312.75"),
        ("5,43,120", "543120", "543120"),
        ("1.204.312", "1204312", "1204312"),
        ("\u22123.5", "-3.5", "-3.5"),
        ("0.125", "0.125", "0.125"),
        ("0,125", "0.125", "0.125"),
        ("1.2.3", None, None),
        ("12,34,5", None, None),
        ("9" * (MOST_DIGITS + 1), None, None),
    ],
)
def test_a_number_is_read_by_its_separators_and_else_by_the_mark(text, dot, comma):
    for mark, expected in ((".", dot), (",", comma)):
        value = read_decimal(text, mark)
        assert value == (None if expected is None else Decimal(expected)), mark


@pytest.mark.parametrize(
    ("texts", "comma", "dot"),
    [
        (["3,90", "1.203,90", "€ 8,5", "0,125"], 4, 0),
        (["3.90", "1,203.90", "€ 8.5", ".99"], 0, 4),
        (["1.203", "1,203", "12", "red"], 0, 0),
        (["2.450,-", "1.204.312"], 2, 0),
        (["2,04,312"], 0, 1),
        (["3,90" + "x" * 80], 0, 0),
    ],
)
def test_texts_that_allow_one_mark_only_are_counted(texts, comma, dot):
    evidence = decimal_evidence(texts)
    assert (evidence.comma, evidence.dot) == (comma, dot)


def test_languages_have_their_decimal_mark():
    assert (decimal_mark("de"), decimal_mark("en"), decimal_mark("xx")) == (",", ".", ".")
