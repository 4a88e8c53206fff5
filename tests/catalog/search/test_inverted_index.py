"""Words that name products, also when they are misspelt."""

from __future__ import annotations

import pytest

from catalog.parsing.text import language
from catalog.search.inverted_index import Field, WordIndex

TITLES = [
    "Wireless headphones black",
    "Wired headphone red",
    "Red berry jam",
    "Sony WH-1000XM4",
    "Rosé from Provence",
    "Oak table, grey",
]


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex.build(
        [[Field(text=title, weight=3, strong=True)] for title in TITLES], language("en")
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("headphones", {0, 1}),
        ("headphone", {0, 1}),
        ("haedphones", {0, 1}),
        ("headphnes", {0, 1}),
        ("head phones", {0, 1}),
        ("wirelessheadphones", {0, 1}),
        ("berries", {2}),
        ("redd", {1, 2}),
        ("wh1000xm4", {3}),
        ("WH 1000XM4", {3}),
        ("rose", {4}),
        ("ROSÉ", {4}),
        ("gray", {5}),
        ("the red one", {1, 2}),
        ("xyzzy", set()),
        ("", set()),
        ("???", set()),
        ("wh1000xm5", set()),
    ],
)
def test_a_word_finds_its_products(index: WordIndex, query: str, rows: set[int]) -> None:
    assert set(index.match(query).word_hits.nonzero()[0]) == rows


def test_exact_words_beat_close_ones(index: WordIndex) -> None:
    scores = index.match("headphones").scores
    assert scores[0] > scores[1] > 0


def test_rare_words_weigh_more(index: WordIndex) -> None:
    scores = index.match("red jam").scores
    assert scores[2] > scores[1]


def test_the_last_word_may_be_unfinished(index: WordIndex) -> None:
    assert set(index.match("wirel", unfinished=True).word_hits.nonzero()[0]) == {0}
    assert not index.match("wi oak", unfinished=True).word_hits[:2].any()


def test_descriptions_only_hint() -> None:
    index = WordIndex.build(
        [
            [Field(text="oak table", weight=3, strong=True)],
            [
                Field(text="chair", weight=3, strong=True),
                Field(text="fits the table", weight=1, strong=False),
            ],
        ],
        language("en"),
    )
    match = index.match("table")
    assert list(match.word_hits) == [1, 1]
    assert list(match.strong_hits) == [1, 0]
    assert match.scores[0] > match.scores[1]


def test_an_empty_shop_matches_nothing() -> None:
    assert WordIndex.build([], language("en")).match("red").scores.shape == (0,)
    assert not WordIndex.build([[], []], language("en")).match("red").word_hits.any()
