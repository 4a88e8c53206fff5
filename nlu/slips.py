"""Finds known words one typing slip away: a letter more, less, other, or two swapped.

Words are found by what is left of them without one letter, so a look-up does not depend on how many are known
(the symmetric delete method, W. Garbe 2012, "SymSpell").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

SHORTEST = 4
"""Letters of the shortest word that is taken for misspelled."""


class SlipIndex:
    """Known words, indexed once."""

    def __init__(self, known: Iterable[str], *, shortest: int = SHORTEST) -> None:
        """``shortest`` is how many letters a known word must have to be found."""
        self._words = [w for w in dict.fromkeys(known) if len(w) >= shortest and w.isalpha()]
        rests = ((hash(rest), at) for at, w in enumerate(self._words) for rest in _rests(w))
        pairs = np.fromiter(rests, dtype=[("rest", np.int64), ("word", np.int32)])
        # Hashes in order and the word of each: a tenth of what a dictionary of lists would take.
        order = np.argsort(pairs["rest"], kind="stable")
        self._rests, self._owners = pairs["rest"][order], pairs["word"][order]

    def near(self, word: str) -> list[str]:
        """The known words that ``word`` may have been meant for, in alphabetical order; empty for short words."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        keys = np.array([hash(rest) for rest in _rests(word)], np.int64)
        first = np.searchsorted(self._rests, keys, side="left")
        last = np.searchsorted(self._rests, keys, side="right")
        found = {int(w) for a, b in zip(first, last, strict=True) for w in self._owners[a:b]}
        return sorted(
            known for known in map(self._words.__getitem__, found) if _one_slip(word, known)
        )


def _rests(word: str) -> Iterator[str]:
    """The word itself and what is left of it without one letter."""
    yield word
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]


def _one_slip(said: str, known: str) -> bool:
    from rapidfuzz.distance import OSA

    if len(known) < 6 and said[0] != known[0]:
        return False
    if len(known) < 5 and len(said) != len(known) + 1 and sorted(said) != sorted(known):
        return False
    return bool(OSA.distance(said, known, score_cutoff=1) <= 1)
