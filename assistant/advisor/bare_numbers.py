"""What numbers mean that no facet has claimed: the pending question decides, else the price."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from assistant.advisor.state import ChoiceEffect
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator, Origin, Strength, Value
from nlu.lexical.units import convert
from nlu.types import Quantity

FAR = 3.0
"""A number more than so many times beyond the range of a facet is hardly meant of it."""


def read(
    quantities: Sequence[Quantity],
    catalog: Catalog,
    pending: Facet | None,
    offers: Sequence[ChoiceEffect],
    wishes: Sequence[Constraint],
    turn: int,
    *,
    alone: bool = False,
) -> tuple[list[Constraint], list[Quantity]]:
    """Return the wishes that the numbers express, and the numbers nothing in the shop can be meant by.

    Args:
        quantities: Numbers no facet claimed.
        catalog: The shop.
        pending: What the waiting question is about.
        offers: The answers it offered.
        wishes: Wishes the message named itself; their facets take no further number.
        turn: The turn of the message.
        alone: The message is nothing but the number, so it answers the waiting question.
    """
    number = pending if pending is not None and pending.kind is FacetKind.NUMBER else None
    price = catalog.facets.get("price")
    claimed = {wish.facet for wish in wishes}
    results: list[Constraint] = []
    unused: list[Quantity] = []
    for quantity in quantities:
        if quantity.unmeasured:
            unused.append(quantity)
            continue
        size = None if alone and number is not None else _size(quantity, catalog, claimed, turn)
        size = size or _measured(quantity, catalog, claimed, turn)
        if size is not None:
            results.append(size)
            continue
        answers = number is not None and number.key not in claimed and _measures(quantity, number)
        buys = price is not None and price.key not in claimed and _is_limit(quantity, price)
        if number is not None and answers and not (buys and _far(quantity, number)):
            results.append(_answer(quantity, number, offers, turn))
        elif price is not None and buys:
            operator, values = _bounds(quantity)
            results.append(_said(price, operator, values, turn))
        else:
            unused.append(quantity)
    return results, [
        quantity
        for quantity in unused
        if quantity.unit or quantity.unmeasured or quantity.minimum != quantity.maximum
    ]


def _size(
    quantity: Quantity, catalog: Catalog, claimed: Collection[str], turn: int
) -> Constraint | None:
    """Return the wish for the value that a bare number names outright, where one facet has it: a shoe's 39."""
    if (
        quantity.unit is not None
        or quantity.minimum is None
        or quantity.minimum != quantity.maximum
    ):
        return None
    text = f"{quantity.minimum:g}"
    matches = [
        (facet.key, entry.value)
        for facet in catalog.facets.values()
        if facet.kind is FacetKind.CATEGORY and facet.askable and facet.key not in claimed
        for entry in facet.values
        if str(entry.value).strip() == text
    ]
    sizes = catalog.variant_rows.keys - {"price", *claimed}
    matches += [
        (key, quantity.minimum)
        for key in sorted(sizes)
        if key in catalog.facets
        and catalog.facets[key].kind is FacetKind.NUMBER
        and quantity.minimum in catalog.column(key).numbers
    ]
    if len(matches) != 1:
        return None
    return Constraint(facet=matches[0][0], operator=Operator.EQ, values=(matches[0][1],), turn=turn)


def _measured(
    quantity: Quantity, catalog: Catalog, claimed: Collection[str], turn: int
) -> Constraint | None:
    """Return the wish that a number with a unit states, where one facet has just that: 16 GB of two kinds of memory."""
    if quantity.unit is None or _money(quantity.unit):
        return None
    fitting = []
    for facet in catalog.facets.values():
        if facet.kind is not FacetKind.NUMBER or facet.unit is None or facet.key in claimed:
            continue
        ends = [
            None if end is None else convert(end, quantity.unit, facet.unit)
            for end in (quantity.minimum, quantity.maximum)
        ]
        numbers = [end for end in ends if end is not None]
        levels = catalog.column(facet.key).levels
        if numbers and all(np.isclose(levels, value).any() for value in numbers):
            fitting.append((facet, replace(quantity, minimum=ends[0], maximum=ends[1])))
    if len(fitting) != 1:
        return None
    facet, converted = fitting[0]
    operator, values = _bounds(converted)
    return _said(facet, operator, values, turn)


