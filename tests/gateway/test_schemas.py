"""Real replies of every kind are exactly what the API says a reply is."""

from __future__ import annotations

import pytest

from assistant.advisor.reply import reply_to_json
from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from assistant.gateway.conversations.replies import CARD_CHOICES, apology, complete, label_of
from assistant.gateway.errors import EngineDown
from assistant.gateway.schemas import ReplySchema
from assistant.gateway.wording import GatewayWording
from tests.advisor.shoes import Talk, shoe_shop, spoken_wording, wish


def laid(reply) -> dict:
    """A reply as it is sent; what the API does not name, or names and does not get, fails."""
    body = complete(
        reply_to_json(reply), number=2, said=None, wording=GatewayWording(), locale="en"
    )
    assert ReplySchema.model_validate(body).model_dump(mode="json") == body
    return body


@pytest.fixture
def talk() -> Talk:
    talk = Talk(Advisor(shoe_shop(), spoken_wording()))
    laid(talk.open())
    return talk


@pytest.mark.parametrize("move", list(Move))
def test_every_move(talk, move):
    if move is not Move.CHOOSE:
        assert laid(talk.turn(move))["text"]
        assert laid(talk.say("something", move=move))["text"]


def test_every_kind_of_answer_offered(talk):
    kinds, reply = set(), talk.say("shoes")
    for _ in range(12):
        body = laid(reply)
        if body["question"] is None:
            break
        options = body["question"]["options"]
        kinds |= {option["kind"] for option in options}
        reply = talk.turn(choice_id=options[-1]["choice_id"])
    assert kinds == {"value", "range", "any"}


def test_wishes_and_what_none_meets(talk):
    body = laid(talk.say("under 1", wish("price", "<", 1.0)))
    assert body["constraints"][0]["remove_id"]
    assert body["remaining"] == 0


def test_an_apology_keeps_what_was_there(talk):
    body = laid(talk.say("shoes"))
    sorry = apology(
        EngineDown("away"),
        number=3,
        repeats=3,
        said=None,
        last=body,
        wording=GatewayWording(),
        locale="en",
    )
    assert ReplySchema.model_validate(sorry).model_dump(mode="json") == sorry


def test_every_choice_of_a_reply_has_a_label(talk):
    body = laid(talk.say("under 100", wish("price", "<", 100.0)))
    for product in body["products"]:
        for kind in CARD_CHOICES:
            assert label_of(product[kind]["choice_id"], body) == product[kind]["label"]
            assert product["title"] in product[kind]["label"]
    for held in body["constraints"]:
        assert label_of(held["remove_id"], body) == held["remove_label"]


def test_touching_a_card_is_about_that_product(talk):
    body = laid(talk.say("shoes"))
    second = body["products"][1]
    told = laid(talk.turn(choice_id=second["tell_more"]["choice_id"]))
    assert second["title"] in told["text"]
    taken = laid(talk.turn(choice_id=second["select"]["choice_id"]))
    assert second["title"] in taken["text"]
