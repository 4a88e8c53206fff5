"""Answers about single variants of a product: the stock and the price of the size that was named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from assistant.advisor import presentation
from catalog.types import Availability, Constraint, FacetKind, Operator, Product, Value, Variant
from nlu.types import ParsedMessage

if TYPE_CHECKING:
    from assistant.advisor.context import Context


def answer(context: Context, product: Product, *, price_asked: bool) -> bool:
    """Answer for the variants that a question names, "in 43"; return whether it names any.

    Args:
        context: the turn.
        product: what the question is about.
        price_asked: the price is what is wanted.
    """
    message = context.message
    row = context.catalog.position(product.id)
    if message is None or row is None:
        return False
    if context.mentioned is not None and context.mentioned.variant is not None:
        variant = context.mentioned.variant
        _tell(context, product, variant.title, [variant], price_asked=price_asked)
        return True
    stated = _stated(product)
    wishes = _wishes(product, message, stated)
    keys = [key for key in message.facets if key in stated - {wish.facet for wish in wishes}]
    if keys:
        _tell_values(context, product, keys[0], wishes)
        return True
    variants = presentation.variants_of(context.catalog, row, wishes) if wishes else []
    if not variants:
        return False
    _tell(context, product, _worded(context, wishes), variants, price_asked=price_asked)
    if all(variant.availability is Availability.OUT_OF_STOCK for variant in variants):
        last = wishes[-1].facet
        texts = _there(context, product, last, wishes[:-1])
        if texts:
            context.say("product.variant_others", values=texts)
    return True


def asks_of_variants(product: Product, message: ParsedMessage) -> bool:
    """Whether a message names what variants of a product differ in: "have you got it in 41?"."""
    stated = _stated(product)
    return bool(_wishes(product, message, stated)) or bool(stated & set(message.facets))


def _stated(product: Product) -> set[str]:
    """What the variants of a product differ in, the price aside."""
    return {key for variant in product.variants for key in variant.facets} - {"price"}


def _wishes(product: Product, message: ParsedMessage, stated: set[str]) -> list[Constraint]:
    """What a question says of the variants of a product, by words and by bare numbers."""
    wishes = [
        Constraint(facet=wish.facet, operator=Operator(wish.operator), values=wish.values)
        for wish in message.constraints
        if wish.facet in stated
    ]
    return wishes + _sizes(product, message, stated - {wish.facet for wish in wishes})


def _sizes(product: Product, message: ParsedMessage, keys: Collection[str]) -> list[Constraint]:
    """What bare numbers mean among the variants of a product: "in 43"."""
    numbers = [q.minimum for q in message.quantities if q.unit is None and q.minimum == q.maximum]
    # "What does it cost in 47?": the number stands beside the price and is a size all the same.
    numbers += [
        float(value)
        for wish in message.constraints
        if wish.facet == "price" and len(wish.values) == 1
        for value in wish.values
    ]
    wishes = []
    for number in numbers:
        for key in sorted(keys):
            values = {v for variant in product.variants for v in variant.facets.get(key, ())}
            value = next((v for v in values if number is not None and _is_number(v, number)), None)
            if value is not None:
                wishes.append(Constraint(facet=key, operator=Operator.EQ, values=(value,)))
                break
    return wishes


def _is_number(value: Value, number: float) -> bool:
    return str(value).strip() == f"{number:g}" or (isinstance(value, float) and value == number)


def _worded(context: Context, wishes: Sequence[Constraint]) -> str:
    texts = [presentation.wish_text(context.wording, context.catalog, wish) for wish in wishes]
    return context.wording.join(texts)


def _tell(
    context: Context, product: Product, text: str, variants: Sequence[Variant], *, price_asked: bool
) -> None:
    """Say whether variants can be had, and for how much; ``text`` is what they were called."""
    buyable = [v for v in variants if v.availability is not Availability.OUT_OF_STOCK]
    prices = [variant.price for variant in buyable if variant.price is not None]
    if not buyable:
        context.say("product.variant_no", title=product.title, wish=text)
    elif not prices:
        context.say("product.variant_yes", title=product.title, wish=text)
    else:
        price = context.wording.money(min(prices, key=lambda money: money.amount))
        key = "product.variant_costs" if price_asked else "product.variant_yes_for"
        context.say(key, title=product.title, wish=text, price=price)


def _there(context: Context, product: Product, key: str, wishes: Sequence[Constraint]) -> str:
    """The values of a facet that can still be bought together with wishes, worded; empty for none."""
    row, facet = context.catalog.position(product.id), context.catalog.facets[key]
    variants: Sequence[Variant] = product.variants
    if wishes and row is not None:
        variants = presentation.variants_of(context.catalog, row, wishes)
    values = dict.fromkeys(
        value
        for variant in variants
        if variant.availability is not Availability.OUT_OF_STOCK
        for value in variant.facets.get(key, ())
    )
    listed = sorted(values) if facet.kind is FacetKind.NUMBER else list(values)
    return context.wording.join([context.wording.value(value, facet) for value in listed])


def _tell_values(
    context: Context, product: Product, key: str, wishes: Sequence[Constraint]
) -> None:
    """Tell which values of a facet can still be bought, together with what else was named."""
    title = f"{product.title} ({_worded(context, wishes)})" if wishes else product.title
    texts = _there(context, product, key, wishes)
    if texts:
        label = context.catalog.facets[key].label
        context.say("product.variant_values", title=title, label=label, values=texts)
    else:
        context.say("product.stock_no", title=title)
