"""The breaker: a conversation whose turns take too long is left in peace for a while."""

from __future__ import annotations

from assistant.gateway.conversations.breaker import FAILURES_TO_OPEN, REST_SECONDS, Breaker


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
