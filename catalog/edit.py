"""A catalog after a few products changed: a new one that shares all it can with the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catalog.parsing.labels import value_text
from catalog.store import Catalog, FacetColumn, coded_column, number_column, offered
from catalog.types import Facet, FacetKind, FacetValue, Product, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is done to a catalog."""

    replaced: Mapping[int, Product]
    """Position -> the product that stands there from now on, with the same id."""
    removed: NDArray[np.int64]
    """Positions that go, ascending."""
    added: Sequence[Product]
    """Put at the end."""


def edit_of(catalog: Catalog, changes: Mapping[str, Product | None]) -> Edit:
    """Say what has to be done so that the products are as given; None removes one."""
    replaced: dict[int, Product] = {}
    removed: list[int] = []
    added: list[Product] = []
    for product_id, product in changes.items():
        at = catalog.position(product_id)
        if product is None:
            removed += [] if at is None else [at]
        elif at is None:
            added.append(product)
        elif catalog.products[at] != product:
            replaced[at] = product
    return Edit(replaced=replaced, removed=np.array(sorted(removed), np.int64), added=added)


def apply_edit(catalog: Catalog, edit: Edit) -> Catalog:
    """Return the catalog after an edit; the old one stays as it is."""
    if not edit.replaced and not len(edit.removed) and not edit.added:
        return catalog
    old = catalog.products
    products = list(old)
    for at, product in edit.replaced.items():
        products[at] = product
    for at in edit.removed[::-1]:
        del products[at]
    products.extend(edit.added)
    old_products = [old[at] for at in (*edit.replaced, *edit.removed.tolist())]
    new_products = [*edit.replaced.values(), *edit.added]
    facets = [
        _counted(catalog, facet, old_products, new_products, len(products))
        for facet in catalog.facets.values()
    ]
    new_catalog = Catalog(catalog.config, facets, products)
    moved = bool(len(edit.removed) or edit.added)
    for key in catalog.facets:
        column = catalog.built_column(key)
        if column is None:
            continue
        if moved or any(
            offered(old[at], key) != offered(p, key) for at, p in edit.replaced.items()
        ):
            column = _column(column, new_catalog, key, edit, len(old))
        new_catalog.keep_column(key, column)
    if not moved:
        new_catalog.share_positions(catalog)
    return new_catalog


def _column(
    column: FacetColumn, new_catalog: Catalog, key: str, edit: Edit, before: int
) -> FacetColumn:
    """The column without what changed, and with what it became."""
    unchanged_rows = np.ones(before, dtype=bool)
    unchanged_rows[list(edit.replaced)] = False
    unchanged_rows[edit.removed] = False
    move = np.arange(before, dtype=np.int32)
    if len(edit.removed):
        staying = np.ones(before, dtype=bool)
        staying[edit.removed] = False
        move = (np.cumsum(staying) - 1).astype(np.int32)
    pairs = unchanged_rows[column.rows]
    first = before - len(edit.removed)
    fresh = [(int(move[at]), product) for at, product in edit.replaced.items()]
    fresh += list(enumerate(edit.added, start=first))
    code_of: dict[Value, int] = {value: code for code, value in enumerate(column.values)}
    rows: list[int] = []
    entries: list[Value] = []
    for row, product in fresh:
        for value in offered(product, key):
            rows.append(row)
            entries.append(value)
    all_rows = np.concatenate((move[column.rows[pairs]], np.array(rows, dtype=np.int32)))
    order = np.argsort(all_rows, kind="stable")
    if new_catalog.facets[key].kind is FacetKind.NUMBER:
        late = np.array(entries, dtype=np.float64)
        numbers = np.concatenate((column.numbers[pairs], late))[order]
        return number_column(all_rows[order], numbers, len(new_catalog))
    new = np.array([code_of.setdefault(entry, len(code_of)) for entry in entries], dtype=np.int32)
    codes = np.concatenate((column.codes[pairs], new))[order]
    return coded_column(all_rows[order], codes, tuple(code_of), len(new_catalog))


def _counted(
    catalog: Catalog,
    facet: Facet,
    old_products: Sequence[Product],
    new_products: Sequence[Product],
    total: int,
) -> Facet:
    """The facet with its counts, ends and coverage after the change."""
    less = [product.facets[facet.key] for product in old_products if facet.key in product.facets]
    more = [product.facets[facet.key] for product in new_products if facet.key in product.facets]
    if less == more and total == len(catalog):
        return facet
    covered = round(facet.coverage * len(catalog)) - len(less) + len(more)
    coverage = round(min(1.0, max(0.0, covered / max(total, 1))), 4)
    change: Counter[Value] = Counter(value for values in more for value in values)
    change.subtract(Counter(value for values in less for value in values))
    if facet.kind is FacetKind.NUMBER:
        lowest, highest = _ends(catalog, facet, less, more)
        return replace(facet, coverage=coverage, minimum=lowest, maximum=highest)
    if not any(change.values()):
        return replace(facet, coverage=coverage)
    values = [
        replace(facet_value, count=facet_value.count + change.pop(facet_value.value))
        if facet_value.value in change
        else facet_value
        for facet_value in facet.values
    ]
    values += [
        FacetValue(value=value, label=value_text(value), count=count)
        for value, count in change.items()
        if count > 0
    ]
    there = sorted(
        (facet_value for facet_value in values if facet_value.count > 0),
        key=lambda facet_value: (-facet_value.count, str(facet_value.value)),
    )
    return replace(facet, coverage=coverage, values=tuple(there))


def _ends(
    catalog: Catalog,
    facet: Facet,
    less: Sequence[tuple[Value, ...]],
    more: Sequence[tuple[Value, ...]],
) -> tuple[float | None, float | None]:
    went = [float(value) for values in less for value in values]
    came = [float(value) for values in more for value in values]
    ends = [end for end in (facet.minimum, facet.maximum) if end is not None]
    if any(value in ends for value in went):
        staying = Counter(catalog.column(facet.key).numbers.tolist())
        staying.subtract(went)
        ends = [value for value, count in staying.items() if count > 0]
    ends += came
    return min(ends, default=None), max(ends, default=None)


def words_changed(old: Product, new: Product, facets: Mapping[str, Facet]) -> bool:
    """Whether search has to look at the product anew: its words changed, not only price or stock."""
    if (old.title, old.description) != (new.title, new.description):
        return True
    if [(v.id, v.title) for v in old.variants] != [(v.id, v.title) for v in new.variants]:
        return True
    worded = {
        key
        for key in (*old.facets, *new.facets)
        if key not in facets or facets[key].kind is not FacetKind.NUMBER or facets[key].unit is None
    }
    return any(old.facets.get(key) != new.facets.get(key) for key in worded)
