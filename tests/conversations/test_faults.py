"""Parts die in the middle of a conversation; the shopper is told so, and the conversation goes on.

These tests break a house of their own.
"""

import asyncio
import contextlib
import json
import time
import uuid

import pytest
import websockets

from tests.conversations.house import House, demo_copy, running, until

pytestmark = pytest.mark.engine

PATIENCE = 3.0
"""Seconds within which a shopper must get words."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    shop = demo_copy(tmp_path_factory.mktemp("fragile"))
    with House(shop) as started:
        yield started


@pytest.fixture
def conversation(house):
    begun = house.talk()
    begun.say("a white wine from France")
    assert {"type", "country"} <= set(begun.wishes())
    return begun


def in_time(conversation, text, name=None):
    """Say something; the answer must be words, in time."""
    began = time.monotonic()
    reply = conversation.say(text, name)
    assert time.monotonic() - began <= PATIENCE
    assert reply["text"].strip()
    return reply


def sorry(reply):
    return "sorry" in reply["text"].lower()


@pytest.mark.parametrize("part", ["actions", "engine"])
def test_a_part_is_killed_while_somebody_chats(part, house, conversation):
    before = conversation.wishes()
    shown = conversation.ids()
    killed = house.kill(part)

    name = uuid.uuid4().hex
    reply = in_time(conversation, "under 20 euros", name)
    assert sorry(reply)
    assert conversation.wishes() == before, "the list of wishes stays on the screen"
    assert conversation.ids() == shown
    again = reply["suggestions"][0]
    assert in_time(conversation, "under 20 euros", name) == reply, (
        "the same message is not done twice"
    )
    assert house.api.get("/healthz").status_code == 503
    assert house.api.get("/api/products?limit=1").status_code == 200

    until(lambda: house.back(part, killed) and house.ready(), 90)
    reply = conversation.choose(again["label"])
    assert not sorry(reply)
    assert conversation.wishes()["price"] == ("<", [20.0])
    assert before.items() <= conversation.wishes().items()
    conversation.say("show me more")
    assert before.items() <= conversation.wishes().items()
    assert conversation.heard_by_engine()[1:] == [
        "a white wine from France",
        "under 20 euros",
        "show me more",
    ]


def test_a_conversation_can_begin_while_a_part_is_away(house):
    killed = house.kill("actions")
    began = time.monotonic()
    conversation = house.talk()
    assert time.monotonic() - began <= PATIENCE
    assert conversation.reply["text"]
    until(lambda: house.back("actions", killed) and house.ready(), 60)
    conversation.say("a red wine")
    assert "type" in conversation.wishes()


async def test_killed_while_messages_are_being_answered(house):
    async def chat(number):
        conversation = await asyncio.to_thread(house.talk)
        said = []
        for text in ("a white wine", "from France", "under 40 euros", "dry please"):
            reply = await asyncio.to_thread(in_time, conversation, text)
            said.append((text, sorry(reply)))
            await asyncio.sleep(0.05 * number)
        return conversation, said

    chats = [asyncio.create_task(chat(number)) for number in range(6)]
    await asyncio.sleep(0.3)
    killed = house.kill("actions")
    done = await asyncio.gather(*chats)
    await asyncio.to_thread(until, lambda: house.back("actions", killed) and house.ready(), 60)
    facet_of = {
        "a white wine": "type",
        "from France": "country",
        "under 40 euros": "price",
        "dry please": "sweetness",
    }
    for conversation, said in done:
        conversation.say("show me more")
        for text, failed in said:
            assert failed or facet_of[text] in conversation.wishes(), (
                f"{text!r} was answered, then lost"
            )
        assert len(conversation.history()) == 6


async def test_the_recognizer_is_killed_while_somebody_speaks(house):
    if house.part("speech") is None:
        pytest.skip("no speech model is installed")
    until(lambda: house.part("speech") is not None)
    conversation = house.talk()
    conversation.say("a white wine")
    address = house.url.replace("http", "ws") + f"{conversation.path}/stream"
    async with websockets.connect(address, proxy=None) as stream:

        async def send(**frame):
            await stream.send(json.dumps(frame))

        async def next_of(*kinds):
            while True:
                frame = json.loads(await asyncio.wait_for(stream.recv(), 20))
                if frame["type"] in kinds:
                    return frame

        await send(type="hello", token=conversation.token)
        start = {"type": "speech_start", "sample_rate": 16000}
        await send(**start, client_message_id="spoken")
        await stream.send(bytes(32_000))
        await asyncio.sleep(0.3)
        killed = house.kill("speech")
        began = time.monotonic()
        with contextlib.suppress(websockets.ConnectionClosed):
            await stream.send(bytes(32_000))
            await send(type="speech_end")
        error = await next_of("error")
        assert time.monotonic() - began <= PATIENCE
        assert error["problem"]["detail"]

        await send(type="message", text="from France", client_message_id="typed")
        reply = await next_of("reply")
        facets = {one["facet"] for one in reply["reply"]["constraints"]}
        assert {"type", "country"} <= facets, "typing goes on as if nothing had happened"

        await asyncio.to_thread(until, lambda: house.back("speech", killed), 30)
        for attempt in range(40):
            await send(**start, client_message_id=f"spoken again {attempt}", send="confirm")
            await stream.send(bytes(32_000))
            await send(type="speech_end")
            if (await next_of("transcript", "error"))["type"] == "transcript":
                return
            await asyncio.sleep(0.5)
    pytest.fail("speech did not come back")


def test_the_gateway_is_killed(house, conversation):
    before = conversation.wishes()
    killed = house.kill("gateway")
    until(lambda: house.back("gateway", killed) and house.ready(), 60)
    conversation.say("show me more")
    assert conversation.wishes() == before
    assert len(conversation.history()) == 3


def test_stopping_leaves_nothing_running(house, conversation):
    family = house.processes()
    assert len(family) >= 4
    house.process.terminate()
    assert house.process.wait(15) == 0
    until(lambda: not family & {pid for pid, _, _ in running()}, 5)
    assert not (house.data / "running.json").exists()
    assert "Traceback" not in house.said.read_text("utf-8")
