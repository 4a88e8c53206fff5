"""The products of one shop in memory, with a column per facet for counting and filtering in numpy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.types import (
    Availability,
    Constraint,
    Facet,
    FacetKind,
    Operator,
    Product,
    ShopConfig,
    Value,
    Variant,
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
    presence: Mask
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
            counts = np.bincount(self.rows, minlength=len(self.presence))
            self._starts.append(np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
        return self._starts[0]

    def rows_where(self, pairs: Mask) -> Mask:
        """Turn a mask over pairs into a mask [n] over products that have any such pair."""
        mask = np.zeros(len(self.presence), dtype=bool)
        mask[self.rows[pairs]] = True
        return mask


def offered(product: Product, key: str) -> tuple[Value, ...]:
    """The values of a facet that can be had of a product: of its variants that can be bought, else of all."""
    values = product.facets.get(key, ())
    if key == "price" or len(values) < 2 or not product.variants:
        return values
    buyable = [v for v in product.variants if v.availability is not Availability.OUT_OF_STOCK]
    if not buyable or len(buyable) == len(product.variants):
        return values
    stated = {value for variant in product.variants for value in variant.facets.get(key, ())}
    there = {value for variant in buyable for value in variant.facets.get(key, ())}
    return tuple(value for value in values if value in there or value not in stated)


def _column(products: Sequence[Product], facet: Facet) -> FacetColumn:
    rows: list[int] = []
    entries: list[Value] = []
    for row, product in enumerate(products):
        for value in offered(product, facet.key):
            rows.append(row)
            entries.append(value)
    return _column_of(rows, entries, facet, len(products))


def _column_of(
    rows: Sequence[int], entries: Sequence[Value], facet: Facet, count: int
) -> FacetColumn:
    """The column of (row, entry) pairs over ``count`` products; rows ascend."""
    at = np.array(rows, dtype=np.int32)
    if facet.kind is FacetKind.NUMBER:
        return number_column(at, np.array(entries, dtype=np.float64), count)
    code_of: dict[Value, int] = {}
    codes = [code_of.setdefault(entry, len(code_of)) for entry in entries]
    return coded_column(at, np.array(codes, dtype=np.int32), tuple(code_of), count)


def number_column(rows: NDArray[np.int32], numbers: NDArray[np.float64], count: int) -> FacetColumn:
    """The column of a number facet over ``count`` products; rows ascend."""
    presence, single = _known(rows, count)
    return FacetColumn(rows, numbers, np.zeros(0, dtype=np.int32), (), presence, single)


def coded_column(
    rows: NDArray[np.int32], codes: NDArray[np.int32], values: tuple[Value, ...], count: int
) -> FacetColumn:
    """The column of a category or yes/no facet over ``count`` products; rows ascend."""
    presence, single = _known(rows, count)
    return FacetColumn(rows, np.zeros(0), codes, values, presence, single)


def _known(rows: NDArray[np.int32], count: int) -> tuple[Mask, bool]:
    presence = np.zeros(count, dtype=bool)
    presence[rows] = True
    return presence, len(rows) == int(presence.sum())


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return left == right and isinstance(left, bool) == isinstance(right, bool)


@dataclass(frozen=True, slots=True)
class VariantRows:
    """The variants of a shop, one after the other, for wishes that one of them must meet together."""

    products: NDArray[np.int32]
    """[v] Row of each variant's product, ascending."""
    buyable: Mask
    """[v] False for variants that the feed says cannot be had now."""
    variants: tuple[Variant, ...]
    """[v] As in the feed."""
    keys: frozenset[str]
    """Facets in which variants of some product differ."""


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

    def memoised(self, key: Hashable, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return an array that depends on nothing but the products and the key, made once.

        The same wishes hold turn after turn and come from many shoppers. The latest ``KEPT`` arrays
        are kept; they must not be changed. Two threads may make the same one; either is right.
        """
        array = self._kept.get(key)
        if array is None:
            array = make()
            array.setflags(write=False)
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept), None), None)
            self._kept[key] = array
        return array

    @cached_property
    def variant_rows(self) -> VariantRows:
        """Every variant there is."""
        rows = [row for row, product in enumerate(self.products) for _ in product.variants]
        variants = tuple(variant for product in self.products for variant in product.variants)
        there = [variant.availability is not Availability.OUT_OF_STOCK for variant in variants]
        return VariantRows(
            products=np.array(rows, dtype=np.int32),
            buyable=np.array(there, dtype=bool),
            variants=variants,
            keys=frozenset(key for variant in variants for key in variant.facets),
        )

    def variants_meeting(self, constraints: Sequence[Constraint]) -> Mask:
        """[v] True for the variants that meet every constraint by themselves; stock is not looked at.

        What a variant does not state holds of its product.
        """
        rows = self.variant_rows
        met = np.ones(len(rows.products), dtype=bool)
        for constraint in constraints:
            kinds = tuple(type(value) for value in constraint.values)
            key = ("variants", constraint.facet, constraint.operator, constraint.values, kinds)
            met &= self.memoised(key, lambda wish=constraint: self._variants_matching(wish))  # type: ignore[misc]
        return met

    def _variants_matching(self, constraint: Constraint) -> Mask:
        rows, facet = self.variant_rows, self.facets.get(constraint.facet)
        whole = self._matches(constraint)[rows.products]
        if facet is None or constraint.facet not in rows.keys:
            return whole
        places = [at for at, variant in enumerate(rows.variants) if facet.key in variant.facets]
        pairs = [(at, value) for at in places for value in rows.variants[at].facets[facet.key]]
        column = _column_of(
            [at for at, _ in pairs], [value for _, value in pairs], facet, len(rows.variants)
        )
        own = _rows_meeting(column, facet, constraint)
        whole[places] = own[places]
        return whole

    def concerns_variants(self, constraints: Sequence[Constraint]) -> bool:
        """Whether any of the constraints is about what variants differ in."""
        return any(constraint.facet in self.variant_rows.keys for constraint in constraints)

    def fits(self, constraints: Sequence[Constraint]) -> Mask:
        """[n] True where the product meets every constraint, of its variants one by itself that can be bought."""
        met = np.ones(len(self), dtype=bool)
        for constraint in constraints:
            met &= self.matches(constraint)
        if not self.concerns_variants(constraints):
            return met
        rows = self.variant_rows
        good = self.variants_meeting(constraints) & rows.buyable
        varied, variant_fits = np.zeros(len(self), dtype=bool), np.zeros(len(self), dtype=bool)
        varied[rows.products] = True
        variant_fits[rows.products[good]] = True
        return np.where(varied, variant_fits, met)

    def fitting_variant(self, row: int, constraints: Sequence[Constraint]) -> Variant | None:
        """The cheapest variant of a product that can be bought and meets what is about variants; else None.

        None as well where no constraint is about what variants differ in.
        """
        if not self.products[row].variants or not self.concerns_variants(constraints):
            return None
        rows = self.variant_rows
        first, last = np.searchsorted(rows.products, [row, row + 1])
        met = (self.variants_meeting(constraints) & rows.buyable)[first:last]
        fitting = [rows.variants[first + at] for at in np.flatnonzero(met)]
        return min(
            fitting, key=lambda v: v.price.amount if v.price else Decimal("Infinity"), default=None
        )

    def narrowed(self, constraints: Sequence[Constraint]) -> Catalog:
        """The catalog with the values that can be had together with wishes about variants.

        For questions and their counts: beside "white" a size is on offer only where a white one can be bought.
        """
        if not self.concerns_variants(constraints):
            return self
        rows = self.variant_rows
        good = self.variants_meeting(constraints) & rows.buyable
        varied = np.zeros(len(self), dtype=bool)
        varied[rows.products] = True
        narrow = Catalog(self.config, self.facets.values(), self.products)
        narrow.share_positions(self)
        narrow.__dict__["variant_rows"] = rows
        for key in rows.keys - {"price"}:
            if key not in self.facets:
                continue
            pairs = {
                (int(rows.products[at]), value)
                for at in np.flatnonzero(good)
                for value in rows.variants[at].facets.get(key, ())
            }
            pairs |= {
                (row, value)
                for row, product in enumerate(self.products)
                if not varied[row] or all(key not in v.facets for v in product.variants)
                for value in product.facets.get(key, ())
            }
            ordered = sorted(pairs, key=lambda pair: pair[0])
            narrow.keep_column(
                key,
                _column_of(
                    [row for row, _ in ordered],
                    [value for _, value in ordered],
                    self.facets[key],
                    len(self),
                ),
            )
        return narrow

    @cached_property
    def shared_values(self) -> frozenset[str]:
        """Texts, case folded, that are a value of more than one facet and so need its name."""
        earlier_texts: set[str] = set()
        shared: set[str] = set()
        for facet in self.facets.values():
            texts = {v.value.casefold() for v in facet.values if isinstance(v.value, str)}
            shared |= earlier_texts & texts
            earlier_texts |= texts
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
        column, other = self.column(first), self.column(second)
        if len(column.values) <= len(other.values) or len(other.values) < 2 or not other.single:
            return False
        of_row = np.full(len(self), -1, dtype=np.int32)
        of_row[other.rows] = other.codes
        joined = of_row[column.rows]
        codes, joined = column.codes[joined >= 0], joined[joined >= 0]
        table = np.zeros((len(column.values), len(other.values)), dtype=np.int32)
        np.add.at(table, (codes, joined), 1)
        several = table.sum(axis=1) > 1
        evidence = int(table[several].sum())
        agreement = int(table[several].max(axis=1).sum()) if evidence else 0
        return evidence >= LEAST_EVIDENCE and agreement >= ALMOST_ALL * evidence

    def known(self, key: str) -> Mask:
        """[n] True where the product has a value of the facet; all False for an unknown facet."""
        if key not in self.facets:
            return np.zeros(len(self), dtype=bool)
        return self.column(key).presence

    def matches(self, constraint: Constraint) -> Mask:
        """[n] True where the product meets the constraint.

        A product without a value never meets a wish for one, and meets every refusal; whether the
        catalog says anything at all is asked with ``known``.
        """
        # True and 1.0 are equal to Python and not to a shopper, so the types are part of the key.
        kinds = tuple(type(value) for value in constraint.values)
        key = (constraint.facet, constraint.operator, constraint.values, kinds)
        return self.memoised(key, lambda: self._matches(constraint))

    def _matches(self, constraint: Constraint) -> Mask:
        if constraint.facet not in self.facets:
            return np.zeros(len(self), dtype=bool)
        facet = self.facets[constraint.facet]
        return _rows_meeting(self.column(constraint.facet), facet, constraint)


def _rows_meeting(column: FacetColumn, facet: Facet, constraint: Constraint) -> Mask:
    """[n] True for the rows of a column that meet a constraint; a row without a value meets every refusal."""
    refused = constraint.operator in (Operator.NE, Operator.NOT_IN)
    if facet.kind is FacetKind.NUMBER:
        met = column.rows_where(_number_pairs(column.numbers, constraint))
    else:
        wanted = [
            code
            for code, value in enumerate(column.values)
            if any(_same(value, constraint_value) for constraint_value in constraint.values)
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
