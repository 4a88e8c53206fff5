"""The conversation's stream: what is said elsewhere, and speech.

Client to server, JSON in text frames; the token never stands in an address:
    {"type": "hello", "token"}                                     the first one, within 5 s
    {"type": "message", "text" | "choice_id", "client_message_id"}
    {"type": "speech_start", "sample_rate", "client_message_id", "send": "auto" | "confirm"}
    binary frames, s16le mono, 64 kB at most
    {"type": "speech_end"} or {"type": "speech_cancel"}

Server to client:
    {"type": "partial", "text"}
    {"type": "transcript", "client_message_id", "text", "alternatives", "cut"}
    {"type": "reply", "reply"}
    {"type": "message", ...}                                       said elsewhere, such as another tab
    {"type": "error", "problem", "client_message_id"?}

Closed with 4401 without a good hello, 4404 when the conversation is erased, 1008 after too many
frames that cannot be used, 1013 when the client reads too slowly; it may come back and read history.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter, WebSocket

from assistant.gateway.errors import NotFound, NotSignedIn, RequestRefused, TooMuch
from assistant.gateway.rate_limit import client_address
from assistant.gateway.stream import frames
from assistant.gateway.stream.session import ClientSession
from assistant.gateway.stream.socket import JsonSocket, may_connect

if TYPE_CHECKING:
    from collections.abc import Iterator

from assistant.gateway.services import GatewayServices

HELLO_SECONDS = 5.0
"""A client that says nothing for so long holds the connection for nothing."""
SOCKETS = 10
"""Streams of one conversation at the same time."""

router = APIRouter()


@dataclass(slots=True)
class Doors:
    """Counts the open streams of every conversation."""

    open: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def enter(self, conversation_id: str) -> Iterator[None]:
        """Take a place; raises TooMuch when none is left."""
        if self.open[conversation_id] >= SOCKETS:
            raise TooMuch(f"The conversation is open {SOCKETS} times; close another tab.")
        self.open[conversation_id] += 1
        try:
            yield
        finally:
            self.open[conversation_id] -= 1
            if not self.open[conversation_id]:
                del self.open[conversation_id]


_doors = Doors()


@router.websocket("/api/conversations/{conversation_id}/stream")
async def stream(websocket: WebSocket, conversation_id: str) -> None:
    """Serve one stream until the client leaves."""
    services: GatewayServices = websocket.app.state.services
    if not may_connect(websocket, services.settings.allowed_origins):
        await websocket.close(1008)
        return
    await websocket.accept()
    wire = JsonSocket(websocket)
    try:
        code = await _open(websocket, wire, services, conversation_id)
    except NotFound as error:
        await wire.refuse(error)
        code = 4404
    except TooMuch as error:
        await wire.refuse(error)
        code = 1013
    except RequestRefused as error:
        await wire.refuse(error)
        code = 4401
    await wire.close(code)


async def _open(
    websocket: WebSocket, wire: JsonSocket, services: GatewayServices, conversation_id: str
) -> int:
    """Let the client in and serve it; returns the code to close with.

    Raises:
        RequestRefused: it may not come in.
    """
    address = client_address(websocket.scope)
    await services.throttle.spend("requests", address)
    token = await _hello(wire)
    conversation = await services.conversations.authenticate(conversation_id, token)
    with _doors.enter(conversation_id):
        talk = ClientSession(wire, services, conversation, address=address)
        if (code := await _serve(talk, wire, services, conversation_id)) is not None:
            return code
    # Cut off: because there is nothing to hear any more, or because the client was too slow.
    await services.conversations.authenticate(conversation_id, token)
    return 1013


async def _hello(wire: JsonSocket) -> str:
    """Have the client say who it is; returns the token it has."""
    frame: str | bytes | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(HELLO_SECONDS):
            frame = await wire.receive()
    hello = frames.read(frame) if isinstance(frame, str) else None
    if not isinstance(hello, frames.Hello):
        raise NotSignedIn('The first frame must be {"type": "hello", "token": "..."}, within 5 s.')
    return hello.token


async def _serve(
    talk: ClientSession, wire: JsonSocket, services: GatewayServices, conversation_id: str
) -> int | None:
    """Run a stream until one side ends it; returns the code to close with, None when cut off."""
    with services.conversations.subscribe(conversation_id) as subscription:
        reading = asyncio.create_task(talk.read())
        others = [
            asyncio.create_task(talk.pass_on(subscription)),
            asyncio.create_task(wire.gone.wait()),
        ]
        try:
            finished, _ = await asyncio.wait(
                [reading, *others], return_when=asyncio.FIRST_COMPLETED
            )
            return reading.result() if reading in finished else None
        finally:
            talk.leave()
            for task in (reading, *others):
                task.cancel()
            await asyncio.gather(reading, *others, return_exceptions=True)
