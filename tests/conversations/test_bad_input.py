"""Nothing anybody can send breaks a conversation, resets it, or steers it past what was said."""

import json
import uuid

import pytest

pytestmark = pytest.mark.engine

ODD = {
    "a space": " ",
    "zero-width": "\u200b\u200d\ufeff",
    "control characters": "\x00\x07\x1b[31m\x7f",
    "right to left": "\u202eنبيذ أحمر من فضلك\u202c",
    "zalgo": "w" + "\u0316\u0317\u0318\u0319\u0346" * 40 + "ine",
    "emoji": "🍷👩‍👩‍👧‍👦🏳️‍🌈",
    "restart": "/restart",
    "restart, capitals": "/Restart",
    "session start": "/session_start",
    "session start, as an action": "action_session_start",
    "back": "/back",
    "intent": '/inform{"x":1}',
    "choice as an intent": '/choose{"choice":"1.0"}',
    "start over as an intent": "/start_over",
    "intent with a message": '/forget_profile{"message":{"text":"x"}}',
    "template": "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "slot": "{dialogue_state} {slot} {0} {wishes}",
    "percent": "%s %d %(name)s",
    "forged opening": "\x01open",
    "forged choice": "\x01choice 1.0",
    "sql": "'; DROP TABLE messages; -- \" OR 1=1",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "path": "../../../../etc/passwd",
    "json": '{"reply": {"text": "hacked"}}',
    "many brackets": "(" * 1900,
    "long word": "a" * 2500,
    "long": "a nice wine, please, " * 400,
    "numbers": "9" * 400 + " 1e999 -0 NaN Infinity",
    "newlines": "\n\r\n\t red\n\n\u2028\u2029",
    "half a surrogate pair": "\ud800",
}
"""What a shopper may type."""


@pytest.fixture
def conversation(house):
    """A conversation with a wish in it."""
    begun = house.talk()
    begun.say("a white wine from France")
    begun.wished = begun.wishes()
    assert {"type", "country"} <= set(begun.wished)
    return begun


def goes_on(conversation):
    """The next ordinary message is answered, with everything said before."""
    reply = conversation.say("show me more")
    assert {"type", "country"} <= set(conversation.wishes())
    assert reply["products"]


@pytest.mark.parametrize("name", ODD)
def test_odd_text(name, conversation):
    text, before = ODD[name], len(conversation.history())
    body = json.dumps({"text": text, "client_message_id": uuid.uuid4().hex})
    answer = conversation.post_raw(body.encode())
    assert answer.status_code in {200, 400, 422}
    if answer.status_code == 200:
        reply = answer.json()
        assert reply["text"].strip()
        assert not reply["text"].startswith("Hello! I help you"), "the opening was forged"
        assert "49" not in reply["text"]
        assert {"type", "country"} <= {one["facet"] for one in reply["constraints"]}
        assert len(conversation.history()) == before + 1
    else:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["detail"]
        assert len(conversation.history()) == before
    goes_on(conversation)


def test_a_message_of_a_megabyte(conversation):
    answer = conversation.post_raw(json.dumps({"text": "wine " * 200_000}).encode())
    assert answer.status_code == 413
    goes_on(conversation)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"text": ' + b"[" * 20_000,
        b"{}",
        b'{"text": 7}',
        b'{"text": null}',
        b'{"text": ["red"]}',
        b'{"text": {"$gt": ""}}',
        b'{"text": "red", "choice_id": "1.0"}',
        b'{"choice_id": 7}',
        b'{"choice_id": ""}',
        b'{"choice_id": "\\u0001open"}',
        b'{"choice_id": "1.0\\n/restart"}',
        b'{"text": "red", "client_message_id": 7}',
        b'{"text": "red", "client_message_id": ""}',
        b'{"text": "red", "client_message_id": {"a": 1}}',
        b'{"text": ""}',
        b'{"text": "\\u0000"}',
    ],
    ids=range(23),
)
def test_bodies_that_are_no_message(body, conversation):
    answer = conversation.post_raw(body)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert len(conversation.history()) == 2
    goes_on(conversation)


def test_surrogates_inside_a_message(conversation):
    body = b'{"text": "a red \\ud83c\\udf77 wine \\ud800 please", "client_message_id": "\\udfff"}'
    answer = conversation.post_raw(body)
    assert answer.status_code == 200
    assert answer.json()["text"]
    said = conversation.history()[-1]["text"]
    assert said.startswith("a red 🍷 wine")
    conversation.say("show me more")


@pytest.mark.parametrize("choice", ["nonsense", "99.99", "1.0", "-1", "retry.1", "retry.999999"])
def test_a_choice_that_was_never_offered(choice, conversation):
    answer = conversation.post(choice_id=choice, client_message_id=uuid.uuid4().hex)
    assert answer.status_code == 200
    assert answer.json()["text"]
    goes_on(conversation)


def test_choices_of_another_conversation_do_nothing(house, conversation):
    other = house.talk()
    for option in other.reply["question"]["options"]:
        conversation.post(choice_id=f"x{option['choice_id']}")
    goes_on(conversation)


def test_conversations_of_others_stay_closed(house, conversation):
    stranger = house.talk()
    stranger.path = conversation.path
    assert stranger.post(text="hello").status_code == 403
    assert house.api.get(f"{conversation.path}/messages").status_code == 401
    stranger.path = "/api/conversations/'; DROP TABLE messages; --"
    assert stranger.post(text="hello").status_code == 404
    goes_on(conversation)


def test_odd_ways_to_begin(house):
    for body in (
        {"shopper_token": "nobody"},
        {"shopper_token": "\ud800"},
        {"locale": "xx-YY"},
        {"locale": "../../etc/passwd"},
        {"locale": "\x01"},
        {"unknown": 1},
    ):
        answer = house.api.post("/api/conversations", content=json.dumps(body).encode())
        assert answer.status_code in {201, 400, 422}, body
    for body in ({"shopper_token": 7}, {"locale": ["en"]}, {"locale": "x" * 5000}):
        answer = house.api.post("/api/conversations", content=json.dumps(body).encode())
        assert 400 <= answer.status_code < 500, body


def test_odd_searches(house):
    for path in (
        "/api/products?limit=0",
        "/api/products?limit=-1",
        "/api/products?limit=1e9",
        "/api/products?cursor=%00%ff",
        "/api/products/%00",
        "/api/products/..%2f..%2fetc%2fpasswd",
        "/api/search?q=%00%01{{7*7}}",
        "/api/search?q=" + "a" * 5000,
        "/api/search?facet.nothing=1",
        "/api/search?facet.price=abc",
        "/api/suggest?q=%ed%a0%80",
        "/api/suggest",
    ):
        answer = house.api.get(path)
        assert answer.status_code < 500, path
    assert house.api.get("/api/products?limit=1").json()["products"]
