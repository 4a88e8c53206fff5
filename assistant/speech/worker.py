"""The speech worker: a websocket server that hands sound to recognizers.

Decoding happens in as many threads as there are cores (Vosk lets go of the interpreter while it
works), in slices of half a second, first come first served. So many utterances share few cores,
none waits for the whole of another, and the event loop stays free.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from assistant.speech import protocol
from assistant.speech.errors import BadStart, SpeechError
from assistant.speech.inbox import Inbox
from assistant.speech.protocol import Code, Start
from assistant.speech.recognizer import SpeechModel, Transcript
from assistant.speech.utterance import Utterance

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one utterance, and all of them together, may take."""

    streams: int = 8
    """Utterances listened to at the same time."""

    seconds: float = 60.0
    """Seconds of sound in one utterance; about 2 MB at the rate of the model."""

    lasting: float = 90.0
    """Seconds one utterance may last on the clock."""

    idle: float = 10.0
    """Seconds without a frame after which nobody seems to be there."""

    slice: float = 0.5
    """Seconds of sound decoded in one go."""

    send: float = 5.0
    """Seconds the gateway may take to read what it is told."""


class Worker:
    """Serves utterances with one model; the model may arrive after the server is up."""

    def __init__(
        self, *, limits: Limits | None = None, model: SpeechModel | None = None, secret: str = ""
    ) -> None:
        self.limits = limits or Limits()
        self.model = model
        self._expected = f"Bearer {secret}" if secret else ""
        self.active = 0
        self.served = 0
        self._threads = ThreadPoolExecutor(
            max_workers=max(2, os.cpu_count() or 2), thread_name_prefix="decode"
        )

    async def serve(self, host: str, port: int) -> Server:
        """Listen on ``host`` and ``port`` (0: any free one) and return the running server.

        Browsers always name an origin and are turned away: only our own processes connect.
        """
        return await serve(
            self.handle,
            host,
            port,
            origins=[None],
            process_request=self.screen,
            max_size=protocol.LONGEST_FRAME,
            compression=None,
            close_timeout=1,
            open_timeout=5,
        )

    def close(self) -> None:
        """Let the threads go; what they are decoding is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def screen(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer ``GET /health``; every other path is an utterance, of those who show the secret."""
        if request.path.partition("?")[0] != "/health":
            authorization = request.headers.get("Authorization", "")
            if (
                hmac.compare_digest(authorization.encode(), self._expected.encode())
                or not self._expected
            ):
                return None
            return connection.respond(HTTPStatus.FORBIDDEN, "only the gateway may ask\n")
        if self.model is None:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, '{"status": "loading"}\n')
        status = f'{{"status": "ready", "active": {self.active}, "served": {self.served}}}\n'
        return connection.respond(HTTPStatus.OK, status)

    async def handle(self, connection: ServerConnection) -> None:
        """One connection, one utterance, one last frame that says how it went."""
        try:
            answer = await self._answer(connection)
            if answer:
                async with asyncio.timeout(self.limits.send):
                    await connection.send(answer)
        except (ConnectionClosed, TimeoutError):
            logger.debug("a speaker went away")

    async def _answer(self, connection: ServerConnection) -> str:
        try:
            async with asyncio.timeout(self.limits.idle):
                start = Start.from_frame(await connection.recv())
        except BadStart as error:
            return protocol.error(Code.BAD_START, str(error))
        if self.model is None:
            return protocol.error(Code.LOADING, "the model is still being loaded")
        if self.active >= self.limits.streams:
            return protocol.error(Code.BUSY, f"{self.active} utterances are being listened to")
        self.active += 1
        try:
            return await self._listen(connection, start, self.model)
        except SpeechError as error:
            logger.warning("An utterance failed: %s", error)
            return protocol.error(Code.FAILED, str(error))
        finally:
            self.active -= 1
            self.served += 1

    async def _listen(self, connection: ServerConnection, start: Start, model: SpeechModel) -> str:
        inbox = Inbox()
        receiving = asyncio.create_task(self._receive(connection, start, inbox))
        try:
            transcript = await self._decode(connection, start, model, inbox)
        finally:
            receiving.cancel()
        if inbox.problem is not None:
            return protocol.error(inbox.problem, "the utterance was given up")
        return "" if transcript is None else protocol.final(transcript, cut=inbox.cut)

    async def _receive(self, connection: ServerConnection, start: Start, inbox: Inbox) -> None:
        """Fill the inbox until the speaker ends, leaves, falls silent or reaches a limit."""
        room = int(self.limits.seconds * start.sample_rate) * 2
        until = time.monotonic() + self.limits.lasting
        try:
            while True:
                seconds = until - time.monotonic()
                async with asyncio.timeout(max(0.0, min(self.limits.idle, seconds))):
                    frame = await connection.recv()
                if isinstance(frame, bytes):
                    inbox.put(frame[:room])
                    room -= len(frame)
                    if room <= 0:
                        return inbox.end(cut=True)
                elif (command := protocol.command(frame)) == "end":
                    return inbox.end()
                elif command == "cancel":
                    return inbox.drop()
        except TimeoutError:
            if time.monotonic() >= until:
                inbox.end(cut=True)
            else:
                inbox.drop(Code.IDLE)
        except ConnectionClosed:
            inbox.drop()

    async def _decode(
        self, connection: ServerConnection, start: Start, model: SpeechModel, inbox: Inbox
    ) -> Transcript | None:
        recognizer = await self._in_thread(model.recognizer, start.phrases)
        utterance = Utterance(recognizer, start.sample_rate)
        most = max(2, int(self.limits.slice * start.sample_rate) * 2)
        last_text, told_at = "", time.monotonic()
        while (frame := await inbox.take(most)) is not None:
            text = await self._in_thread(utterance.accept, frame)
            now = time.monotonic()
            if (text != last_text or now - told_at >= 1) and not inbox.dropped:
                async with asyncio.timeout(self.limits.send):
                    await connection.send(protocol.partial(text))
                last_text, told_at = text, now
        if inbox.dropped:
            return None
        return await self._in_thread(utterance.finish)

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
