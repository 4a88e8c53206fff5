"""Which of a few languages a message is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from nlu.language import load_wordlists
from nlu.lexical.languages import language_of_message
from nlu.text import words


def guess_language(text: str, languages: Sequence[str], current: str) -> str:
    """The language of ``languages`` whose small words ``text`` uses; ``current`` in doubt."""
    tokens = [word.text for word in words(text) if not word.sign and not word.number]
    return language_of_message(tokens, {code: _small_words(code) for code in languages}, current)


@cache
def _small_words(language: str) -> frozenset[str]:
    groups = load_wordlists(language).groups
    return groups["function"] | groups["carrier"] | groups["courtesies"]
