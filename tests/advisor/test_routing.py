"""What a message points at decides where its intent alone misleads."""

from dataclasses import replace

import pytest

from assistant.advisor.routing import routed
from assistant.advisor.state import DialogueState
from assistant.advisor.types import Move
from nlu.types import Reference
from tests.advisor.boats import boat_shop, boat_talk
from tests.advisor.shoes import said, wish

SEEN = DialogueState(turn=2, last_shown=("b3", "b6"))


def at(*places):
    return tuple(Reference(kind="ordinal", value=place, start=0, end=0) for place in places)


def route(move, message, state=SEEN):
    return routed(move, message, state, boat_shop())


TITLE = (Reference(kind="id", value="b8", start=0, end=9),)
CHEAPEST = (
    Reference(kind="superlative", value="cheapest", start=0, end=8, facet="price", direction=-1),
)


def cheapest_at(start):
    return (replace(CHEAPEST[0], start=start, end=start + 8),)


@pytest.mark.parametrize(
    ("move", "message", "wanted"),
    [
        (Move.OUT_OF_SCOPE, said("is the second open?", references=at(2)), Move.PRODUCT_QUESTION),
        (Move.OUT_OF_SCOPE, said("and the hull", facets=("hull",)), Move.PRODUCT_QUESTION),
        (Move.OUT_OF_SCOPE, said("will it rain?"), Move.OUT_OF_SCOPE),
        (Move.SELECT, said("the first two", references=at(1, 2)), Move.COMPARE),
        (Move.SELECT, said("the second", references=at(2)), Move.SELECT),
        (Move.SELECT, said("the barge", wish("type", "=", "barge")), Move.SELECT),
        (Move.SELECT, said("the yacht", wish("type", "=", "yacht")), Move.ADVISE),
        (Move.ADVISE, said("long diver", references=TITLE), Move.PRODUCT_QUESTION),
        (Move.ADVISE, said("cheapest?", references=CHEAPEST), Move.CATALOG_QUESTION),
        (Move.SELECT, said("the cheapest one", references=cheapest_at(4)), Move.CATALOG_QUESTION),
        (Move.SELECT, said("i take the cheapest", references=cheapest_at(11)), Move.SELECT),
        (Move.ADVISE, said("a barge", wish("type", "=", "barge")), Move.ADVISE),
    ],
)
def test_a_message_goes_where_it_points(move, message, wanted):
    assert route(move, message) is wanted


def test_nothing_in_sight_can_be_asked_about():
    message = said("and the hull", facets=("hull",))
    assert route(Move.OUT_OF_SCOPE, message, DialogueState()) is Move.OUT_OF_SCOPE


def test_what_is_surely_out_of_scope_holds_no_wish():
    talk = boat_talk()
    talk.open()
    asked = wish("type", "=", "barge")
    reply = talk.say("who sank the barge", asked, move=Move.OUT_OF_SCOPE, intent="out_of_scope")
    assert not reply.constraints
    assert "only help you choose among our boats" in reply.text or "beyond me" in reply.text
