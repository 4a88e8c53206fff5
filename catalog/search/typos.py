"""The words a shop uses, and which of them was meant by one that was typed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from catalog.parsing.text import Language
from nlu.lexical.languages import compound_joints
from nlu.lexical.slips import REMEMBERED, letters_of, may_be_mistyped, one_edit_away

INFLECTED = 0.9
"""What another form of a word counts against the word itself."""
SHORTEST_PART = 4
"""Letters of either part of a compound; shorter ones are mostly endings."""
SHORTEST_INSIDE = 3
"""Letters of a part that is looked for inside words."""
MOST_INSIDE = 64
"""Words taken for a part; a part of more says nothing."""
_LAST = "\U0010ffff"


class TypoIndex:
    """The sorted distinct words of a shop, and how to find the one that was meant.

    Args:
        words: Folded words, sorted and distinct.
        tables: Plurals and spellings of the shop's language.
        more: TypoIndex that came later, sorted; their numbers follow on those of ``words``.
    """

    def __init__(self, words: Sequence[str], tables: Language, more: Sequence[str] = ()) -> None:
        self.tables = tables
        self._layers: list[Sequence[str]] = [words, more] if more else [words]
        self._first = (0, len(words))
        self._letters = letters_of(words)
        self._joined: str | None = None
        self.close = lru_cache(maxsize=REMEMBERED)(self._close)
        self.close_beginnings = lru_cache(maxsize=REMEMBERED)(self._close_beginnings)

    def word(self, number: int) -> str:
        """Return the word with a number."""
        if number < len(self._layers[0]):
            return self._layers[0][number]
        return self._layers[1][number - self._first[1]]

    def number(self, word: str) -> int | None:
        """Return the number of a word, None when the shop does not use it."""
        for first, words in zip(self._first, self._layers, strict=False):
            at = bisect_left(words, word)
            if at < len(words) and words[at] == word:
                return first + at
        return None

    def known(self, word: str) -> list[tuple[int, float]]:
        """Return the word in all its forms as (number, factor)."""
        results: dict[int, float] = {}
        forms = [word, self.tables.singular(word), self.tables.plural(word)]
        for form in dict.fromkeys([*forms, *self.tables.respelled(word)]):
            number = self.number(form)
            if number is not None:
                results.setdefault(number, 1.0 if form == word else INFLECTED)
        return list(results.items())

    def beginning(self, prefix: str) -> list[range]:
        """Return the numbers of the words that begin so, as ranges without empty ones."""
        results: list[range] = []
        for first, words in zip(self._first, self._layers, strict=False):
            at = bisect_left(words, prefix)
            if at < len(words) and words[at].startswith(prefix):
                results.append(range(first + at, first + bisect_left(words, prefix + _LAST)))
        return results

    def inside(self, part: str) -> list[range]:
        """Return some words that have the part within: "phone" in "headphones"."""
        if len(part) < SHORTEST_INSIDE:
            return []
        if self._joined is None:
            self._joined = "\n" + "\n".join(word for layer in self._layers for word in layer) + "\n"
        results: list[range] = []
        text, at = self._joined, self._joined.find(part)
        while at >= 0 and len(results) < MOST_INSIDE:
            end = text.index("\n", at)
            number = self.number(text[text.rindex("\n", 0, at) + 1 : end])
            if number is not None:
                results.append(range(number, number + 1))
            at = text.find(part, end)
        return results

    def meant(self, tokens: Sequence[str]) -> list[str]:
        """Join and split words so that the shop knows them: "head phones" -> "headphones"."""
        out: list[str] = []
        at = 0
        while at < len(tokens):
            word = tokens[at]
            after = tokens[at + 1] if at + 1 < len(tokens) else ""
            unknown = not self.known(word) or not self.known(after)
            if after and unknown and self.known(word + after):
                out.append(word + after)
                at += 2
                continue
            at += 1
            halves = None if self.known(word) or self.close(word) else self._halves(word)
            out += halves or [word]
        return out

    def _halves(self, word: str) -> list[str] | None:
        for cut in range(3, len(word) - 2):
            if self.known(word[:cut]) and self.known(word[cut:]):
                return [word[:cut], word[cut:]]
        return self._part(word)

    def _part(self, word: str) -> list[str] | None:
        """The longest part the shop knows of a word that its language may join of two: the last one decides."""
        joints = compound_joints(self.tables.code)
        if not joints:
            return None
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            if self.known(word[cut:]):
                return [word[cut:]]
        for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            for joint in joints:
                if word[:cut].endswith(joint) and self.known(part := word[: cut - len(joint)]):
                    return [part] if len(part) >= SHORTEST_PART else None
        return None

    def _close(self, word: str) -> tuple[int, ...]:
        """Return words one edit away (letter left out, added, replaced, or two swapped)."""
        if not may_be_mistyped(word):
            return ()
        numbers = (
            self.number(other) for other in dict.fromkeys(one_edit_away(word, self._letters))
        )
        neighbours = [number for number in numbers if number is not None]
        # Whoever misspells "headphones" means "headphone" too.
        forms = [form for number in neighbours for form, _ in self.known(self.word(number))]
        return tuple(dict.fromkeys([*neighbours, *forms]))

    def _close_beginnings(self, prefix: str) -> tuple[range, ...]:
        """Return the words that begin with something one edit away."""
        if not may_be_mistyped(prefix):
            return ()
        others = dict.fromkeys(one_edit_away(prefix, self._letters))
        return tuple(
            numbers
            for other in others
            # The first letter is hardly ever wrong, and there is too much to offer without it.
            if other[:1] == prefix[:1]
            for numbers in self.beginning(other)
        )


def sorted_words(words: Iterable[str]) -> list[str]:
    """Return words as ``TypoIndex`` takes them."""
    return sorted(set(words))
