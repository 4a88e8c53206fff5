"""What the catalog says of products, worded; never a word more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.advisor import presentation
from catalog.types import Constraint, Facet, FacetKind, Operator, Product

if TYPE_CHECKING:
    from assistant.advisor.context import Context

LINES_COMPARED = 8
"""Differences told in a comparison."""
LONGEST_COMPARED = 90
"""Characters of a value beyond which nobody compares it."""


def price_text(context: Context, product: Product) -> str:
    """Return the price as said to a shopper."""
    if product.price is None:
        priced = "price" in context.catalog.facets
        return context.wording.say("product.no_price") if priced else ""
    return context.wording.money(product.price)


def values_text(context: Context, product: Product, facet: Facet) -> str:
    """Return the values of a facet, empty when the catalog gives none."""
    if facet.key == "price" and product.price is not None:
        return context.wording.money(product.price)
    values = product.facets.get(facet.key, ())
    return context.wording.join([context.wording.value(value, facet) for value in values])


def fact_text(context: Context, product: Product, facet: Facet) -> str:
    """Return a fact as a short phrase, "colour: red" or "no microphone"; empty when there is none."""
    text = values_text(context, product, facet)
    if not text:
        return ""
    values = product.facets.get(facet.key, ())
    if facet.kind is FacetKind.FLAG and len(values) == 1:
        statement = Constraint(facet=facet.key, operator=Operator.EQ, values=values)
        return presentation.wish_text(context.wording, context.catalog, statement)
    if facet.key == "price":
        return text
    return context.wording.say("product.fact", label=facet.label, value=text)


def compare(context: Context, products: Sequence[Product]) -> None:
    """Say in which facets products differ: those a shopper chooses by, else whatever differs."""
    lines = _differences(context, products, chosen_by=True)
    lines = lines or _differences(context, products, chosen_by=False)
    if not lines:
        context.say("compare.same")
        return
    names = [product.title for product in products]
    if len(set(names)) > 1:
        context.say("compare.lead", titles=" / ".join(names))
    else:
        context.say("compare.lead_alike")
    context.sentences.append("\n" + "\n".join(lines[:LINES_COMPARED]) + "\n")


def _differences(context: Context, products: Sequence[Product], *, chosen_by: bool) -> list[str]:
    lines = []
    for facet in context.catalog.facets.values():
        if (facet.askable or facet.key == "price") is not chosen_by:
            continue
        texts = [values_text(context, product, facet) for product in products]
        short = all(len(text) <= LONGEST_COMPARED for text in texts)
        if len(set(texts)) > 1 and short:
            cells = [text or context.wording.say("compare.none") for text in texts]
            lines.append(
                context.wording.say("compare.line", label=facet.label, values=" / ".join(cells))
            )
    return lines
