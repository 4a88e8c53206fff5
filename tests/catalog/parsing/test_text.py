"""Words: folding, tokens, plurals, spellings."""

from __future__ import annotations

import pytest

from catalog.parsing.text import language

EN = language("en")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("wine", "wines"),
        ("berry", "berries"),
        ("box", "boxes"),
        ("dish", "dishes"),
        ("knife", "knives"),
        ("key", "keys"),
        ("headphone", "headphones"),
        ("child", "children"),
        ("dress", "dresses"),
        ("glass", "glasses"),
    ],
)
def test_plural_and_back(one: str, many: str) -> None:
    assert EN.plural(one) == many
    assert EN.singular(many) == one
    assert EN.plural(many) == many


@pytest.mark.parametrize("word", ["wireless", "jeans", "closed", "bass", "4", "gas"])
def test_words_with_one_form_keep_it(word: str) -> None:
    assert EN.singular(word) == EN.plural(word) == word


def test_other_spellings_replace_whole_words_only() -> None:
    assert EN.respelled("light grey") == ("light gray",)
    assert EN.respelled("greyhound") == ()
    assert "grey-green flavour" in EN.respelled("grey-green flavor")


def test_function_words_stay_when_nothing_else_is_there() -> None:
    assert EN.content(["a", "red", "for", "me"]) == ["red"]
    assert EN.content(["the", "one"]) == ["the", "one"]


def test_a_language_without_tables_still_works() -> None:
    klingon = language("tlh")
    assert klingon.plural("red") == klingon.singular("red") == "red"
    assert klingon.inflected("red") == ()
    assert language("en-GB") == language("en_US") == language("EN")
    assert language("../en").function_words == frozenset()
