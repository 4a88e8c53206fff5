"""How what was found could be narrowed: values with their counts, ends of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog.store import Catalog, FacetColumn
from catalog.types import Facet, FacetKind, FacetValue, Value

Mask = NDArray[np.bool_]
MOST_VALUES = 100
"""Values listed of a facet; nobody reads on."""
FEW = 12
"""When fewer than one product in so many was found, its entries are looked up one by one."""


def counts(
    catalog: Catalog, found: Mask
) -> tuple[dict[str, tuple[FacetValue, ...]], dict[str, tuple[float, float]]]:
    """Count every facet over the products that were found, [n].

    Returns:
        Category and yes/no facets: values, most frequent first, counts > 0; number facets: smallest and
        largest.
    """
    values: dict[str, tuple[FacetValue, ...]] = {}
    ranges: dict[str, tuple[float, float]] = {}
    everything = bool(found.all())
    rows = np.flatnonzero(found)
    few = len(rows) * FEW < len(found)
    for key, facet in catalog.facets.items():
        column = catalog.column(key)
        if not len(column.rows):
            continue
        pairs: slice | NDArray[np.generic] = slice(None)
        if few:
            pairs = _pairs_of(column, rows)
        elif not everything:
            pairs = found[column.rows]
        if facet.kind is FacetKind.NUMBER:
            numbers = column.numbers[pairs]
            if len(numbers):
                ranges[key] = (float(numbers.min()), float(numbers.max()))
            continue
        counted = _values(facet, column, column.codes[pairs])
        if counted:
            values[key] = counted
    return values, ranges


def _pairs_of(column: FacetColumn, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the entries of some rows stand in a column; looked up, which costs nothing for the others."""
    wanted = rows.astype(np.int32)
    first = np.searchsorted(column.rows, wanted, "left")
    size = np.searchsorted(column.rows, wanted, "right") - first
    if column.single:
        return first[size > 0]
    before = np.cumsum(size) - size
    return np.repeat(first - before, size) + np.arange(int(size.sum()))


def _values(facet: Facet, column: FacetColumn, codes: NDArray[np.int32]) -> tuple[FacetValue, ...]:
    value_counts = np.bincount(codes, minlength=len(column.values))
    some = np.flatnonzero(value_counts)
    order = some[np.argsort(-value_counts[some], kind="stable")][:MOST_VALUES]
    labels: dict[Value, str] = {}
    if len(order):
        wanted = {column.values[code] for code in order}
        labels = {value.value: value.label for value in facet.values if value.value in wanted}
    return tuple(
        FacetValue(
            value=column.values[code],
            label=labels.get(column.values[code], str(column.values[code])),
            count=int(value_counts[code]),
        )
        for code in order
    )
