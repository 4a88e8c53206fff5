from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.errors import ParseTooSlow
from nlu.lexical.vocabulary import Vocabulary
from nlu.parser import Parser
from nlu.serialize import parsed_from_json, parsed_to_json
from nlu.types import ParsedMessage
from tests.nlu.gold.reading import load_shops
from tests.nlu.shops import headset_vocabulary, number


def wishes(message):
    return [(c.facet, c.operator, c.values) for c in message.constraints]


@pytest.fixture(scope="session")
def headsets(nlu_models):
    return Parser.load(headset_vocabulary(), models=nlu_models)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red wine under 20 euros", [("style", "=", ("Red",)), ("price", "<", (20.0,))]),
        ("up to €1,299.99", [("price", "<=", (1299.99,))]),
        ("20-50€", [("price", "between", (20.0, 50.0))]),
        ("between 20 and 50 euros", [("price", "between", (20.0, 50.0))]),
        ("around 20 euros", [("price", "between", (17.0, 23.0))]),
        ("no more than thirty five bucks", [("price", "<=", (35.0,))]),
        ("my budget is 40", [("price", "<=", (40.0,))]),
        ("a couple hundred euros max", [("price", "<=", (200.0,))]),
        ("at least 13% alcohol", [("alcohol", ">=", (13.0,))]),
        ("alcohol below 12", [("alcohol", "<", (12.0,))]),
        ("half a litre", [("volume", "=", (500.0,))]),
        ("75 cl", [("volume", "=", (750.0,))]),
        ("newer than 2015", [("vintage", ">", (2015.0,))]),
        ("not red", [("style", "!=", ("Red",))]),
        ("red less than 20 euros", [("style", "=", ("Red",)), ("price", "<", (20.0,))]),
        ("anything but red or white", [("style", "not_in", ("Red", "White"))]),
        ("not red, white or rose", [("style", "not_in", ("Red", "White", "Rosé"))]),
        ("red or white", [("style", "in", ("Red", "White"))]),
        ("dry but not sweet", [("sweetness", "=", ("Dry",)), ("sweetness", "!=", ("Sweet",))]),
        ("I'm vegan", [("vegan", "=", (True,))]),
        ("not vegan", [("vegan", "=", (False,))]),
        ("chardonay", [("grape", "=", ("Chardonnay",))]),
        ("pinot-noirs", [("grape", "=", ("Pinot Noir",))]),
        ("fullbodied", [("body", "=", ("Full-bodied",))]),
        ("italian", [("country", "=", ("Italy",))]),
        ("older than 2015", [("vintage", "<", (2015.0,))]),
        ("from before 2015", [("vintage", "<", (2015.0,))]),
        ("for my 50th birthday", []),
        ("by the 12th", []),
        ("no, red", [("style", "=", ("Red",))]),
        ("no idea", []),
        ("I have no preference", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parse_finds_the_wish(parser, text, expected):
    assert wishes(parser.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("without a mic", [("microphone", "=", (False,))]),
        ("with a microphone", [("microphone", "=", (True,))]),
        ("on ear, wired", [("type", "=", ("On-ear",)), ("wireless", "=", (False,))]),
        ("lighter than 8 oz", [("weight", "<", (226.796185,))]),
        ("at least 30 hours of battery", [("battery_life", ">=", (30.0,))]),
        ("cable longer than 2 m", [("cable_length", ">", (200.0,))]),
        ("under 1.5k dollars", [("price", "<", (1500.0,))]),
        ("a cable 3 m long", [("cable_length", "=", (300.0,))]),
        ("no wires", [("wireless", "=", (True,))]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parse_works_on_another_shop(headsets, text, expected):
    assert wishes(headsets.parse(text)) == expected


ENGINES = Vocabulary(
    language="en",
    currency="EUR",
    facets=(
        number("price", "EUR", ("price",), 50, 9000),
        number("harbour_range", "h", ("harbour hours",), 3, 20),
        number("open_sea_range", "h", ("open sea hours",), 2, 15),
        number("power", None, ("horsepower", "power"), 2, 300),
        number("age", "year", ("age",), 0, 40),
    ),
    nouns=("engine", "engines"),
    titles=(("e1", "gannet outboard"),),
)


@pytest.fixture(scope="module")
def engines(nlu_models):
    return Parser.load(ENGINES, models=nlu_models)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("more than 30 horsepower", [("power", ">", (30.0,))]),
        ("at least 8 hours on the open sea", [("open_sea_range", ">=", (8.0,))]),
        ("at least 8 hours in the harbour", [("harbour_range", ">=", (8.0,))]),
        ("older than 10 years", [("age", ">", (10.0,))]),
        ("30 horsepower at least", [("power", ">=", (30.0,))]),
        ("9 harbour hours or more", [("harbour_range", ">=", (9.0,))]),
    ],
)
def test_the_words_around_a_number_say_what_it_measures(engines, text, expected):
    message = engines.parse(text)
    assert wishes(message) == expected
    assert message.meaning == ""


def test_an_age_that_nothing_measures_is_no_price(headsets):
    message = headsets.parse("older than 2019")
    assert wishes(message) == []
    assert [quantity.unmeasured for quantity in message.quantities] == [True]


def test_ten_years_old_is_a_year_where_years_are_known(parser):
    (wish,) = parser.parse("older than 10 years").constraints
    assert (wish.facet, wish.operator) == ("vintage", "<")
    assert wish.values == (date.today().year - 10,)


def test_a_place_in_figures_points_to_it(parser):
    assert [ref.value for ref in parser.parse("the 2nd one").references] == [2]
    assert parser.parse("the 12th of may").references == ()


@pytest.mark.parametrize(
    "text", ["there are six of us", "we are eight people", "it's for 4 adults"]
)
def test_who_comes_along_is_no_wish(parser, text):
    message = parser.parse(text)
    assert message.intent.name == "inform"
    assert (message.constraints, message.meaning) == ((), "")


@pytest.mark.parametrize(
    "text",
    [
        "forget the price",
        "never mind the price",
        "drop the price",
        "ignore the price",
        "remove the price",
        "any price",
        "price doesn't matter",
        "the price is not important",
        "regardless of price",
        "I don't care about the price",
        "whatever the price",
    ],
)
def test_parse_takes_back_wishes_about_a_facet(parser, text):
    message = parser.parse(text)
    assert message.intent.name == "dont_care"
    assert message.facets == ("price",)
    assert message.constraints == ()
    assert message.meaning == ""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no preference", "dont_care"),
        ("I have no preference", "dont_care"),
        ("no preference, really", "dont_care"),
        ("no idea", "dont_know"),
        ("no idea!", "dont_know"),
        ("I have no idea", "dont_know"),
        ("which one is the cheapest?", "catalog_question"),
        ("what's the most expensive?", "catalog_question"),
    ],
)
def test_parse_names_the_intent(parser, text, intent):
    assert parser.parse(text).intent.name == intent


