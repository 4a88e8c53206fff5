"""Search over one shop: words and meaning together, filtered before they are ranked."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.errors import FilterError
from catalog.parsing.text import language
from catalog.search.autocomplete import (
    Completion,
    Suggester,
    SuggestionRefresher,
    entries_of,
    later_entries,
    merged,
)
from catalog.search.exact import ExactIndex
from catalog.search.facet_counts import counts
from catalog.search.fields import documents, late_fields, marks_of
from catalog.search.filters import Filters, allowed_by
from catalog.search.inverted_index import WordIndex, WordMatch
from catalog.search.product_mentions import Mentions, Titles, facet_words
from catalog.search.query import QueryReader, QueryReading
from catalog.search.row_map import RowMap
from catalog.search.vector_index import VectorIndex
from catalog.store import Catalog
from catalog.types import Constraint, FacetValue, Operator, Product
from nlu.lexical.words import fold, squeeze

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]

RANK_OFFSET = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""
NEAR_COUNT = 100
"""Products that meaning alone may add to a result."""
NEAR_LEAST = 0.2
"""Cosine below which two texts have nothing to do with one another (all-MiniLM-L6-v2)."""
NEAR_SHARE = 0.75
"""Meaning adds what is at least this near, and this near compared with the nearest."""
COMPARED_ALL = 50_000
"""Products up to which a query is compared with every one; of more, with the nearest and the best named."""
MOST_COMPARED = 2_000
"""Products whose meaning is compared once their words match; the rest rank by words."""
MEASURED_ALL = 200_000
"""Products up to which all distances are computed within the time of a turn."""
MOST_MEASURED = 5_000
"""A wish in free words is measured against every product up to so many; of more, against the nearest."""
UNAVAILABLE = 0.5
"""What cannot be had now keeps this share of its score."""
LONGEST_QUERY = 500
"""Letters; the rest of a longer text is not read."""
REMEMBERED = 256
"""Queries whose similarities are kept: a turn asks for the same one several times."""


class QueryEncoder(Protocol):
    """What is needed of ``catalog.search.encoder.Encoder``."""

    def encode_query(self, text: str) -> Scores:
        """Return float32 [dimension] of unit length."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A product that was found."""

    product: Product
    """As the catalog has it."""
    position: int
    """Its row in the catalog."""
    score: float
    """Larger is better; comparable within one result only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A page of what was found, and how it could be narrowed."""

    hits: tuple[Hit, ...]
    """Best first, at most as many as asked for."""
    total: int
    """Products found on all pages."""
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    """Category and yes/no facets: values among all that was found, most frequent first, counts > 0."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Number facets: smallest and largest among all that was found."""
    cursor: str | None = None
    """Give it back for the next page; None on the last."""
    understood: tuple[tuple[Constraint, ...], ...] = ()
    """What numbers in the query were read as; each is met by any of its constraints."""


