"""How facts and wishes are worded."""

import pytest

from assistant.advisor.errors import WordingError
from assistant.advisor.wording import Wording
from catalog.types import Constraint, Facet, FacetKind, FacetValue, Operator
from tests.advisor.shoes import WORDING, spoken_wording


def wish(operator, *values, facet="x"):
    return Constraint(facet=facet, operator=Operator(operator), values=values)


PRICE = Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR")
POWER = Facet(key="power", label="horsepower", kind=FacetKind.NUMBER)
STARS = Facet(key="stars", label="stars", kind=FacetKind.NUMBER)
LENGTH = Facet(key="length", label="length", kind=FacetKind.NUMBER, unit="cm")
SIZE = Facet(key="size", label="size", kind=FacetKind.CATEGORY)
COLOUR = Facet(key="colour", label="colour", kind=FacetKind.CATEGORY)


def flag(label):
    return Facet(key=label, label=label, kind=FacetKind.FLAG)


@pytest.mark.parametrize(
    ("constraint", "facet", "text"),
    [
        (wish("<", 20.0), PRICE, "under €20"),
        (wish("<=", 19.9), PRICE, "up to €19.90"),
        (wish("between", 20.0, 35.0), PRICE, "€20 to €35"),
        (wish(">=", 200.0), POWER, "horsepower 200 or more"),
        (wish("=", 4.0), STARS, "4 stars"),
        (wish("=", 1.0), STARS, "1 star"),
        (wish(">", 0.0), STARS, "over 0 stars"),
        (wish("between", 16.0, 17.5), LENGTH, "16 to 17.5 cm"),
        (wish("=", "XL"), SIZE, "size XL"),
        (wish("=", "28"), SIZE, "size 28"),
        (wish("=", "red"), COLOUR, "red"),
        (wish("!=", "red"), COLOUR, "not red"),
        (wish("in", "red", "blue"), COLOUR, "red or blue"),
        (wish("=", True), flag("wireless"), "wireless"),
        (wish("=", False), flag("wireless"), "not wireless"),
        (wish("!=", True), flag("microphone"), "no microphone"),
    ],
)
def test_wishes_are_short_phrases(constraint, facet, text):
    assert spoken_wording().wish(constraint, facet) == text


MOTOR = Facet(
    key="motor",
    label="motor",
    kind=FacetKind.CATEGORY,
    values=tuple(
        FacetValue(value=name, label=name, count=1)
        for name in ("Tern 4 long", "Tern 4 short", "Tern 6", "Skua 8")
    ),
)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("Tern 4 long", "Tern 4 short", "Tern 6"), "Tern"),
        (("Tern 4 long", "Tern 4 short"), "Tern 4"),
        (("Tern 4 long", "Tern 6"), "Tern 4 long or Tern 6"),
        (("Skua 8", "Tern 6"), "Skua 8 or Tern 6"),
    ],
)
def test_values_with_one_beginning_are_said_by_it_when_they_are_all(values, text):
    assert spoken_wording().wish(wish("in", *values), MOTOR) == text


def test_an_ambiguous_value_is_named_with_its_facet():
    assert spoken_wording().wish(wish("=", "medium"), COLOUR, shared=True) == "colour medium"


def test_lists_read_as_people_say_them():
    wording = spoken_wording()
    assert wording.join(["a"]) == "a"
    assert wording.join(["a", "b"]) == "a and b"
    assert wording.join(["a", "b", "c"]) == "a, b and c"


def test_a_missing_text_says_which_and_where():
    with pytest.raises(WordingError, match="nonsense"):
        spoken_wording().say("nonsense")


def test_a_language_without_a_file_falls_back_to_english():
    assert Wording.load(WORDING, "xx").say("thank") == spoken_wording().say("thank")


def test_values_with_braces_are_only_values():
    said = spoken_wording().say("fits_one", noun="pair", title="{0.__class__} {oops}")
    assert "{0.__class__} {oops}" in said


def test_numbers_and_money_are_written_as_the_language_does():
    english, german = spoken_wording(), Wording.load(WORDING, "de")
    assert (english.count(2946), german.count(2946)) == ("2,946", "2.946")
    assert (english.number(13.5, "%"), german.number(13.5, "%")) == ("13.5 %", "13,5 %")
    assert (english.number(19.9, "EUR"), german.number(19.9, "EUR")) == ("€19.90", "19,90 €")
    assert english.range(50.0, 80.0, "EUR") == "€50 to €80"
    assert german.range(50.0, 80.0, "EUR") == "50 bis 80 €"
