"""Which products a message names: "tell me about the Barolo Riserva"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.parsing.text import Language
from catalog.search.postings import postings_of
from catalog.search.typos import TypoIndex, sorted_words
from catalog.store import Catalog
from catalog.types import FacetKind
from nlu.lexical.words import compounds, joined_words, squeeze, words

Mask = NDArray[np.bool_]

COVERED = 0.5
"""Share of a title's weight that has to be named."""
NEAR_BEST = 0.9
"""Share of the best score from which a product may be meant as well."""
MOST_NAMED = 12
"""When more titles than this fit equally, none of them was meant."""
MOST_PRODUCTS = 4
"""Different products that one message may name: "compare A, B and C"."""
MOST_SHARED = 4
"""Products up to which a word of a title points to them and not to a kind."""
SHORTEST_ID = 4
"""Letters and digits of an article number that stands in a sentence."""
LONG_NUMBER = 6
"""Digits from which a bare number is an article number rather than an amount."""


class Titles:
    """Titles by their words.

    Args:
        titles: In the order of their rows.
        tables: Of the shop's language.
        before: Titles that were there earlier; what they weigh a word, it weighs here.
    """

    def __init__(
        self, titles: Sequence[str], tables: Language, before: Titles | None = None
    ) -> None:
        content = [list(dict.fromkeys(tables.content(words(title)))) for title in titles]
        self.length = np.fromiter(map(len, content), np.int32, len(content))
        self._plain = postings_of(content)
        number_of = self._plain.number
        # Compounds written as one, only where that is no word by itself.
        joined = ([w for w in joined_words(title) if number_of(w) is None] for title in titles)
        self._joined = postings_of(joined)
        size = max(len(titles), 1) if before is None else len(before.length)
        self._weights = [
            np.log1p(size / np.maximum(np.diff(postings.starts), 1))
            for postings in (self._plain, self._joined)
        ]
        if before is not None:
            for number, word in enumerate(self._plain.words):
                self._weights[0][number] = before.weight(word) or self._weights[0][number]
        self._whole = np.zeros(len(titles))
        per_row = np.repeat(self._weights[0], np.diff(self._plain.starts))
        np.add.at(self._whole, self._plain.rows, per_row)
        self._weigh_compounds(titles)

    def _weigh_compounds(self, titles: Sequence[str]) -> None:
        """An item number written as one word weighs what its parts do."""
        for title in titles:
            for word, parts in compounds(title):
                at = self._joined.number(word)
                if at is not None:
                    together = sum(self.weight(part) for part in parts)
                    self._weights[1][at] = max(float(self._weights[1][at]), together)

    @property
    def words(self) -> list[str]:
        """Every word, sorted."""
        return sorted_words([*self._plain.words, *self._joined.words])

    def weight(self, word: str) -> float:
        """How much it says that a word was said; 0 for one that no title has."""
        for postings, weights in zip((self._plain, self._joined), self._weights, strict=True):
            number = postings.number(word)
            if number is not None:
                return float(weights[number])
        return 0.0

    def rows(self, word: str) -> tuple[NDArray[np.int32], bool]:
        """Rows whose title has the word, and whether it is one of the words a title consists of."""
        number = self._plain.number(word)
        if number is not None:
            return self._plain.of(number), True
        number = self._joined.number(word)
        return (self._plain.rows[:0] if number is None else self._joined.of(number)), False

    def scores(
        self, word_factors: Mapping[str, float], common: frozenset[str]
    ) -> NDArray[np.float64]:
        """Weight of what was named times the share of the title it covers; 0 when that is no naming."""
        size = len(self.length)
        weight, hits = np.zeros(size), np.zeros(size, dtype=np.int32)
        whole, distinctive, rare = hits.copy(), hits > 0, hits > 0
        for word, factor in word_factors.items():
            rows, plain = self.rows(word)
            weight[rows] += self.weight(word) * factor
            hits[rows] += 1
            whole[rows] += plain
            distinctive[rows] |= word not in common
            rare[rows] |= len(rows) <= MOST_SHARED
        complete = (whole == self.length) & (distinctive | (self.length > 1)) & (hits > 0)
        covered = np.minimum(1.0, weight / np.where(self._whole > 0, self._whole, np.inf))
        # One word alone has to belong to this title and hardly any other: "the Susvara".
        partly = (covered >= COVERED) & distinctive & ((hits > 1) | rare)
        scores: NDArray[np.float64] = np.where(partly, weight * covered, 0.0)
        return np.where(complete, weight, scores)


