"""What the shop's staff want seen more, less, first or not at all, on a given day.

Rules change how products are ordered; they never make one fit that does not: a boost multiplies the
chance of being shown by at most `MOST`, less than what breaking the softest wish costs, and a pinned product
comes first only among those that meet every wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from catalog.store import Catalog, Mask
from catalog.types import Rule, RuleAction

MOST = 3.0
"""Largest factor of a boost, and of all boosts of a product together; the same for burying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedRule:
    """A rule that holds today."""

    name: str
    """As the staff call it."""
    action: RuleAction
    """What it does."""
    products: int
    """How many products it is about."""
    paid: bool
    """Whether somebody pays for it."""
    about: Mask
    """[n] The products it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchandising:
    """All rules of a day together."""

    prior: NDArray[np.float64]
    """[n] Factor by which each product is likelier to be shown; 1 where no rule speaks."""
    hidden: Mask
    """[n] True for products that are not shown at all."""
    pins: tuple[int, ...]
    """Positions of products that come first where they fit, in the order of the rules."""
    paid: Mask
    """[n] True for products that a paid rule raises."""
    applied: tuple[AppliedRule, ...]
    """The rules that hold, in their order."""


_KNOWN: WeakKeyDictionary[Catalog, tuple[date, Merchandising | None]] = WeakKeyDictionary()
"""What was found for the day that was asked for last: the same every turn of that day."""


def holds(rule: Rule, day: date) -> bool:
    """Whether a rule holds on a day; both its first and its last day belong to it."""
    return (rule.start is None or rule.start <= day) and (rule.end is None or day <= rule.end)


def about(catalog: Catalog, rule: Rule) -> Mask:
    """[n] True for the products a rule is about; a rule about facets the catalog lacks is about none."""
    rule_products = np.zeros(len(catalog), dtype=bool)
    if rule.where and all(wish.facet in catalog.facets for wish in rule.where):
        met = np.ones(len(catalog), dtype=bool)
        for wish in rule.where:
            met &= catalog.matches(wish)
        rule_products |= met
    rows = [row for product in rule.products if (row := catalog.position(product)) is not None]
    rule_products[rows] = True
    return rule_products


def merchandise(catalog: Catalog, day: date) -> Merchandising | None:
    """What the shop's rules come to on a day; None when no rule holds.

    A hidden product stays hidden whatever another rule says of it.
    """
    if not catalog.config.rules:
        return None
    cached = _KNOWN.get(catalog)
    if cached is None or cached[0] != day:
        cached = _KNOWN[catalog] = (day, _merchandise(catalog, day))
    return cached[1]


def _merchandise(catalog: Catalog, day: date) -> Merchandising | None:
    rules = [rule for rule in catalog.config.rules if holds(rule, day)]
    if not rules:
        return None
    total = len(catalog)
    logs = np.zeros(total)
    hidden, paid = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    pins: dict[int, None] = {}
    applied = []
    for rule in rules:
        products = about(catalog, rule)
        step = float(np.log(min(max(rule.by, 1.0), MOST)))
        if rule.action is RuleAction.HIDE:
            hidden |= products
        elif rule.action is RuleAction.PIN:
            pins.update(dict.fromkeys(_in_order(catalog, rule, products)))
        else:
            logs[products] += step if rule.action is RuleAction.BOOST else -step
        if rule.paid and rule.action in (RuleAction.BOOST, RuleAction.PIN):
            paid |= products
        applied.append(
            AppliedRule(
                name=rule.name,
                action=rule.action,
                products=int(products.sum()),
                paid=rule.paid,
                about=products,
            )
        )
    limit = float(np.log(MOST))
    return Merchandising(
        prior=np.exp(np.clip(logs, -limit, limit)),
        hidden=hidden,
        pins=tuple(row for row in pins if not hidden[row]),
        paid=paid & ~hidden,
        applied=tuple(applied),
    )


def _in_order(catalog: Catalog, rule: Rule, products: Mask) -> list[int]:
    """The products of a pin: those named, as they are named, then the others in the shop's order."""
    rows = [row for product in rule.products if (row := catalog.position(product)) is not None]
    return rows + [int(row) for row in np.flatnonzero(products) if row not in set(rows)]


def pinned_first(pins: tuple[int, ...], fitting: Mask, best: list[int], count: int) -> list[int]:
    """The products to show with the pinned ones that fit in front.

    Args:
        pins: positions, in order.
        fitting: [n] True for products that meet every wish and may be shown now.
        best: positions, best first.
        count: how many are shown.
    """
    front = [row for row in pins if fitting[row]][:count]
    return [*front, *(row for row in best if row not in front)][:count]
