"""What is mended in a feed before anything is understood, and told in the report of the import.

One damaged letter costs itself and not the feed: XML stops at a character or an entity it does not know, so both
are mended in the bytes; letters read through the wrong encoding are turned back where that is certain.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from catalog.feeds.base import Cell, Feed, RawRow, RepairKind, Repairs
from catalog.feeds.rows import Rows

_ILLEGAL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(
    rb"&(?:#(?P<number>[xX]?[0-9a-fA-F]{1,8});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_KNOWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_LONGEST_REFERENCE = 40
"""Bytes behind an ampersand that may belong to a reference which the end of a piece cuts."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_MOJIBAKE = re.compile("[\u00c2-\u00c5\u00e2][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|\u00c3")
"""Two letters that stand for one when UTF-8 was read as Windows-1252."""
_HALF = re.compile("(?<=\\w)\u00c2(?=\\s|$)")
"""What is left of a sign such as \u00ae whose second half was lost."""
_HIGHEST = 0x10FFFF
"""The last character there is."""


class RepairedXml:
    """The bytes of an XML feed, with what XML does not allow mended; for a parser to read.

    Args:
        file: opened for reading bytes, in an encoding in which markup is ASCII.
        repairs: told of each repair, with its line.
    """

    def __init__(self, file: BinaryIO, repairs: Repairs) -> None:
        self._file = file
        self._repairs = repairs
        self._waiting = b""
        self._line = 1
        self._literal = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes; empty at the end."""
        while True:
            piece = self._file.read(size)
            data = self._waiting + piece
            cut = len(data) if not piece else self._safe_end(data)
            self._waiting = data[cut:]
            if cut or not piece:
                return self._mend(data[:cut])

    @staticmethod
    def _safe_end(data: bytes) -> int:
        """Where a piece may be cut without cutting a reference or a mark of literal text."""
        tail = max(data.rfind(b"&"), data.rfind(b"<"), data.rfind(b"]"))
        return tail if tail >= len(data) - _LONGEST_REFERENCE else len(data)

    def _mend(self, data: bytes) -> bytes:
        parts = []
        while data:
            mark = b"]]>" if self._literal else b"<![CDATA["
            text, separator, data = data.partition(mark)
            parts += [self._text(text), separator]
            if separator:
                self._literal = not self._literal
        return b"".join(parts)

    def _text(self, text: bytes) -> bytes:
        start = self._line
        self._line += text.count(b"\n")
        if _ILLEGAL.search(text):
            for match in _ILLEGAL.finditer(text):
                line = start + text.count(b"\n", 0, match.start())
                self._repairs.note(RepairKind.CHARACTER, f"line {line}")
            text = _ILLEGAL.sub(b"", text)
        if self._literal or b"&" not in text:
            return text
        return _REFERENCE.sub(
            lambda match: self._reference(match, start + text.count(b"\n", 0, match.start())), text
        )

    def _reference(self, match: re.Match[bytes], line: int) -> bytes:
        name, number = match["name"], match["number"]
        if name in _KNOWN:
            return match[0]
        if number is not None:
            code = _code(number.decode("ascii"))
            if _is_legal(code):
                return match[0]
            self._repairs.note(RepairKind.CHARACTER, f"line {line}")
            return b""
        if name is not None:
            letters = html.entities.html5.get(f"{name.decode('ascii')};")
            if letters is not None:
                self._repairs.note(RepairKind.ENTITY, f"line {line}: {match[0].decode('ascii')}")
                return "".join(f"&#{ord(letter)};" for letter in letters).encode("ascii")
        self._repairs.note(RepairKind.AMPERSAND, f"line {line}")
        return b"&amp;" + match[0][1:]


def _code(number: str) -> int:
    try:
        return int(number[1:], 16) if number[0] in "xX" else int(number)
    except ValueError:
        return -1


def _is_legal(code: int) -> bool:
    """Whether XML allows a character."""
    if code in (0x9, 0xA, 0xD):
        return True
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0xFFFF < code <= _HIGHEST


def mended_text(text: str) -> tuple[str, RepairKind | None]:
    """A cell without control characters, and with letters turned back that were read as another encoding's."""
    kind = None
    if _CONTROL.search(text):
        text, kind = _CONTROL.sub("", text), RepairKind.CHARACTER
    if _MOJIBAKE.search(text):
        from ftfy import fix_encoding

        mended = fix_encoding(text)
        if mended != text:
            return mended, RepairKind.ENCODING
    if kind is None and _HALF.search(text):
        return text, RepairKind.LOST
    return text, kind


def repair_cells(feed: Feed) -> Feed:
    """The feed with its cells mended; the same feed where nothing has to be."""
    if not any(_is_damaged(cell) for row in feed.rows for cell in row.cells.values()):
        return feed
    repairs = feed.repairs
    return replace(feed, rows=Rows(_mended(feed.rows, repairs)))


def _is_damaged(cell: Cell) -> bool:
    texts = (cell,) if isinstance(cell, str) else cell
    return any(mended_text(text)[1] is not None for text in texts)


def _mended(rows: Rows, repairs: Repairs) -> Iterator[RawRow]:
    for row in rows:
        cells: dict[str, Cell] = {}
        for key, cell in row.cells.items():
            texts = []
            for text in (cell,) if isinstance(cell, str) else cell:
                mended, kind = mended_text(text)
                if kind is not None:
                    repairs.note(kind, f"row {row.number}: {mended[:40]}")
                texts.append(mended)
            cells[key] = texts[0] if isinstance(cell, str) else tuple(texts)
        yield replace(row, cells=cells)
