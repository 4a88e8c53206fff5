"""How a new wish lives with the older ones."""

from tests.advisor.boats import boat_talk
from tests.advisor.shoes import wish

SORTS = {
    "b1": ("children", "rowing"),
    "b2": ("adults", "rowing"),
    "b3": ("adults", "motor"),
    "b4": ("children", "motor"),
}


def sorted_boats():
    rows = {
        number: {"facets": {"price": (9000.0,), "type": sorts}} for number, sorts in SORTS.items()
    }
    talk = boat_talk(**rows)
    talk.open()
    return talk


def held(reply):
    return [constraint.values[0] for constraint, _ in reply.constraints]


def test_of_several_values_only_the_one_that_excludes_the_new_one_goes():
    talk = sorted_boats()
    talk.say("rowing for adults", wish("type", "=", "rowing"), wish("type", "=", "adults"))
    reply = talk.say("I mean for children", wish("type", "=", "children"))
    assert held(reply) == ["rowing", "children"]
    assert reply.remaining == 1


def test_a_value_replaced_that_could_have_stayed_is_named():
    talk = sorted_boats()
    talk.say("rowing", wish("type", "=", "rowing"))
    reply = talk.say("children", wish("type", "=", "children"))
    assert held(reply) == ["children"]
    assert "“rowing” no longer counts" in reply.text


def test_a_value_replaced_by_one_it_excludes_needs_no_word():
    talk = sorted_boats()
    talk.say("rowing", wish("type", "=", "rowing"))
    assert "no longer" not in talk.say("motor", wish("type", "=", "motor")).text


def test_refusing_one_of_several_keeps_the_others():
    talk = boat_talk()
    talk.open()
    talk.say("a barge or a yacht", wish("type", "in", "barge", "yacht"))
    reply = talk.say("no yacht", wish("type", "!=", "yacht"))
    assert [(c.operator.value, c.values) for c, _ in reply.constraints] == [
        ("=", ("barge",)),
        ("!=", ("yacht",)),
    ]
    assert reply.remaining == 2


def test_what_nothing_is_at_once_is_looked_for_as_either():
    reply = sorted_boats().say(
        "a rowing boat, and a motor boat", wish("type", "=", "rowing"), wish("type", "=", "motor")
    )
    assert [constraint.values for constraint, _ in reply.constraints] == [("rowing", "motor")]
    assert reply.remaining == len(SORTS)


def test_what_one_thing_can_be_at_once_stays_two_wishes():
    reply = sorted_boats().say(
        "rowing for adults", wish("type", "=", "rowing"), wish("type", "=", "adults")
    )
    assert held(reply) == ["rowing", "adults"]
    assert reply.remaining == 1
