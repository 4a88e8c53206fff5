"""Ready means that a real turn works."""

from __future__ import annotations

import shutil

import pytest

from assistant.gateway.conversations.health import LEAST_FREE_MEGABYTES


async def test_ready_when_a_turn_works(gateway, stub):
    answer = await gateway.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}
    await gateway.client.get("/healthz")
    assert len(stub.turns) == 1


@pytest.mark.parametrize(
    ("fails", "part"), [("refused", "dialogue engine"), ("502", "dialogue"), ("empty", "dialogue")]
)
async def test_not_ready_names_the_missing_part(gateway, stub, is_problem, fails, part):
    stub.fails = fails
    answer = await gateway.client.get("/healthz")
    assert is_problem(answer, 503)
    assert part in answer.json()["missing"][0]


async def test_not_ready_when_the_action_server_is_away(gateway, stub):
    stub.fails, stub.actions_away = "502", True
    answer = await gateway.client.get("/healthz")
    assert answer.json()["missing"] == ["action server: it does not answer"]


async def test_not_ready_without_a_shop(settings, stub, serve, is_problem):
    async with serve(settings, None, stub) as gateway:
        assert is_problem(await gateway.client.get("/healthz"), 503)
        assert is_problem(await gateway.client.get("/api/products"), 503)


async def test_failed_turn_makes_health_look_again(gateway, stub):
    await gateway.client.get("/healthz")
    chat = await gateway.begin()
    stub.fails = "502"
    await chat.say("hello")
    assert (await gateway.client.get("/healthz")).status_code == 503


async def test_not_ready_when_the_disk_is_full(gateway, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=(LEAST_FREE_MEGABYTES - 1) * 2**20)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    answer = await gateway.client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["missing"][0].startswith("disk: 63 MB are free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=2**40))
    gateway.services.health.doubt()
    assert (await gateway.client.get("/healthz")).status_code == 200
