"""What a word means, as far as the catalog knows."""

import pytest

from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from nlu.types import Reference
from tests.advisor.boats import boat_knowledge, boat_shop, boat_talk
from tests.advisor.shoes import Talk, spoken_wording


def explained(text):
    talk = boat_talk()
    talk.open()
    return talk.say(text, move=Move.EXPLAIN_TERM, intent="explain_term").text


def test_a_value_is_told_with_its_kin():
    text = explained("what is a barge?")
    assert "“barge” is what our catalog gives as type for 2 of our boats" in text
    assert "cruiser, dinghy and yacht" in text


def test_a_name_of_a_fact_comes_before_a_value_it_stands_beside():
    assert "“hull” it knows GRP and STL" in explained("what is a yacht hull?")


def test_a_yes_or_no_fact_is_not_said_to_have_yes_and_no():
    text = explained("what is a cabin?")
    assert "no and yes" not in text
    assert "6 of our boats are marked “cabin”" in text


@pytest.mark.parametrize("word", ["mizzen", "boom"])
def test_what_nobody_explains_is_not_made_up(word):
    assert "rather not make one up" in explained(f"what is a {word}?")


def test_what_do_you_mean_explains_the_question_that_was_asked():
    talk = boat_talk()
    asked = talk.open().question
    said = talk.say(
        "what do you mean?",
        move=Move.EXPLAIN_TERM,
        intent="explain_term",
        references=(Reference(kind="last", value=1, start=0, end=17),),
    )
    assert f"It is about the {asked.label}" in said.text
    assert said.question.facet == asked.facet


@pytest.mark.parametrize("question", ["what is a keel?", "what is the fin below the hull?"])
def test_what_is_known_of_the_goods_is_told_as_general(question):
    talk = Talk(Advisor(boat_shop(), spoken_wording(), goods=boat_knowledge()))
    talk.open()
    reply = talk.say(question, move=Move.EXPLAIN_TERM, intent="explain_term")
    assert reply.text.startswith("In general: The fin that keeps a boat upright.")
