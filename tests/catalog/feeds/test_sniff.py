"""What a file is, told by what is in it."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError
from catalog.feeds import FORMATS, read_feed
from catalog.feeds.sniff import shape_of
from catalog.feeds.source import Source


def shape(folder, content: bytes, name: str = "feed") -> str:
    path = folder / name
    path.write_bytes(content)
    return shape_of(Source.of(path))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<rss/>", "xml"),
        (b"\xef\xbb\xbf \r\n\t<rss/>", "xml"),
        ("<rss/>".encode("utf-16"), "xml"),
        (b'{"a": 1}', "json"),
        (b"{", "json"),
        (b"[", "json"),
        (b"[]", "json"),
        (b'[ \n {"a": 1}]', "json"),
        (b"[[1]]", "json"),
        (b'["a"]', "json"),
        (b"[5]", "json"),
        (b"PAR1....PAR1", "parquet"),
        (b"id,title\n1,<b>Mug</b>", "csv"),
        (b"[sale] title,price\nMug,5", "csv"),
        (b"PAR,title\n1,Mug", "csv"),
        (b"BZ,title\n1,Mug", "csv"),
    ],
)  # fmt: skip
def test_a_feed_is_told_by_its_first_letters_whatever_it_is_called(tmp_path, content, expected):
    assert shape(tmp_path, content, "feed.xlsx") == expected


@pytest.mark.parametrize(
    ("magic", "kind", "remedy"),
    [
        (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
        (b"PK\x03\x04", "a zip archive", "Unpack it first."),
        (b"%PDF", "a PDF", "Export the products as CSV, JSON or XML."),
        (b"\xd0\xcf\x11\xe0", "an old Excel file", "Save it as CSV."),
        (b"BZh", "a bzip2 archive", "Unpack it first."),
        (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
        (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it first."),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
        (b"SQLite format 3", "a database", "Export the products as CSV, JSON or XML."),
    ],
    ids=["gzip", "zip", "pdf", "excel", "bzip2", "xz", "zstd", "7z", "sqlite"],
)
def test_other_files_are_named_with_what_to_do(tmp_path, magic, kind, remedy):
    with pytest.raises(FeedError) as caught:
        shape(tmp_path, magic + b"more of it")
    assert str(caught.value) == (
        f"The feed is {kind}, not CSV, TSV, JSON, XML or Parquet. {remedy}"
    )


@pytest.mark.parametrize("content", [b"", b" \r\n\t "])
def test_an_empty_file_says_what_a_feed_needs(tmp_path, content):
    with pytest.raises(FeedError, match=r"The feed is empty. A feed needs a line of column names"):
        shape(tmp_path, content)


def test_a_format_that_nobody_knows_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(
        FeedError, match=r"Unknown format 'yaml'. Allowed are auto, google, shopify"
    ):
        read_feed(tmp_path / "feed", "yaml")
    assert FORMATS[0] == "auto"
