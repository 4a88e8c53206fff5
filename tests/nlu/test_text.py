"""Characters of a message: what is kept, where, and what is not read."""

from __future__ import annotations

import pytest

from nlu.text import LIMIT, LONGEST_CHUNK, MOST_WORDS, clean


def test_places_stay_where_they_were():
    text = "a\x00red\ud800 wine " + "x" * 500 + " dry"
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert cleaned.index("dry") == text.index("dry")


@pytest.mark.parametrize("chunk", ["€", "9", "(", "\"'", "rotwein", "ไวน์"])
def test_endless_words_are_cut_and_what_follows_is_read(chunk):
    endless = chunk * 250
    cleaned = clean(f"{endless} under 20")
    assert cleaned.split()[0] == endless[:LONGEST_CHUNK]
    assert cleaned.split()[1:] == ["under", "20"]


def test_words_people_write_are_whole():
    longest = "https://shop.example/kitchen/coffee-machines/fully-automatic?colour=stainless"
    assert clean(longest) == longest
    assert len(clean("w" * 9 + " " * LIMIT)) == LIMIT


def test_only_so_many_words_are_read():
    text = " ".join(f"€{number}" for number in range(400))
    assert clean(text).split() == text.split()[: MOST_WORDS // 2]
