"""Type-ahead: the shop's own words that go on from what was typed; each of them finds something.

The entries are sorted by rank once, so that of all entries that fit the smallest numbers are the best; what
fits one typed word is one stretch of the postings, because words that begin alike are neighbours. Both
together make a keystroke cost a few array operations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catalog.parsing.text import Language
from catalog.search.postings import postings_of
from catalog.search.typos import TypoIndex
from catalog.store import Catalog
from catalog.types import FacetKind, Product
from nlu.lexical.words import fold, terms, words

LONGEST = 80
"""Letters; a longer title does not fit the line of a suggestion."""
_ORDER = {"value": 0, "range": 1, "product": 2}
RANGE_LEAST = 3
"""Titles that begin alike make a suggestion of their own from this many on."""
RANGE_WORDS = 3
"""Words at the front of titles that may name a range of goods ("Trail Runner Pro")."""
MOST_CHECKED = 400
"""So many of the best entries are looked at to see whether they begin with all that was typed."""

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
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


Renewed = Callable[[Completion], Completion | None]
"""Brings a suggestion up to date; None when nothing is behind it any more."""


class Suggester:
    """All suggestions of a shop, by the beginnings of their words.

    Args:
        entries: The suggestions, such as ``entries_of`` a catalog.
        tables: Of the shop's language.
    """

    def __init__(self, entries: Iterable[Completion], tables: Language) -> None:
        best = sorted(_distinct(entries), key=_rank)
        self._entries = [entry for entry, _ in best]
        texts = [text for _, text in best]
        self._postings = postings_of(map(terms, texts))
        self._words = TypoIndex(self._postings.words, tables)
        number = self._postings.number
        self._first = np.fromiter(
            (number(words(text)[0]) or 0 for text in texts), np.int32, len(texts)
        )

    def suggest(
        self, typed: str, limit: int, renewed: Renewed | None = None, *, guess: bool = True
    ) -> tuple[Completion, ...]:
        """Return suggestions in which every typed word begins a word.

        Args:
            typed: As typed so far; the last word is usually unfinished.
            limit: At most so many.
            renewed: Brings each up to date or drops it, for a shop that has changed since.
            guess: Whether a word that begins nothing may be taken for another one.

        Returns:
            What begins with the text first, then facet values, then the most products behind.
        """
        tokens = words(typed)
        if not tokens or limit <= 0:
            return ()
        numbers = self._all_of(tokens, guess=guess)
        out: list[Completion] = []
        for number in self._sorted(numbers, fold(typed).strip(), tokens[0], limit):
            entry: Completion | None = self._entries[number]
            if renewed is not None and entry is not None:
                entry = renewed(entry)
            if entry is not None:
                out.append(entry)
            if len(out) == limit:
                break
        return tuple(out)

    def _all_of(self, tokens: Sequence[str], *, guess: bool) -> Numbers:
        """Numbers of the entries that fit every token, ascending."""
        fits: NDArray[np.bool_] | None = None
        for token in tokens:
            token_fits = np.zeros(len(self._entries), dtype=bool)
            for stretch in self._readings(token, guess=guess):
                token_fits[self._postings.between(stretch.start, stretch.stop)] = True
            fits = token_fits if fits is None else fits & token_fits
            if not fits.any():
                break
        return np.flatnonzero(fits).astype(np.int32) if fits is not None else np.zeros(0, np.int32)

    def _readings(self, token: str, *, guess: bool) -> Iterable[range]:
        """Words that begin so; else one edit away; else words that begin one edit away or have it inside."""
        begun = self._words.beginning(token)
        if begun or not guess:
            return begun
        close = [range(number, number + 1) for number in self._words.close(token)]
        return close or self._words.close_beginnings(token) or self._words.inside(token)

    def _sorted(self, found: Numbers, start: str, token: str, limit: int) -> Iterable[int]:
        """What begins with the whole text, then the rest; both in the order of the entries."""
        stretches = self._words.beginning(token)
        first = self._first[found]
        begins = np.zeros(len(found), dtype=bool)
        for stretch in stretches:
            begins |= (first >= stretch.start) & (first < stretch.stop)
        candidates = found[begins][: max(MOST_CHECKED, 4 * limit)]
        sure = [n for n in candidates.tolist() if fold(self._entries[n].text).startswith(start)]
        yield from sure
        have = set(sure)
        yield from (number for number in found.tolist() if number not in have)


def entries_of(catalog: Catalog) -> Iterable[Completion]:
    """All suggestions of a catalog."""
    yield from _values(catalog)
    yield from _ranges(catalog)
    yield from products_of(catalog.products)


def later_entries(before: Catalog, now: Catalog, late: Iterable[Product]) -> Iterable[Completion]:
    """Suggestions that a catalog has since it changed: later products, values nothing had before."""
    had = {
        (facet.key, facet_value.value)
        for facet in before.facets.values()
        for facet_value in facet.values
        if facet_value.count
    }
    for entry in _values(now):
        value = True if entry.value is True else entry.value
        if (entry.facet, value) not in had:
            yield entry
    yield from products_of(late)


class SuggestionRefresher:
    """Brings suggestions of a catalog up to date with what became of it.

    Args:
        now: The catalog as it is.
        gone: Products that were there when the suggestions were made, with the words they had.
        came: Products that came since, or are described otherwise.
    """

    def __init__(self, now: Catalog, gone: Iterable[Product], came: Iterable[Product]) -> None:
        self._now = now
        self._counts = {
            (facet.key, value.value): value.count
            for facet in now.facets.values()
            for value in facet.values
            if isinstance(value.value, str | bool)
        }
        self._change: Counter[str] = Counter()
        for product in gone:
            self._change.subtract(beginnings(product.title))
        for product in came:
            self._change.update(beginnings(product.title))

    def __call__(self, entry: Completion) -> Completion | None:
        """The suggestion as it is now; None when nothing is behind it any more."""
        if entry.kind == "product":
            product = self._now.product(entry.product_id or "")
            return entry if product is not None and product.title == entry.text else None
        if entry.kind == "range":
            count = entry.count + self._change.get(entry.text, 0)
        else:
            count = self._counts.get((entry.facet or "", entry.value or False), 0)
        if count <= 0:
            return None
        return entry if count == entry.count else replace(entry, count=count)


def merged(
    typed: str, first: Sequence[Completion], late: Sequence[Completion], limit: int
) -> tuple[Completion, ...]:
    """Put two lists of suggestions together in their common order."""
    start = fold(typed).strip()
    best: dict[str, Completion] = {}
    for completion in (*first, *late):
        best.setdefault(fold(completion.text).strip(), completion)
    order = sorted(
        best.items(), key=lambda pair: (not pair[0].startswith(start), _rank((pair[1], pair[0])))
    )
    return tuple(completion for _, completion in order[:limit])


def beginnings(title: str) -> set[str]:
    """Return how a title begins: its first words, where more follow."""
    parts = title.split()
    return {" ".join(parts[:size]) for size in range(1, RANGE_WORDS + 1) if len(parts) > size}


def products_of(products: Iterable[Product]) -> Iterable[Completion]:
    """A suggestion for each product."""
    for product in products:
        if product.title.strip():
            yield Completion(text=product.title, kind="product", count=1, product_id=product.id)


def _values(catalog: Catalog) -> Iterable[Completion]:
    for facet in catalog.facets.values():
        if facet.kind is FacetKind.NUMBER:
            continue
        for value in facet.values:
            if not value.count or isinstance(value.value, float) or value.value is False:
                continue
            text = facet.label if value.value is True else str(value.value)
            if len(text) <= LONGEST and any(char.isalpha() for char in text) and len(text) > 1:
                yield Completion(
                    text=text, kind="value", count=value.count, facet=facet.key, value=value.value
                )


def _ranges(catalog: Catalog) -> Iterable[Completion]:
    """Offer what several titles begin with, where a brand has no column: "Sony", "HP HyperX"."""
    counts: Counter[str] = Counter()
    for product in catalog.products:
        counts.update(beginnings(product.title))
    for text, count in counts.items():
        if count >= RANGE_LEAST and len(text) > 2 and text[-1:] not in "-,:&/(":
            yield Completion(text=text, kind="range", count=count)


def _rank(entry: tuple[Completion, str]) -> tuple[int, int, int, str]:
    completion, text = entry
    return (_ORDER[completion.kind], -completion.count, len(text), text)


def _distinct(entries: Iterable[Completion]) -> list[tuple[Completion, str]]:
    """Keep one entry of each text: the one with the most products behind it."""
    best: dict[str, Completion] = {}
    for entry in entries:
        text = fold(entry.text).strip()
        if text not in best or best[text].count < entry.count:
            best[text] = entry
    return [(entry, text) for text, entry in best.items() if words(text)]
