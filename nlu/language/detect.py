"""Which of a few languages a message is in, by its small words."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.language import load_wordlists
from nlu.text import words

_FEWEST = 2
"""Words by which one language must be ahead; "in" and "die" are English too."""


def guess_language(text: str, languages: Sequence[str], current: str) -> str:
    """The language of ``languages`` whose small words ``text`` uses; ``current`` in doubt.

    A message of one or two words ("red", "nein danke") changes the language only when
    every word of it belongs to one language alone.
    """
    said = [word.text for word in words(text) if not word.sign and not word.number]
    counts = {language: _small_words(said, language) for language in languages}
    if not said or current not in counts:
        return current
    best = max(languages, key=lambda language: (counts[language], language == current))
    ahead = counts[best] - counts[current]
    whole = counts[best] == len(said) and counts[current] == 0
    return best if ahead >= _FEWEST or (whole and ahead) else current


def _small_words(said: Sequence[str], language: str) -> int:
    groups = load_wordlists(language).groups
    known = groups["function"] | groups["carrier"] | groups["courtesies"]
    return sum(1 for word in said if word in known)
