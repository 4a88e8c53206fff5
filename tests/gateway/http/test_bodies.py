"""Bad bodies: never a 500, never another intent, never a lost conversation."""

from __future__ import annotations

import json

import pytest

HOSTILE = [
    "/restart",
    '/inform{"x":1}',
    "{{7*7}}",
    "{slot} %s {0.__class__}",
    "\u202egnirts\u202c",
    "Z\u0351\u036b\u036a a\u0321\u034d lgo",
    "'; DROP TABLE messages; --",
    "<script>alert(1)</script>",
    "\ufdfd" * 50,
    "👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_passed_on_as_text(gateway, stub, text):
    chat = await gateway.begin()
    reply = await chat.say(text)
    assert stub.heard() == [text]
    assert reply["text"].endswith(text)


async def test_forged_control_messages_are_only_text(gateway, stub):
    chat = await gateway.begin()
    await chat.say("\x01open")
    await chat.say("\x01choice colour:1")
    assert stub.heard() == ["open", "choice colour:1"]


async def test_lone_surrogates_are_replaced(gateway, stub):
    chat = await gateway.begin()
    raw = b'{"text": "red \\ud800 wine", "client_message_id": "c\\udfff"}'
    url, header = f"{chat.url}/messages", {**chat.header, "Content-Type": "application/json"}
    answer = await gateway.client.post(url, content=raw, headers=header)
    assert answer.status_code == 200
    assert stub.heard() == ["red \ufffd wine"]
    assert answer.json()["client_message_id"] == "c\ufffd"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b"not json",
        b"\xff\xfe\x00",
        b"[" * 60_000,
        b'{"text": 5, "client_message_id": "c"}',
        b'{"text": ["red"], "client_message_id": "c"}',
        b'{"text": null, "client_message_id": "c"}',
        b'{"text": "\\u0000\\u0001", "client_message_id": "c"}',
        b'{"text": "red", "client_message_id": {"a": 1}}',
        b'{"choice_id": "a b", "client_message_id": "c"}',
        b'{"\\ud800": "\\ud800", "text": 1e999}',
    ],
    ids=lambda raw: repr(raw[:40]),
)
async def test_useless_bodies_are_refused(gateway, stub, is_problem, raw):
    chat = await gateway.begin()
    answer = await gateway.client.post(f"{chat.url}/messages", content=raw, headers=chat.header)
    assert is_problem(answer, 422)
    assert stub.heard() == []
    assert (await chat.say("still there"))["text"] == "You said: still there"


@pytest.mark.parametrize("size", [65_537, 1_000_000])
async def test_large_bodies_are_refused_before_they_are_read(gateway, is_problem, size):
    chat = await gateway.begin()
    raw = json.dumps({"text": "x" * size, "client_message_id": "c"}).encode()
    answer = await gateway.client.post(f"{chat.url}/messages", content=raw, headers=chat.header)
    assert is_problem(answer, 413)

    async def pieces():
        for start in range(0, len(raw), 1000):
            yield raw[start : start + 1000]

    answer = await gateway.client.post(
        f"{chat.url}/messages", content=pieces(), headers=chat.header
    )
    assert is_problem(answer, 413)
    assert len(await chat.history()) == 1


async def test_long_text_is_cut_and_the_reply_says_so(gateway, stub):
    chat = await gateway.begin()
    reply = await chat.say("y" * 5000)
    assert reply["text"].startswith("That was a long message: I have read the first 2,000")
    assert stub.heard() == ["y" * 2000]


@pytest.mark.parametrize("locale", ["xx-!!", "", "e", "../en", "en" * 20])
async def test_impossible_locale_is_refused(gateway, is_problem, locale):
    answer = await gateway.client.post("/api/conversations", json={"locale": locale})
    assert is_problem(answer, 422)
