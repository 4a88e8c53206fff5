"""Feed files as text: size, encoding, and bytes that are no text."""

from __future__ import annotations

import pytest

from catalog.errors import FeedError
from catalog.feeds.source import Source

MEGABYTE = 1024 * 1024
HEAD = 256 * 1024


def source(folder, content: bytes) -> Source:
    path = folder / "feed.csv"
    path.write_bytes(content)
    return Source.of(path)


def text(feed: Source) -> str:
    with feed.open() as file:
        return file.read()


def test_the_largest_feed_has_two_hundred_megabytes(tmp_path):
    path = tmp_path / "feed.csv"
    with path.open("wb") as file:
        file.truncate(200 * MEGABYTE)
    assert Source.of(path).size == 200 * MEGABYTE
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(FeedError, match=r"at most 200 MB are allowed. Split it"):
        Source.of(path)


@pytest.mark.parametrize(
    ("name", "fault"), [("missing.csv", "it does not exist"), (".", "it is a folder")]
)
def test_what_is_no_file_is_named_with_its_fault(tmp_path, name, fault):
    with pytest.raises(FeedError, match=fault):
        Source.of(tmp_path / name)


def test_the_beginning_is_a_quarter_of_a_megabyte(tmp_path):
    feed = source(tmp_path, b"x" * (HEAD + 10))
    assert (feed.size, len(feed.start())) == (HEAD + 10, HEAD)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "cp1251"]
)  # fmt: skip
def test_text_is_the_same_in_every_encoding(tmp_path, encoding):
    words = {"cp1250": "Příliš žluťoučký kůň, šňůra, střešní\n", "cp1251": "Синяя лампа, стол\n"}
    written = words.get(encoding, "Crème brûlée, Käse, Öl, größer\n") * 20
    feed = source(tmp_path, written.encode(encoding))
    assert (feed.start(), text(feed)) == (written, written)


def test_line_ends_are_left_as_they_are(tmp_path):
    assert text(source(tmp_path, b"a\r\nb\rc\n")) == "a\r\nb\rc\n"


def test_a_letter_cut_by_the_end_of_the_beginning_is_still_utf_8(tmp_path):
    content = "x" * (HEAD - 1) + "ö" + "ä" * 10
    feed = source(tmp_path, content.encode())
    assert text(feed) == content
    assert feed.start().startswith("xxx")


@pytest.mark.parametrize("place", [HEAD + 5, MEGABYTE + HEAD], ids=["first piece", "second piece"])
def test_a_feed_is_no_utf_8_where_anything_in_it_is_not(tmp_path, place):
    content = "x" * place + "\nGröße\n"
    assert text(source(tmp_path, content.encode("cp1252"))) == content


def test_a_feed_that_ends_in_half_a_letter_is_no_utf_8(tmp_path):
    content = b"x" * HEAD + b"\n" + "Ã".encode("cp1252")
    assert "\ufffd" not in text(source(tmp_path, content))


def test_the_encoding_is_told_by_lines_far_into_the_feed(tmp_path):
    content = "plain line of letters\n" * 20_000 + "Příliš žluťoučký kůň, šňůra, střešní\n" * 20
    assert text(source(tmp_path, content.encode("cp1250"))) == content


def test_five_hundred_lines_tell_the_encoding(tmp_path):
    czech, german = "Příliš žluťoučký kůň\n".encode("cp1250"), "Größe Öl Käse\n".encode("cp1252")
    content = b"x" * HEAD + b"\n" + german * 200 + czech * 300 + german * 20_000
    assert "Příliš" in text(source(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "readable"),
    [
        (b"x" * 1000 + b"\x01" * 20, True),
        (b"x" * 1000 + b"\x01" * 21, False),
        (b"ab\x01\x02\x03", True),
        (b"ab\x01\x02\x03\x04", False),
        (b"a\tb\r\nc\x0c\x0b" * 100, True),
        (b"Gr\xf6\xdfe \x01\x02\x03", True),
        (b"Gr\xf6\xdfe \x01\x02\x03\x04", False),
        (b"id\x00title\n" * 20, False),
        (b"\x00" * 200, False),
    ],
    ids=[
        "one in fifty", "more than one in fifty", "three", "four of six", "white space",
        "three in western text", "four in western text", "zero bytes", "only zero bytes",
    ],
)  # fmt: skip
def test_control_characters_are_borne_up_to_a_share(tmp_path, content, readable):
    feed = source(tmp_path, content)
    if readable:
        assert feed.start()
    else:
        with pytest.raises(FeedError, match="not readable text: it holds binary data"):
            feed.start()
