"""Type-ahead: the shop's own words that go on from what was typed; each of them finds something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from catalog.store import Catalog
from catalog.text import Language, fold, joined_words, words
from catalog.types import FacetKind
from catalog.wordindex import Words, rows_by_word

LONGEST = 80
_ORDER = {"value": 0, "range": 1, "product": 2}
RANGE_LEAST = 3
"""Titles that begin alike make a suggestion of their own from this many on."""
MOST_READINGS = 2_000
"""Words a very short prefix is read as; more would only be sorted away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A way to go on typing."""

    text: str
    """As shown; searching for it finds at least one product."""
    kind: str
    """"value" of a facet, "range" for how several titles begin, or "product"."""
    count: int
    """Products behind it."""
    facet: str | None = None
    """Of a value, the facet's key."""
    value: str | bool | None = None
    """Of a value, as it stands in ``Product.facets``."""
    product_id: str | None = None
    """Of a product."""


class Suggester:
    """All suggestions of a shop, by the beginnings of their words.

    Args:
        catalog: The products.
        tables: Of the shop's language.
    """

    def __init__(self, catalog: Catalog, tables: Language) -> None:
        self._entries = _distinct([*_values(catalog), *_ranges(catalog), *_products(catalog)])
        self._folded = [fold(entry.text) for entry in self._entries]
        texts = [entry.text for entry in self._entries]
        self._entries_of = rows_by_word(texts, lambda text: [*words(text), *joined_words(text)])
        self._words = Words(self._entries_of, tables)

    def suggest(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """Return suggestions in which every typed word begins a word.

        Args:
            typed: As typed so far; the last word is usually unfinished.
            limit: At most so many.

        Returns:
            What begins with the text first, then facet values, then the most products behind.
        """
        tokens = words(typed)
        if not tokens or limit <= 0:
            return ()
        found: set[int] | None = None
        for token in tokens:
            entries = self._beginning_with(token)
            found = entries if found is None else found & entries
            if not found:
                return ()
        start = fold(typed).strip()
        return tuple(
            self._entries[number]
            for number in sorted(found or (), key=lambda number: self._rank(number, start))[:limit]
        )

    def _beginning_with(self, token: str) -> set[int]:
        readings: Iterable[int] = self._words.prefixed(token)[:MOST_READINGS]
        if not readings:
            readings = self._words.close(token)
        return {entry for word in readings for entry in self._entries_of[self._words.all[word]]}

    def _rank(self, number: int, start: str) -> tuple[bool, int, int, int, str]:
        entry, text = self._entries[number], self._folded[number]
        return (not text.startswith(start), _ORDER[entry.kind], -entry.count, len(text), text)


def _values(catalog: Catalog) -> Iterable[Suggestion]:
    for facet in catalog.facets.values():
        if facet.kind is FacetKind.NUMBER:
            continue
        for one in facet.values:
            if not one.count or isinstance(one.value, float) or one.value is False:
                continue
            text = facet.label if one.value is True else str(one.value)
            if len(text) <= LONGEST and any(char.isalpha() for char in text) and len(text) > 1:
                yield Suggestion(
                    text=text, kind="value", count=one.count, facet=facet.key, value=one.value
                )


def _ranges(catalog: Catalog) -> Iterable[Suggestion]:
    """Offer what several titles begin with, where a brand has no column: "Sony", "HP HyperX"."""
    counts: Counter[str] = Counter()
    for product in catalog.products:
        parts = product.title.split()
        counts.update({" ".join(parts[:size]) for size in (1, 2, 3) if len(parts) > size})
    for text, count in counts.items():
        if count >= RANGE_LEAST and len(text) > 2 and text[-1:] not in "-,:&/(":
            yield Suggestion(text=text, kind="range", count=count)


def _products(catalog: Catalog) -> Iterable[Suggestion]:
    for product in catalog.products:
        if product.title.strip():
            yield Suggestion(text=product.title, kind="product", count=1, product_id=product.id)


def _distinct(entries: Iterable[Suggestion]) -> list[Suggestion]:
    """Keep one entry of each text: the one with the most products behind it."""
    best: dict[str, Suggestion] = {}
    for entry in entries:
        text = fold(entry.text)
        if words(text) and (text not in best or best[text].count < entry.count):
            best[text] = entry
    return list(best.values())
