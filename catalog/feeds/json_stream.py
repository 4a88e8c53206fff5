"""JSON too large to be held at once: the entries of its list of products, one after the other.

Only as much text is held as one entry needs. The standard parser reads each entry; what stands
around the entries (the list's brackets, the keys of an object that holds the list) is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

_CHUNK = 1 << 20
"""Letters read at once: large enough that reading is not felt, small beside the memory of an
import."""
LONGEST_ENTRY = 32 * 1024 * 1024
"""Letters of the longest single entry."""
_DEEPEST = 3
"""Wrappers around the list of products ({"data": {"items": [...]}}); exports have two at most."""
_SPACE = re.compile(r"[ \t\n\r]*")

Decode = Callable[[str, int], tuple[Any, int]]
"""Reads one JSON value at a position: value and the position behind it."""


class TooLong(ValueError):
    """An entry longer than `LONGEST_ENTRY`."""


class JsonStream:
    """Reads JSON from a text without holding all of it.

    Args:
        text: positioned at its beginning.
        decode: reads one value.
    """

    def __init__(self, text: TextIO, decode: Decode) -> None:
        self._text = text
        self._decode = decode
        self._held = ""
        self._at = 0
        self._ended = False
        self._lists = 0

    def lists(self, depth: int = 0) -> Iterator[tuple[int, Any]]:
        """Entries of every list of objects within a value, each with the number of its list.

        Raises:
            json.JSONDecodeError: the text is broken.
            TooLong: an entry is longer than `LONGEST_ENTRY`.
        """
        yield from self._walk(depth)

    def _walk(self, depth: int) -> Iterator[tuple[int, Any]]:
        first = self._peek()
        if first == "[":
            self._lists += 1
            number = self._lists
            for entry in self._entries("]", self._value):
                yield number, entry
        elif first == "{" and depth < _DEEPEST:
            self._at += 1
            while self._peek() != "}":
                self._value()
                self._expect(":")
                yield from self._walk(depth + 1)
                if self._peek() != ",":
                    break
                self._at += 1
            self._expect("}")
        else:
            self._value()

    def _entries(self, end: str, read: Callable[[], Any]) -> Iterator[Any]:
        self._at += 1
        if self._peek() == end:
            self._at += 1
            return
        while True:
            yield read()
            if self._peek() != ",":
                self._expect(end)
                return
            self._at += 1

    def _peek(self) -> str:
        """The next letter that is no white space; empty at the end."""
        while True:
            space = _SPACE.match(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held) or not self._more():
                return self._held[self._at : self._at + 1]

    def _expect(self, letter: str) -> None:
        if self._peek() != letter:
            raise json.JSONDecodeError(f"Expecting {letter!r}", self._held, self._at)
        self._at += 1

    def _value(self) -> Any:
        """The next value; a value that may go on behind what is held is read again with more."""
        self._peek()
        while True:
            try:
                value, end = self._decode(self._held, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            if end < len(self._held) or not self._more():
                self._at = end
                return value

    def _more(self) -> bool:
        """Hold more text, twice as much each time within one entry; False at the end."""
        if self._ended:
            return False
        waiting = len(self._held) - self._at
        if waiting > LONGEST_ENTRY:
            raise TooLong
        piece = self._text.read(max(_CHUNK, waiting))
        self._ended = not piece
        self._held = self._held[self._at :] + piece
        self._at = 0
        return bool(piece)
