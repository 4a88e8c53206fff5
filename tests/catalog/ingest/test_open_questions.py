"""What an import asks the staff, and that an answer in shop.yml ends the question."""

from dataclasses import replace

import pytest

from catalog.inferred import InferredFacet
from catalog.ingest.open_questions import MOST_PAIRS, open_questions
from catalog.types import Facet, FacetKind, FacetValue


def number(key, *, unit=None, assumed=False, label=""):
    facet = Facet(key=key, label=label or key.replace("_", " "), kind=FacetKind.NUMBER, unit=unit)
    return InferredFacet(facet=facet, reason="", merged={}, unread=(), unit_assumed=assumed)


def category(key, *values, label=""):
    facet = Facet(
        key=key,
        label=label or key,
        kind=FacetKind.CATEGORY,
        values=tuple(FacetValue(value=name, label=name, count=count) for name, count in values),
    )
    return InferredFacet(facet=facet, reason="", merged={}, unread=())


def lines(*inferred, served=None, currency=""):
    facets = served or [entry.facet for entry in inferred]
    questions = open_questions(inferred, facets, assumed_currency=currency)
    return [question.line for question in questions]


def test_a_currency_nothing_states_is_asked_for_first():
    paddle = number("blade_length")
    assert lines(paddle, currency="SEK") == ["currency: SEK", "facets.blade_length.unit: ..."]


def test_a_unit_that_was_assumed_is_named():
    questions = open_questions(
        [number("screen_size", unit="in", assumed=True)],
        [number("screen_size", unit="in", assumed=True).facet],
    )
    assert questions[0].line == "facets.screen_size.unit: in"
    assert "in was taken" in questions[0].text


@pytest.mark.parametrize("key", ["rating", "stars", "number_of_blades", "year"])
def test_what_has_no_unit_is_not_asked_for_one(key):
    assert lines(number(key)) == []


def test_a_unit_the_feed_states_is_no_question():
    assert lines(number("weight", unit="kg")) == []


def test_what_the_staff_wrote_is_asked_no_more():
    paddle = number("weight")
    assert lines(paddle, served=[replace(paddle.facet, unit="kg")]) == []


def test_a_facet_nobody_is_asked_about_raises_no_question():
    paddle = number("weight")
    assert lines(paddle, served=[replace(paddle.facet, askable=False)]) == []


@pytest.mark.parametrize(
    ("label", "asked"),
    [("drv", True), ("blade drv", True), ("RPM", False), ("city mpg", False), ("style", False)],
)
def test_a_label_that_is_no_word_is_asked_about(label, asked):
    assert bool(lines(category("drive", ("Front", 4), label=label))) is asked


def test_two_spellings_are_asked_about_until_one_is_a_synonym():
    hulls = category("hull", ("Polyethylene", 40), ("Polyethilene", 9))
    assert lines(hulls) == ["facets.hull.synonyms: {Polyethylene: [Polyethilene]}"]
    known = replace(
        hulls.facet,
        values=(
            replace(hulls.facet.values[0], synonyms=("polyethilene",)),
            hulls.facet.values[1],
        ),
    )
    assert lines(hulls, served=[known]) == []


def test_of_many_pairs_some_are_asked_about():
    values = [(f"Hullmaker{letter}son", 30) for letter in "bcdfghkl"]
    values += [(f"Hullmaker{letter}sen", 4) for letter in "bcdfghkl"]
    assert len(lines(category("maker", *values))) == MOST_PAIRS


def test_the_report_of_an_import_shows_them(shop):
    rows = "\n".join(
        f"p{n},Paddle {n},{20 + n % 9},{150 + n % 12 * 2},{n % 4 + 2}" for n in range(30)
    )
    report = shop.take(f"id,title,price,length,wght\n{rows}\n")
    written = [question.line for question in report.open_questions]
    assert written[0].startswith("currency: ")
    assert "facets.length.unit: cm" in written
    assert "facets.wght.unit: ..." in written
    text = (shop.folder / "lint.txt").read_text()
    assert text.startswith("[?] Which currency")
