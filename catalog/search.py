"""Search over one shop: words and meaning together, filtered before they are ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.errors import FilterError
from catalog.filters import Filters, allowed_by
from catalog.index import VectorIndex
from catalog.mention import Mentions
from catalog.store import Catalog
from catalog.suggest import Suggester, Suggestion
from catalog.text import fold, language, squeeze
from catalog.types import FacetKind, FacetValue, Product, Value
from catalog.wordindex import Field, WordIndex, WordMatch

Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]

RANK_OFFSET = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""
NEAR_COUNT = 100
"""Products that meaning alone may add to a result."""
NEAR_LEAST = 0.2
NEAR_SHARE = 0.75
"""Meaning adds what is at least this near, and this near compared with the nearest."""
UNAVAILABLE = 0.5
"""What cannot be had now keeps this share of its score."""
LONGEST_QUERY = 500
MOST_VALUES = 100
REMEMBERED = 256

TITLE, VALUE, SYNONYM, DESCRIPTION = 3.0, 2.0, 1.5, 0.5


class QueryEncoder(Protocol):
    """What is needed of ``catalog.encoder.Encoder``."""

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


class Search:
    """Everything that finds products of one shop; may be used from several threads.

    Args:
        catalog: The products.
        index: Their vectors; None searches by words alone.
        encoder: Of the same model as the vectors; None searches by words alone.
    """

    def __init__(
        self,
        catalog: Catalog,
        index: VectorIndex | None = None,
        encoder: QueryEncoder | None = None,
    ) -> None:
        self._catalog = catalog
        self._index = index if encoder is not None else None
        self._encoder = encoder
        self._tables = language(catalog.config.locale)
        self._similar = lru_cache(maxsize=REMEMBERED)(self._similarities)

    def warm_up(self) -> None:
        """Build what is otherwise built by the first request of its kind."""
        self.meaning("something")
        self.mentioned("something")
        self.suggest("a", 1)
        self.search("something", {}, 1)

    def meaning(self, text: str) -> Scores | None:
        """Say how near every product is to a wish in free words.

        Returns:
            float32 [n], cosines -1 to 1 in catalog order, read-only; None without an encoder or a text.
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
        match = self._words.match(text)
        near = self.meaning(text)
        if not match.asked:
            return near
        share = (match.strongly + match.named) / (2 * match.asked)
        return (share if near is None else share + near).astype(np.float32)

    def mentioned(self, text: str) -> list[int]:
        """Return positions of the products named in a message, best first."""
        return self._mentions.find(text[:LONGEST_QUERY])

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return ways to go on typing, none of which leads to nothing."""
        return self._suggester.suggest(prefix[:LONGEST_QUERY], limit)

    def search(
        self, query: str, filters: Filters, limit: int = 20, cursor: str | None = None
    ) -> SearchResult:
        """Find products.

        Args:
            query: Free words, an item number, or nothing, which lists what passes the filters.
            filters: Facet key -> values as in an address (``filters.constraint_from``), or constraints.
            limit: Products of this page.
            cursor: Of the page before.

        Raises:
            FilterError: A filter or the cursor cannot be understood.
        """
        start = _offset(cursor)
        allowed = allowed_by(self._catalog, filters)
        rows, scores = self._ranked(query.strip()[:LONGEST_QUERY], allowed)
        end = start + max(limit, 0)
        hits = tuple(
            Hit(product=self._catalog.products[row], position=int(row), score=float(score))
            for row, score in zip(rows[start:end], scores[start:end], strict=True)
        )
        found = np.zeros(len(self._catalog), dtype=bool)
        found[rows] = True
        values, ranges = self._counts(found)
        return SearchResult(
            hits=hits,
            total=len(rows),
            facets=values,
            ranges=ranges,
            cursor=str(end) if 0 < end < len(rows) else None,
        )

    def _ranked(self, query: str, allowed: Mask | None) -> tuple[NDArray[np.int64], Scores]:
        """Return the rows that were found, best first, and their scores."""
        size = len(self._catalog)
        inside = np.ones(size, dtype=bool) if allowed is None else allowed
        scores = np.zeros(size, dtype=np.float64)
        if not query:
            found = inside
            scores[found] = 1.0
        else:
            match = self._words.match(query)
            near = self.meaning(query)
            found = inside & self._found(match, near, inside)
            named = found & (match.named > 0)
            scores += _reciprocal_ranks(match.named + match.scores / 1e4, match.scores, named)
            if near is not None:
                scores += _reciprocal_ranks(near, near, found)
        scores[~self._catalog.available] *= UNAVAILABLE
        for bonus, row in enumerate(reversed(self._exact(query))):
            if inside[row]:
                found[row] = True
                scores[row] += 10.0 + bonus
        rows = np.flatnonzero(found)
        rows = rows[np.lexsort((rows, -scores[rows]))]
        return rows, scores[rows].astype(np.float32)

    def _found(self, match: WordMatch, near: Scores | None, inside: Mask) -> Mask:
        """Decide which products a query is about.

        When titles and facets name every word, the words decide, even if the filters leave nothing.
        Otherwise the words that are known and the meaning both add products.
        """
        whole: Mask = (match.strongly >= match.asked) & (match.asked > 0)
        if whole.any():
            return whole & inside
        named = np.where(inside, match.named, 0)
        most = int(named.max(initial=0))
        if near is None:
            return (named > 0) & (named >= (most + 1) // 2)
        found: Mask = (named > 0) & (named == most)
        nearest = np.where(inside, near, -1.0)
        edge = max(NEAR_LEAST, NEAR_SHARE * float(nearest.max(initial=-1.0)))
        if len(nearest) > NEAR_COUNT:
            edge = max(edge, float(np.partition(nearest, -NEAR_COUNT)[-NEAR_COUNT]))
        return found | (nearest >= edge)

    def _exact(self, query: str) -> list[int]:
        """Return rows that the query names outright: item numbers first, then whole titles."""
        rows = []
        for text in (query, *query.split()):
            number = squeeze(text)
            row = self._ids.get(number)
            if row is not None and (text == query or any(char.isdigit() for char in number[3:])):
                rows.append(row)
        rows += self._titles.get(fold(query), [])
        return list(dict.fromkeys(rows))

    def _counts(
        self, found: Mask
    ) -> tuple[dict[str, tuple[FacetValue, ...]], dict[str, tuple[float, float]]]:
        values: dict[str, tuple[FacetValue, ...]] = {}
        ranges: dict[str, tuple[float, float]] = {}
        for key, facet in self._catalog.facets.items():
            column = self._catalog.column(key)
            pairs = found[column.rows] if len(column.rows) else np.zeros(0, dtype=bool)
            if not pairs.any():
                continue
            if facet.kind is FacetKind.NUMBER:
                numbers = column.numbers[pairs]
                ranges[key] = (float(numbers.min()), float(numbers.max()))
                continue
            counts = np.bincount(column.codes[pairs], minlength=len(column.values))
            order = np.argsort(-counts, kind="stable")[:MOST_VALUES]
            labels: dict[Value, str] = {one.value: one.label for one in facet.values}
            values[key] = tuple(
                FacetValue(
                    value=column.values[code],
                    label=labels.get(column.values[code], str(column.values[code])),
                    count=int(counts[code]),
                )
                for code in order
                if counts[code]
            )
        return values, ranges

    def _similarities(self, text: str) -> Scores | None:
        if self._index is None or self._encoder is None:
            return None
        scores = self._index.similarities(self._encoder.encode_query(text))
        scores.setflags(write=False)
        return scores

    @cached_property
    def _words(self) -> WordIndex:
        said = {
            (facet.key, one.value): one.synonyms
            for facet in self._catalog.facets.values()
            for one in facet.values
            if one.synonyms
        }
        return WordIndex(
            [list(self._fields(product, said)) for product in self._catalog.products], self._tables
        )

    def _fields(
        self, product: Product, said: Mapping[tuple[str, Value], tuple[str, ...]]
    ) -> Iterable[Field]:
        yield Field(text=product.title, weight=TITLE, strong=True)
        yield Field(text=product.id, weight=VALUE, strong=True)
        for key, values in product.facets.items():
            facet = self._catalog.facets.get(key)
            for value in values:
                text = str(value)
                if isinstance(value, bool):
                    text = facet.label if facet is not None and value else ""
                elif isinstance(value, int | float):
                    # Years are typed as words; other numbers come with a unit and belong to filters.
                    year = float(value).is_integer() and 1000 <= value <= 2999
                    bare = facet is not None and facet.unit is None
                    text = str(int(value)) if year and bare else ""
                yield Field(text=text, weight=VALUE, strong=True)
                for name in said.get((key, value), ()):
                    yield Field(text=name, weight=SYNONYM, strong=True)
        for variant in product.variants:
            yield Field(text=variant.title, weight=1.0, strong=True)
        yield Field(text=product.description[:2_000], weight=DESCRIPTION, strong=False)

    @cached_property
    def _suggester(self) -> Suggester:
        return Suggester(self._catalog, self._tables)

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._catalog, self._tables, self._ids)

    @cached_property
    def _titles(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, product in enumerate(self._catalog.products):
            rows.setdefault(fold(product.title), []).append(row)
        return rows

    @cached_property
    def _ids(self) -> dict[str, int]:
        """Item number, letters and digits only -> row; of the product, its variants, its codes."""
        ids: dict[str, int] = {}
        for row, product in enumerate(self._catalog.products):
            ids.setdefault(squeeze(product.id), row)
        for row, product in enumerate(self._catalog.products):
            for variant in product.variants:
                ids.setdefault(squeeze(variant.id), row)
            for key, values in product.facets.items():
                facet = self._catalog.facets.get(key)
                if facet is None or facet.kind is not FacetKind.CATEGORY or facet.askable:
                    continue
                for value in values:
                    code = squeeze(str(value))
                    if len(code) >= 4 and any(char.isdigit() for char in code):
                        ids.setdefault(code, row)
        ids.pop("", None)
        return ids


def _reciprocal_ranks(order: Scores, ties: Scores, among: Mask) -> NDArray[np.float64]:
    """Return 1 / (60 + rank) for the rows among, 0 elsewhere; equal rows share a rank."""
    out = np.zeros(len(order), dtype=np.float64)
    rows = np.flatnonzero(among)
    if not len(rows):
        return out
    keys = np.stack((order[rows].astype(np.float64), ties[rows].astype(np.float64)), axis=1)
    _, place = np.unique(-keys, axis=0, return_inverse=True)
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