def test_parse_orders_by_the_facet_named_behind_a_superlative(nlu_models):
    shop = next(s for s in load_shops() if s.name == "groceries")
    message = Parser.load(shop.vocabulary, models=nlu_models).parse("which has the least sugar?")
    assert message.intent.name == "catalog_question"
    [reference] = message.references
    assert (reference.kind, reference.facet, reference.direction) == (
        "superlative",
        "sugarpercent",
        -1,
    )


@pytest.mark.parametrize(
    "text", ["a nice place", "some stuff", "show me one", "the thing", "some items", "something"]
)
def test_parse_finds_no_meaning_in_generic_nouns(parser, text):
    assert parser.parse(text).meaning == ""


@pytest.mark.parametrize(
    ("text", "facets"),
    [("it doesn't have to be vegan", ("vegan",)), ("need not be organic", ("organic",))],
)
def test_parse_waives_what_need_not_be(parser, text, facets):
    message = parser.parse(text)
    assert message.constraints == ()
    assert message.facets == facets
    assert "dont_care" in message.acts


def test_parse_says_when_a_text_was_cut(parser):
    assert parser.parse("red " * 600).cut
    assert not parser.parse("red").cut


@pytest.mark.parametrize(
    ("text", "low", "high", "inclusive"),
    [
        ("under 50", None, 50.0, False),
        ("over 50", 50.0, None, False),
        ("between 20 and 50", 20.0, 50.0, False),
        ("at most 50", None, 50.0, True),
        ("make it 4", 4.0, 4.0, True),
        ("20+", 20.0, None, False),
        ("it must not be over 50", None, 50.0, True),
        ("I would not go above 50", None, 50.0, True),
        ("no, under 50", None, 50.0, False),
        ("no under 50", None, 50.0, False),
        ("I'd like between 12.5 and 13", 12.5, 13.0, False),
    ],
)
def test_parse_leaves_bare_numbers_to_the_question(parser, text, low, high, inclusive):
    message = parser.parse(text)
    assert message.constraints == ()
    [quantity] = message.quantities
    assert (quantity.minimum, quantity.maximum) == (low, high)
    assert quantity.inclusive or not inclusive


