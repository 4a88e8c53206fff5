"""The products of one shop in memory, with a column per facet for counting and filtering in numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True, slots=True)
class Column:
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

    def rows_where(self, pairs: Mask) -> Mask:
        """Turn a mask over pairs into a mask [n] over products that have any such pair."""
        found = np.zeros(len(self.known), dtype=bool)
        found[self.rows[pairs]] = True
        return found


def _column(products: Sequence[Product], facet: Facet) -> Column:
    rows: list[int] = []
    entries: list[Value] = []
    for row, product in enumerate(products):
        for value in product.facets.get(facet.key, ()):
            rows.append(row)
            entries.append(value)
    at = np.array(rows, dtype=np.int32)
    known = np.zeros(len(products), dtype=bool)
    known[at] = True
    nothing = np.zeros(0, dtype=np.int32)
    single = len(at) == int(known.sum())
    if facet.kind is FacetKind.NUMBER:
        return Column(at, np.array(entries, dtype=np.float64), nothing, (), known, single)
    code_of: dict[Value, int] = {}
    codes = [code_of.setdefault(entry, len(code_of)) for entry in entries]
    return Column(at, np.zeros(0), np.array(codes, dtype=np.int32), tuple(code_of), known, single)


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
        self._columns: dict[str, Column] = {}

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

    def column(self, key: str) -> Column:
        """Return the values of a facet; built on first use.

        Raises:
            KeyError: The shop has no such facet.
        """
        column = self._columns.get(key)
        if column is None:
            column = self._columns[key] = _column(self.products, self.facets[key])
        return column

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
