"""Days and spans as people say them."""

from datetime import date

import pytest

from nlu.lexical.spans import is_month, month_number, read_span, read_spoken_day

TODAY = date(2031, 5, 10)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "until 3 March", date(2032, 3, 3)),
        ("en", "by June 1st", date(2031, 6, 1)),
        ("en", "the 10th of May", date(2031, 5, 10)),
        ("en", "Sept. 4, 2033", date(2033, 9, 4)),
        ("en", "before 2031-07-02", date(2031, 7, 2)),
        ("en", "29 February", date(2032, 2, 29)),
        ("de", "bis zum 3. März", date(2032, 3, 3)),
        ("de", "spätestens am 24. Dezember", date(2031, 12, 24)),
        ("de", "bis 1.6.", date(2031, 6, 1)),
        ("de", "02.07.2031", date(2031, 7, 2)),
        ("en", "31 June", None),
        ("en", "3 Smarch", None),
        ("en", "until soon", None),
        ("en", "", None),
    ],
)
def test_days(language, text, day):
    assert read_spoken_day(text, TODAY, language) == day


@pytest.mark.parametrize(
    ("language", "text", "span"),
    [
        ("en", "every 6 weeks", (6, "weeks", True)),
        ("en", "every other month", (2, "months", True)),
        ("en", "each week", (1, "weeks", True)),
        ("en", "once every two months", (2, "months", True)),
        ("en", "every fortnight", (2, "weeks", True)),
        ("en", "quarterly", (3, "months", True)),
        ("en", "ten days", (10, "days", False)),
        ("en", "1.5 years", (1.5, "years", False)),
        ("de", "alle 14 Tage", (14, "days", True)),
        ("de", "jede zweite Woche", (2, "weeks", True)),
        ("de", "jeden Monat", (1, "months", True)),
        ("de", "vierteljährlich", (3, "months", True)),
        ("de", "1,5 Jahre", (1.5, "years", False)),
        ("en", "every table", None),
        ("en", "6 kg", None),
        ("en", "every 99999 weeks", None),
        ("en", "week", None),
        ("en", "", None),
    ],
)
def test_spans(language, text, span):
    read = read_span(text, language)
    assert (read and (read.count, read.unit, read.repeated)) == span


def test_a_span_has_a_length_in_days():
    span = read_span("every 6 weeks", "en")
    assert span is not None
    assert span.days == 42


@pytest.mark.parametrize(
    ("word", "language", "month"),
    [
        ("Mar", "en", 3),
        ("ju", "en", None),
        ("may", "en", 5),
        ("Mär", "de", 3),
        ("Jänner", "de", 1),
        ("mai", "en", None),
    ],
)
def test_months_by_their_first_letters(word, language, month):
    assert month_number(word, language) == month


def test_other_words_are_no_months():
    assert is_month("okt")
    assert is_month("March")
    assert not is_month("Model")
    assert not is_month("marble")
