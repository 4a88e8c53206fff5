"""Which products a message points to: by place, by number, by what stands out among those shown."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.advisor.state import DialogueState
from catalog.store import Catalog
from catalog.types import Constraint, FacetKind, Operator
from nlu.types import ParsedMessage, Reference


def pointed_to(message: ParsedMessage, state: DialogueState, catalog: Catalog) -> tuple[str, ...]:
    """Return the ids of the products a message points to, among those shown last."""
    product_ids: list[str] = []
    list_ids = state.last_shown
    for reference in message.references:
        if reference.kind == "id":
            if catalog.position(str(reference.value)) is not None:
                product_ids.append(str(reference.value))
        elif reference.kind == "ordinal":
            product_ids += pointed_to_places([reference], list_ids)
        elif reference.kind == "superlative":
            best = _superlative(reference, list_ids, catalog)
            if best:
                product_ids.append(best)
        elif state.focus or list_ids:
            product_ids.append(state.focus or list_ids[0])
    return tuple(dict.fromkeys(product_ids))


def pointed_to_places(ordinals: Sequence[Reference], shown: Sequence[str]) -> list[str]:
    """Return which of the products shown some ordinals point to; the last is -1."""
    places = [int(ordinal.value) - (int(ordinal.value) > 0) for ordinal in ordinals]
    return [shown[place] for place in places if -len(shown) <= place < len(shown)]


def picked_by_value(message: ParsedMessage, state: DialogueState, catalog: Catalog) -> list[str]:
    """Return the products shown that a pick describes: "the red one", "the cheaper one"."""
    list_ids = [
        product_id for product_id in state.last_shown if catalog.position(product_id) is not None
    ]
    for critique in message.critiques[:1]:
        best = _at_the_end(critique.facet, critique.direction, list_ids, catalog)
        return [best] if best else []
    wishes = [
        Constraint(
            facet=constraint.facet, operator=Operator(constraint.operator), values=constraint.values
        )
        for constraint in message.constraints
        if constraint.facet in catalog.facets
    ]
    if not wishes:
        return []
    return [
        product_id
        for product_id in list_ids
        if all(bool(catalog.matches(wish)[catalog.position(product_id)]) for wish in wishes)
    ]


def superlative(reference: Reference, catalog: Catalog) -> tuple[str, int] | None:
    """Return (facet, direction) of a superlative, None when the shop has no such number."""
    facet = catalog.facets.get(reference.facet or "")
    if facet is None or facet.kind is not FacetKind.NUMBER or not reference.direction:
        return None
    return facet.key, reference.direction


def _superlative(reference: Reference, shown: Sequence[str], catalog: Catalog) -> str:
    """Return which of the products shown stands at the end that a superlative names."""
    wanted = superlative(reference, catalog)
    if wanted is None:
        return ""
    return _at_the_end(*wanted, shown, catalog)


def _at_the_end(key: str, direction: int, shown: Sequence[str], catalog: Catalog) -> str:
    """Return which of the products shown has the least or the most of a number; "" when none has any."""
    if key not in catalog.facets or catalog.facets[key].kind is not FacetKind.NUMBER:
        return ""
    numbers = {}
    for product_id in shown:
        row = catalog.position(product_id)
        values = catalog.products[row].facets.get(key, ()) if row is not None else ()
        if values:
            numbers[product_id] = float(values[0]) * direction
    return max(numbers, key=lambda product_id: numbers[product_id], default="")
