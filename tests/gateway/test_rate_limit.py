"""Budgets of addresses and conversations."""

from __future__ import annotations

import pytest

from assistant.gateway.errors import GatewayError
from assistant.gateway.rate_limit import Budgets, Throttle

STRANGER = "203.0.113.7"


async def test_strangers_are_held_to_their_budgets(settings, shop, stub, serve, is_problem):
    small = settings.model_copy(update={"rate_messages": "3/minute"})
    async with serve(small, shop, stub, address=STRANGER) as gateway:
        chat = await gateway.begin()
        for _ in range(3):
            await chat.say("hi")
        refused = await chat.post(text="hi")
        assert is_problem(refused, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        await (await gateway.begin()).say("another conversation goes on")


async def test_new_conversations_have_a_budget(settings, shop, stub, serve, is_problem):
    small = settings.model_copy(update={"rate_conversations": "2/minute"})
    async with serve(small, shop, stub, address=STRANGER) as gateway:
        await gateway.begin()
        await gateway.begin()
        assert is_problem(await gateway.client.post("/api/conversations", json={}), 429)


async def test_requests_of_any_kind_have_a_budget(settings, shop, stub, serve, is_problem):
    small = settings.model_copy(update={"rate_requests": "5/minute"})
    async with serve(small, shop, stub, address=STRANGER) as gateway:
        answers = [await gateway.client.get("/api/products") for _ in range(7)]
        assert [answer.status_code for answer in answers].count(200) == 5
        assert is_problem(answers[-1], 429)
        assert (await gateway.client.get("/healthz")).status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_this_machine_is_not_counted_unless_wanted(
    settings, shop, stub, serve, address, is_problem
):
    small = settings.model_copy(update={"rate_messages": "1/minute"})
    async with serve(small, shop, stub, address=address) as gateway:
        chat = await gateway.begin()
        for _ in range(5):
            await chat.say("hi")
    strict = small.model_copy(update={"rate_loopback": True})
    async with serve(strict, shop, stub, address=address) as gateway:
        chat = await gateway.begin()
        await chat.say("hi")
        assert is_problem(await chat.post(text="hi"), 429)


async def test_impossible_budget_is_named():
    with pytest.raises(GatewayError, match="ASSISTANT_RATE_MESSAGES is 'many'"):
        Throttle(Budgets(messages="many"))
