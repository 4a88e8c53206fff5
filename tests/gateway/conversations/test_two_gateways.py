"""Two gateways on one database: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter, defaultdict
from contextlib import AsyncExitStack

import pytest

from assistant.stores.types import State

PAIRS = {"sqlite": 100, "postgresql": 500}
"""Messages raced against each other; fewer where the tests of the stores have raced already."""
CONVERSATIONS = 20


@pytest.fixture
async def two(settings, shop, stub, serve, database_url):
    """Two gateways, each with connections of its own."""
    shared = settings.model_copy(update={"database": database_url, "turn_deadline": 2.5})
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(serve(shared, shop, stub)) for _ in range(2)]


def at(gateway, chat):
    """The same conversation, talked to through a gateway."""
    other = type(chat)(gateway.client, chat.made)
    return other


class Watch:
    """Sees what the engine is asked, and whether it is ever asked twice at once in one conversation."""

    def __init__(self, stub) -> None:
        self.stub, self.busy, self.overlaps = stub, Counter(), 0
        self.heard: dict[str, list[str]] = defaultdict(list)

    async def __call__(self, request):
        if request.method == "GET":
            return await self.stub(request)
        turn = json.loads(request.content)
        sender = turn["sender"]
        self.overlaps += self.busy[sender] > 0
        self.busy[sender] += 1
        self.heard[sender].append(turn["message"])
        await asyncio.sleep(random.random() / 200)
        answer = await self.stub(request)
        self.busy[sender] -= 1
        return answer


async def race(chat, two, number: int) -> None:
    """One pair: different words at both gateways at once, or the same message sent to both."""
    sides = [at(gateway, chat) for gateway in random.sample(two, 2)]
    if number % 2:
        replies = await asyncio.gather(
            *(side.post(text=f"same {number}", client_message_id=f"{number}") for side in sides)
        )
        assert replies[0].status_code == 200
        assert replies[0].content == replies[1].content
        assert replies[0].json()["text"] == f"You said: same {number}"
    else:
        texts = [f"{side} {number}" for side in ("left", "right")]
        replies = await asyncio.gather(*(s.say(t) for s, t in zip(sides, texts, strict=True)))
        assert [reply["text"] for reply in replies] == [f"You said: {text}" for text in texts]


async def test_raced_pairs_are_each_answered_once_in_order(
    settings, shop, stub, serve, database_url
):
    watch = Watch(stub)
    pairs = PAIRS[database_url.partition(":")[0]]
    shared = settings.model_copy(update={"database": database_url, "turn_deadline": 5.0})
    async with serve(shared, shop, watch) as one, serve(shared, shop, watch) as other:
        two = [one, other]
        chats = [await random.choice(two).begin() for _ in range(CONVERSATIONS)]

        async def talk(place: int) -> None:
            for number in range(place, pairs, CONVERSATIONS):
                await race(chats[place], two, number)

        await asyncio.gather(*(talk(place) for place in range(CONVERSATIONS)))
        assert watch.overlaps == 0
        for place, chat in enumerate(chats):
            history = await at(other, chat).history()
            assert [entry["number"] for entry in history] == list(range(1, len(history) + 1))
            assert {entry["state"] for entry in history} == {"answered"}
            texts = [entry["text"] for entry in history[1:]]
            assert watch.heard[chat.id][1:] == texts, "told in the order of their numbers"
            numbers = range(place, pairs, CONVERSATIONS)
            expected = [f"same {n}" for n in numbers if n % 2]
            expected += [f"{side} {n}" for n in numbers if n % 2 == 0 for side in ("left", "right")]
            assert sorted(texts) == sorted(expected), "none lost, none twice"


async def test_conversation_goes_on_at_the_other_gateway(two, stub):
    first, second = two
    stub.options = [{"choice_id": "colour:0", "label": "red"}]
    chat = await first.begin()
    moved = at(second, chat)
    assert (await moved.say("help me"))["message_id"] == "m2"
    stub.options = []
    await moved.say("something else")
    stub.options = [{"choice_id": "size:1", "label": "large"}]
    await moved.say("and now")
    await chat.post(choice_id="size:1")
    assert (await moved.history())[-1]["label"] == "large", "as offered by the other gateway"


async def test_apology_of_the_other_gateway_is_made_good(two, stub):
    first, second = two
    chat = await first.begin()
    await chat.say("red")
    stub.fails = "502"
    sorry = await at(second, chat).say("under 20")
    assert sorry["products"], "nothing seems lost at a gateway that did not hear the good reply"
    stub.fails = ""
    await chat.say("vegan")
    assert stub.heard() == ["red", "under 20", "vegan"]


async def test_message_of_a_gateway_that_died_is_answered_before_the_next(two, stub):
    first, second = two
    chat = await first.begin()
    log = first.services.stores.conversations
    log.receive(
        log.find(chat.id),
        client_message_id="orphan",
        text="red",
        choice_id=None,
        label=None,
        state=State.RECEIVED,
    )
    assert (await at(second, chat).say("dry"))["text"] == "You said: dry"
    assert stub.heard() == ["red", "dry"]
    entries = (await chat.history())[1:]
    assert [entry["reply"]["text"] for entry in entries] == ["You said: red", "You said: dry"]
    again = await chat.post(text="red", client_message_id="orphan")
    assert again.json()["text"] == "You said: red"
    assert stub.heard() == ["red", "dry"]


async def test_lock_of_a_gateway_that_died_is_taken_over(two, stub):
    first, second = two
    chat = await first.begin()
    assert second.services.stores.turns.acquire(chat.id, "a gateway that died")
    assert (await chat.say("red"))["text"] == "You said: red"


async def test_long_turn_is_waited_for_by_the_other_gateway(two, stub):
    first, second = two
    chat = await first.begin()
    stub.delay = 2.2  # longer than a lease, which is renewed meanwhile
    slow = asyncio.create_task(chat.say("first"))
    while not stub.heard():
        await asyncio.sleep(0.01)
    stub.delay = 0.0
    assert (await at(second, chat).say("second"))["text"] == "You said: second"
    assert (await slow)["text"] == "You said: first"
    assert slow.done()


async def test_turn_that_never_ends_is_apologised_for_at_both(
    settings, shop, stub, serve, database_url
):
    quick = settings.model_copy(update={"database": database_url, "turn_deadline": 0.2})
    async with serve(quick, shop, stub) as first, serve(quick, shop, stub) as second:
        chat = await first.begin()
        stub.gate = asyncio.Event()
        assert "longer" in (await chat.say("first"))["text"]
        assert "longer" in (await at(second, chat).say("second"))["text"]
        assert stub.heard() == ["first"], "the engine is not asked twice at once"
        stub.gate.set()
        assert (await at(second, chat).say("third"))["text"] == "You said: third"
        assert stub.heard() == ["first", "second", "third"]


async def test_shopper_becomes_known_at_both(two, stub):
    first, second = two
    chat = await first.begin()
    await chat.say("red")
    header = await second.shopper()
    token = header["Authorization"].removeprefix("Bearer ")
    linked = await second.client.put(
        f"{chat.url}/shopper", json={"shopper_token": token}, headers=chat.header
    )
    assert linked.is_success, linked.text
    await chat.say("dry")
    assert stub.metadata[-1]["shopper_id"] is not None and stub.metadata[-1]["consent"]
    stranger = await first.shopper()
    refused = await first.client.put(
        f"{chat.url}/shopper",
        json={"shopper_token": stranger["Authorization"].removeprefix("Bearer ")},
        headers=chat.header,
    )
    assert refused.status_code == 409


async def test_erased_at_one_is_gone_at_the_other(two, stub, is_problem):
    first, second = two
    chat = await first.begin()
    moved = at(second, chat)
    await moved.say("red")
    assert (await chat.client.delete(chat.url, headers=chat.header)).status_code == 204
    assert is_problem(await moved.client.get(f"{chat.url}/messages", headers=chat.header), 404)
    assert is_problem(await moved.post(text="dry"), 404)
    assert stub.heard() == ["red"]


async def test_erasing_waits_for_the_turn_of_the_other_gateway(two, stub):
    first, second = two
    chat = await first.begin()
    stub.gate = asyncio.Event()
    turn = asyncio.create_task(at(second, chat).post(text="red"))
    while not stub.heard():
        await asyncio.sleep(0.01)
    erase = asyncio.create_task(first.client.delete(chat.url, headers=chat.header))
    await asyncio.sleep(0.1)
    assert not erase.done()
    stub.gate.set()
    assert (await erase).status_code == 204
    assert (await turn).json()["text"] == "You said: red"
