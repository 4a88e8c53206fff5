"""Which products a message names: "tell me about the Barolo Riserva"."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from catalog.store import Catalog
from catalog.text import Language, compounds, joined_words, squeeze, words
from catalog.types import FacetKind
from catalog.wordindex import Words, rows_by_word

COVERED = 0.5
"""Share of a title's weight that has to be named."""
NEAR_BEST = 0.9
MOST_NAMED = 12
"""When more titles than this fit equally, none of them was meant."""
MOST_PRODUCTS = 4
"""Different products that one message may name: "compare A, B and C"."""
MOST_SHARED = 4
SHORTEST_ID = 4
LONG_NUMBER = 6


class Mentions:
    """Finds products by their titles and item numbers inside a sentence.

    A word weighs by how rare it is among the titles, so that a model number outweighs a brand. Words
    that are also facet values ("merlot", "black") name a product only together with others.

    Args:
        catalog: The products.
        tables: Of the shop's language.
        ids: Squeezed item number -> position.
    """

    def __init__(self, catalog: Catalog, tables: Language, ids: dict[str, int]) -> None:
        self._tables = tables
        self._ids = ids
        titles = [product.title for product in catalog.products]
        self._titles = [tuple(dict.fromkeys(tables.content(words(title)))) for title in titles]
        self._rows_of = rows_by_word(titles, lambda title: tables.content(words(title)))
        for word, rows in rows_by_word(titles, joined_words).items():
            self._rows_of.setdefault(word, rows)
        self._words = Words(self._rows_of, tables)
        self._common = _facet_words(catalog, tables)
        size = max(len(titles), 1)
        self._weight = {word: math.log1p(size / len(rows)) for word, rows in self._rows_of.items()}
        for title in titles:  # an item number written as one word weighs what its parts do
            for joined, parts in compounds(title):
                together = sum(self._weight.get(part, 0.0) for part in parts)
                self._weight[joined] = max(self._weight[joined], together)
        self._whole = np.array(
            [sum(self._weight[word] for word in title) for title in self._titles], dtype=np.float64
        )

    def find(self, text: str) -> list[int]:
        """Return positions of the products named in the text, best first; empty when none is.

        Several come back when they are named equally well, such as one wine in three vintages.
        """
        by_id = self._by_id(text)
        if by_id:
            return by_id
        found = self._named(text)
        rows: list[int] = []
        for _ in range(MOST_PRODUCTS):
            best = self._best(found)
            if not best:
                break
            rows += best if len(best) <= MOST_NAMED else []
            # What names the first product says nothing about a second one.
            used = {word for row in best for word in found[row]}
            found = {row: _without(named, used) for row, named in found.items()}
        return list(dict.fromkeys(rows))

    def _named(self, text: str) -> dict[int, dict[str, float]]:
        """Return for each product the words of its title that the text has, and how surely."""
        said = [word for word in words(text) if word not in self._tables.function_words]
        found: dict[int, dict[str, float]] = {}
        for word in dict.fromkeys([*said, *joined_words(text)]):
            for title_word, factor in self._readings(word):
                for row in self._rows_of[title_word]:
                    named = found.setdefault(row, {})
                    named[title_word] = max(named.get(title_word, 0.0), factor)
        return found

    def _best(self, found: dict[int, dict[str, float]]) -> list[int]:
        scored = [(self._score(row, named), row) for row, named in found.items() if named]
        best = max(scored, default=(0.0, 0))[0]
        if best <= 0:
            return []
        return [row for _, row in sorted((-s, row) for s, row in scored if s >= NEAR_BEST * best)]

    def _readings(self, word: str) -> Iterable[tuple[str, float]]:
        known = self._words.known(word)
        if not known and word not in self._common and len(word) >= 5:
            known = [(number, 0.8) for number in self._words.close(word)]
        return [(self._words.all[number], factor) for number, factor in known]

    def _score(self, row: int, named: dict[str, float]) -> float:
        """Weight of what was named times the share of the title it covers; 0 when that is no naming."""
        title = self._titles[row]
        weight = sum(self._weight[word] * factor for word, factor in named.items())
        covered = min(1.0, weight / self._whole[row]) if self._whole[row] else 0.0
        complete = all(word in named for word in title)
        distinctive = any(word not in self._common for word in named)
        if complete and (distinctive or len(title) > 1):
            return weight
        # One word alone has to belong to this title and hardly any other: "the Susvara".
        alone = len(named) < 2 and all(len(self._rows_of[word]) > MOST_SHARED for word in named)
        if covered < COVERED or not distinctive or alone:
            return 0.0
        return weight * covered

    def _by_id(self, text: str) -> list[int]:
        found = []
        for part in text.split():
            number = squeeze(part)
            # "10000" in "under 10000" is a price; a bare number is an item's only when it is marked or long.
            clear = not number.isdigit() or part.startswith("#") or len(number) >= LONG_NUMBER
            if len(number) >= SHORTEST_ID and clear and any(char.isdigit() for char in number):
                row = self._ids.get(number)
                if row is not None:
                    found.append(row)
        return list(dict.fromkeys(found))


def _without(named: dict[str, float], used: set[str]) -> dict[str, float]:
    return {word: factor for word, factor in named.items() if word not in used}


def _facet_words(catalog: Catalog, tables: Language) -> frozenset[str]:
    """Collect the words of values, facets and nouns; they describe many products."""
    texts = [catalog.config.noun, catalog.config.nouns]
    for facet in catalog.facets.values():
        texts += [facet.label, facet.key, *facet.names]
        if facet.kind is FacetKind.CATEGORY and facet.askable:
            texts += [str(one.value) for one in facet.values if one.count > 1]
    found = {word for text in texts for word in words(text.replace("_", " "))}
    return frozenset(
        form for word in found for form in (word, tables.singular(word), tables.plural(word))
    )
