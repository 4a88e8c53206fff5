"""The products of one shop in memory, with a column per facet for counting and filtering in numpy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.types import (
    Constraint,
    Facet,
    FacetKind,
    Operator,
    Product,
    ShopConfig,
    Value,
)

Mask = NDArray[np.bool_]

LEAST_EVIDENCE = 10
"""Products that must speak for one facet settling another."""
ALMOST_ALL = 0.98
"""Share of them that must agree; feeds have slips."""

KEPT = 96
"""Arrays over all products that are kept for the next turn: 96 MB in a shop with a million."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """All values of one facet as (row, entry) pairs, since a product may have several."""

    rows: NDArray[np.int32]
    """Position of the product, ascending."""
    numbers: NDArray[np.float64]
    """Of number facets, the value of each pair; empty for other kinds."""
    codes: NDArray[np.int32]
    """Of category and flag facets, an index into ``values`` for each pair; empty for numbers."""
    values: tuple[Value, ...]
    """Distinct values of category and flag facets; empty for numbers."""
    known: Mask
    """[n] True where the product has at least one value."""
    single: bool
    """True when no product has more than one value, which makes counting cheaper."""
    _ranked: list[tuple[NDArray[np.float64], NDArray[np.int32]]] = field(
        default_factory=list, repr=False, compare=False
    )
    _starts: list[NDArray[np.int32]] = field(default_factory=list, repr=False, compare=False)

    @property
    def levels(self) -> NDArray[np.float64]:
        """Of number facets, the distinct numbers, ascending; empty for other kinds."""
        return self._in_order()[0]

    @property
    def ranks(self) -> NDArray[np.int32]:
        """Of number facets, an index into ``levels`` for each pair; empty for other kinds."""
        return self._in_order()[1]

    def _in_order(self) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return levels and ranks, sorted on first use."""
        if not self._ranked:
            levels, ranks = np.unique(self.numbers, return_inverse=True)
            self._ranked.append((levels, ranks.reshape(-1).astype(np.int32)))
        return self._ranked[0]

    @property
    def starts(self) -> NDArray[np.int32]:
        """[n + 1] Where each product's pairs begin; counted on first use."""
        if not self._starts:
            counts = np.bincount(self.rows, minlength=len(self.known))
            self._starts.append(np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
        return self._starts[0]

    def rows_where(self, pairs: Mask) -> Mask:
        """Turn a mask over pairs into a mask [n] over products that have any such pair."""
        found = np.zeros(len(self.known), dtype=bool)
        found[self.rows[pairs]] = True
        return found


def _column(products: Sequence[Product], facet: Facet) -> FacetColumn:
    rows: list[int] = []
    entries: list[Value] = []
    for row, product in enumerate(products):
        for value in product.facets.get(facet.key, ()):
            rows.append(row)
            entries.append(value)
    at = np.array(rows, dtype=np.int32)
    if facet.kind is FacetKind.NUMBER:
        return number_column(at, np.array(entries, dtype=np.float64), len(products))
    code_of: dict[Value, int] = {}
    codes = [code_of.setdefault(entry, len(code_of)) for entry in entries]
    return coded_column(at, np.array(codes, dtype=np.int32), tuple(code_of), len(products))


def number_column(rows: NDArray[np.int32], numbers: NDArray[np.float64], count: int) -> FacetColumn:
    """The column of a number facet over ``count`` products; rows ascend."""
    known, single = _known(rows, count)
    return FacetColumn(rows, numbers, np.zeros(0, dtype=np.int32), (), known, single)


def coded_column(
    rows: NDArray[np.int32], codes: NDArray[np.int32], values: tuple[Value, ...], count: int
) -> FacetColumn:
    """The column of a category or yes/no facet over ``count`` products; rows ascend."""
    known, single = _known(rows, count)
    return FacetColumn(rows, np.zeros(0), codes, values, known, single)


def _known(rows: NDArray[np.int32], count: int) -> tuple[Mask, bool]:
    known = np.zeros(count, dtype=bool)
    known[rows] = True
    return known, len(rows) == int(known.sum())


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return left == right and isinstance(left, bool) == isinstance(right, bool)


class Catalog:
    """One shop's products; never changed after it is built, so every thread may read it.

    Args:
        config: What shop.yml says of the shop.
        facets: Every facet the products may have.
        products: In the order of the feed, which breaks ties in rankings.
    """

    def __init__(
        self, config: ShopConfig, facets: Iterable[Facet], products: Iterable[Product]
    ) -> None:
        self.config = config
        self.facets: Mapping[str, Facet] = {facet.key: facet for facet in facets}
        self.products: tuple[Product, ...] = tuple(products)
        self._columns: dict[str, FacetColumn] = {}
        self._dependencies: dict[tuple[str, str], bool] = {}
        self._kept: dict[Hashable, NDArray[Any]] = {}

    def __len__(self) -> int:
        """Number of products."""
        return len(self.products)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {product.id: row for row, product in enumerate(self.products)}

    def position(self, product_id: str) -> int | None:
        """Row of the product with this id, None when the shop has no such product."""
        return self._positions.get(product_id)

    def product(self, product_id: str) -> Product | None:
        """Return the product with this id, None when the shop has no such product."""
        row = self._positions.get(product_id)
        return None if row is None else self.products[row]

    def built_column(self, key: str) -> FacetColumn | None:
        """Return the values of a facet if they were used before, None otherwise."""
        return self._columns.get(key)

    def keep_column(self, key: str, column: FacetColumn) -> None:
        """Take the values of a facet as they are, for whoever made them from another catalog's."""
        self._columns[key] = column

    def share_positions(self, other: Catalog) -> None:
        """Take over where each product stands from a catalog with the same products in its order."""
        self.__dict__["_positions"] = other._positions

    def column(self, key: str) -> FacetColumn:
        """Return the values of a facet; built on first use.

        Raises:
            KeyError: The shop has no such facet.
        """
        column = self._columns.get(key)
        if column is None:
            column = self._columns[key] = _column(self.products, self.facets[key])
        return column

    def kept(self, key: Hashable, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return an array that depends on nothing but the products and the key, made once.

        The same wishes hold turn after turn and come from many shoppers. The latest ``KEPT`` arrays
        are kept; they must not be changed. Two threads may make the same one; either is right.
        """
        found = self._kept.get(key)
        if found is None:
            found = make()
            found.setflags(write=False)
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept), None), None)
            self._kept[key] = found
        return found

    @cached_property
    def shared_values(self) -> frozenset[str]:
        """Texts, case folded, that are a value of more than one facet and so need its name."""
        seen: set[str] = set()
        shared: set[str] = set()
        for facet in self.facets.values():
            texts = {v.value.casefold() for v in facet.values if isinstance(v.value, str)}
            shared |= seen & texts
            seen |= texts
        return frozenset(shared)

    @cached_property
    def available(self) -> Mask:
        """[n] False for products the feed says cannot be had now."""
        return np.array([p.availability != "out_of_stock" for p in self.products], dtype=bool)

    def determines(self, first: str, second: str) -> bool:
        """Whether a value of one category facet settles the other: a region its country.

        A functional dependency that nearly all products keep to; both facets need several values,
        and the first must have values that stand for several products, or chance would do.
        """
        if (first, second) not in self._dependencies:
            self._dependencies[first, second] = self._settles(first, second)
        return self._dependencies[first, second]

    def _settles(self, first: str, second: str) -> bool:
        one, other = self.column(first), self.column(second)
        if len(one.values) <= len(other.values) or len(other.values) < 2 or not other.single:
            return False
        of_row = np.full(len(self), -1, dtype=np.int32)
        of_row[other.rows] = other.codes
        joined = of_row[one.rows]
        codes, joined = one.codes[joined >= 0], joined[joined >= 0]
        table = np.zeros((len(one.values), len(other.values)), dtype=np.int32)
        np.add.at(table, (codes, joined), 1)
        several = table.sum(axis=1) > 1
        held = int(table[several].sum())
        kept = int(table[several].max(axis=1).sum()) if held else 0
        return held >= LEAST_EVIDENCE and kept >= ALMOST_ALL * held

    def known(self, key: str) -> Mask:
        """[n] True where the product has a value of the facet; all False for an unknown facet."""
        if key not in self.facets:
            return np.zeros(len(self), dtype=bool)
        return self.column(key).known

    def matches(self, constraint: Constraint) -> Mask:
        """[n] True where the product meets the constraint.

        A product without a value never meets a wish for one, and meets every refusal; whether the
        catalog says anything at all is asked with ``known``.
        """
        # True and 1.0 are equal to Python and not to a shopper, so the types are part of the key.
        kinds = tuple(type(value) for value in constraint.values)
        key = (constraint.facet, constraint.operator, constraint.values, kinds)
        return self.kept(key, lambda: self._matches(constraint))

    def _matches(self, constraint: Constraint) -> Mask:
        if constraint.facet not in self.facets:
            return np.zeros(len(self), dtype=bool)
        column = self.column(constraint.facet)
        refused = constraint.operator in (Operator.NE, Operator.NOT_IN)
        if self.facets[constraint.facet].kind is FacetKind.NUMBER:
            met = column.rows_where(_number_pairs(column.numbers, constraint))
        else:
            wanted = [
                code
                for code, value in enumerate(column.values)
                if any(_same(value, one) for one in constraint.values)
            ]
            met = column.rows_where(np.isin(column.codes, wanted))
        return ~met if refused else met


def _number_pairs(numbers: NDArray[np.float64], constraint: Constraint) -> Mask:
    bounds = [float(v) for v in constraint.values if isinstance(v, int | float)]
    if not bounds:
        return np.zeros(len(numbers), dtype=bool)
    first, last = bounds[0], bounds[-1]
    pairs: Mask
    match constraint.operator:
        case Operator.LT:
            pairs = numbers < first
        case Operator.LE:
            pairs = numbers <= first
        case Operator.GT:
            pairs = numbers > first
        case Operator.GE:
            pairs = numbers >= first
        case Operator.BETWEEN:
            pairs = (numbers >= min(first, last)) & (numbers <= max(first, last))
        case _:
            pairs = np.isclose(numbers[:, None], np.array(bounds)[None, :]).any(axis=1)
    return pairs
