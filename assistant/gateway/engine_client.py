"""The way to the dialogue engine: one request a turn, one reply or one clear error."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from assistant.gateway.errors import EngineDone, EngineDown, EngineFailed, EngineSlow

LONGEST_TURN = 15.0
"""Seconds after which a turn that is long past its deadline is given up for good."""
OPEN = "\x01open"
"""Tells the engine that a conversation begins; nobody can type it, control characters go."""
PROBE = "health-probe"
"""Sender of the probing turns; the record of them is deleted with the strays of the hourly purge."""
PROBE_SECONDS = 5.0
"""A probe may be slower than a shopper's turn: the first one after a start warms everything up."""


class EngineClient:
    """Sends turns to the dialogue engine.

    Args:
        url: address of the engine, such as http://127.0.0.1:5005.
        secret: what the engine wants to be shown; see ``Settings.internal_secret``.
        transport: takes the place of the network; for tests.
    """

    def __init__(
        self, url: str, *, secret: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"} if secret else None,
            timeout=httpx.Timeout(LONGEST_TURN, connect=1.0),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            transport=transport,
            trust_env=False,
        )

    async def turn(
        self, conversation_id: str, number: int | None, message: str, metadata: dict[str, Any]
    ) -> dict[str, Any]:
        """Do one turn; returns the reply as JSON, without message ids.

        Args:
            conversation_id: the engine's sender.
            number: of the message in the conversation. Asked for again under its number, a turn is not
                done again and gives the answer it gave. None does a turn whatever was done before.
            message: what was said, or a control message.
            metadata: what actions are told about the shopper.

        Raises:
            EngineDone: it was done before, other turns have followed, and its answer is not kept.
            EngineDown: nobody listens at the address.
            EngineSlow: no answer within LONGEST_TURN.
            EngineFailed: an error status, or an answer without a reply.
        """
        body = {
            "sender": conversation_id,
            "number": number,
            "message": message,
            "metadata": metadata,
        }
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
        return _reply_in(response)

    async def probe(self) -> None:
        """Do a turn of nobody's: gateway, engine, understanding, action, catalog.

        Raises:
            EngineError: it did not come to an answer.
        """
        nobody = {"shopper_id": None, "consent": False, "locale": "en"}
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self.turn(PROBE, None, OPEN, nobody)
        except TimeoutError as error:
            raise EngineSlow(f"A probe took more than {PROBE_SECONDS} s.") from error

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
    if response.status_code == httpx.codes.CONFLICT:
        raise EngineDone("The turn was done before, and others since.")
    if response.status_code != httpx.codes.OK:
        raise EngineFailed(f"The dialogue engine answered {response.status_code}.")
    try:
        replies = [message["custom"]["reply"] for message in response.json()["messages"]]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineFailed("The dialogue engine answered something that is no reply.") from error
    if (
        not replies
        or not isinstance(replies[0], dict)
        or not isinstance(replies[0].get("text"), str)
    ):
        raise EngineFailed("The dialogue engine answered without a reply.")
    reply: dict[str, Any] = replies[0]
    return reply
