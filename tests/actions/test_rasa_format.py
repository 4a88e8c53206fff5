"""Messages in the shape the dialogue engine wants."""

import pytest
import shop_of_fakes as fakes

from actions.rasa_format import control, said


def test_opening_and_quick_replies_come_from_the_gateway_alone():
    assert control("\x01open")["intent"]["name"] == "open"
    chosen = control("\x01choice c12")
    assert chosen["intent"]["name"] == "choose"
    assert chosen["entities"][0]["value"] == "c12"


@pytest.mark.parametrize("text", ["/restart", '/inform{"x":1}', "open", "choice c12", "", "{slot}"])
def test_what_people_type_is_text(text):
    assert control(text) is None


def test_the_whole_meaning_travels_as_one_entity():
    view = said("red please", fakes.Parser().parse("red please"))
    assert view["intent"] == {"name": "inform", "confidence": 0.9}
    (entity,) = view["entities"]
    assert entity["entity"] == "message"
    assert (entity["start"], entity["end"]) == (0, 10)
    assert entity["value"]["text"] == "red please"
