"""How wishes said at different times live together: the latest about a thing wins, refusals add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.advisor.types import Profile
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator

_UPPER = (Operator.LT, Operator.LE)
_LOWER = (Operator.GT, Operator.GE)
MOST_ALONE = 1
"""So many values of a facet held at a time say nothing of whether values of it go together."""
_REFUSALS = (Operator.NE, Operator.NOT_IN)


def add_wishes(held: Sequence[Constraint], new: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Return the wishes after new ones were said.

    Wishes said together about one facet stand together; against earlier ones the newer wins where
    both cannot be meant: a new value replaces the old, a new upper bound the old upper bound.
    """
    fresh = tuple(new)
    thinned = [_without(old, fresh) for old in held]
    remaining = [old for old in thinned if not any(_replaces(wish, old) for wish in fresh)]
    return (*remaining, *dict.fromkeys(fresh))


def either_of(wishes: Sequence[Constraint], catalog: Catalog) -> tuple[Constraint, ...]:
    """Return what was said in one message, values of one facet that nothing has together as alternatives.

    No product is a rug and a lamp, so "a rug or two and a lamp" looks for either; fish and cheese of one
    wine stay two wishes, since some wines go with both.
    """
    kept: list[Constraint] = []
    for wish in wishes:
        place = next((n for n, old in enumerate(kept) if _excludes(old, wish, catalog)), None)
        if place is None:
            kept.append(wish)
            continue
        values = tuple(dict.fromkeys((*kept[place].values, *wish.values)))
        kept[place] = replace(kept[place], operator=Operator.IN, values=values)
    return tuple(kept)


def _excludes(one: Constraint, other: Constraint, catalog: Catalog) -> bool:
    values = (Operator.EQ, Operator.IN)
    return (
        one.facet == other.facet
        and catalog.facets[one.facet].kind is FacetKind.CATEGORY
        and one.operator in values
        and other.operator in values
        and not (catalog.matches(one) & catalog.matches(other)).any()
    )


def _without(old: Constraint, new: Sequence[Constraint]) -> Constraint:
    """Return a wish for several values without those refused now: of red or blue, red is left."""
    refused = {
        value
        for wish in new
        if wish.facet == old.facet and wish.operator in _REFUSALS
        for value in wish.values
    }
    values = tuple(value for value in old.values if value not in refused)
    if old.operator is not Operator.IN or not values or len(values) == len(old.values):
        return old
    return replace(old, values=values, operator=Operator.IN if len(values) > 1 else Operator.EQ)


def _replaces(new: Constraint, old: Constraint) -> bool:
    if new.facet != old.facet:
        return False
    if new.operator in _REFUSALS:
        if old.operator in _REFUSALS:
            return set(old.values) <= set(new.values)
        return bool(set(old.values) & set(new.values)) and old.operator in (
            Operator.EQ,
            Operator.IN,
        )
    if old.operator in _REFUSALS:
        return bool(set(old.values) & set(new.values))
    if new.operator in _UPPER and old.operator in _LOWER:
        return float(old.values[0]) >= float(new.values[0])
    if new.operator in _LOWER and old.operator in _UPPER:
        return float(old.values[0]) <= float(new.values[0])
    return True


def overruled_by(
    new: Iterable[Constraint], held: Sequence[Constraint], catalog: Catalog
) -> list[Constraint]:
    """Return older wishes that a new one takes the place of although they are about another facet.

    Who wanted Burgundy and now says South Africa no longer wants Burgundy: the region settles the
    country, so both cannot be meant. Wishes that merely have no product in common both stay.
    """
    overruled = []
    for wish in new:
        for old in held:
            pair = {wish.facet, old.facet}
            if len(pair) < 2 or wish.operator in _REFUSALS or old.operator in _REFUSALS:
                continue
            if any(catalog.facets[key].kind is not FacetKind.CATEGORY for key in pair):
                continue
            related = catalog.determines(old.facet, wish.facet) or catalog.determines(
                wish.facet, old.facet
            )
            if related and not (catalog.matches(wish) & catalog.matches(old)).any():
                overruled.append(old)
    return overruled


def standing_beside(
    new: Iterable[Constraint], held: Sequence[Constraint], catalog: Catalog
) -> list[Constraint]:
    """Return older wishes about the same facet that a new value leaves standing.

    Who wants shorts for men and then says "for women" still wants shorts: of several values held,
    only those go that no product has together with the new one.
    """
    alternatives = []
    for wish in new:
        others = [old for old in held if _is_value(old) and old.facet == wish.facet]
        if not _is_value(wish) or len(others) < MOST_ALONE + 1 or wish in others:
            continue
        able = [other for other in others if _together(wish, other, catalog)]
        alternatives += able if len(able) < len(others) else []
    return alternatives


def quietly_replaced(
    new: Iterable[Constraint], held: Sequence[Constraint], catalog: Catalog
) -> list[Constraint]:
    """Return older wishes that a new value replaces although a product could have both."""
    return [
        old
        for old in held
        for wish in new
        if wish.facet == old.facet
        and wish.values != old.values
        and _is_value(wish)
        and _is_value(old)
        and catalog.facets[old.facet].kind is FacetKind.CATEGORY
        and _together(wish, old, catalog)
    ]


def _is_value(wish: Constraint) -> bool:
    return wish.operator is Operator.EQ and len(wish.values) == 1


def _together(one: Constraint, other: Constraint, catalog: Catalog) -> bool:
    return bool((catalog.matches(one) & catalog.matches(other) & catalog.available).any())


def effective(
    said: Sequence[Constraint],
    profile: Profile | None,
    *,
    gift: bool,
    lifted: Sequence[str],
    facets: Iterable[str],
) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
    """Return (all wishes that hold now, those of them that come from the profile).

    A wish said now beats the profile on the same facet; a gift uses no profile at all.
    """
    if profile is None or gift:
        return tuple(said), ()
    spoken = {constraint.facet for constraint in said}
    catalog_keys = set(facets)
    from_profile = tuple(
        wish
        for wish in profile.constraints
        if wish.facet in catalog_keys and wish.facet not in spoken and wish.facet not in lifted
    )
    return (*said, *from_profile), from_profile


def is_opposite(new: Constraint, old: Constraint) -> bool:
    """Return whether a wish says no to the yes, or yes to the no, of an earlier one."""
    before, now = _flag(old), _flag(new)
    return new.facet == old.facet and None not in (before, now) and before is not now


def _flag(wish: Constraint) -> bool | None:
    """Return what a wish about a yes-or-no facet asks for, None for any other wish."""
    if len(wish.values) != 1 or not isinstance(wish.values[0], bool):
        return None
    return wish.values[0] is not (wish.operator in _REFUSALS)


def lifts_refusal(new: Constraint, old: Constraint) -> bool:
    """Return whether a wish asks for what an earlier one refused."""
    refused = old.operator in _REFUSALS and new.operator in (Operator.EQ, Operator.IN)
    return new.facet == old.facet and refused and bool(set(old.values) & set(new.values))


def is_flag(facet: Facet | None) -> bool:
    """Return whether the facet is answered with yes or no."""
    return facet is not None and facet.kind is FacetKind.FLAG
