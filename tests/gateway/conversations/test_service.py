"""Turns: in order, once, in time, and answered in words whatever happens."""

from __future__ import annotations

import asyncio

import pytest

from assistant.gateway.conversations.breaker import FAILURES_TO_OPEN
from assistant.stores.types import State


async def test_conversation_opens_with_a_greeting(gateway, stub):
    chat = await gateway.begin(locale="de")
    assert chat.made["reply"]["text"] == "You said: \x01open"
    assert chat.made["reply"]["client_message_id"] is None
    assert len(chat.id) == 32 and len(chat.token) >= 32
    assert stub.metadata[0] == {"shopper_id": None, "consent": False, "locale": "de"}


async def test_reply_carries_both_ids(gateway):
    chat = await gateway.begin()
    reply = await chat.say("something red", client_message_id="c-1")
    assert reply["client_message_id"] == "c-1"
    assert reply["message_id"] == "m2"
    assert reply["text"] == "You said: something red"
    assert [product["id"] for product in reply["products"]] == ["w1"]


async def test_choice_reaches_the_engine_as_control_message(gateway, stub):
    chat = await gateway.begin()
    response = await chat.post(choice_id="colour:1")
    assert response.status_code == 200
    assert stub.heard() == ["\x01choice colour:1"]


async def test_same_client_message_id_in_parallel_is_one_turn(gateway, stub):
    chat = await gateway.begin()
    stub.delay = 0.02
    answers = await asyncio.gather(
        *(chat.post(text="red", client_message_id="once") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert stub.heard() == ["red"]
    assert len(await chat.history()) == 2


async def test_same_client_message_id_after_restart_is_one_turn(settings, shop, stub, serve):
    async with serve(settings, shop, stub) as first:
        chat = await first.begin()
        before = await chat.post(text="red", client_message_id="once")
    async with serve(settings, shop, stub) as second:
        chat.client = second.client
        after = await chat.post(text="red", client_message_id="once")
        assert [entry["text"] for entry in await chat.history()] == [None, "red"]
    assert after.content == before.content
    assert stub.heard() == ["red"]


async def test_messages_at_once_are_answered_in_order(gateway, stub):
    chat = await gateway.begin()
    stub.delay = 0.01
    words = [f"wish {number}" for number in range(8)]
    replies = await asyncio.gather(*(chat.say(word) for word in words))
    assert stub.heard() == words
    assert [reply["text"] for reply in replies] == [f"You said: {word}" for word in words]
    history = await chat.history()
    assert [entry["text"] for entry in history[1:]] == words
    assert [entry["number"] for entry in history] == list(range(1, 10))


async def test_conversations_do_not_wait_for_each_other(gateway, stub):
    chats = [await gateway.begin() for _ in range(3)]
    stub.gate = asyncio.Event()
    turns = [asyncio.create_task(chat.say("hello")) for chat in chats]
    async with asyncio.timeout(5):
        while len(stub.heard()) < 3:
            await asyncio.sleep(0)
    stub.gate.set()
    await asyncio.gather(*turns)


@pytest.mark.parametrize("fails", ["refused", "502", "empty", "garbage"])
async def test_engine_failure_is_apologised_for_and_nothing_seems_lost(gateway, stub, fails):
    chat = await gateway.begin()
    good = await chat.say("something red")
    stub.fails = fails
    sorry = await chat.say("under 20", client_message_id="c-2")
    assert "orry" in sorry["text"]
    assert sorry["client_message_id"] == "c-2"
    for kept in ("products", "constraints", "remaining"):
        assert sorry[kept] == good[kept]
    assert [entry["state"] for entry in await chat.history()] == ["answered", "answered", "failed"]


async def test_try_again_says_the_same_again(gateway, stub):
    chat = await gateway.begin()
    stub.fails = "502"
    sorry = await chat.say("under 20")
    again = (await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])).json()
    stub.fails = ""
    (choice,) = again["suggestions"]
    assert choice["label"] == "Try again"
    reply = (await chat.post(choice_id=choice["choice_id"])).json()
    assert reply["text"] == "You said: under 20"
    assert stub.heard() == ["under 20"]


@pytest.mark.parametrize("fails", ["502", "refused", "empty"])
async def test_what_was_said_during_an_outage_is_told_to_the_engine_afterwards(
    gateway, stub, fails
):
    chat = await gateway.begin()
    stub.fails = fails
    await chat.say("under 20")
    sorry = await chat.say("from Italy")
    await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])
    stub.fails = ""
    assert (await chat.say("vegan"))["text"] == "You said: vegan"
    assert stub.heard() == ["under 20", "from Italy", "vegan"]
    await chat.say("dry")
    assert stub.heard() == ["under 20", "from Italy", "vegan", "dry"]


async def test_try_again_says_what_failed_before_it_first(gateway, stub):
    chat = await gateway.begin()
    stub.fails = "502"
    await chat.say("under 20")
    sorry = await chat.say("from Italy")
    stub.fails = ""
    reply = (await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])).json()
    assert reply["text"] == "You said: from Italy"
    assert stub.heard() == ["under 20", "from Italy"]


