"""Remembered wishes as JSON and back."""

from __future__ import annotations

from typing import Any

from assistant.gateway.errors import BadInput
from assistant.gateway.schemas import ProfileWish
from assistant.gateway.wording import GatewayWording
from catalog.types import Constraint, Facet, FacetKind, Operator, Origin, Strength, Value

_PHRASES = {
    Operator.EQ: "wish_is",
    Operator.IN: "wish_is",
    Operator.NE: "wish_not",
    Operator.NOT_IN: "wish_not",
    Operator.LT: "wish_below",
    Operator.LE: "wish_at_most",
    Operator.GT: "wish_above",
    Operator.GE: "wish_at_least",
    Operator.BETWEEN: "wish_between",
}


def wish_json(
    wish: Constraint, facet: Facet | None, wording: GatewayWording, locale: str
) -> dict[str, Any]:
    """A remembered wish in the shape of ``models.Constraint``."""
    return {
        "facet": wish.facet,
        "operator": wish.operator.value,
        "values": list(wish.values),
        "unit": wish.unit,
        "strength": wish.strength.value,
        "origin": wish.origin.value,
        "text": wish_text(wish, facet, wording, locale),
        "remove_id": "",
    }


def wish_text(wish: Constraint, facet: Facet | None, wording: GatewayWording, locale: str) -> str:
    """A remembered wish in words: "price: under 20 EUR"."""
    values = [_value_text(value, wish.unit, wording, locale) for value in wish.values]
    last = values[-1] if values else ""
    return wording.say(
        _PHRASES[wish.operator],
        locale,
        label=facet.label if facet else wish.facet.replace("_", " "),
        value=wording.say("wish_or", locale).join(values),
        low=values[0] if values else "",
        high=last,
    )


def wish_from(key: str, body: ProfileWish, facet: Facet | None) -> Constraint:
    """The wish that a client wants remembered.

    Raises:
        BadInput: the values do not fit the operator or the facet.
    """
    operator = Operator(body.operator)
    wanted = {Operator.BETWEEN: 2, Operator.IN: None, Operator.NOT_IN: None}.get(operator, 1)
    if wanted is not None and len(body.values) != wanted:
        raise BadInput(f'"{operator}" takes {wanted} value(s), not {len(body.values)}.')
    kind = {FacetKind.NUMBER: float, FacetKind.FLAG: bool, FacetKind.CATEGORY: str}
    if facet is not None and not all(type(value) is kind[facet.kind] for value in body.values):
        raise BadInput(f"{key} takes values that are {_KINDS[facet.kind]}.")
    return Constraint(
        facet=key,
        operator=operator,
        values=tuple(body.values),
        unit=body.unit or (facet.unit if facet else None),
        strength=Strength(body.strength),
        origin=Origin.PROFILE,
        lasting=True,
    )


_KINDS = {FacetKind.NUMBER: "numbers", FacetKind.FLAG: "true or false", FacetKind.CATEGORY: "texts"}


def _value_text(value: Value, unit: str | None, wording: GatewayWording, locale: str) -> str:
    if isinstance(value, bool):
        return wording.say("yes" if value else "no", locale)
    if isinstance(value, str):
        return value
    number = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{number} {unit}" if unit else number
