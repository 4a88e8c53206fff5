from __future__ import annotations

import pytest

from assistant.speech.joining import ALTERNATIVES, Hypothesis, clean, join


def readings(*texts: str) -> list[Hypothesis]:
    return [Hypothesis(text=text, score=100.0 - place) for place, text in enumerate(texts)]


def test_join_puts_the_best_of_each_piece_in_a_row():
    heard = join([readings("a dry red", "a dry bread"), readings(""), readings("please")])
    assert heard.text == "a dry red please"


def test_join_offers_other_whole_sentences_likeliest_first():
    first = [Hypothesis(text="red", score=9.0), Hypothesis(text="bread", score=8.5)]
    second = [Hypothesis(text="wine", score=5.0), Hypothesis(text="vine", score=1.0)]
    heard = join([first, second])
    assert heard.text == "red wine"
    assert heard.alternatives == ("bread wine", "red vine", "bread vine")


def test_join_does_not_grow_with_the_number_of_pieces():
    heard = join([readings("one", "won", "wan", "run")] * 50)
    assert heard.text == " ".join(["one"] * 50)
    assert len(heard.alternatives) == ALTERNATIVES


def test_join_of_nothing_is_nothing():
    assert join([]).text == ""
    assert join([[], readings("")]).text == ""


def test_join_never_offers_the_same_text_twice():
    heard = join([readings("red", "red", "[unk] red", "")])
    assert (heard.text, heard.alternatives) == ("red", ())


@pytest.mark.parametrize(
    ("raw", "words"), [("[unk] red <noise>", "red"), ("  a   b ", "a b"), ("[unk]", ""), ("", "")]
)
def test_clean_leaves_words(raw, words):
    assert clean(raw) == words
