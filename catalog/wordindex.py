"""Which products a few words name: an inverted index that forgives.

Scores are BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over fields that
count by their weight. A word the shop does not know is looked up with one edit in the shop's own
vocabulary, joined with its neighbour, or split in two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.text import Language, joined_words, words

K1 = 1.2
B = 0.5
INFLECTED = 0.9
UNFINISHED = 0.6
MISSPELT = 0.5
SHORTEST_TYPO = 4
"""Shorter words have too many neighbours one edit away."""
MOST_PREFIXED = 256
REMEMBERED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A text of a product."""

    text: str
    """As the catalog has it."""
    weight: float
    """How much a word here counts; 1 is ordinary."""
    strong: bool
    """The text says what the product is; a word in a description only hints at it."""


@dataclass(frozen=True, slots=True)
class WordMatch:
    """What the words of a query name."""

    scores: NDArray[np.float32]
    """[n] BM25, 0 where no word matches."""
    named: NDArray[np.int16]
    """[n] Words of the query found in the product."""
    strongly: NDArray[np.int16]
    """[n] The same, in fields that say what the product is."""
    asked: int
    """Words of the query that carry a wish."""


class Words:
    """The sorted distinct words of a shop, and how to find the one that was meant.

    Args:
        vocabulary: Folded words.
        tables: Plurals and spellings of the shop's language.
    """

    def __init__(self, vocabulary: Iterable[str], tables: Language) -> None:
        self.all = sorted(set(vocabulary))
        self.tables = tables
        self._number = {word: number for number, word in enumerate(self.all)}
        self._by_length: dict[int, list[str]] = {}
        for word in self.all:
            self._by_length.setdefault(len(word), []).append(word)
        self.close = lru_cache(maxsize=REMEMBERED)(self._close)

    def number(self, word: str) -> int | None:
        """Return the number of a word, None when the shop does not use it."""
        return self._number.get(word)

    def known(self, word: str) -> list[tuple[int, float]]:
        """Return the word in all its forms as (number, factor)."""
        found: dict[int, float] = {}
        forms = [word, self.tables.singular(word), self.tables.plural(word)]
        for form in [*forms, *self.tables.respelled(word)]:
            number = self._number.get(form)
            if number is not None:
                found.setdefault(number, 1.0 if form == word else INFLECTED)
        return list(found.items())

    def prefixed(self, prefix: str) -> range:
        """Return the numbers of the words that begin so."""
        return range(bisect_left(self.all, prefix), bisect_left(self.all, prefix + "\U0010ffff"))

    def _close(self, word: str) -> tuple[int, ...]:
        """Return words one edit away (letter left out, added, replaced, or two swapped)."""
        if len(word) < SHORTEST_TYPO or any(char.isdigit() for char in word):
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found: list[int] = []
        for length in (len(word) - 1, len(word), len(word) + 1):
            near = process.extract_iter(
                word, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=1
            )
            found += [self._number[match[0]] for match in near]
        # Whoever misspells "headphones" means "headphone" too.
        forms = [form for number in found for form, _ in self.known(self.all[number])]
        return tuple(dict.fromkeys([*found, *forms]))

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
        return None


class WordIndex:
    """Inverted index over the products' texts; never changed once built.

    Args:
        documents: The fields of each product, in the order of the catalog.
        tables: Of the shop's language.
    """

    def __init__(self, documents: Sequence[Sequence[Field]], tables: Language) -> None:
        self._size = len(documents)
        self._tables = tables
        bags = [_bag(fields) for fields in documents]
        self.words = Words((word for bag in bags for word in bag), tables)
        self._fill(bags)

    def _fill(self, bags: list[dict[str, tuple[float, bool]]]) -> None:
        number = self.words.number
        entries = [
            (number(word) or 0, row, weight, strong)
            for row, bag in enumerate(bags)
            for word, (weight, strong) in bag.items()
        ]
        table = np.array(entries, dtype=np.float64).reshape(-1, 4)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        ids = table[:, 0].astype(np.int64)
        self._rows = table[:, 1].astype(np.int32)
        self._strong = table[:, 3] > 0
        frequency = np.bincount(ids, minlength=len(self.words.all))
        self._starts = np.concatenate(([0], np.cumsum(frequency)))
        rarity = np.log1p((self._size - frequency + 0.5) / (frequency + 0.5))
        lengths = np.zeros(max(self._size, 1))
        np.add.at(lengths, self._rows, table[:, 2])
        usual = lengths.mean() or 1.0
        weight = table[:, 2]
        norm = K1 * (1 - B + B * lengths[self._rows] / usual)
        self._impact = (rarity[ids] * weight * (K1 + 1) / (weight + norm)).astype(np.float32)

    def match(self, query: str, *, unfinished: bool = False) -> WordMatch:
        """Look a query up.

        Args:
            query: As typed.
            unfinished: The last word may be the beginning of one.
        """
        tokens = self.words.meant(self._tables.content(words(query)))
        scores = np.zeros(self._size, dtype=np.float32)
        named = np.zeros(self._size, dtype=np.int16)
        strongly = np.zeros(self._size, dtype=np.int16)
        for place, token in enumerate(tokens):
            last = unfinished and place == len(tokens) - 1
            found, strong = self._one(self._expanded(token, unfinished=last))
            scores += found
            named += found > 0
            strongly += strong
        return WordMatch(scores, named, strongly, len(tokens))

    def _expanded(self, token: str, *, unfinished: bool) -> list[tuple[int, float]]:
        found = self.words.known(token)
        if unfinished and len(token) >= 2:
            have = {number for number, _ in found}
            longer = self.words.prefixed(token)[:MOST_PREFIXED]
            found += [(number, UNFINISHED) for number in longer if number not in have]
        found = found or [(number, MISSPELT) for number in self.words.close(token)]
        if not found and len(token) >= 3:  # "ful bodied": cut short, or typed in a hurry
            return [(number, MISSPELT) for number in self.words.prefixed(token)[:MOST_PREFIXED]]
        return found

    def _one(
        self, expansions: Iterable[tuple[int, float]]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Score one word of the query: the best of its readings in each product."""
        best = np.zeros(self._size, dtype=np.float32)
        strong = np.zeros(self._size, dtype=bool)
        for number, factor in expansions:
            part = slice(int(self._starts[number]), int(self._starts[number + 1]))
            rows = self._rows[part]
            best[rows] = np.maximum(best[rows], self._impact[part] * np.float32(factor))
            strong[rows] |= self._strong[part]
        return best, strong


def _bag(fields: Iterable[Field]) -> dict[str, tuple[float, bool]]:
    """Count the words of a product by weight."""
    bag: dict[str, tuple[float, bool]] = {}
    for field in fields:
        for word in [*words(field.text), *joined_words(field.text)]:
            weight, strong = bag.get(word, (0.0, False))
            bag[word] = (weight + field.weight, strong or field.strong)
    return bag


def rows_by_word(
    texts: Sequence[str], take: Callable[[str], Iterable[str]]
) -> dict[str, list[int]]:
    """Return word -> ascending numbers of the texts that have it."""
    found: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        for word in dict.fromkeys(take(text)):
            found.setdefault(word, []).append(number)
    return found
