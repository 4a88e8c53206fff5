"""Comparing products."""

from assistant.advisor.types import Move
from nlu.types import Reference
from tests.advisor.boats import boat_talk
from tests.advisor.shoes import wish

BOTH = tuple(Reference(kind="ordinal", value=n, start=0, end=0) for n in (1, 2))


def compared(*wishes):
    talk = boat_talk()
    talk.open()
    talk.say("these", *wishes)
    return talk.say("compare them", move=Move.COMPARE, intent="compare", references=BOTH).text


def test_a_comparison_names_the_products_in_the_order_of_their_values():
    text = compared(wish("type", "=", "barge"))
    assert text.startswith("red knot / wide eider, side by side:\nprice: €24,000.00 / €26,000.00")


def test_lines_stand_alone():
    assert " \n" not in compared(wish("type", "=", "cruiser"))
