"""Questions about a product: the answer first, and never another one than was asked for."""

import pytest

from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from nlu.types import Reference
from tests.advisor.boats import boat_knowledge, boat_shop, boat_talk
from tests.advisor.shoes import Talk, spoken_wording, wish

THIRD = (Reference(kind="ordinal", value=1, start=0, end=0),)


@pytest.fixture
def talk():
    talk = boat_talk()
    talk.open()
    talk.say("a cruiser", wish("type", "=", "cruiser"))
    return talk


def ask(talk, text, *constraints, **more):
    more.setdefault("references", THIRD)
    return talk.say(
        text, *constraints, move=Move.PRODUCT_QUESTION, intent="product_question", **more
    ).text


def test_how_much_is_answered_with_the_price_alone(talk):
    assert ask(talk, "how much is the first?") == "grey heron costs €38,000.00."


def test_what_the_catalog_does_not_say_is_admitted_before_it_tells_the_rest(talk):
    text = ask(talk, "does it have a bathtub?")
    assert text.startswith("Our catalog says nothing about “bathtub” for grey heron.")
    assert "type: cruiser" in text


def test_the_sentence_of_the_description_that_answers_is_quoted(talk):
    text = ask(talk, "does it have a gas stove?")
    assert "“The galley has a gas stove with two rings.”" in text
    assert "teak" not in text


def test_stock_is_answered_as_stock(talk):
    assert ask(talk, "is it in stock?").endswith("whether grey heron is in stock.")


def test_where_is_answered_with_the_address(talk):
    assert ask(talk, "where is the first one?") == "grey heron: address: west quay 7."


def test_a_general_question_gets_the_facts_and_the_description(talk):
    text = ask(talk, "tell me more about the first")
    assert text.startswith("grey heron: €38,000.00; ")
    assert "teak deck" in text


@pytest.mark.parametrize(("value", "verdict"), [(True, "Yes."), (False, "No.")])
def test_yes_and_no_say_what_there_is_in_words(talk, value, verdict):
    asked = wish("cabin", "=", value, asked=True)
    assert ask(talk, "has it a cabin?", asked) == f"{verdict} grey heron: cabin."


def test_a_name_keeps_its_small_letters_at_the_beginning_of_a_sentence(talk):
    assert "Grey heron" not in ask(talk, "how much is it?")


def test_a_question_in_other_words_reaches_the_facet_it_is_known_to_ask_for():
    knowing = Talk(Advisor(boat_shop(), spoken_wording(), goods=boat_knowledge()))
    knowing.open()
    knowing.say("a cruiser", wish("type", "=", "cruiser"))
    assert "reach: 90" in ask(knowing, "how far does it sail?")


def test_without_that_knowledge_the_catalog_says_nothing_of_it(talk):
    assert "says nothing about" in ask(talk, "how far does it sail?")
