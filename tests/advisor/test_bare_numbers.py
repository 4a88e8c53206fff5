"""What a number means that names no facet, as the shopper notices it."""

import pytest

from assistant.advisor import bare_numbers
from assistant.advisor.state import ChoiceEffect
from assistant.advisor.types import Move
from catalog.types import Operator
from nlu.types import Critique, Quantity
from tests.advisor.boats import boat_shop, boat_talk
from tests.advisor.shoes import wish


def number(low=None, high=None, unit=None, text="", said=""):
    start = text.find(said) if said else 0
    return Quantity(
        minimum=low, maximum=high, unit=unit, start=start, end=start + len(said or text)
    )


def read(quantity, pending="", offers=()):
    shop = boat_shop()
    facet = shop.facets.get(pending)
    return bare_numbers.read([quantity], shop, facet, offers, [], 3)


@pytest.mark.parametrize(
    ("quantity", "pending", "facet"),
    [
        (number(high=30000.0), "", "price"),
        (number(high=30000.0, unit="EUR"), "reach", "price"),
        (number(low=20000.0, high=30000.0), "reach", "price"),
        (number(low=20000.0, high=30000.0), "berths", "price"),
        (number(high=80.0), "reach", "reach"),
        (number(high=80.0, unit="km"), "reach", "reach"),
        (number(low=4.0, high=4.0), "berths", "berths"),
        (number(low=4.0, high=4.0, unit="person"), "berths", "berths"),
        (number(high=5000.0), "price", "price"),
    ],
)
def test_a_number_goes_to_what_it_can_be_a_number_of(quantity, pending, facet):
    wishes, unused = read(quantity, pending)
    assert [wish.facet for wish in wishes] == [facet]
    assert not unused


@pytest.mark.parametrize(
    ("quantity", "pending"),
    [
        (number(low=300.0, unit="hp"), "price"),
        (number(low=300.0, unit="hp"), "reach"),
        (number(low=300.0, unit="hp"), "berths"),
        (number(low=25.0), ""),
        (number(low=13.0, high=13.0, unit="in"), ""),
    ],
)
def test_a_number_of_something_else_is_nobodys(quantity, pending):
    wishes, unused = read(quantity, pending)
    assert not wishes
    assert unused == [quantity]


def test_a_bare_number_without_a_unit_is_not_worth_a_word():
    assert read(number(low=4.0, high=4.0)) == ([], [])


def test_a_range_on_offer_is_an_answer_and_an_own_limit_is_a_wish():
    offers = [ChoiceEffect(kind="range", facet="reach", values=(None, 60.0), answers=2)]
    (answer,), _ = read(number(high=60.0), "reach", offers)
    (limit,), _ = read(number(high=55.0), "reach", offers)
    assert (answer.strength, limit.strength) == ("prefer", "must")
    assert limit.operator is Operator.LT


def test_an_amount_nothing_can_be_measured_by_is_said_and_not_taken_for_money():
    talk = boat_talk()
    talk.open()
    text = "at least 300 hp"
    reply = talk.say(text, quantities=(number(low=300.0, unit="hp", text=text),))
    assert "“at least 300 hp”" in reply.text
    assert not reply.constraints
    assert reply.products


def test_more_of_what_the_catalog_does_not_measure_is_said():
    talk = boat_talk()
    talk.open()
    faster = Critique(facet="speed", direction=1, start=0, end=6)
    reply = talk.say("faster", intent="critique", critiques=(faster,))
    assert "no figure for that" in reply.text
    assert reply.question is not None


def test_a_refusal_in_words_the_catalog_lacks_is_not_passed_over():
    talk = boat_talk()
    talk.open()
    reply = talk.say("no plastic", unwanted="plastic")
    assert "plastic" in reply.text
    assert talk.turn(Move.THANK).products == reply.products


@pytest.mark.parametrize("unclaimed", [True, False])
def test_cheap_beside_a_limit_says_no_more_than_the_limit(unclaimed):
    talk = boat_talk()
    talk.open()
    cheap = Critique(facet="price", direction=-1, start=10, end=15)
    text = "something cheap under 9000"
    if unclaimed:
        reply = talk.say(text, critiques=(cheap,), quantities=(number(high=9000.0, text=text),))
    else:
        reply = talk.say(text, wish("price", "<", 9000.0), critiques=(cheap,))
    assert [(one.facet, one.values) for one, _ in reply.constraints] == [("price", (9000.0,))]
