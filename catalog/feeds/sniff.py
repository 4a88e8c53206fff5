"""What kind of feed a file is, by its content; the extension only breaks ties."""

from __future__ import annotations

import re

from catalog.errors import FeedError
from catalog.feeds.source import Source

FORMATS = ("auto", "google", "shopify", "woocommerce", "csv", "json", "parquet")
"""What ``--format`` allows."""

# One layer of gz or zip has been taken off already.
_FOREIGN = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (
        b"PK\x03\x04",
        "a zip archive",
        "Unpack it first.",
    ),
    (b"%PDF", "a PDF", "Export the products as CSV, JSON or XML."),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "Save it as CSV."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"SQLite format 3", "a database", "Export the products as CSV, JSON or XML."),
)


def shape_of(source: Source) -> str:
    """Say what the file is: "xml", "json", "parquet", or "csv" with any delimiter.

    Raises:
        FeedError: the file is empty, or binary of a kind no feed has.
    """
    if not source.head.strip():
        raise FeedError(
            "The feed is empty. A feed needs a line of column names and at least one product."
        )
    if source.head[:4] == b"PAR1":
        return "parquet"
    for magic, kind, remedy in _FOREIGN:
        if source.head.startswith(magic):
            raise FeedError(f"The feed is {kind}, not CSV, TSV, JSON, XML or Parquet. {remedy}")
    start = source.start().lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return "xml"
    if start.startswith("{") or re.match(r'\[\s*([\[{\]"\d]|$)', start):
        return "json"
    return "csv"