def test_parse_offers_other_facets_of_a_shared_value(parser):
    [wish] = parser.parse("red").constraints
    assert (wish.facet, wish.alternatives) == ("style", ("label_colour",))
    [wish] = parser.parse("a red label colour").constraints
    assert wish.facet == "label_colour"


def test_parse_tells_must_from_nice_to_have(parser):
    strengths = {
        c.facet: c.strength for c in parser.parse("must be red, ideally from France").constraints
    }
    assert strengths == {"style": "must", "country": "prefer"}


@pytest.mark.parametrize("text", ["I never drink red", "I am allergic to nuts", "I'm vegan"])
def test_parse_knows_what_lasts(parser, text):
    assert [c.lasting for c in parser.parse(text).constraints] == [True]
    assert not parser.parse("red please").constraints[0].lasting


def test_parse_keeps_questions_apart_from_wishes(parser):
    message = parser.parse("no, something cheaper - and does it come in blue?")
    assert message.acts == ("deny", "critique", "product_question")
    assert [(c.facet, c.direction) for c in message.critiques] == [("price", -1)]
    assert [c.asked for c in message.constraints] == [True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll take the second one", [("ordinal", 2)]),
        ("compare the first two", [("ordinal", 1), ("ordinal", 2)]),
        ("the last one please", [("ordinal", -1)]),
        ("number 3", [("ordinal", 3)]),
        ("what's the cheapest?", [("superlative", "cheapest")]),
        ("tell me about casanegra", [("id", "w1")]),
        ("add that one to my basket", [("last", 1)]),
        ("for a first date", []),
    ],
)
def test_parse_finds_references(parser, text, expected):
    assert [(r.kind, r.value) for r in parser.parse(text).references] == expected


def test_parse_keeps_what_no_facet_names(parser):
    assert parser.parse("something for a first date").meaning == "for a first date"
    assert parser.parse("a red wine under 20 euros please").meaning == ""
    assert parser.parse("no pineapple").unwanted == "pineapple"
    assert parser.parse("a red for my sister's birthday").gift


@given(text=st.text(max_size=300))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_parse_survives_any_text(parser, text):
    message = parser.parse(text)
    assert isinstance(message, ParsedMessage)
    assert message.acts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\ud800",
        "🍷" * 500,
        "a" * 100_000,
        "1," * 60_000,
        "not " * 30_000,
        "Z̷̢͝a̸l̶g̵o̷ ̸r̸e̷d̶",
        "{{x}} </b> $(ls)",
    ],
    ids=["empty", "blank", "surrogate", "emoji", "long", "digits", "nots", "zalgo", "markup"],
)
def test_parse_survives_hostile_text(parser, text):
    message = parser.parse(text)
    assert len(message.text) <= 2000
    assert parsed_from_json(parsed_to_json(message)) == message