async def test_what_was_said_during_an_outage_survives_a_restart(settings, shop, stub, serve):
    async with serve(settings, shop, stub) as first:
        chat = await first.begin()
        await chat.say("red")
        stub.fails = "refused"
        sorry = await chat.say("under 20")
        await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])
    stub.fails = ""
    async with serve(settings, shop, stub) as second:
        chat.client = second.client
        await chat.say("vegan")
    assert stub.heard() == ["red", "under 20", "vegan"]


async def test_a_message_the_engine_stumbles_over_does_not_block_those_after_it(gateway, stub):
    chat = await gateway.begin()
    stub.stumbles = "stone"
    await chat.say("stone")
    assert (await chat.say("red"))["text"] == "You said: red"
    await chat.say("dry")
    assert stub.heard() == ["stone"] * 3 + ["red", "dry"], "tried twice more, then left alone"


async def test_failed_message_stays_failed_when_sent_again(gateway, stub):
    chat = await gateway.begin()
    stub.fails = "502"
    sorry = await chat.post(text="red", client_message_id="same")
    stub.fails = ""
    again = await chat.post(text="red", client_message_id="same")
    assert again.content == sorry.content
    assert (await chat.say("red", client_message_id="new"))["text"] == "You said: red"


async def test_conversation_can_open_while_the_engine_is_away(gateway, stub):
    stub.fails = "refused"
    chat = await gateway.begin()
    sorry = chat.made["reply"]
    assert "starting" in sorry["text"]
    stub.fails = ""
    greeting = (await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])).json()
    assert greeting["text"] == "You said: \x01open"


async def test_slow_engine_is_apologised_for_and_order_is_kept(gateway, stub):
    chat = await gateway.begin()
    stub.gate = asyncio.Event()
    slow = await chat.say("first")
    assert "longer" in slow["text"]
    waiting = asyncio.create_task(chat.say("second"))
    await asyncio.sleep(0.01)
    assert stub.heard() == ["first"]
    stub.gate.set()
    assert (await waiting)["text"] == "You said: second"
    assert stub.heard() == ["first", "second"]


async def test_stuck_engine_never_gets_two_turns_of_a_conversation(gateway, stub):
    chat = await gateway.begin()
    stub.gate = asyncio.Event()
    await chat.say("first")
    assert "longer" in (await chat.say("second"))["text"]
    assert stub.heard() == ["first"]
    stub.gate.set()
    assert (await chat.say("third"))["text"] == "You said: third"


async def test_turn_survives_a_client_that_hangs_up(gateway, stub):
    chat = await gateway.begin()
    stub.gate = asyncio.Event()
    request = asyncio.create_task(chat.say("red", client_message_id="c-1"))
    while not stub.heard():
        await asyncio.sleep(0)
    request.cancel()
    stub.gate.set()
    assert (await chat.say("red", client_message_id="c-1"))["text"] == "You said: red"
    assert stub.heard() == ["red"]


async def crash_while_saying(gateway, text: str, state: State = State.DISPATCHED):
    """Leave the log as a crash between taking a message in and its answer does."""
    chat = await gateway.begin()
    log = gateway.services.conversations._log
    log.receive(
        log.find(chat.id),
        client_message_id="lost",
        text=text,
        choice_id=None,
        label=None,
        state=state,
    )
    return chat


@pytest.mark.parametrize("state", [State.RECEIVED, State.DISPATCHED])
@pytest.mark.parametrize(
    ("recorded", "answer", "turns"),
    [
        ({}, "You said: red", 1),
        ({2: {"text": "Recorded: red"}}, "Recorded: red", 0),
        ({2: None, 3: {"text": "Recorded: dry"}}, "Sorry", 0),
    ],
    ids=["never heard", "answered", "others since"],
)
async def test_message_cut_short_by_a_crash_is_done_once(
    settings, shop, stub, serve, state, recorded, answer, turns
):
    async with serve(settings, shop, stub) as first:
        chat = await crash_while_saying(first, "red", state)
    for number, reply in recorded.items():
        stub.note_done(chat.id, number, reply)
    async with serve(settings, shop, stub) as second:
        chat.client = second.client
        reply = await chat.say("red", client_message_id="lost")
        assert reply["text"].startswith(answer)
        assert await chat.say("red", client_message_id="lost") == reply
    assert len(stub.heard()) == turns


@pytest.mark.parametrize("state", [State.RECEIVED, State.DISPATCHED])
async def test_message_left_by_a_crash_is_told_before_the_next(settings, shop, stub, serve, state):
    async with serve(settings, shop, stub) as first:
        chat = await crash_while_saying(first, "red", state)
    async with serve(settings, shop, stub) as second:
        chat.client = second.client
        assert (await chat.say("dry"))["text"] == "You said: dry"
        assert [entry["state"] for entry in await chat.history()] == ["answered"] * 3
    assert stub.heard() == ["red", "dry"]


async def test_an_answer_lost_on_the_way_is_not_worked_out_again(gateway, stub):
    chat = await gateway.begin()
    stub.fails = "loses answers"
    sorry = await chat.say("red")
    assert "orry" in sorry["text"]
    stub.fails = ""
    again = (await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])).json()
    assert again["text"] == "You said: red"
    await chat.say("dry")
    assert stub.heard() == ["red", "dry"]


