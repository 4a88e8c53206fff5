"""German: compounds, number words, decimal commas, negation before and behind, small talk."""

import pytest

from nlu.parser import Parser
from tests.nlu.gold.reading import load_shops


@pytest.fixture(scope="module")
def german(nlu_models):
    shop = next(s for s in load_shops() if s.vocabulary.language == "de")
    return Parser.load(shop.vocabulary, language="de", models=nlu_models)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rotweinglas", [("art", "=", ("rot",)), ("kategorie", "=", ("Glas",))]),
        ("Ledersofas", [("material", "=", ("Leder",)), ("kategorie", "=", ("Sofa",))]),
        ("unter 20 Euro", [("price", "<", (20.0,))]),
        ("nicht mehr als 19,99 €", [("price", "<=", (19.99,))]),
        ("einundzwanzig Euro höchstens", [("price", "<=", (21.0,))]),
        ("bis 1.500 €", [("price", "<=", (1500.0,))]),
        ("nicht breiter als 1,20 m", [("breite", "<=", (120.0,))]),
        ("kein Leder", [("material", "!=", ("Leder",))]),
        ("ohne Stauraum", [("stauraum", "=", (False,))]),
        ("Metall mag ich nicht", [("material", "!=", ("Metall",))]),
        ("weder blau noch grün", [("farbe", "not_in", ("blau", "grün"))]),
        (
            "ein schwarzer Stuhl oder ein grauer oder blauer",
            [("farbe", "in", ("schwarz", "grau", "blau")), ("kategorie", "=", ("Stuhl",))],
        ),
        ("gruenes Glas", [("farbe", "=", ("grün",)), ("kategorie", "=", ("Glas",))]),
        ("weiß", [("art", "=", ("weiß",))]),
        ("ich mag weiß", [("art", "=", ("weiß",))]),
        ("weiß ich nicht, vielleicht grau", [("farbe", "=", ("grau",))]),
        ("lieber Samt als Leder", [("material", "=", ("Samt",))]),
        ("Metall geht gar nicht", [("material", "!=", ("Metall",))]),
        ("Wein ab Jahrgang 2010", [("jahrgang", ">=", (2010.0,))]),
        (
            "mindestens 100 und höchstens 300 Euro",
            [("price", ">=", (100.0,)), ("price", "<=", (300.0,))],
        ),
        ("hoechstens fuenfzig Euro", [("price", "<=", (50.0,))]),
        (
            "neues graues Ledersofa",
            [
                ("farbe", "=", ("grau",)),
                ("material", "=", ("Leder",)),
                ("kategorie", "=", ("Sofa",)),
            ],
        ),
        ("blau, nicht grün", [("farbe", "=", ("blau",)), ("farbe", "!=", ("grün",))]),
    ],
)
def test_german_wishes(german, text, expected):
    assert [(c.facet, c.operator, c.values) for c in german.parse(text).constraints] == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Guten Tag!", "greet"),
        ("nein danke", "deny"),
        ("keine Ahnung", "dont_know"),
        ("ist mir egal", "dont_care"),
        ("vergiss den Preis", "dont_care"),
        ("ich möchte mit einem Menschen sprechen", "handoff"),
        ("wie wird das Wetter morgen?", "out_of_scope"),
        ("Tschüss!", "goodbye"),
        ("weiß ich noch nicht", "dont_know"),
        ("ich weiß es leider nicht", "dont_know"),
        ("ich will mit einem Menschen sprechen", "handoff"),
        ("koennten Sie mich zurueckrufen", "handoff"),
        ("bist du ein Roboter?", "bot_challenge"),
        ("so ein Mist, das ist schon wieder falsch", "complaint"),
        ("wo bleibt denn mein Paket", "order_status"),
        ("was kannste alles?", "help"),
        ("warum fragst du das", "ask_why"),
    ],
)
def test_german_intents(german, text, intent):
    assert german.parse(text).intent.name == intent


@pytest.mark.parametrize(
    ("text", "facet", "direction"),
    [
        ("einen breiteren Tisch", "breite", 1),
        ("ein teureres", "price", 1),
        ("ein leichteres bitte", "gewicht", -1),
        ("das ist zu teuer", "price", -1),
    ],
)
def test_german_comparatives_have_endings(german, text, facet, direction):
    found = german.parse(text).critiques
    assert [(critique.facet, critique.direction) for critique in found] == [(facet, direction)]


def test_german_offsets_point_into_the_compound(german):
    text = "ein Rotweinglas"
    found = {text[c.start : c.end] for c in german.parse(text).constraints}
    assert found == {"Rotwein", "glas"}


@pytest.mark.parametrize(
    ("text", "numbers"), [("die ersten beiden", [1, 2]), ("die letzten beiden", [-2, -1])]
)
def test_german_pairs_point_to_two_products(german, text, numbers):
    pointed = german.parse(f"was ist der Unterschied zwischen {text}").references
    assert [one.value for one in pointed] == numbers
