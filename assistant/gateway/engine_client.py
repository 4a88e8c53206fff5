"""The way to the dialogue engine: one request a turn, one reply or one clear error."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from assistant.gateway.errors import EngineDown, EngineFailed, EngineSlow

LONGEST_TURN = 15.0
"""Seconds after which a turn that is long past its deadline is given up for good."""
FAILURES_TO_OPEN = 5
"""Failures in a row that are no chance."""
REST_SECONDS = 5.0
"""The engine restarts in about this time."""
SLOW_SECONDS = 1.0
"""A failure that took longer counts for the breaker; a quick one costs the shopper nothing."""


class Breaker:
    """Stops asking an engine that does not answer, and lets one turn through now and then to see.

    Only turns that cost the shopper time count: a refused connection is known at once anyway.

    Args:
        clock: seconds that only go forward; for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_from = 0.0

    def allows(self) -> bool:
        """Whether a turn may be sent; of those that ask after the rest, the first may."""
        if self._failures < FAILURES_TO_OPEN:
            return True
        if self._clock() < self._closed_from:
            return False
        self._closed_from = self._clock() + REST_SECONDS
        return True

    def succeeded(self) -> None:
        """Note that a turn was answered."""
        self._failures = 0

    def failed(self) -> None:
        """Note that a turn was not answered in time."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_from = self._clock() + REST_SECONDS


class EngineClient:
    """Sends turns to the dialogue engine.

    Args:
        url: address of the engine, such as http://127.0.0.1:5005.
        transport: takes the place of the network; for tests.
    """

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.breaker = Breaker()
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(LONGEST_TURN, connect=1.0),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            transport=transport,
            trust_env=False,
        )

    async def turn(
        self, conversation_id: str, message: str, metadata: dict[str, Any]
    ) -> dict[str, Any]:
        """Do one turn; returns the reply as JSON, without message ids.

        Raises:
            EngineDown: nobody listens at the address, or the breaker is open.
            EngineSlow: no answer within LONGEST_TURN.
            EngineFailed: an error status, or an answer without a reply.
        """
        if not self.breaker.allows():
            raise EngineDown(
                "The dialogue engine did not answer several turns; it is left in peace."
            )
        began = time.monotonic()
        body = {"sender": conversation_id, "message": message, "metadata": metadata}
        try:
            response = await self._client.post("/webhooks/shop/webhook", json=body)
        except httpx.ConnectError as error:
            raise EngineDown(f"The dialogue engine cannot be reached: {error}.") from error
        except httpx.TimeoutException as error:
            raise EngineSlow(
                f"No answer from the dialogue engine: {type(error).__name__}."
            ) from error
        except httpx.HTTPError as error:
            raise EngineDown(f"The dialogue engine hung up: {type(error).__name__}.") from error
        try:
            reply = _reply_in(response)
        except EngineFailed:
            # It gave up on a part that hangs behind it: as slow for shoppers as no answer.
            if time.monotonic() - began > SLOW_SECONDS:
                self.breaker.failed()
            raise
        self.breaker.succeeded()
        return reply

    async def healthy(self) -> bool:
        """Whether the engine says that its model is loaded."""
        try:
            response = await self._client.get("/webhooks/shop/health", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _reply_in(response: httpx.Response) -> dict[str, Any]:
    if response.status_code != httpx.codes.OK:
        raise EngineFailed(f"The dialogue engine answered {response.status_code}.")
    try:
        found = [message["custom"]["reply"] for message in response.json()["messages"]]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineFailed("The dialogue engine answered something that is no reply.") from error
    if not found or not isinstance(found[0], dict) or not isinstance(found[0].get("text"), str):
        raise EngineFailed("The dialogue engine answered without a reply.")
    reply: dict[str, Any] = found[0]
    return reply
