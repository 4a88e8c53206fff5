"""Merchandising rules as they stand in shop.yml.

rules:
  - name: November offers
    boost: {brand: Sony, price: {max: 100}}     # boost, bury, pin or hide: facets and their values
    by: 2                                       # boost and bury: 1 to 3 times
    from: 2026-11-01
    until: 2026-11-30
    paid: true                                  # shoppers are told
  - hide: {products: [B-17, B-18]}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from catalog.errors import ShopError
from catalog.ranking.merchandising import MOST
from catalog.types import Constraint, Operator, Rule, RuleAction, Value

_ACTIONS = tuple(action.value for action in RuleAction)
_FIELDS = ("name", *_ACTIONS, "by", "from", "until", "paid")
_VALUES = "a value, a list of values, or {min: 10, max: 20}"


def read_rules(entries: Any, line: int) -> tuple[Rule, ...]:
    """The rules of a shop.yml.

    Args:
        entries: what stands under ``rules``.
        line: where that is, for messages.

    Raises:
        ShopError: a mistake, with its rule and what is allowed.
    """
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise ShopError(
            f"shop.yml, line {line}: rules is {entries!r}. Allowed: a list, each entry behind a dash, "
            "such as - boost: {brand: Sony}."
        )
    return tuple(_rule(entry, number, line) for number, entry in enumerate(entries, start=1))


class _Wrong(ValueError):
    """What was found, and what is allowed."""

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"{found}. Allowed: {allowed}.")


def _rule(entry: Any, number: int, line: int) -> Rule:
    try:
        return _read(entry, number)
    except _Wrong as error:
        raise ShopError(f"shop.yml, rule {number} (under line {line}): {error}") from error


def _read(entry: Any, number: int) -> Rule:
    if not isinstance(entry, Mapping):
        raise _Wrong(f"found {entry!r}", ", ".join(_FIELDS))
    for key in entry:
        if key not in _FIELDS:
            raise _Wrong(f"unknown field {key!r}", ", ".join(_FIELDS))
    actions = [action for action in _ACTIONS if action in entry]
    if len(actions) != 1 or not isinstance(entry[actions[0]], Mapping) or not entry[actions[0]]:
        raise _Wrong(
            f"found {', '.join(actions) or 'no action'}",
            f"one of {', '.join(_ACTIONS)} with facets and values, such as hide: {{brand: Sony}}",
        )
    paid = entry.get("paid", False)
    if not isinstance(paid, bool):
        raise _Wrong(f"paid is {paid!r}", "true or false")
    start, end = _days(entry)
    conditions = dict(entry[actions[0]])
    products = _listed(conditions.pop("products", ()))
    return Rule(
        name=str(entry.get("name") or f"{actions[0]} {number}").strip()[:80],
        action=RuleAction(actions[0]),
        where=tuple(_wish(str(key), value) for key, value in conditions.items()),
        products=tuple(str(product) for product in products),
        by=_factor(entry),
        start=start,
        end=end,
        paid=paid,
    )


def _factor(entry: Mapping[str, Any]) -> float:
    by = entry.get("by", 2.0)
    if not _is_number(by) or not 1 <= by <= MOST:
        raise _Wrong(f"by is {by!r}", f"a number from 1 to {MOST:g}")
    return float(by)


def _days(entry: Mapping[str, Any]) -> tuple[date | None, date | None]:
    days = []
    for key in ("from", "until"):
        day = None if entry.get(key) is None else _day(entry[key])
        if entry.get(key) is not None and day is None:
            raise _Wrong(f"{key} is {entry[key]!r}", "a day such as 2026-11-30")
        days.append(day)
    start, end = days
    if start and end and end < start:
        raise _Wrong(f"it ends on {end}, before it begins on {start}", "until on or after from")
    return start, end


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _wish(facet: str, value: Any) -> Constraint:
    if isinstance(value, Mapping):
        low, high = value.get("min"), value.get("max")
        numbers = [bound for bound in (low, high) if bound is not None]
        if not numbers or set(value) - {"min", "max"} or not all(map(_is_number, numbers)):
            raise _Wrong(f"{facet} is {dict(value)!r}", _VALUES)
        if low is not None and high is not None:
            return Constraint(
                facet=facet, operator=Operator.BETWEEN, values=(float(low), float(high))
            )
        operator = Operator.GE if high is None else Operator.LE
        return Constraint(facet=facet, operator=operator, values=(float(numbers[0]),))
    values = tuple(_value(facet, entry) for entry in _listed(value))
    if not values:
        raise _Wrong(f"{facet} is empty", _VALUES)
    return Constraint(facet=facet, operator=Operator.IN, values=values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(facet: str, value: Any) -> Value:
    if isinstance(value, bool | str):
        return value
    if _is_number(value):
        return float(value)
    raise _Wrong(f"{facet} is {value!r}", _VALUES)