@given(
    value=st.sampled_from(["Red", "White", "Sparkling", "Rosé"]),
    frame=st.sampled_from(["{}", "{} please", "I'd like {}", "make it {}", "something {}", "{}!"]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parse_reads_back_every_value(parser, value, frame):
    message = parser.parse(frame.format(value))
    assert wishes(message) == [("style", "=", (value,))]
    assert "inform" in message.acts


@given(
    amount=st.integers(2, 900),
    case=st.sampled_from(
        [
            ("under {} euros", "<"),
            ("at most €{}", "<="),
            ("more than {} EUR", ">"),
            ("min {} euro", ">="),
        ]
    ),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parse_reads_back_every_price(parser, amount, case):
    frame, operator = case
    assert wishes(parser.parse(frame.format(amount))) == [("price", operator, (float(amount),))]


@pytest.mark.parametrize(
    "text", ["/restart", "/start_over", " /back", '/inform{"x": 1}', "{slot} {0}", "/red{wine}"]
)
def test_parse_takes_nothing_from_commands(parser, text):
    message = parser.parse(text)
    assert message.text == text
    assert message.intent.name == "out_of_scope"
    assert not message.constraints
    assert not message.meaning


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("yeep", "affirm"),
        ("goodbey", "goodbye"),
        ("thank yuo", "thank"),
        ("are you well", "greet"),
        ("well, hello", "greet"),
        ("ok thanks", "thank"),
        ("great job,, Robby", "praise"),
    ],
)
def test_small_talk_is_understood_in_spite_of_slips_and_names(parser, text, act):
    assert act in parser.parse(text).acts


@pytest.mark.parametrize(
    "text",
    [
        "zubrowka quartz 3000",
        "hanging plant",
        "skipping rope with bearings",
        "velora tombola mirror",
        "all weather boots",
        "bramley 4dr estate",
    ],
)
def test_names_typed_as_into_a_search_field_are_wishes(parser, text):
    assert "inform" in parser.parse(text).acts


@pytest.mark.parametrize(
    "text",
    [
        "My bank transfer was rejected. Why?",
        "Why? My bank transfer was rejected.",
        "My debit card was declined at the cash machine. What does this mean?",
        "I was charged 2 euros for a withdrawal at the bank",
    ],
)
def test_a_question_about_something_else_stays_something_else(parser, text):
    assert parser.parse(text).acts == ("out_of_scope",)


def test_why_is_still_asked_of_what_the_assistant_said(parser):
    assert parser.parse("It rained in Paris. Why do you ask?").intent.name == "ask_why"


@pytest.mark.parametrize("text", ["is red", "is more of a red", "has no oak", "is made in Italy"])
def test_a_description_without_a_subject_is_a_wish(parser, text):
    message = parser.parse(text)
    assert message.intent.name == "inform"
    assert not any(wish.asked for wish in message.constraints)


@pytest.mark.parametrize("text", ["is it red?", "is the second one red", "is red better?"])
def test_a_question_about_a_value_stays_a_question(parser, text):
    assert parser.parse(text).intent.name != "inform"


@pytest.mark.parametrize(
    "text", ["Absolutely not.", "definitely not", "certainly not!", "of course not"]
)
def test_a_firm_no_is_no_yes(parser, text):
    assert parser.parse(text).acts == ("deny",)


@pytest.mark.parametrize("text", ["stop please", "Robby stop", "Robby please stop"])
def test_courtesy_and_a_name_before_it_change_nothing(parser, text):
    assert parser.parse(text).intent.name == "undo"


def test_what_is_said_with_two_meanings_has_both(parser):
    assert set(parser.parse("that is not correct").acts) == {"deny", "complaint"}


def test_an_imperative_is_no_description(parser):
    assert parser.parse("have a good day").intent.name == "goodbye"


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("I'm allergic to hazelnuts", "hazelnuts"),
        ("I have a celery allergy", "celery"),
        ("my wife can't stand oak", "oak"),
        ("I don't eat liver", "liver"),
        ("it must not contain celery", "celery"),
        ("no celery please", "celery"),
    ],
)
def test_what_no_facet_names_can_be_refused(parser, text, unwanted):
    message = parser.parse(text)
    assert message.intent.name == "inform"
    assert (message.unwanted, message.meaning) == (unwanted, "")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("don't show me anything over 25 euros", ("price", "<=", (25.0,))),
        ("I don't want to see anything under 20 euros", ("price", ">=", (20.0,))),
        ("don't show me red", ("style", "!=", ("Red",))),
    ],
)
def test_what_is_not_to_be_shown_is_refused(parser, text, wish):
    assert wish in wishes(parser.parse(text))


def test_what_do_you_mean_points_to_what_was_said_last(parser):
    [reference] = parser.parse("what do you mean?").references
    assert reference.kind == "last"
    assert parser.parse("what does tannic mean?").references == ()


def test_a_message_that_takes_too_long_is_given_up(parser, monkeypatch):
    monkeypatch.setattr("nlu.parser.PARSE_SECONDS", -1.0)
    with pytest.raises(ParseTooSlow, match="9 characters"):
        parser.parse("a red one")
