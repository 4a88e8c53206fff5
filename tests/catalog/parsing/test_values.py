"""What single texts mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.parsing.clean import plain_text, slug, tidy
from catalog.parsing.column_units import unit_in_name
from catalog.parsing.labels import label_of, plural, singular
from catalog.parsing.values import (
    bracketed,
    is_missing,
    parse_number,
    parse_span,
    parse_year,
    plainer,
)
from nlu.lexical.money import parse_money


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ('14.1"', ".", (14.1, "in")),
        ("2.25kg", ".", (2.25, "kg")),
        ("16GB", ".", (16.0, "GB")),
        ("4500 mAh", ".", (4500.0, "mAh")),
        ("64,999", ".", (64999.0, None)),
        ("2239,49", ",", (2239.49, None)),
        ("1.234,50", ",", (1234.5, None)),
        ("1 000", ".", (1000.0, None)),
        ("12,5 % vol", ",", (12.5, "%")),
        ("-3", ".", (-3.0, None)),
        ("3 doors", ".", (3.0, "doors")),
        ("7 foot", ".", (7.0, "ft")),
    ],
)
def test_parse_number_reads_units_and_marks(text, mark, number):
    assert parse_number(text, mark) == number


@pytest.mark.parametrize(
    "text", ["", "v6", "2.4.1", "1440 x 3216 px", "9" * 400, "1e5", "12 a b c d e f"]
)
def test_parse_number_refuses_what_is_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "amount", "currency"),
    [
        ("105.29 USD", ".", "105.29", "USD"),
        ("₹ 64,999", ".", "64999", "INR"),
        ("€1.339,69", ",", "1339.69", "EUR"),
        ("1,23,456", ".", "123456", None),
        ("19,90 €", ",", "19.90", "EUR"),
        ("free", ".", "0", None),
        ("-$5", ".", "-5", "USD"),
    ],
)
def test_parse_money_reads_amount_and_currency(text, mark, amount, currency):
    assert parse_money(text, mark) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["", "on request", "12 kg", "10 - 20", "USD", "5 EUR USD", "1" * 30]
)
def test_parse_money_refuses_what_is_no_amount(text):
    assert parse_money(text) is None


@pytest.mark.parametrize("text", ["", " ", "?", "N/A", "none", "-", "NaN", "NA"])
def test_missing_has_many_spellings(text):
    assert is_missing(text)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("['Duck', 'Lamb']", ("Duck", "Lamb")),
        ('["d\'Asti", "x"]', ("d'Asti", "x")),
        ("[2020, 2019]", ("2020", "2019")),
        ("[]", ()),
        ("no list", None),
        ("[[1], 2]", None),
    ],
)
def test_bracketed_reads_lists_as_programs_write_them(text, entries):
    assert bracketed(text) == entries


def test_span_and_year():
    assert parse_span("10-20 cm") == (10.0, 20.0, "cm")
    assert parse_span("1.200-1.500", ",") == (1200.0, 1500.0, None)
    assert parse_span("1,5-2,5 l") == (1.5, 2.5, "l")
    assert parse_span("20-10") is None
    assert parse_year("1970-01-01") == parse_year("24.12.1970") == 1970.0
    assert (
        parse_year("3. März 1970") == parse_year("Oct 5, 1970") == parse_year("Mai 1970") == 1970.0
    )
    assert parse_year("Model 1970") is None


@pytest.mark.parametrize(
    ("name", "unit", "label"),
    [
        ("Weight (kg)", "kg", "weight"),
        ("Weight_in_lbs", "lb", "weight"),
        ("Miles_per_Gallon", "mpg", "miles per gallon"),
        ("city_mpg", "mpg", "city mpg"),
        ("battery_mah", "mAh", "battery"),
        ("screen size", None, "screen size"),
        ("RegionName", None, "region"),
        ("inches", "in", "inches"),
        ("RAM", None, "RAM"),
        ("pricerange", None, "price range"),
        ("Built In", None, "built in"),
    ],
)
def test_column_names_become_labels_and_units(name, unit, label):
    found, rest = unit_in_name(name)
    assert (found, label_of(rest)) == (unit, label)


@pytest.mark.parametrize(
    ("one", "many"),
    [("wine", "wines"), ("watch", "watches"), ("candy", "candies"), ("box", "boxes")],
)
def test_plural_and_singular(one, many):
    assert plural(one) == many
    assert singular(many) == one


def test_plain_text_keeps_words_and_drops_markup():
    assert (
        plain_text("<p>Hi <b>you</b> &frac12;</p><script>x()</script><ul><li>a<li>b</ul>")
        == "Hi you ½\na\nb"
    )
    assert tidy("3 < 5 & 7 > 2") == "3 < 5 & 7 > 2"
    assert tidy("a\u202eb\x01 \ud800c") == "ab c"
    assert plain_text("<div>" * 5000 + "deep") in {"deep", ""}


def test_slug_is_ascii():
    assert slug("Crème brûlée № 5!") in {"creme-brulee-no-5", "creme-brulee-5"}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ca. 3 kg", "3 kg"),
        ("approx. 3 kg", "3 kg"),
        ("~4 kg", "4 kg"),
        ("up to 20 h", "20 h"),
        ("4.5/5", "4.5"),
        ("4.5 out of 5 stars", "4.5"),
        ("6+", "6"),
        ("\u2605\u2605\u2605\u2606\u2606", "3"),
        ("Arc lamp", "Arc lamp"),
        ("C++", "C++"),
    ],
)
def test_plainer_drops_what_stands_around_a_number(text, plain):
    assert plainer(text) == plain


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Dec 24, 2021", 2021),
        ("1 February 2020", 2020),
        ("März 2019", 2019),
        ("3. Oktober 2018", 2018),
        ("Model 2019", None),
        ("Marble 2020", None),
    ],
)
def test_parse_year_of_dates_in_words(text, year):
    assert parse_year(text) == year
