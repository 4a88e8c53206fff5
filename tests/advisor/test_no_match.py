"""Nothing fits: the shopper is never left standing."""

import pytest

from assistant.advisor.types import Move
from tests.advisor.boats import boat_talk
from tests.advisor.shoes import wish


@pytest.fixture
def stuck():
    talk = boat_talk()
    talk.open()
    talk.say("a barge", wish("type", "=", "barge"))
    reply = talk.say("six berths", wish("berths", ">=", 6.0))
    assert reply.remaining == 0
    return talk


@pytest.mark.parametrize("intent", ["dont_care", "dont_know", "affirm"])
def test_who_leaves_the_choice_to_us_gets_the_smallest_change(stuck, intent):
    reply = stuck.say("whatever", intent=intent)
    assert "“barge” no longer counts" in reply.text
    assert {shown.product.title for shown in reply.products[:2]} == {"broad skua", "long diver"}
    assert reply.remaining == 2


def test_what_cannot_be_read_is_admitted_at_once(stuck):
    reply = stuck.say("blub")
    assert "did not understand" in reply.text
    assert len(reply.constraints) == 2


def test_not_minding_when_nothing_is_asked_tells_what_can_be_done():
    talk = boat_talk()
    talk.open()
    reply = talk.say("a barge", wish("type", "=", "barge"))
    assert reply.question is None
    again = talk.say("whatever", intent="dont_care")
    assert "Just" not in again.text and "These 2" not in again.text
    assert again.text.endswith("tell me what should be different.")
    assert [s.product.id for s in again.products] == [s.product.id for s in reply.products]


def test_what_all_products_are_is_no_wish():
    talk = boat_talk()
    talk.open()
    reply = talk.say("a boat, a barge", wish("sold", "=", "boat"), wish("type", "=", "barge"))
    assert [wish.facet for wish, _ in reply.constraints] == ["type"]


def test_taking_back_one_of_two_wishes_about_a_thing_keeps_the_other():
    talk = boat_talk()
    talk.open()
    talk.say("not a yacht", wish("type", "!=", "yacht"))
    reply = talk.say("not a dinghy", wish("type", "!=", "dinghy"))
    remove = next(r for r in reply.removals if "dinghy" in r.label)
    reply = talk.turn(choice_id=remove.choice_id)
    assert [wish.values for wish, _ in reply.constraints] == [("yacht",)]


def test_a_way_out_brings_exactly_what_it_says():
    talk = boat_talk()
    talk.open()
    talk.say("not a yacht, six berths", wish("type", "!=", "yacht"), wish("berths", ">=", 6.0))
    reply = talk.say("no cruiser", wish("type", "!=", "cruiser"))
    way = next(one for one in reply.suggestions if one.label.startswith("Without"))
    count = int(way.label.rsplit("(", 1)[1].rstrip(")"))
    assert talk.turn(choice_id=way.choice_id).remaining == count


def test_who_complains_is_not_asked_the_same_again():
    talk = boat_talk()
    reply = talk.open()
    assert reply.question is not None
    reply = talk.say("stop asking me that", move=Move.COMPLAINT, intent="complaint")
    assert reply.question is None
    assert len(reply.products) == 5


def test_what_no_longer_matters_is_taken_back_and_not_wished_again():
    talk = boat_talk()
    talk.open()
    talk.say("a cabin", wish("cabin", "=", True))
    reply = talk.say("the cabin does not matter", wish("cabin", "=", True), intent="dont_care")
    assert not reply.constraints
    assert "“cabin” no longer counts" in reply.text


def test_not_needing_what_was_never_asked_for_is_heard():
    talk = boat_talk()
    talk.open()
    reply = talk.say("no cabin needed", intent="dont_care", facets=("cabin",))
    assert "that stays open" in reply.text or "leave that open" in reply.text


def test_what_fits_is_told_apart_from_what_comes_close():
    talk = boat_talk()
    reply = talk.open()
    while reply.question.facet != "type":
        reply = talk.turn(choice_id=reply.question.options[-1].choice_id)
    reply = talk.pick(reply, "barge")
    unmet = [bool(shown.unmet) for shown in reply.products]
    assert unmet == sorted(unmet)
    if any(unmet):
        assert "The first 2 meet everything" in reply.text


@pytest.mark.parametrize("wished", [True, False])
def test_who_has_seen_everything_is_shown_the_best_again(wished):
    talk = boat_talk()
    talk.open()
    if wished:
        talk.say("a barge", wish("type", "=", "barge"))
    for _ in range(4):
        reply = talk.say("more", move=Move.MORE, intent="more_options")
        assert reply.products
    assert "once more" in reply.text
