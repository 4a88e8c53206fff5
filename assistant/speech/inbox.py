"""The sound of one utterance on its way from the network to the recognizer."""

from __future__ import annotations

import asyncio

from assistant.speech.protocol import Code


class Inbox:
    """Frames wait here while the recognizer is busy. One writer, one reader, one event loop.

    It cannot grow without end: the writer stops at the limits of an utterance.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._changed = asyncio.Event()
        self._ended = False
        self.cut = False
        """The utterance was ended by a limit, not by the speaker."""
        self.problem: Code | None = None
        """Why the utterance comes to nothing."""
        self.dropped = False
        """Nobody waits for the transcript any more."""

    def put(self, frame: bytes) -> None:
        """Add the next frame."""
        self._waiting += frame
        self._changed.set()

    def end(self, *, cut: bool = False) -> None:
        """No more frames: what is here is still to be decoded."""
        self._ended = True
        self.cut = cut
        self._changed.set()

    def drop(self, problem: Code | None = None) -> None:
        """Stop at once; what is here is not wanted any more."""
        self.dropped = True
        self.problem = problem
        self._waiting.clear()
        self._changed.set()

    async def take(self, most: int) -> bytes | None:
        """The next bytes, ``most`` of them at the most; None after the last."""
        while not self._waiting and not self._ended and not self.dropped:
            self._changed.clear()
            await self._changed.wait()
        if self.dropped or not self._waiting:
            return None
        piece = bytes(self._waiting[:most])
        del self._waiting[:most]
        return piece
