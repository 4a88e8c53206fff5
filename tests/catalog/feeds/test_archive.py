"""Packed feeds: read like the feed inside, refused in one line when they are not one feed."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile

import pytest

from catalog.errors import FeedError
from catalog.feeds import base, read_feed

CSV = b"id,title,price\nn1,Net,12.50\nn2,Rod,30.00\n"


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def titles(folder, content):
    path = folder / "feed.bin"
    path.write_bytes(content)
    return [row.cells["title"] for row in read_feed(path).rows]


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(CSV),
        packed(**{"export/feed.csv": CSV}),
        packed(**{"feed.csv": CSV, "__MACOSX/._feed.csv": b"x", ".DS_Store": b"y"}),
        packed(**{"../../feed.csv": CSV}),
    ],
    ids=["gzip", "zip with a folder", "zip of a Mac", "zip that points outside"],
)
def test_the_feed_inside_is_read_and_nothing_is_left_behind(tmp_path, monkeypatch, content):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert titles(tmp_path, content) == ["Net", "Rod"]
    assert list((tmp_path / "temporary").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feed.bin", "temporary"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(CSV)[:-12], "damaged or locked"),
        (b"PK\x03\x04 nothing", "damaged or locked"),
        (packed(**{"a.csv": CSV, "b.csv": CSV}), "holds 2 files"),
        (packed(**{"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"}), "spreadsheet"),
        (gzip.compress(gzip.compress(CSV)), "gzip archive"),
    ],
    ids=["gzip cut off", "no zip", "two feeds", "a spreadsheet", "gzip in gzip"],
)
def test_what_is_not_one_whole_feed_is_refused_in_one_line(tmp_path, content, message):
    with pytest.raises(FeedError, match=message) as caught:
        titles(tmp_path, content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: packed(**{"feed.csv": text})])
def test_no_more_is_unpacked_than_a_feed_may_have(tmp_path, monkeypatch, pack):
    content = pack(CSV + b"n3,Float,1.00\n" * 4000)
    monkeypatch.setattr(base, "MAX_BYTES", 40_000)
    with pytest.raises(FeedError, match="unpacks to more than"):
        titles(tmp_path, content)
