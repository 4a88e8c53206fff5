"""The server's end of one stream: sends events, reads frames, checks where the page comes from."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.gateway.errors import RequestRefused

SEND_SECONDS = 10.0
"""How long a client may take to read one event before it is given up."""

_GONE = (RuntimeError, WebSocketDisconnect, OSError, TimeoutError)
"""What sending to a client that is not there any more looks like."""


class JsonSocket:
    """Sends whole events, one at a time, and never raises because the client has gone."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._turn = asyncio.Lock()
        self.gone = asyncio.Event()
        """Set once nothing can be sent any more."""

    async def send(self, event: dict[str, Any]) -> None:
        """Send an event; ASCII, so that no text in it can break the encoding."""
        if self.gone.is_set():
            return
        try:
            async with asyncio.timeout(SEND_SECONDS), self._turn:
                await self._websocket.send_text(json.dumps(event, separators=(",", ":")))
        except _GONE:
            self.gone.set()

    async def refuse(self, error: RequestRefused, client_message_id: str | None = None) -> None:
        """Send an error event; the id says what it is about, if anything."""
        event: dict[str, Any] = {"type": "error", "problem": document(error)}
        if client_message_id is not None:
            event["client_message_id"] = client_message_id
        await self.send(event)

    async def receive(self) -> str | bytes | None:
        """The next frame; None when the client has gone."""
        try:
            message = await self._websocket.receive()
        except _GONE:
            return None
        if message["type"] != "websocket.receive":
            return None
        text = message.get("text")
        return text if text is not None else message.get("bytes") or b""

    async def close(self, code: int) -> None:
        """Close the connection, if it is still there."""
        self.gone.set()
        with suppress(*_GONE):
            async with asyncio.timeout(SEND_SECONDS):
                await self._websocket.close(code)


def document(error: RequestRefused) -> dict[str, Any]:
    """An error as a problem document (RFC 9457)."""
    description: dict[str, Any] = {
        "type": f"urn:problem:{error.kind}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        **error.extra,
    }
    if error.retry_after is not None:
        description["retry_after"] = error.retry_after
    return description


def may_connect(websocket: WebSocket, allowed: str) -> bool:
    """Whether the page that opens the stream may: one of ours, an allowed one, or no page at all.

    Browsers let any page open a WebSocket anywhere, and always say which page it is.

    Args:
        websocket: not yet accepted.
        allowed: further origins ("https://shop.example"), separated by commas; "*" for all.
    """
    origin = websocket.headers.get("origin")
    if origin is None:
        return True
    origins = {
        address.strip().rstrip("/").lower() for address in allowed.split(",") if address.strip()
    }
    if "*" in origins or origin.lower() in origins:
        return True
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    # "https://shop.example" and "shop.example:443" are the same place; a proxy may do the TLS.
    standard = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if standard is None or not parts.netloc:
        return False
    host = websocket.headers.get("host", "").lower()
    return parts.netloc.removesuffix(standard) == host.removesuffix(standard)
