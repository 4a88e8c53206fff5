"""What the catalog says of products, worded; never a word more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.types import Availability, Constraint, Facet, FacetKind, Operator, Product

if TYPE_CHECKING:
    from assistant.advisor.context import Context

FACTS_TOLD = 6
"""Facts told of a product that somebody asks about in general."""
LINES_COMPARED = 8
"""Differences told in a comparison."""


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


def answer_about(context: Context, product: Product) -> None:
    """Answer a question about one product: the facets named in it, else the main facts."""
    message = context.message
    asked: list[str] = []
    if message is not None:
        asked = list(dict.fromkeys([*(c.facet for c in message.constraints), *message.facets]))
    facets = [context.catalog.facets[key] for key in asked if key in context.catalog.facets]
    for facet in facets:
        text = values_text(context, product, facet)
        if text:
            fact = context.wording.say("product.fact", label=facet.label, value=text)
            context.say(_verdict(context, product, facet), title=product.title, fact=fact)
        else:
            context.say("product.unsaid", label=facet.label, title=product.title)
    if facets:
        return
    price = price_text(context, product)
    told = [price] if price else []
    if product.availability is Availability.OUT_OF_STOCK:
        told.append(context.wording.say("product.out_of_stock"))
    for facet in context.catalog.facets.values():
        text = values_text(context, product, facet)
        if text and facet.askable and facet.key != "price" and len(told) <= FACTS_TOLD:
            told.append(context.wording.say("product.fact", label=facet.label, value=text))
    context.say("product.facts", title=product.title, facts="; ".join(told))
    if product.description:
        context.sentences.append(_first_sentences(product.description))


def _verdict(context: Context, product: Product, facet: Facet) -> str:
    """Return the wording of the answer: yes or no where the question named a value."""
    wishes = context.message.constraints if context.message else ()
    asked = [wish for wish in wishes if wish.facet == facet.key]
    row = context.catalog.position(product.id)
    if not asked or row is None:
        return "product.told"
    one = asked[0]
    wish = Constraint(facet=one.facet, operator=Operator(one.operator), values=one.values)
    return "product.yes" if bool(context.catalog.matches(wish)[row]) else "product.no"


def _first_sentences(text: str, most: int = 280) -> str:
    """Return the beginning of a description, cut at the end of a sentence where there is one."""
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    return cut[: end + 1] if end > most // 3 else cut.rsplit(" ", 1)[0] + " …"


def compare(context: Context, products: Sequence[Product]) -> None:
    """Say in which facets products differ."""
    lines = []
    for facet in context.catalog.facets.values():
        if not (facet.askable or facet.key == "price"):
            continue
        texts = [values_text(context, product, facet) for product in products]
        if len(set(texts)) > 1 and any(texts):
            shown = [text or context.wording.say("compare.none") for text in texts]
            lines.append(
                context.wording.say("compare.line", label=facet.label, values=" / ".join(shown))
            )
    if not lines:
        context.say("compare.same")
        return
    titles = " / ".join(product.title for product in products)
    context.say("compare.lead", titles=titles)
    context.sentences.append("\n" + "\n".join(lines[:LINES_COMPARED]) + "\n")


def explain(context: Context, text: str) -> None:
    """Explain a word: from the shop's glossary, else what the catalog knows under that name."""
    said = f" {' '.join(_words(text))} "
    for term, explanation in context.catalog.config.glossary.items():
        if _holds(said, term):
            context.say("explain.term", term=term[:1].upper() + term[1:], text=explanation)
            return
    for facet in context.catalog.facets.values():
        named = any(_holds(said, name) for name in (facet.label, *facet.names))
        valued = any(_holds(said, str(value.label)) for value in facet.values)
        if not (named or valued):
            continue
        label = facet.label[:1].upper() + facet.label[1:]
        if facet.kind is FacetKind.NUMBER and facet.minimum is not None:
            low = context.wording.value(facet.minimum, facet)
            high = context.wording.value(facet.maximum or 0.0, facet)
            context.say("explain.facet_number", label=label, low=low, high=high)
        else:
            values = [value.label for value in facet.values[:6]]
            context.say("explain.facet", label=label, values=context.wording.join(values))
        return
    context.say("explain.unknown")


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def _holds(said: str, term: str) -> bool:
    """Whether the text names the term, in the singular or with a plural s."""
    words = " ".join(_words(term))
    return bool(words) and (f" {words} " in said or f" {words}s " in said)
