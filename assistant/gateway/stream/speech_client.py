"""One utterance on its way to the speech worker, and what was heard on its way back.

The worker's side of it is described in ``assistant.speech.protocol``.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from assistant.gateway.errors import GatewayError

CONNECT_SECONDS = 2.0
"""The worker is on this machine: it answers at once or not at all."""
PING_SECONDS = 1.0
"""A worker that hangs is noticed before the speaker has finished."""
SILENT_SECONDS = 1.5
"""How long the worker may leave a ping unanswered; its loop is free while it decodes."""
FINAL_SECONDS = 10.0
"""How long after the end of speech, or the last sign of work on it, a transcript is waited for."""
SECONDS = 60
"""Seconds of sound the worker listens to; what comes after is not even passed on."""
_FRAME = 2**16
"""Bytes sent at once: two seconds of sound."""


class SpeechFailure(StrEnum):
    """Why nothing was heard."""

    OFF = "off"
    DOWN = "down"
    BUSY = "busy"
    IDLE = "idle"
    SLOW = "slow"
    FAILED = "failed"


_TROUBLES = {"busy": SpeechFailure.BUSY, "loading": SpeechFailure.DOWN, "idle": SpeechFailure.IDLE}


class HearingFailed(GatewayError):
    """An utterance came to nothing; ``trouble`` says why."""

    def __init__(self, trouble: SpeechFailure, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTranscript:
    """What the worker understood."""

    text: str
    """Empty when nothing was said that it understood."""
    alternatives: tuple[str, ...] = ()
    """Other ways to understand it, likeliest first."""
    cut: bool = False
    """It went on for too long, and only the beginning was listened to."""


class Hearing:
    """Relays one utterance; ``feed`` and ``end`` never wait, ``listen`` is run as a task.

    Args:
        url: of the speech worker.
        sample_rate: of the sound that is fed.
        secret: what the worker wants to be shown; see ``Settings.internal_secret``.
        on_partial: told what is understood so far, whenever that changes.
    """

    def __init__(
        self,
        url: str,
        *,
        sample_rate: int,
        on_partial: Callable[[str], Awaitable[None]],
        secret: str = "",
    ) -> None:
        self._url, self._rate, self._on_partial = url, sample_rate, on_partial
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else None
        self._waiting = bytearray()
        self._room = SECONDS * sample_rate * 2
        self._changed = asyncio.Event()
        self._ended_at: float | None = None
        self._partial = ""

    def feed(self, sound: bytes) -> None:
        """Pass on the next piece of sound."""
        # One frame more than the worker takes, so that it sees the limit and ends the utterance.
        if self._room > -_FRAME:
            self._waiting += sound
            self._room -= len(sound)
            self._changed.set()

    def end(self) -> None:
        """No more sound."""
        self._ended_at = time.monotonic()
        self._changed.set()

    async def listen(self) -> WorkerTranscript:
        """Wait for the transcript; cancelling this gives up the utterance.

        Raises:
            HearingFailed: the worker cannot be reached, went away or could not do it.
        """
        try:
            connection = await self._connect()
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise HearingFailed(
                SpeechFailure.DOWN, f"{self._url} does not answer: {error}"
            ) from error
        pumping = asyncio.create_task(self._pump(connection))
        try:
            return await self._read(connection)
        except ConnectionClosed as error:
            raise HearingFailed(
                SpeechFailure.DOWN, f"the speech worker went away: {error}"
            ) from error
        finally:
            pumping.cancel()
            await asyncio.shield(connection.close())

    async def _connect(self) -> ClientConnection:
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await connect(
                self._url,
                proxy=None,
                additional_headers=self._headers,
                compression=None,
                ping_interval=PING_SECONDS,
                ping_timeout=SILENT_SECONDS,
                close_timeout=0.2,
                open_timeout=None,
            )
            await connection.send(json.dumps({"type": "start", "sample_rate": self._rate}))
            return connection

    async def _pump(self, connection: ClientConnection) -> None:
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                while self._waiting:
                    sound = bytes(self._waiting[:_FRAME])
                    del self._waiting[: len(sound)]
                    await connection.send(sound)
                if self._ended_at is not None:
                    return await connection.send('{"type": "end"}')
        except ConnectionClosed:
            return  # the one who reads says so

    async def _read(self, connection: ClientConnection) -> WorkerTranscript:
        alive = time.monotonic()
        while True:
            try:
                async with asyncio.timeout(1):
                    frame = _json(await connection.recv())
            except TimeoutError:
                waited_from = max(self._ended_at or alive, alive)
                if self._ended_at and time.monotonic() - waited_from > FINAL_SECONDS:
                    raise HearingFailed(SpeechFailure.SLOW, "no transcript in time") from None
                continue
            alive = time.monotonic()
            match frame.get("type"):
                case "partial":
                    await self._tell(str(frame.get("text", "")))
                case "final":
                    return WorkerTranscript(
                        text=str(frame.get("text", "")),
                        alternatives=tuple(str(text) for text in frame.get("alternatives") or ()),
                        cut=bool(frame.get("cut")),
                    )
                case _:
                    trouble = _TROUBLES.get(str(frame.get("code")), SpeechFailure.FAILED)
                    raise HearingFailed(trouble, str(frame.get("detail", "it made no sense")))

    async def _tell(self, text: str) -> None:
        if text != self._partial:
            self._partial = text
            await self._on_partial(text)


def _json(frame: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(frame)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
