"""The breaker: an engine that does not answer is left in peace for a while."""

from __future__ import annotations

import httpx
import pytest

from assistant.gateway.engine_client import FAILURES_TO_OPEN, REST_SECONDS, Breaker, EngineClient
from assistant.gateway.errors import EngineDown, EngineFailed


def test_breaker_opens_and_lets_one_through_after_a_rest():
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now[0] += REST_SECONDS
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.allows()


async def test_open_breaker_asks_nobody():
    asked = []
    client = EngineClient("http://engine", transport=httpx.MockTransport(asked.append))
    for _ in range(FAILURES_TO_OPEN):
        client.breaker.failed()
    with pytest.raises(EngineDown, match="left in peace"):
        await client.turn("c", "hello", {})
    assert asked == []
    await client.close()


async def test_failures_count_for_the_breaker_only_when_they_were_slow(monkeypatch):
    def failing(_):
        return httpx.Response(502, json={"error": "action failed"})

    for slow, open_in_the_end in ((0.0, False), (60.0, True)):
        monkeypatch.setattr("assistant.gateway.engine_client.SLOW_SECONDS", 30.0 - slow)
        client = EngineClient("http://engine", transport=httpx.MockTransport(failing))
        for _ in range(FAILURES_TO_OPEN):
            with pytest.raises(EngineFailed):
                await client.turn("c", "hello", {})
        assert client.breaker.allows() is not open_in_the_end
        await client.close()
