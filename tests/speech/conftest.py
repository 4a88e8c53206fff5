"""A worker with a recognizer that needs no model: each tenth of a second of sound is one word."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import asynccontextmanager

import numpy as np
import pytest
from websockets.asyncio.client import connect

from assistant.speech.errors import RecognitionFailed
from assistant.speech.recognizer import Transcript
from assistant.speech.worker import Limits, Worker

WORDS = ["", "a", "dry", "red", "white", "wine", "under", "twenty", "please"]
SAMPLES = 1600


def speak(text: str) -> bytes:
    """Sound that the fake recognizer hears as the text: half of each word loud, half quiet."""
    pieces = []
    for word in text.split():
        piece = np.zeros(SAMPLES, dtype="<i2")
        piece[SAMPLES // 2 :] = 8000
        piece[0] = WORDS.index(word)
        pieces.append(piece)
    return np.concatenate(pieces).tobytes() if pieces else b""


class FakeRecognizer:
    """Hears the words of ``speak``; refuses sound that begins with -1."""

    def __init__(self, model: FakeModel) -> None:
        self._model, self._sound = model, b""

    def accept(self, sound: bytes) -> str:
        if self._model.gate is not None:
            self._model.gate.wait(5)
        self._model.slices.append(len(sound))
        self._sound += sound
        return self._words()

    def finish(self) -> Transcript:
        return Transcript(text=self._words(), alternatives=("something else",))

    def _words(self) -> str:
        whole = len(self._sound) - len(self._sound) % (2 * SAMPLES)
        first = np.frombuffer(self._sound[:whole], dtype="<i2")[::SAMPLES]
        if (first == -1).any():
            raise RecognitionFailed("it cannot be decoded")
        return " ".join(WORDS[n] for n in first if 0 < n < len(WORDS))


class FakeModel:
    """Makes fake recognizers; ``gate`` holds them up until it is set."""

    def __init__(self) -> None:
        self.phrases: list[tuple[str, ...]] = []
        self.slices: list[int] = []
        self.gate: threading.Event | None = None

    def recognizer(self, phrases: tuple[str, ...] = ()) -> FakeRecognizer:
        self.phrases.append(phrases)
        return FakeRecognizer(self)


class Line:
    """A connection to the worker, as the gateway holds it."""

    def __init__(self, socket) -> None:
        self.socket = socket
        self.partials: list[str] = []

    async def start(self, **told) -> Line:
        await self.socket.send(json.dumps({"type": "start", "sample_rate": 16000} | told))
        return self

    async def sound(self, sound: bytes, *, frame: int = 3200) -> None:
        for position in range(0, len(sound), frame):
            await self.socket.send(sound[position : position + frame])

    async def end(self) -> dict:
        await self.socket.send('{"type": "end"}')
        return await self.last()

    async def last(self) -> dict:
        """The frame that ends the utterance; the partial texts before it are kept."""
        async with asyncio.timeout(10):
            while True:
                told = json.loads(await self.socket.recv())
                if told["type"] != "partial":
                    return told
                self.partials.append(told["text"])


class Running:
    """A worker that listens on a free port."""

    def __init__(self, worker: Worker, port: int) -> None:
        self.worker, self.port = worker, port
        self.url = f"ws://127.0.0.1:{port}"

    @asynccontextmanager
    async def line(self, **options):
        async with connect(self.url, proxy=None, **options) as socket:
            yield Line(socket)


@asynccontextmanager
async def _run(model, secret="", **limits):
    worker = Worker(limits=Limits(**limits), model=model, secret=secret)
    server = await worker.serve("127.0.0.1", 0)
    try:
        yield Running(worker, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()
        worker.close()


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def say():
    """Makes sound; see ``speak``."""
    return speak


@pytest.fixture
def run():
    """Starts workers: ``async with run(model, seconds=1) as running``."""
    return _run


@pytest.fixture
async def running(model):
    """A worker with a fake model and the usual limits."""
    async with _run(model) as one:
        yield one