def own_limit(operator: Operator, values: Sequence[object], offers: Sequence[ChoiceEffect]) -> bool:
    """Return whether this bounds a number, and by none of the ranges on offer."""
    bounds: tuple[object, object]
    match operator:
        case Operator.LT | Operator.LE:
            bounds = (None, values[0])
        case Operator.GT | Operator.GE:
            bounds = (values[0], None)
        case Operator.BETWEEN:
            bounds = (values[0], values[-1])
        case _:
            return False
    return not any(offer.kind == "range" and tuple(offer.values) == bounds for offer in offers)


def offered(offer: ChoiceEffect, facet: Facet, turn: int) -> Constraint:
    """Return the wish that choosing an offered answer states; it orders, and excludes nothing."""
    if offer.kind == "value":
        operator, values = Operator.EQ, offer.values
    else:
        low, high = offer.values
        if low is None:
            operator, values = Operator.LT, (high,)
        elif high is None:
            operator, values = Operator.GE, (low,)
        else:
            operator, values = Operator.BETWEEN, (low, high)
    return _answered(facet, operator, values, turn)


def _answer(
    quantity: Quantity, facet: Facet, offers: Sequence[ChoiceEffect], turn: int
) -> Constraint:
    offer = _offer_named(quantity, offers)
    if offer is not None:
        return offered(offer, facet, turn)
    operator, values = _bounds(quantity)
    if own_limit(operator, values, offers):
        return _said(facet, operator, values, turn)
    return _answered(facet, operator, values, turn)


def _said(facet: Facet, operator: Operator, values: tuple[float, ...], turn: int) -> Constraint:
    return Constraint(facet=facet.key, operator=operator, values=values, unit=facet.unit, turn=turn)


def _answered(facet: Facet, operator: Operator, values: tuple[Value, ...], turn: int) -> Constraint:
    return Constraint(
        facet=facet.key,
        operator=operator,
        values=values,
        unit=facet.unit,
        strength=Strength.PREFER,
        origin=Origin.ANSWER,
        turn=turn,
    )


def _measures(quantity: Quantity, facet: Facet) -> bool:
    """Whether a facet can be meant: 300 hp is no price and no length.

    A facet the feed gives no unit for may be measured in anything, if the number is one it can have.
    """
    if quantity.unit in (None, facet.unit) or (_money(quantity.unit) and _money(facet.unit)):
        return True
    if facet.unit is not None or facet.minimum is None or facet.maximum is None:
        return False
    return all(facet.minimum <= number <= facet.maximum for number in _numbers(quantity))


def _money(unit: str | None) -> bool:
    return unit is not None and len(unit) == 3 and unit.isupper()


def _is_limit(quantity: Quantity, price: Facet) -> bool:
    """Whether this can be a limit of the price: "under 20" speaks of money, a bare "20" of anything.

    Nobody asks for "25 or more" where nothing costs less than thousands.
    """
    if quantity.minimum == quantity.maximum or quantity.unit not in (None, price.unit):
        return False
    if quantity.maximum is None and quantity.unit is None:
        return not _far(quantity, price)
    return True


def _far(quantity: Quantity, facet: Facet) -> bool:
    """Whether every number is far beyond what the products have."""
    if facet.minimum is None or facet.maximum is None:
        return False
    low, high = facet.minimum / FAR, facet.maximum * FAR
    if facet.minimum < 0:
        low = facet.minimum * FAR
    return not any(low <= number <= high for number in _numbers(quantity))


def _numbers(quantity: Quantity) -> list[float]:
    return [bound for bound in (quantity.minimum, quantity.maximum) if bound is not None]


def _offer_named(quantity: Quantity, offers: Sequence[ChoiceEffect]) -> ChoiceEffect | None:
    """Return the offered answer with exactly these bounds or this number."""
    bounds = (quantity.minimum, quantity.maximum)
    for offer in offers:
        if offer.kind == "range" and tuple(offer.values) == bounds:
            return offer
        bare = offer.kind == "value" and bounds == (offer.values[0], offer.values[0])
        if bare:
            return offer
    if bounds[0] is not None and bounds[0] == bounds[1]:
        number = bounds[0]
        for offer in offers:
            if offer.kind == "range":
                low, high = offer.values
                if (low is None or number >= low) and (high is None or number < high):
                    return offer
    return None


def _bounds(quantity: Quantity) -> tuple[Operator, tuple[float, ...]]:
    low, high = quantity.minimum, quantity.maximum
    if low is None:
        return (Operator.LE if quantity.inclusive else Operator.LT), (float(high or 0),)
    if high is None:
        return Operator.GE, (low,)
    if low == high:
        return Operator.EQ, (low,)
    return Operator.BETWEEN, (low, high)
