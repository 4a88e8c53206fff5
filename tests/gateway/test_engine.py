"""The breaker: an engine that does not answer is left in peace for a while."""

from __future__ import annotations

import httpx
import pytest

from assistant.gateway.engine import FAILURES_TO_OPEN, REST_SECONDS, Breaker, EngineClient
from assistant.gateway.errors import EngineDown


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
