"""Picking, ordering, ranking and asking about the range."""

import pytest

from assistant.advisor.types import Move
from catalog.types import Availability
from nlu.types import Critique, Reference
from tests.advisor.boats import boat_talk
from tests.advisor.shoes import titles, wish


def at(*places):
    return tuple(Reference(kind="ordinal", value=place, start=0, end=0) for place in places)


def most(word, facet, direction):
    return (
        Reference(kind="superlative", value=word, start=0, end=0, facet=facet, direction=direction),
    )


@pytest.fixture
def cruisers():
    talk = boat_talk()
    talk.open()
    reply = talk.say("a cruiser", wish("type", "=", "cruiser"))
    assert titles(reply) == ["grey heron", "high tern", "broad skua"]
    return talk


def select(talk, text, *wishes, **more):
    return talk.say(text, *wishes, move=Move.SELECT, intent="select", **more)


def test_a_choice_says_honestly_where_it_ends(cruisers):
    reply = select(cruisers, "I take the second", references=at(2))
    assert reply.text.startswith("A good choice: high tern (€41,000.00).")
    assert "cannot take the order" in reply.text
    assert "in stock" not in reply.text


def test_a_basket_is_not_promised(cruisers):
    text = "add the first to my cart"
    reply = cruisers.say(text, move=Move.CART, intent="add_to_cart", references=at(1))
    assert "cannot put things into a basket" in reply.text
    assert "grey heron" in reply.text
    assert "its page" not in reply.text


def test_a_choice_with_a_page_leads_there():
    talk = boat_talk(b8={"url": "https://boats.example/8"})
    talk.open()
    talk.say("a yacht", wish("type", "=", "yacht"))
    reply = talk.say("add it", move=Move.CART, intent="add_to_cart", references=at(1))
    assert "https://boats.example/8" in reply.text


def test_what_is_out_of_stock_is_not_called_a_good_choice_without_a_word():
    talk = boat_talk(b8={"availability": Availability.OUT_OF_STOCK})
    talk.open()
    named = (Reference(kind="id", value="b8", start=0, end=0),)
    reply = select(talk, "I take the long diver", references=named)
    assert reply.text == "long diver would be a good choice, but it is out of stock at the moment."


def test_the_cheaper_one_is_the_cheapest_in_sight(cruisers):
    cheaper = Critique(facet="price", direction=-1, start=0, end=0)
    assert "grey heron" in select(cruisers, "the cheaper one", critiques=(cheaper,)).text


def test_a_value_picks_what_in_sight_has_it(cruisers):
    assert "broad skua" in select(cruisers, "the STL one", wish("hull", "=", "STL")).text


def test_a_value_nothing_in_sight_has_is_a_wish(cruisers):
    reply = select(cruisers, "the yacht", wish("type", "=", "yacht"))
    assert titles(reply)[0] == "long diver"
    assert [c.values for c, _ in reply.constraints] == [("yacht",)]


def test_a_place_the_list_does_not_have_is_said(cruisers):
    text = "how much is the fifth?"
    reply = cruisers.say(text, move=Move.PRODUCT_QUESTION, references=at(5))
    assert reply.text.startswith("There are only 3 in the list.")


def test_one_cannot_be_compared(cruisers):
    cruisers.say("eight berths", wish("berths", ">=", 6.0))
    reply = cruisers.say("compare", move=Move.COMPARE, intent="compare")
    assert "nothing to compare it with" in reply.text


def test_least_and_most_are_told_apart_and_ties_are_told(cruisers):
    ask = {"move": Move.CATALOG_QUESTION, "intent": "catalog_question"}
    reply = cruisers.say("fewest berths?", references=most("fewest", "berths", -1), **ask)
    assert reply.text == "grey heron has the lowest berths: 4. The same goes for 1 more."
    assert titles(reply) == ["grey heron", "high tern"]
    reply = cruisers.say("largest reach?", references=most("largest", "reach", 1), **ask)
    assert reply.text == "broad skua has the highest reach: 120 km."