class Mentions:
    """Finds products by their titles and item numbers inside a sentence.

    A word weighs by how rare it is among the titles, so that a model number outweighs a brand. TypoIndex
    that are also facet values ("merlot", "black") name a product only together with others.

    Args:
        layers: Titles; the rows of a layer follow on those of the layer before.
        tables: Of the shop's language.
        common: TypoIndex that describe many products, see ``facet_words``.
        row_of: Squeezed item number -> row, None for a number the shop does not have.
    """

    def __init__(
        self,
        layers: Sequence[Titles],
        tables: Language,
        common: frozenset[str],
        row_of: Callable[[str], int | None],
    ) -> None:
        self.layers = layers
        self._tables = tables
        self._common = common
        self._row_of = row_of
        first = layers[0].words
        later = {word for layer in layers[1:] for word in layer.words}
        self._words = TypoIndex(first, tables, sorted_words(later.difference(first)))

    def find(self, text: str, alive: Mask | None = None) -> list[int]:
        """Return rows of the products named in the text, best first; empty when none is.

        Several come back when they are named equally well, such as one wine in three vintages.

        Args:
            text: What was said.
            alive: [rows] False where a product is gone; None when all are there.
        """
        by_id = [row for row in self._by_id(text) if alive is None or alive[row]]
        if by_id:
            return by_id
        word_factors = self._named(text)
        rows: list[int] = []
        for _ in range(MOST_PRODUCTS):
            best = self._best(word_factors, alive) if word_factors else []
            if not best:
                break
            rows += best if len(best) <= MOST_NAMED else []
            # What names the first product says nothing about a second one.
            word_factors = {
                word: factor for word, factor in word_factors.items() if not self._in(word, best)
            }
        return list(dict.fromkeys(rows))

    def _named(self, text: str) -> dict[str, float]:
        """Return the words of titles that the text has, and how surely it means them."""
        content_words = [word for word in words(text) if word not in self._tables.function_words]
        results: dict[str, float] = {}
        for word in dict.fromkeys([*content_words, *joined_words(text)]):
            candidates = self._words.known(word)
            if not candidates and word not in self._common and len(word) >= 5:
                candidates = [(number, 0.8) for number in self._words.close(word)]
            for number, factor in candidates:
                title_word = self._words.word(number)
                results[title_word] = max(results.get(title_word, 0.0), factor)
        return results

    def _best(self, word_factors: Mapping[str, float], alive: Mask | None) -> list[int]:
        """Return the rows that are named best, or nearly so."""
        scores = np.concatenate([layer.scores(word_factors, self._common) for layer in self.layers])
        if alive is not None:
            scores[~alive] = 0.0
        best = scores.max(initial=0.0)
        if best <= 0:
            return []
        rows = np.flatnonzero(scores >= NEAR_BEST * best)
        return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")]]

    def _in(self, word: str, rows: Sequence[int]) -> bool:
        first = 0
        for layer in self.layers:
            inside = [row - first for row in rows if first <= row < first + len(layer.length)]
            if inside and np.isin(inside, layer.rows(word)[0]).any():
                return True
            first += len(layer.length)
        return False

    def _by_id(self, text: str) -> list[int]:
        results = []
        for part in text.split():
            number = squeeze(part)
            # "10000" in "under 10000" is a price; a bare number is an item's only when it is marked or long.
            clear = not number.isdigit() or part.startswith("#") or len(number) >= LONG_NUMBER
            if len(number) >= SHORTEST_ID and clear and any(char.isdigit() for char in number):
                row = self._row_of(number)
                if row is not None:
                    results.append(row)
        return list(dict.fromkeys(results))


def facet_words(catalog: Catalog, tables: Language) -> frozenset[str]:
    """Collect the words of values, facets and nouns; they describe many products."""
    texts = [catalog.config.noun, catalog.config.nouns]
    for facet in catalog.facets.values():
        texts += [facet.label, facet.key, *facet.names]
        if facet.kind is FacetKind.CATEGORY and facet.askable:
            texts += [str(value.value) for value in facet.values if value.count > 1]
    base_words = {word for text in texts for word in words(text.replace("_", " "))}
    return frozenset(
        form for word in base_words for form in (word, tables.singular(word), tables.plural(word))
    )
