"""The word that was meant."""

from __future__ import annotations

import random
import string

import pytest
from rapidfuzz.distance import OSA

from catalog.parsing.text import language
from catalog.search.typos import TypoIndex, sorted_words

WORDS = [
    "berry",
    "chair",
    "charm",
    "headphone",
    "headphones",
    "oak",
    "phone",
    "red",
    "table",
    "wireless",
]


@pytest.fixture(scope="module")
def words() -> TypoIndex:
    return TypoIndex(sorted_words(WORDS), language("en"), ["zebra", "zinc"])


def named(words: TypoIndex, ranges) -> set[str]:
    return {words.word(number) for numbers in ranges for number in numbers}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tabel", {"table"}),
        ("tble", {"table"}),
        ("tablle", {"table"}),
        ("tavle", {"table"}),
        ("cahrm", {"charm"}),
        ("charr", {"chair", "charm"}),
        ("zebar", {"zebra"}),
        ("tabbel", set()),
        ("oka", set()),
        ("wh1000", set()),
    ],
)
def test_one_edit_is_forgiven(words: TypoIndex, typed: str, meant: set[str]) -> None:
    assert {words.word(number) for number in words.close(typed)} == meant


def test_close_words_are_those_within_one_edit() -> None:
    draw = random.Random(5)
    made = {"".join(draw.choices("abcd", k=draw.randint(4, 7))) for _ in range(400)}
    words = TypoIndex(sorted_words(made), language("xx"))
    for typed in ("".join(draw.choices("abcd", k=draw.randint(4, 7))) for _ in range(100)):
        expected = {word for word in made if OSA.distance(typed, word) <= 1}
        assert {words.word(number) for number in words.close(typed)} == expected


@pytest.mark.parametrize(
    ("tokens", "meant"),
    [
        (["head", "phones"], ["headphones"]),
        (["redtable"], ["red", "table"]),
        (["red", "table"], ["red", "table"]),
        (["zebratable"], ["zebra", "table"]),
        (["xyzzy"], ["xyzzy"]),
    ],
)
def test_words_are_joined_and_split(words: TypoIndex, tokens: list[str], meant: list[str]) -> None:
    assert words.meant(tokens) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("doppelzelt", ["zelt"]),
        ("zeltstange", ["zelt"]),
        ("kanutasche", ["tasche"]),
        ("paddelshaft", ["paddel"]),
        ("rucksack", ["rucksack"]),
        ("bootszelte", ["zelte"]),
    ],
)
def test_a_german_compound_is_known_by_the_part_the_shop_knows(typed: str, meant: list[str]):
    words = TypoIndex(sorted_words(["zelt", "zelte", "tasche", "paddel", "kan"]), language("de"))
    assert words.meant([typed]) == meant


def test_english_words_are_not_taken_apart_by_one_half(words: TypoIndex) -> None:
    assert words.meant(["chairperson"]) == ["chairperson"]


def test_beginnings_and_insides(words: TypoIndex) -> None:
    assert named(words, words.beginning("ch")) == {"chair", "charm"}
    assert named(words, words.beginning("ze")) == {"zebra"}
    assert named(words, words.beginning("zz")) == set()
    assert named(words, words.inside("phon")) == {"headphone", "headphones", "phone"}
    assert named(words, words.inside("ph")) == set()
    assert named(words, words.close_beginnings("wierl")) == {"wireless"}


def test_later_words_are_as_good_as_the_first(words: TypoIndex) -> None:
    for word in [*WORDS, "zebra", "zinc"]:
        number = words.number(word)
        assert number is not None
        assert words.word(number) == word
    assert words.number("zeal") is None


@pytest.mark.parametrize(
    "typed", ["", "\n", "\x00", "💥" * 10, "a" * 500, "\ud800\ud800\ud800\ud800"]
)
def test_odd_words_do_no_harm(words: TypoIndex, typed: str) -> None:
    words.close(typed)
    words.close_beginnings(typed)
    words.inside(typed)
    words.meant([typed, typed])
    assert set(string.ascii_lowercase) <= set(words._letters)
