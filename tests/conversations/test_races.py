"""Things that happen at the same time: nothing is lost, doubled or mixed up."""

import asyncio
import uuid

import httpx
import pytest

pytestmark = pytest.mark.engine


@pytest.fixture
async def api(house):
    async with httpx.AsyncClient(base_url=house.url, timeout=60, trust_env=False) as client:
        yield client


async def send(api, conversation, text, client_message_id=None):
    body = {"text": text, "client_message_id": client_message_id or uuid.uuid4().hex}
    answer = await api.post(f"{conversation.path}/messages", json=body, headers=conversation.key)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_two_messages_at_once_are_both_answered_in_order(house, api):
    for _ in range(10):
        conversation = house.talk()
        first = asyncio.create_task(send(api, conversation, "a white wine"))
        await asyncio.sleep(0.002)
        second = asyncio.create_task(send(api, conversation, "from France please"))
        replies = await asyncio.gather(first, second)
        history = conversation.history()
        texts = [entry["text"] for entry in history[1:]]
        assert sorted(texts) == ["a white wine", "from France please"]
        by_text = dict(zip(["a white wine", "from France please"], replies, strict=True))
        for entry in history[1:]:
            assert entry["reply"] == by_text[entry["text"]]
        last = {one["facet"] for one in history[-1]["reply"]["constraints"]}
        assert {"type", "country"} <= last, "the second turn knows of the first"
        assert conversation.heard_by_engine()[1:] == texts


async def test_ten_messages_at_once(house, api):
    conversation = house.talk()
    texts = [f"a wine under {euros} euros" for euros in range(30, 20, -1)]
    await asyncio.gather(*(send(api, conversation, text) for text in texts))
    said = [entry["text"] for entry in conversation.history()[1:]]
    assert sorted(said) == sorted(texts)
    assert conversation.heard_by_engine()[1:] == said
    limit = int(said[-1].split()[-2])
    conversation.say("show me more")
    assert conversation.wishes()["price"] == ("<", [float(limit)])


async def test_the_same_message_five_times_is_one_turn(house, api):
    conversation = house.talk()
    name = uuid.uuid4().hex
    sent = [send(api, conversation, "a red wine", name) for _ in range(5)]
    replies = await asyncio.gather(*sent)
    replies.append(await send(api, conversation, "a red wine", name))
    assert all(reply == replies[0] for reply in replies)
    assert len(conversation.history()) == 2
    assert conversation.heard_by_engine()[1:] == ["a red wine"]


async def test_twenty_conversations_side_by_side(house, api, products):
    kinds = ["red", "white", "rosé", "sparkling"]
    countries = ["France", "Italy", "Germany", "Spain", "Portugal"]
    wanted = [(kind, country) for kind in kinds for country in countries]

    async def shop(kind, country):
        conversation = await asyncio.to_thread(house.talk)
        await send(api, conversation, f"a {kind} wine please")
        await send(api, conversation, f"from {country}")
        reply = await send(api, conversation, "show me more")
        wishes = {one["facet"]: one["values"] for one in reply["constraints"]}
        assert wishes["type"] == [kind]
        assert wishes["country"] == [country]
        for shown in reply["products"]:
            wine = products[shown["id"]]["facets"]
            met = kind in wine["type"] and country in wine["country"]
            assert met is (not shown["unmet"]), (wine["type"], wine["country"], shown["unmet"])

    await asyncio.gather(*(shop(kind, country) for kind, country in wanted))


async def test_a_shopper_who_hangs_up_is_answered_all_the_same(house, api):
    conversation = house.talk()
    name = uuid.uuid4().hex
    leaving = asyncio.create_task(send(api, conversation, "a red wine", name))
    await asyncio.sleep(0.003)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    reply = await send(api, conversation, "a red wine", name)
    assert "type" in {one["facet"] for one in reply["constraints"]}
    assert len(conversation.history()) == 2
