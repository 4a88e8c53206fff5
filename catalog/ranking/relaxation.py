"""Nothing meets every wish: which smallest sets of wishes stand in the way, and what is behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from catalog.store import Catalog, Mask
from catalog.types import Constraint, FacetKind, Operator

MOST_DROPPED = 3
"""Sets of more wishes than this are not offered: nobody gives up so much at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A smallest change of the wishes that brings products back."""

    dropped: tuple[Constraint, ...]
    """Wishes given up."""
    instead: Constraint | None
    """A looser wish in place of a single dropped one ("up to 12.50"); None drops it."""
    count: int
    """Products that then meet everything."""


def relaxations(
    catalog: Catalog, constraints: Sequence[Constraint], *, keep: Sequence[Constraint] = ()
) -> list[Relaxation]:
    """Return the smallest changes that bring products back, most products first.

    Works on the sets of wishes that products actually break, so the cost grows with the products
    and not with the number of subsets of wishes.

    Args:
        catalog: The shop.
        constraints: Wishes that together leave nothing.
        keep: Wishes among them that are never given up.
    """
    masks = [catalog.matches(constraint) for constraint in constraints]
    fixed: Mask = catalog.available.copy()
    for constraint, met in zip(constraints, masks, strict=True):
        if constraint in keep:
            fixed &= met
    loose = [i for i, constraint in enumerate(constraints) if constraint not in keep]
    if not loose or not fixed.any():
        return []
    broken = np.stack([~masks[i][fixed] for i in loose], axis=1)
    patterns, counts = np.unique(broken, axis=0, return_counts=True)
    results: list[Relaxation] = []
    least = int(patterns.sum(axis=1).min())
    if not 0 < least <= MOST_DROPPED:
        return []
    for pattern in patterns[patterns.sum(axis=1) == least]:
        dropped = tuple(constraints[loose[j]] for j in np.flatnonzero(pattern))
        covered = counts[(patterns <= pattern).all(axis=1)].sum()
        results.append(Relaxation(dropped=dropped, instead=None, count=int(covered)))
        if len(dropped) == 1:
            looser = _loosened(catalog, dropped[0], [*constraints])
            if looser is not None:
                results.append(looser)
    return sorted(results, key=lambda r: (r.instead is None, -r.count))


def _loosened(
    catalog: Catalog, wish: Constraint, constraints: list[Constraint]
) -> Relaxation | None:
    """Return the nearest bound of a number that lets something through."""
    facet = catalog.facets.get(wish.facet)
    if facet is None or facet.kind is not FacetKind.NUMBER:
        return None
    rest = [constraint for constraint in constraints if constraint is not wish]
    others = catalog.available & catalog.fits(rest)
    column = catalog.column(wish.facet)
    numbers = column.numbers[others[column.rows]]
    if not len(numbers):
        return None
    low, high = float(wish.values[0]), float(wish.values[-1])
    nearest = float(numbers[np.argmin(np.maximum(low - numbers, numbers - high))])
    if wish.operator in (Operator.LT, Operator.LE):
        instead = replace(wish, operator=Operator.LE, values=(nearest,))
    elif wish.operator in (Operator.GT, Operator.GE):
        instead = replace(wish, operator=Operator.GE, values=(nearest,))
    elif wish.operator is Operator.BETWEEN:
        instead = replace(wish, values=(min(low, nearest), max(high, nearest)))
    else:
        return None
    count = int((catalog.available & catalog.fits([*rest, instead])).sum())
    return Relaxation(dropped=(wish,), instead=instead, count=count)


def blocking_pairs(
    catalog: Catalog, constraints: Sequence[Constraint]
) -> list[tuple[Constraint, Constraint]]:
    """Return pairs of wishes that no product meets together; for saying which wishes clash."""
    masks = {i: catalog.matches(c) & catalog.available for i, c in enumerate(constraints)}
    return [
        (constraints[i], constraints[j])
        for i, j in combinations(range(len(constraints)), 2)
        if masks[i].any()
        and masks[j].any()
        and not (masks[i] & masks[j] & catalog.fits([constraints[i], constraints[j]])).any()
    ]
