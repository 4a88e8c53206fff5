"""What kind of feed a file is, by its content; the extension only breaks ties."""

from __future__ import annotations

import re

from catalog.errors import FeedError

FORMATS = ("auto", "google", "shopify", "woocommerce", "csv", "json", "parquet")
"""What ``--format`` allows."""

_FOREIGN = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (
        b"PK\x03\x04",
        "a zip archive or spreadsheet",
        "Save the sheet as CSV, or unpack the archive.",
    ),
    (b"%PDF", "a PDF", "Export the products as CSV, JSON or XML."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Save it as CSV."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (b"SQLite format 3", "a database", "Export the products as CSV, JSON or XML."),
)
_WIDE_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def shape_of(data: bytes) -> str:
    """Say what the bytes are: "xml", "json", "parquet", or "csv" with any delimiter.

    Raises:
        FeedError: the file is empty, or binary of a kind no feed has.
    """
    if not data.strip():
        raise FeedError(
            "The feed is empty. A feed needs a line of column names and at least one product."
        )
    if data[:4] == b"PAR1":
        return "parquet"
    for magic, what, remedy in _FOREIGN:
        if data.startswith(magic):
            raise FeedError(f"The feed is {what}, not CSV, TSV, JSON, XML or Parquet. {remedy}")
    head = decode(data[:65536], partial=True).lstrip()
    if head.startswith("<"):
        return "xml"
    if head.startswith("{") or re.match(r'\[\s*([\[{\]"\d]|$)', head):
        return "json"
    return "csv"


def decode(data: bytes, *, partial: bool = False) -> str:
    """Text of a feed, its encoding found by evidence: byte order mark, UTF-8, else Windows-1252.

    Raises:
        FeedError: the bytes are no text.
    """
    for mark, encoding in _WIDE_BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\x00" in data[:65536]:
        raise FeedError(_NOT_TEXT)
    usable = data[: len(data) - _cut_tail(data)] if partial else data
    try:
        text = usable.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = usable.decode("cp1252", errors="replace")
    sample = text[:65536]
    strange = sum(
        1
        for letter in sample
        if (letter < " " and letter not in "\t\r\n\f\v") or letter == "\ufffd"
    )
    if strange > max(3, len(sample) // 50):
        raise FeedError(_NOT_TEXT)
    return text


_NOT_TEXT = (
    "The feed is not readable text: it holds binary data. "
    "Allowed are CSV, TSV, JSON, XML (UTF-8 or Windows-1252) and Parquet."
)


def _cut_tail(data: bytes) -> int:
    """Bytes at the end that may be the first part of a cut UTF-8 letter."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            return back
    return 0
