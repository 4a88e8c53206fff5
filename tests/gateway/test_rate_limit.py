"""Budgets of addresses and conversations."""

from __future__ import annotations

import pytest

from assistant.gateway.errors import GatewayError
from assistant.gateway.rate_limit import Budgets, Throttle, network_of

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


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
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


@pytest.mark.parametrize("host", ["shop.example", "shop.example:443", "[2001:db8::1]", "a b", ""])
async def test_proxy_that_does_not_say_for_whom_it_asks_is_counted(
    settings, shop, stub, serve, is_problem, host
):
    small = settings.model_copy(update={"rate_conversations": "2/minute"})
    async with serve(small, shop, stub, address="127.0.0.1") as gateway:
        answers = [
            await gateway.client.post("/api/conversations", json={}, headers={"Host": host})
            for _ in range(3)
        ]
        assert [answer.status_code for answer in answers[:2]] == [201, 201]
        assert is_problem(answers[2], 429)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
async def test_this_machine_is_known_by_its_names(settings, shop, stub, serve, host):
    small = settings.model_copy(update={"rate_conversations": "1/minute"})
    async with serve(small, shop, stub, address="127.0.0.1") as gateway:
        for _ in range(3):
            answer = await gateway.client.post(
                "/api/conversations", json={}, headers={"Host": host}
            )
            assert answer.status_code == 201


async def test_impossible_budget_is_named(gateway):
    parts = gateway.services
    with pytest.raises(GatewayError, match="ASSISTANT_RATE_MESSAGES is 'many'"):
        Throttle(Budgets(messages="many"), parts.stores.limits, parts.database)


async def test_two_gateways_count_together(settings, shop, stub, serve, database_url, is_problem):
    small = settings.model_copy(
        update={"rate_conversations": "4/hour", "database": database_url, "turn_deadline": 2.5}
    )
    async with (
        serve(small, shop, stub, address=STRANGER) as first,
        serve(small, shop, stub, address=STRANGER) as second,
    ):
        for gateway in (first, second) * 2:
            await gateway.begin()
        refused = await first.client.post("/api/conversations", json={})
        assert is_problem(refused, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 3600


async def test_requests_are_counted_when_the_database_is_away(
    settings, shop, stub, serve, is_problem, caplog
):
    small = settings.model_copy(update={"rate_requests": "3/minute"})
    async with serve(small, shop, stub, address=STRANGER) as gateway:
        with gateway.services.stores.database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE rate_windows")
        answers = [await gateway.client.get("/api/products") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200] * 3 + [429]
        assert "this gateway alone" in caplog.text


async def test_line_of_ipv6_is_one_client(settings, shop, stub, serve, is_problem):
    small = settings.model_copy(update={"rate_conversations": "2/minute"})
    for place in range(2):
        async with serve(small, shop, stub, address=f"2001:db8:1:2::{place + 1}") as gateway:
            await gateway.begin()
    async with serve(small, shop, stub, address="2001:db8:1:2:ffff::9") as gateway:
        assert is_problem(await gateway.client.post("/api/conversations", json={}), 429)
    async with serve(small, shop, stub, address="2001:db8:1:3::1") as gateway:
        await gateway.begin()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("a name", "a name"),
    ],
)
def test_what_counts_as_one_client(address, network):
    assert network_of(address) == network
