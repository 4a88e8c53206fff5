"""Slips of the keyboard: a letter more, less, other, or two swapped.

A word is corrected by looking up all that is one edit away from it, so a look-up costs the same however many
words are known, and nothing has to be built first (P. Norvig 2007, "How to write a spelling corrector").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

SHORTEST = 4
"""Letters of the shortest word that is taken for misspelled; shorter ones have too many neighbours."""
LONGEST = 40
"""Letters of the longest; longer words are codes or were pasted."""
MOST_LETTERS = 64
"""Different letters that are tried in place of a mistyped one: two alphabets with their accents."""
SAMPLE = 5000
"""Words of which the letters are counted; more would not change which are in use."""
REMEMBERED = 4096
"""Words whose corrections are kept; what shoppers type repeats."""
SURE_FIRST = 6
"""Letters of a known word below which the first letter of a slip must be right."""
SURE_LENGTH = 5
"""Letters of a known word below which only a letter more and two swapped are slips: "oak" is no "oat"."""
FAR = 9
"""Letters from which one wrong letter leaves no doubt; in a short word it makes another: "Martin", "Marlin"."""


def letters_of(words: Sequence[str]) -> tuple[str, ...]:
    """The letters that words are written with, a to z always among them, the more frequent first."""
    sample = words[:: max(1, len(words) // SAMPLE)]
    letters = Counter(letter for word in sample for letter in word)
    letters.update("abcdefghijklmnopqrstuvwxyz")
    return tuple(letter for letter, _ in letters.most_common(MOST_LETTERS))


def may_be_mistyped(word: str) -> bool:
    """Whether a word may be a slip; numbers and item numbers are meant as they are typed."""
    return SHORTEST <= len(word) <= LONGEST and not any(map(str.isdigit, word))


def one_edit_away(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Everything one edit away from a word, some of it more than once.

    Args:
        word: as typed.
        letters: those that may have been left out or mistyped.
    """
    letters = tuple(letters)
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail:
            yield head + tail[1:]
            for letter in letters:
                yield head + letter + tail[1:]
        for letter in letters:
            yield head + letter + tail


class SlipIndex:
    """Known words, and which of them one typed with a slip may stand for.

    Args:
        known: the words.
        shortest: letters a known word must have to be found.
    """

    def __init__(self, known: Iterable[str], *, shortest: int = SHORTEST) -> None:
        self._known = frozenset(word for word in known if len(word) >= shortest and word.isalpha())
        self._letters = letters_of(tuple(self._known)) if self._known else ()
        self._near = lru_cache(maxsize=REMEMBERED)(self._nearest)

    def near(self, word: str) -> list[str]:
        """The known words that ``word`` may have been meant for, in alphabetical order; empty for short words."""
        return list(self._near(word)) if may_be_mistyped(word) and word.isalpha() else []

    def _nearest(self, word: str) -> tuple[str, ...]:
        others = self._known.intersection((word, *one_edit_away(word, self._letters)))
        return tuple(sorted(other for other in others if _is_likely(word, other)))


def _is_likely(written: str, known: str) -> bool:
    """Whether a word one edit away is near enough for its length."""
    if len(known) < SURE_FIRST and written[0] != known[0]:
        return False
    return (
        len(known) >= SURE_LENGTH
        or len(written) == len(known) + 1
        or sorted(written) == sorted(known)
    )


def is_slip(right: str, written: str) -> bool:
    """Whether one text is the other with two letters swapped, one left out or doubled, or, in long ones, one wrong.

    Stricter than what a shopper's word is corrected by: two values of a catalog may be two things. The first
    letter must be right, and a letter more or less at the end is another form of the word.

    Args:
        right: the spelling that is taken for right.
        written: the one that may be a slip of it.
    """
    from rapidfuzz.distance import OSA

    if right[:1] != written[:1] or OSA.distance(right, written, score_cutoff=1) != 1:
        return False
    if len(right) == len(written):
        return len(right) >= FAR or sorted(right) == sorted(written)
    longer, shorter = (right, written) if len(right) > len(written) else (written, right)
    return longer[:-1] != shorter or longer[-1:] == longer[-2:-1]
