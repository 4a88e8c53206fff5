"""Words as they are compared."""

from __future__ import annotations

import pytest

from nlu.lexical.words import fold, joined_words, squeeze, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Rosé", "rose"),
        ("ＦＵＬＬ", "full"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("½ l", "1⁄2 l"),
        ("", ""),
        ("Ångström", "angstrom"),
        ("\ud800", "\ud800"),
    ],
    ids=["accent", "wide", "upper", "sharp-s", "fraction", "empty", "ring", "surrogate"],
)
def test_fold_makes_spellings_comparable(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Full-bodied red, 13.5 %", ["full", "bodied", "red", "13.5"]),
        ("13,3 inch", ["13.3", "inch"]),
        ("snake_case", ["snake", "case"]),
        ("!!! ... ", []),
        ("Кофе чёрный", ["кофе", "черныи"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_item_numbers_are_also_one_word() -> None:
    assert joined_words("Sony WH-1000XM4, on-ear, 3.5") == ["wh1000xm4", "onear"]
    assert squeeze("WH-1000 XM4") == squeeze("wh1000xm4")
