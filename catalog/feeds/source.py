"""A feed file as text, read piece by piece: its encoding found by evidence before the first piece is used."""

from __future__ import annotations

import codecs
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from catalog.errors import FeedError
from catalog.feeds.base import MAX_BYTES
from catalog.feeds.encodings import eight_bit_encoding

HEAD = 262_144
"""Bytes at the beginning that are looked at to tell what the file is."""
_CHUNK = 1 << 20
"""Bytes copied at once: reading is not felt, nor is the memory."""
_TELLING_LINES = 500
"""Lines with letters beyond a to z that settle which language they are."""
_WIDE_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_TEXT = (
    "The feed is not readable text: it holds binary data. "
    "Allowed are CSV, TSV, JSON, XML (UTF-8, UTF-16 or an 8-bit encoding such as Windows-1252) and Parquet."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed file that exists and is not too large."""

    path: Path
    """Where it lies."""
    size: int
    """In bytes."""
    head: bytes
    """Its first `HEAD` bytes."""

    @classmethod
    def of(cls, path: Path) -> Source:
        """Look at a file.

        Raises:
            FeedError: it is missing, no ordinary file, too large, or may not be read.
        """
        if not path.is_file():
            fault = "is a folder" if path.is_dir() else "does not exist"
            if path.exists() and not path.is_dir():
                fault = "is no ordinary file"
            raise FeedError(
                f"There is no feed file {path}: it {fault}. "
                "Give the path of a CSV, TSV, JSON, XML or Parquet file."
            )
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise FeedError(
                    f"The feed has {size / 1_048_576:,.0f} MB, at most {MAX_BYTES // 1_048_576} MB are "
                    "allowed. Split it, or drop columns that do not describe the products."
                )
            with path.open("rb") as file:
                return cls(path=path, size=size, head=file.read(HEAD))
        except OSError as error:
            raise FeedError(
                f"The feed {path} cannot be read: {error.strerror}. Check its permissions."
            ) from error

    def start(self) -> str:
        """The first letters, for telling what the text is.

        Raises:
            FeedError: the bytes are no text.
        """
        encoding = _encoding_of(self.head)
        text = codecs.getincrementaldecoder(encoding)("replace").decode(self.head)
        sample = text[:65536]
        strange = sum(
            1
            for letter in sample
            if (letter < " " and letter not in "\t\r\n\f\v") or letter == "\ufffd"
        )
        if encoding != "utf-8-sig" or _is_utf8(self.head):
            if strange > max(3, len(sample) // 50):
                raise FeedError(_NOT_TEXT)
            return text
        text = self.head.decode(eight_bit_encoding(self.head), errors="replace")
        strange = sum(1 for letter in text[:65536] if letter < " " and letter not in "\t\r\n\f\v")
        if strange + text[:65536].count("\ufffd") > max(3, len(sample) // 50):
            raise FeedError(_NOT_TEXT)
        return text

    def open(self) -> TextIO:
        """The text from its beginning; to be closed by the caller. Line ends are left as they are."""
        encoding = _encoding_of(self.head)
        if encoding == "utf-8-sig" and not self._whole_is_utf8():
            encoding = eight_bit_encoding(self._telling())
        return self.path.open(encoding=encoding, errors="replace", newline="")

    def _telling(self) -> bytes:
        """Bytes that tell the encoding: the head, or lines further on where the head is plain ASCII."""
        if not self.head.isascii():
            return self.head
        with self.path.open("rb") as file:
            lines = (line for line in file if not line.isascii())
            return b"".join(itertools.islice(lines, _TELLING_LINES))

    def _whole_is_utf8(self) -> bool:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        with self.path.open("rb") as file:
            try:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return False
        return True


def _encoding_of(head: bytes) -> str:
    """By byte order mark, or by where the zero bytes stand; "utf-8-sig" still has to be proved.

    Raises:
        FeedError: zero bytes that no text has.
    """
    for mark, encoding in _WIDE_BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[:65536]
    if b"\x00" in sample:
        low, high = sample[0::2], sample[1::2]
        if high.count(0) > 0.8 * len(high) and low.count(0) < 0.1 * len(low):
            return "utf-16-le"
        if low.count(0) > 0.8 * len(low) and high.count(0) < 0.1 * len(high):
            return "utf-16-be"
        raise FeedError(_NOT_TEXT)
    return "utf-8-sig"


def _is_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8, the last letter possibly cut."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return False
    return True