async def test_try_again_long_after_says_it_anew(gateway, stub):
    chat = await gateway.begin()
    stub.fails = "502"
    sorry = await chat.say("red")
    stub.fails = ""
    await chat.say("dry")
    again = (await chat.post(choice_id=sorry["suggestions"][0]["choice_id"])).json()
    assert again["text"] == "You said: red"
    assert stub.heard() == ["red", "dry", "red"]


async def test_a_long_outage_is_told_whole_and_in_order(settings, shop, stub, serve):
    words = [f"wish {number}" for number in range(25)]
    async with serve(settings, shop, stub) as first:
        chat = await first.begin()
        stub.fails = "refused"
        for word in words[:15]:
            await chat.say(word)
    async with serve(settings, shop, stub) as second:
        chat.client = second.client
        for word in words[15:]:
            await chat.say(word)
        stub.fails = ""
        assert (await chat.say("vegan"))["text"] == "You said: vegan"
    assert stub.heard() == [*words, "vegan"]


async def test_catching_up_takes_nothing_of_the_time_of_the_turn(gateway, stub):
    deadline = gateway.services.conversations._dispatcher._deadline
    chat = await gateway.begin()
    stub.fails = "refused"
    for word in ("one", "two", "three"):
        await chat.say(word)
    stub.fails = ""
    stub.delay = 0.28 * deadline
    assert (await chat.say("vegan"))["text"] == "You said: vegan"
    assert stub.heard() == ["one", "two", "three", "vegan"]


async def test_what_one_conversation_waits_for_does_not_stop_another(gateway, stub):
    slow, other = await gateway.begin(), await gateway.begin()
    live = await gateway.services.conversations._live.find(slow.id)
    for _ in range(FAILURES_TO_OPEN):
        live.breaker.failed()
    assert "orry" in (await slow.say("red"))["text"]
    assert stub.heard() == [], "left in peace"
    assert (await other.say("dry"))["text"] == "You said: dry"


async def test_too_many_waiting_messages_are_refused(gateway, stub, is_problem):
    chat = await gateway.begin()
    stub.delay = 0.005
    answers = await asyncio.gather(*(chat.post(text="hi") for _ in range(40)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and all(is_problem(answer, 429) for answer in refused)
    assert refused[0].headers["retry-after"] == "1"
    assert len(stub.heard()) == 40 - len(refused)


async def test_history_after_a_message(gateway):
    chat = await gateway.begin()
    await chat.say("one")
    reply = await chat.say("two")
    assert [entry["text"] for entry in await chat.history("2")] == ["two"]
    assert await chat.history(reply["message_id"]) == []
    last = (await chat.history())[-1]
    assert last["reply"] == reply


async def test_other_tabs_hear_what_is_said(gateway):
    chat = await gateway.begin()
    service = gateway.services.conversations
    mine = object()
    with service.subscribe(chat.id) as events:
        reply = await service.say(
            chat.id, client_message_id="c-1", text="something red", source=mine
        )
        message, answer = await anext(events), await anext(events)
    assert message.data["type"] == "message"
    assert (message.data["text"], message.data["client_message_id"]) == ("something red", "c-1")
    assert answer.data == {"type": "reply", "reply": reply}
    assert message.source is answer.source is mine


async def test_label_of_a_choice_is_kept_for_a_reload(gateway, stub):
    chat = await gateway.begin()
    stub.options = [{"choice_id": "colour:0", "label": "red"}]
    await chat.say("help me")
    await chat.post(choice_id="colour:0")
    assert (await chat.history())[-1]["label"] == "red"


@pytest.mark.parametrize("token", [None, "", "wrong", "ÿþ"], ids=repr)
async def test_wrong_token_is_refused(gateway, stub, is_problem, token):
    chat = await gateway.begin()
    header = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    status = 401 if not token else 403
    for method, path, body in (
        ("POST", "/messages", {"text": "hi", "client_message_id": "c"}),
        ("GET", "/messages", None),
        ("DELETE", "", None),
    ):
        answer = await gateway.client.request(method, chat.url + path, json=body, headers=header)
        assert is_problem(answer, status)
    assert stub.heard() == []


async def test_token_of_another_conversation_is_refused(gateway, stub, is_problem):
    mine, other = await gateway.begin(), await gateway.begin()
    other.header = mine.header
    assert is_problem(await other.post(text="hi"), 403)
    other.url = "/api/conversations/" + "0" * 32
    assert is_problem(await other.post(text="hi"), 404)
    assert stub.heard() == []


async def test_a_long_outage_is_no_stumbling_over_a_message(gateway, stub):
    """The engine is up again, what it needs is not: each try fails, and so does a turn of nobody's."""
    chat = await gateway.begin()
    stub.fails = "502"
    await chat.say("red")
    for word in ("dry", "vegan"):
        assert "orry" in (await chat.say(word))["text"]
    stub.fails = ""
    await chat.say("from Italy")
    assert stub.heard() == ["red", "dry", "vegan", "from Italy"]