def test_the_best_is_what_suits_the_wishes(cruisers):
    ask = {"move": Move.CATALOG_QUESTION, "intent": "catalog_question"}
    reply = cruisers.say("the best?", references=most("best", None, 1), **ask)
    assert "By what you told me, grey heron fits you best." in reply.text


def test_nothing_is_called_best_before_anything_was_said():
    talk = boat_talk()
    talk.open()
    ask = {"move": Move.CATALOG_QUESTION, "intent": "catalog_question"}
    reply = talk.say("the best?", references=most("best", None, 1), **ask)
    assert "too little" in reply.text
    assert len(reply.products) == 5


def test_how_many_there_are_is_said_once(cruisers):
    reply = cruisers.say(
        "any barges?",
        wish("type", "=", "barge", asked=True),
        move=Move.CATALOG_QUESTION,
        intent="catalog_question",
    )
    assert reply.text == "Yes, 2 boats."


def test_words_the_catalog_cannot_check_get_no_yes():
    talk = boat_talk()
    talk.open()
    reply = talk.say(
        "anything for fishing?",
        move=Move.CATALOG_QUESTION,
        intent="catalog_question",
        meaning="for fishing",
    )
    assert "Yes" not in reply.text
    assert "“for fishing”" in reply.text


def test_the_whole_range_is_counted_without_wishes_nobody_had():
    talk = boat_talk()
    talk.open()
    reply = talk.say("what is there?", move=Move.CATALOG_QUESTION, intent="catalog_question")
    assert reply.text.startswith("We have 8 boats to choose from.")


def test_why_is_about_what_is_in_sight_now(cruisers):
    select(cruisers, "the first", references=at(1))
    cruisers.say("six berths", wish("berths", ">=", 6.0))
    reply = cruisers.turn(Move.WHY)
    assert "broad skua" in reply.text
    assert titles(reply) == ["broad skua"]


def test_one_like_another_keeps_close_to_it(cruisers):
    reply = cruisers.say("like the second, but STL", wish("hull", "=", "STL"), references=at(2))
    assert "as close to high tern as I can" in reply.text


def test_what_values_there_are_is_told_with_counts():
    talk = boat_talk()
    talk.open()
    ask = {"move": Move.CATALOG_QUESTION, "intent": "catalog_question"}
    text = talk.say("which types do you have?", facets=("type",), **ask).text
    assert text.startswith("For type we have cruiser (3), dinghy (2), barge (2) and yacht (1).")
    text = talk.say("what reach?", facets=("reach",), **ask).text
    assert text.startswith("For reach we have 20 km to 150 km.")


def test_a_product_described_by_a_value_is_the_one_in_sight_that_has_it(cruisers):
    reply = cruisers.say(
        "does the STL have a cabin?",
        wish("hull", "=", "STL", asked=True),
        wish("cabin", "=", True, asked=True),
        move=Move.PRODUCT_QUESTION,
        intent="product_question",
    )
    assert titles(reply) == ["broad skua"]
    assert "Yes. broad skua: cabin." in reply.text


def test_a_question_about_nothing_in_sight_gets_a_count_and_no_yes(cruisers):
    reply = cruisers.say(
        "does the yacht have a cabin?",
        wish("type", "=", "yacht", asked=True),
        wish("cabin", "=", True, asked=True),
        move=Move.PRODUCT_QUESTION,
        intent="product_question",
    )
    assert reply.text.startswith("In all we have 1 boats for “yacht and cabin”.")
    assert [c.values for c, _ in reply.constraints] == [("cruiser",)]


def test_why_this_one_is_about_the_product_also_while_a_question_waits():
    talk = boat_talk()
    talk.open()
    reply = talk.say("no yacht", wish("type", "!=", "yacht"))
    assert reply.question is not None
    reply = talk.say("why this one?", move=Move.WHY, intent="ask_why", references=at(1))
    assert "because you asked for not yacht" in reply.text
    assert reply.question is not None
