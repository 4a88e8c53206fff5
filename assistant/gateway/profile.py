"""Remembered wishes as JSON and back."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.advisor.reply import public_constraint
from assistant.advisor.wording import Wording
from assistant.gateway.errors import BadInput
from assistant.gateway.models import ProfileWish
from catalog.types import Constraint, Facet, FacetKind, Operator, Origin, Strength

DIALOGUE_WORDING = Path(__file__).parents[1] / "dialogue" / "wording"


def wish_json(wish: Constraint, facet: Facet | None) -> dict[str, Any]:
    """A remembered wish in the shape of ``models.Constraint``."""
    return {**public_constraint(wish), "text": _wording().wish(wish, facet)}


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


@lru_cache(maxsize=1)
def _wording() -> Wording:
    return Wording.load(DIALOGUE_WORDING, "en")