class Search:
    """Everything that finds products of one shop; may be used from several threads.

    Args:
        catalog: The products.
        index: Their vectors; None searches by words alone.
        encoder: Of the same model as the vectors; None searches by words alone.
        words: The words of the products, where they are stored; None builds them at first use.
    """

    def __init__(
        self,
        catalog: Catalog,
        index: VectorIndex | None = None,
        encoder: QueryEncoder | None = None,
        words: WordIndex | None = None,
    ) -> None:
        self._catalog = catalog
        self._index = index if encoder is not None else None
        self._encoder = encoder
        self._stored_words = words
        self._tables = language(catalog.config.locale)
        self._similar = lru_cache(maxsize=REMEMBERED)(self._similarities)
        self._slots = RowMap.first(len(catalog))
        self._late: Sequence[Product] = ()
        self._before: Search | None = None
        self._building = threading.RLock()

    def renewed(
        self,
        catalog: Catalog,
        slots: RowMap,
        late: Sequence[Product],
        index: VectorIndex | None = None,
    ) -> Search:
        """Return a search over what became of the catalog; shares everything that was built for this one.

        Args:
            catalog: The products as they are now.
            slots: Where they are; the first ones are of the catalog this search was made for.
            late: The products of the slots after those.
            index: Their vectors.
        """
        search = Search(catalog, index, self._encoder)
        search._slots, search._late, search._before = slots, late, self
        return search

    def sharing(self, other: Search) -> Search:
        """Take over what another renewed search built, when the same products were added; returns self."""
        if other._before is self._before and len(other._late) == len(self._late):
            for name in ("_words", "_mentions", "_exact_late", "_late_suggester"):
                if name in other.__dict__:
                    self.__dict__[name] = other.__dict__[name]
        return self

    def warm_up(self) -> None:
        """Build what is otherwise built by the first request of its kind."""
        self.meaning("something")
        self.mentioned("something")
        self.suggest("a", 1)
        self.search("something 5", {}, 1)

    def meaning(self, text: str) -> Scores | None:
        """Say how near every product is to a wish in free words.

        Returns:
            float32 [n], cosines -1 to 1 in catalog order, read-only; None without an encoder or a text.
            Of more than ``MEASURED_ALL`` products those beyond the nearest ``MOST_MEASURED`` count as
            near as the last of them.
        """
        text = text.strip()[:LONGEST_QUERY]
        if not text or self._index is None or not len(self._index):
            return None
        return self._similar(text)

    def relevance(self, text: str) -> Scores | None:
        """Say how well every product suits a wish in free words, by its words and by its meaning.

        Returns:
            float32 [n], about 0 to 2: the share of the wish's words that name the product (half for
            words that only its description has) plus the cosine of the meaning where an encoder is
            there; None when there is nothing to go by.
        """
        text = text.strip()[:LONGEST_QUERY]
        match = self._match(text)
        near = self.meaning(text)
        if not match.query_words:
            return near
        share = (match.strong_hits + match.word_hits) / (2 * match.query_words)
        return (share if near is None else share + near).astype(np.float32)

    def mentioned(self, text: str) -> list[int]:
        """Return positions of the products named in a message, best first."""
        text = text[:LONGEST_QUERY]
        if self._slots.same:
            return self._mentions.find(text)
        positions = self._slots.positions()
        rows = self._mentions.find(text, positions >= 0)
        return [int(positions[row]) for row in rows]

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Completion, ...]:
        """Return ways to go on typing, none of which leads to nothing."""
        prefix = prefix[:LONGEST_QUERY]
        if self._before is None:
            return self._suggester.suggest(prefix, limit)
        both = (self._before._suggester, self._late_suggester)
        for guess in (False, True):
            first, late = (
                suggester.suggest(prefix, limit, self._up, guess=guess) for suggester in both
            )
            if first or late:
                break
        return merged(prefix, first, late, limit)

    def search(
        self, query: str, filters: Filters, limit: int = 20, cursor: str | None = None
    ) -> SearchResult:
        """Find products.

        Args:
            query: Free words with numbers among them ("oak table under 200"), an item number, or
                nothing, which lists what passes the filters.
            filters: Facet key -> values as in an address (``filters.constraint_from``), or constraints.
            limit: Products of this page.
            cursor: Of the page before.

        Raises:
            FilterError: A filter or the cursor cannot be understood.
        """
        start = _offset(cursor)
        allowed = allowed_by(self._catalog, filters)
        query = query.strip()[:LONGEST_QUERY]
        reading, allowed = self._read(query, allowed)
        rows, scores = self._ranked(query, reading.text, allowed)
        end = start + max(limit, 0)
        hits = tuple(
            Hit(product=self._catalog.products[row], position=int(row), score=float(score))
            for row, score in zip(rows[start:end], scores[start:end], strict=True)
        )
        selection = np.zeros(len(self._catalog), dtype=bool)
        selection[rows] = True
        values, ranges = counts(self._catalog, selection)
        return SearchResult(
            hits=hits,
            total=len(rows),
            facets=values,
            ranges=ranges,
            cursor=str(end) if 0 < end < len(rows) else None,
            understood=reading.wishes,
        )

    def _read(self, query: str, allowed: Mask | None) -> tuple[QueryReading, Mask | None]:
        """Turn the numbers of a query into filters; a size that nothing has stays a word."""
        plain = QueryReading(text=query)
        if not query or self._exact(query):
            return plain, allowed
        reading = self._reader.read(query)
        if not reading.wishes:
            return plain, allowed
        inside = np.ones(len(self._catalog), dtype=bool) if allowed is None else allowed.copy()
        for wish in reading.wishes:
            met = np.zeros(len(self._catalog), dtype=bool)
            for constraint in wish:
                met |= self._catalog.matches(constraint)
            inside &= met
        bounded = any(_bounded(constraint) for wish in reading.wishes for constraint in wish)
        if not inside.any() and not bounded:
            return plain, allowed
        return reading, inside

    def _ranked(
        self, query: str, text: str, allowed: Mask | None
    ) -> tuple[NDArray[np.int64], Scores]:
        """Return the rows that were found, best first, and their scores."""
        size = len(self._catalog)
        inside = np.ones(size, dtype=bool) if allowed is None else allowed
        scores = np.zeros(size, dtype=np.float64)
        match = self._match(text)
        if not text or (not match.query_words and text != query):
            selection = inside.copy()
            scores[selection] = 1.0
        else:
            near = self._near(text, match, inside)
            selection = inside & self._found(match, near, inside)
            word_matches = selection & (match.word_hits > 0)
            # Words in a title or value first, then words anywhere, then how much they say.
            scores += _reciprocal_ranks(
                match.word_hits + match.strong_hits / 4 + match.scores / 1e4, word_matches
            )
            if near is not None:
                scores += _reciprocal_ranks(near, selection)
        scores[~self._catalog.available] *= UNAVAILABLE
        for bonus, row in enumerate(reversed(self._exact(query))):
            if inside[row]:
                selection[row] = True
                scores[row] += 10.0 + bonus
        rows = np.flatnonzero(selection)
        rows = rows[np.lexsort((rows, -scores[rows]))]
        return rows, scores[rows].astype(np.float32)

    def _match(self, text: str) -> WordMatch:
        match = self._words.match(text)
        if self._slots.same:
            return match
        take = self._slots.take
        return replace(
            match,
            scores=take(match.scores),
            word_hits=take(match.word_hits),
            strong_hits=take(match.strong_hits),
        )

    def _near(self, text: str, match: WordMatch, inside: Mask) -> Scores | None:
        """Cosines of the products that may be shown; -1 for those that are surely too far."""
        if self._index is None or self._encoder is None or len(self._index) <= COMPARED_ALL:
            return self.meaning(text)
        query = self._encoder.encode_query(text)
        near = np.full(len(self._catalog), -1.0, dtype=np.float32)
        rows, cosines = self._index.nearest(query, NEAR_COUNT, inside)
        near[rows] = cosines
        word_rows = np.flatnonzero(inside & (match.word_hits > 0))
        if len(word_rows) > MOST_COMPARED:
            order = match.word_hits[word_rows] + match.scores[word_rows] / 1e4
            word_rows = word_rows[np.argpartition(-order, MOST_COMPARED)[:MOST_COMPARED]]
        near[word_rows] = self._index.similarities(query, word_rows)
        return near

    def _found(self, match: WordMatch, near: Scores | None, inside: Mask) -> Mask:
        """Decide which products a query is about.

        When titles and facets name every word, the words decide, even if the filters leave nothing.
        Otherwise the words that are known and the meaning both add products.
        """
        whole: Mask = (match.strong_hits >= match.query_words) & (match.query_words > 0)
        if whole.any():
            return whole & inside
        word_hits = np.where(inside, match.word_hits, 0)
        most = int(word_hits.max(initial=0))
        if near is None:
            return (word_hits > 0) & (word_hits >= (most + 1) // 2)
        selection: Mask = (word_hits > 0) & (word_hits == most)
        nearest = np.where(inside, near, -1.0)
        edge = max(NEAR_LEAST, NEAR_SHARE * float(nearest.max(initial=-1.0)))
        if len(nearest) > NEAR_COUNT:
            edge = max(edge, float(np.partition(nearest, -NEAR_COUNT)[-NEAR_COUNT]))
        return selection | (nearest >= edge)

    def _exact(self, query: str) -> list[int]:
        """Return positions that the query names outright: item numbers first, then whole titles."""
        positions = []
        for text in dict.fromkeys((query, *query.split())):
            number = squeeze(text)
            if text == query or any(char.isdigit() for char in number[3:]):
                positions.append(self.numbered(number))
        titled = fold(query)
        for exact in self._exacts:
            positions += [self._now(row) for row in exact.titled(titled)]
        return list(dict.fromkeys(row for row in positions if row is not None))

    def numbered(self, number: str) -> int | None:
        """Return the position of the product with an item number, letters and digits only; None for no product's."""
        rows = (exact.row(number) for exact in self._exacts)
        now = (self._now(row) for row in rows if row is not None)
        return next((row for row in now if row is not None), None)

    def _slot_numbered(self, number: str) -> int | None:
        row = self.numbered(number)
        return None if row is None else int(self._slots.of[row])

    def _now(self, slot: int) -> int | None:
        if self._slots.same:
            return slot
        position = int(self._positions[slot])
        return None if position < 0 else position

    @cached_property
    def _positions(self) -> NDArray[np.int32]:
        return self._slots.positions()

    def _similarities(self, text: str) -> Scores | None:
        if self._index is None or self._encoder is None:
            return None
        query = self._encoder.encode_query(text)
        if len(self._index) > MEASURED_ALL:
            rows, cosines = self._index.nearest(query, MOST_MEASURED)
            scores = np.full(len(self._index), cosines.min(initial=1.0), dtype=np.float32)
            scores[rows] = cosines
        else:
            scores = self._index.similarities(query)
        scores.setflags(write=False)
        return scores

    # ---- what is built at first use; of a renewed search only what was added is built ----

    @cached_property
    def _words(self) -> WordIndex:
        with self._building:
            if self._before is not None:
                facets = dict(self._catalog.facets)
                late = [late_fields(product, facets) for product in self._late]
                return self._before._words.extended(late) if late else self._before._words
            words = self._stored_words
            if words is None:
                facets_of_all = self._catalog.facets.values()
                words = WordIndex.build(
                    documents(self._catalog.products, facets_of_all), self._tables
                )
            return words.with_phrases(marks_of(self._catalog))

    @cached_property
    def _reader(self) -> QueryReader:
        words = self._words.words
        return QueryReader(self._catalog, self._tables, lambda word: words.number(word) is not None)

    @cached_property
    def _suggester(self) -> Suggester:
        with self._building:
            return Suggester(entries_of(self._catalog), self._tables)

    @cached_property
    def _late_suggester(self) -> Suggester:
        before = self._before or self
        entries = later_entries(before._catalog, self._catalog, self._late)
        return Suggester(entries, self._tables)

    @cached_property
    def _up(self) -> SuggestionRefresher:
        stored = (self._before or self)._catalog.products
        there = self._positions >= 0
        removed_products = [stored[int(row)] for row in np.flatnonzero(~there[: len(stored)])]
        added_products = [self._late[int(row)] for row in np.flatnonzero(there[len(stored) :])]
        return SuggestionRefresher(self._catalog, removed_products, added_products)

    @cached_property
    def _mentions(self) -> Mentions:
        with self._building:
            if self._before is None:
                titles = [product.title for product in self._catalog.products]
                layers = [Titles(titles, self._tables)]
            else:
                layers = list(self._before._mentions.layers)
                late = [product.title for product in self._late]
                layers += [Titles(late, self._tables, layers[0])] if late else []
            common = facet_words(self._catalog, self._tables)
            return Mentions(layers, self._tables, common, self._slot_numbered)

    @cached_property
    def _exacts(self) -> tuple[ExactIndex, ...]:
        """The latest first: its numbers and titles are the ones that hold."""
        if self._before is None:
            return (ExactIndex(self._catalog.products, self._catalog.facets),)
        return (self._exact_late, *self._before._exacts)

    @cached_property
    def _exact_late(self) -> ExactIndex:
        first = self._slots.count - len(self._late)
        return ExactIndex(self._late, self._catalog.facets, first)


def _bounded(constraint: Constraint) -> bool:
    return constraint.operator in (Operator.LE, Operator.GE)


def _reciprocal_ranks(order: NDArray[np.floating], among: Mask) -> NDArray[np.float64]:
    """Return 1 / (60 + rank) for the rows among, 0 elsewhere; equal rows share a rank."""
    out = np.zeros(len(order), dtype=np.float64)
    rows = np.flatnonzero(among)
    if len(rows):
        _, place = np.unique(-order[rows], return_inverse=True)
        out[rows] = 1.0 / (RANK_OFFSET + 1 + place.reshape(-1))
    return out


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise FilterError(
            f"The cursor {cursor[:60]!r} is none that a search gave out; leave it away."
        )
    return int(cursor)
