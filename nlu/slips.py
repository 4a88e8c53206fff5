"""Finds known words one typing slip away: a letter more, less, other, or two swapped.

Words are found by what is left of them without one letter, so a look-up does not depend on how many are known
(the symmetric delete method, W. Garbe 2012, "SymSpell").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

SHORTEST = 4
"""Letters of the shortest word that is taken for misspelled."""


class SlipIndex:
    """Known words, indexed once."""

    def __init__(self, known: Iterable[str], *, shortest: int = SHORTEST) -> None:
        """``shortest`` is how many letters a known word must have to be found."""
        deletes: dict[str, list[str]] = defaultdict(list)
        for word in known:
            if len(word) >= shortest and word.isalpha():
                deletes[word].append(word)
                for short in _shortened(word):
                    deletes[short].append(word)
        self._deletes = dict(deletes)

    def near(self, word: str) -> list[str]:
        """The known words that ``word`` may have been meant for, in alphabetical order; empty for short words."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        keys = (word, *_shortened(word))
        found = {known for key in keys for known in self._deletes.get(key, ())}
        return sorted(known for known in found if _one_slip(word, known))


def _shortened(word: str) -> Iterator[str]:
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def _one_slip(said: str, known: str) -> bool:
    from rapidfuzz.distance import OSA

    if len(known) < 6 and said[0] != known[0]:
        return False
    if len(known) < 5 and len(said) != len(known) + 1 and sorted(said) != sorted(known):
        return False
    return bool(OSA.distance(said, known, score_cutoff=1) <= 1)
