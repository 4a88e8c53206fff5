"""Moves about single products: questions about one, the cheapest, choosing, comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.advisor import presentation, product_facts
from assistant.advisor.context import Context
from assistant.advisor.product_question import answer_about
from assistant.advisor.references import picked_by_value, pointed_to, pointed_to_places, superlative
from assistant.advisor.search_view import CARDS
from catalog.store import Mask
from catalog.types import Availability, Constraint, Facet, FacetKind, Operator, Product
from nlu.types import ParsedConstraint, ParsedMessage

VALUES_TOLD = 8
"""Values named when somebody asks what there is."""
VALUES_WEIGHED = 60
"""Values counted for it; the catalog has the most frequent first."""


def _pointed(context: Context) -> list[str]:
    """Return the products a message is about: pointed to or named."""
    message = context.message
    if context.mentioned is not None:
        return [context.mentioned.product.id]
    if message is None:
        return []
    ids = list(pointed_to(message, context.state, context.catalog))
    if not ids and context.search is not None:
        rows = context.search.mentioned(message.text)
        ids = [context.catalog.products[row].id for row in rows[:3]]
    return ids


def _picked(context: Context) -> list[str]:
    """Return the products a message picks, also by a value ("the red one") or by comparison."""
    message, state = context.message, context.state
    ids = list(pointed_to(message, state, context.catalog)) if message is not None else []
    if message is not None and not ids:
        ids = picked_by_value(message, state, context.catalog)
    return ids or _pointed(context)


def _beyond_the_list(context: Context) -> bool:
    """Say so when a message points at a place the list does not have; return whether it does."""
    message, list_ids = context.message, context.state.last_shown
    ordinals = [r for r in message.references if r.kind == "ordinal"] if message else []
    if not ordinals or not list_ids or pointed_to_places(ordinals, list_ids):
        return False
    context.say(
        "product.beyond_one" if len(list_ids) == 1 else "product.beyond", count=len(list_ids)
    )
    context.resume()
    return True


def product_question(context: Context) -> None:
    """Answer a question about a product from what the catalog says of it."""
    if _beyond_the_list(context):
        return
    ids = _pointed(context)
    focus = context.state.focus or (
        context.state.last_shown[0] if len(context.state.last_shown) == 1 else ""
    )
    if not ids and focus:
        ids = [focus]
    message = context.message
    if not ids and message is not None and message.constraints:
        ids = _described(context, message)
        if not ids:
            _say_alone(context, [_wished(constraint) for constraint in message.constraints])
            context.resume()
            return
    if not ids:
        context.say("product.which" if context.state.last_shown else "missed")
        context.resume()
        return
    for product_id in ids[:2]:
        row = context.catalog.position(product_id)
        if row is not None:
            answer_about(context, context.catalog.products[row])
    context.state = replace(context.state, focus=ids[0])
    _show_only(context, ids[:2])
    context.resume()


def _wished(said: ParsedConstraint) -> Constraint:
    return Constraint(facet=said.facet, operator=Operator(said.operator), values=said.values)


def _described(context: Context, message: ParsedMessage) -> list[str]:
    """Return the product in sight that a question names by a value: "does the Sony have a mic?"."""
    catalog = context.catalog
    wishes = [
        _wished(constraint)
        for constraint in message.constraints
        if catalog.facets[constraint.facet].kind is FacetKind.CATEGORY
        and constraint.operator == "="
    ]
    if not wishes or len(message.constraints) + len(message.facets) < len(wishes) + 1:
        return []
    rows = [(product_id, catalog.position(product_id)) for product_id in context.state.last_shown]
    return [
        product_id
        for product_id, row in rows
        if row is not None and all(bool(catalog.matches(wish)[row]) for wish in wishes[:1])
    ][:1]


def _show_only(context: Context, ids: list[str]) -> None:
    rows = [
        row
        for row in (context.catalog.position(product_id) for product_id in ids)
        if row is not None
    ]
    context.cards = tuple(
        presentation.card(
            context.catalog,
            context.wording,
            context.catalog.products[row],
            context.view(),
            context.state,
        )
        for row in rows
    )
    context.again = True


def catalog_question(context: Context) -> None:
    """Answer a question about the range: whether there is, how many, the most or the least of something."""
    message, view = context.message, context.view()
    if message is not None:
        wanted = [r for r in message.references if r.kind == "superlative"]
        order = superlative(wanted[0], context.catalog) if wanted else None
        if order is not None and _answer_superlative(context, *order):
            return
        if wanted and order is None and not message.constraints:
            context.say("catalog.no_measure")
            recommend(context)
            return
    context.forget_echo()
    names_wishes = message is not None and bool(message.constraints)
    if not names_wishes and context.search_changed:
        context.advise()
        return
    if not names_wishes and message is not None and _say_values(context, message.facets):
        context.resume()
        return
    vague = message is not None and bool(message.meaning)
    new = [wish for wish in view.wishes if wish.turn == context.state.turn]
    _say_how_many(context, new, specific=names_wishes, vague=vague)
    context.advise(counted=view.remaining > 1)


def _say_how_many(
    context: Context, new: Sequence[Constraint], *, specific: bool, vague: bool
) -> None:
    """Say how many products there are: in all, of what was asked for, and of that what fits the rest.

    Args:
        context: The turn.
        new: The wishes asked about.
        specific: Whether the question named any.
        vague: Whether it also has words that no facet names, to which nobody can say yes.
    """
    view = context.view()
    count, beside = context.wording.count(view.remaining), len(view.wishes) > len(new)
    if new and (vague or beside):
        _say_alone(context, new)
    if not view.wishes:
        context.say("catalog.all", count=count)
    elif not specific and view.remaining:
        context.say("catalog.count", count=count)
    elif view.remaining > 1 and beside:
        context.say("catalog.of_them", count=count)
    elif view.remaining > 1 and not vague:
        context.say("catalog.yes", count=count)


def _say_values(context: Context, keys: Sequence[str]) -> bool:
    """Say what there is of the facets asked about among what fits; return whether anything was said."""
    view, catalog = context.view(), context.catalog
    pool = view.candidates.fitting if view.remaining else catalog.available
    answered = False
    for key in keys:
        facet = catalog.facets.get(key)
        column = catalog.column(key) if facet is not None else None
        if facet is None or column is None or not pool[column.rows].any():
            continue
        if facet.kind is FacetKind.NUMBER:
            numbers = column.numbers[pool[column.rows]]
            low, high = (context.wording.value(float(end(numbers)), facet) for end in (min, max))
            context.say("catalog.span", label=facet.label, low=low, high=high)
        else:
            context.say("catalog.values", label=facet.label, values=_counted(context, facet, pool))
        answered = True
    return answered


def _counted(context: Context, facet: Facet, pool: Mask) -> str:
    """Return the values most products of a pool have, each with how many: "red (5), blue (2)"."""
    counts: list[tuple[int, str]] = []
    for value in facet.values[:VALUES_WEIGHED]:
        wish = Constraint(facet=facet.key, operator=Operator.EQ, values=(value.value,))
        count = int((context.catalog.matches(wish) & pool).sum())
        if count:
            counts.append((count, f"{value.label} ({context.wording.count(count)})"))
    counts.sort(key=lambda one: -one[0])
    texts = [text for _, text in counts[:VALUES_TOLD]]
    if len(counts) > VALUES_TOLD:
        more = context.wording.count(len(counts) - VALUES_TOLD)
        texts.append(context.wording.say("catalog.others", count=more))
    return context.wording.join(texts)


def recommend(context: Context) -> None:
    """Name the product that suits best what was said, among those in sight; none when nothing was said."""
    view, state = context.view(), context.state
    places = (context.catalog.position(product_id) for product_id in state.last_shown)
    rows = [row for row in places if row is not None] or view.best(1)
    if not rows or not (view.wishes or state.meaning):
        context.say("leading_none")
        context.resume()
        return
    fits = view.candidates.fitting
    row = next((candidate for candidate in rows if fits[candidate]), rows[0])
    product = context.catalog.products[row]
    context.say("leading" if fits[row] else "leading_near", title=product.title)
    context.state = replace(context.state, focus=product.id)
    _show_only(context, [product.id])
    context.resume()


def _say_alone(context: Context, asked: Sequence[Constraint]) -> None:
    """Say how many there are of what was asked for, whatever else was wished before."""
    alone = context.catalog.available.copy()
    for wish in asked:
        alone &= context.catalog.matches(wish)
    if asked:
        count = context.wording.count(int(alone.sum()))
        context.say("catalog.alone", count=count, wishes=context.wish_texts(asked))


def _answer_superlative(context: Context, key: str, direction: int) -> bool:
    """Name the product at the end of a number among those that fit; say whether there is one.

    Where nothing fits, those in sight are meant.
    """
    view, catalog = context.view(), context.catalog
    pool = view.candidates.fitting
    if not view.remaining:
        if context.search_changed:
            return False
        pool = np.zeros(len(catalog), dtype=bool)
        places = (catalog.position(product_id) for product_id in context.state.last_shown)
        pool[[row for row in places if row is not None]] = True
    column = catalog.column(key)
    pairs = pool[column.rows]
    if not pairs.any():
        return False
    ends = column.numbers[pairs] * direction
    rows = list(dict.fromkeys(int(row) for row in column.rows[pairs][ends == ends.max()]))
    product, facet = catalog.products[rows[0]], catalog.facets[key]
    if key == "price":
        name = "catalog.cheapest" if direction < 0 else "catalog.dearest"
        context.say(name, title=product.title, price=product_facts.price_text(context, product))
    else:
        value = context.wording.value(float(ends.max()) * direction, facet)
        name = "catalog.least" if direction < 0 else "catalog.most"
        context.say(name, title=product.title, label=facet.label, value=value)
    if len(rows) > 1:
        context.say("catalog.tied", count=context.wording.count(len(rows) - 1))
    context.state = replace(context.state, focus=product.id)
    _show_only(context, [catalog.products[row].id for row in rows[:CARDS]])
    context.resume()
    return True


def select(context: Context) -> None:
    """Take note that a product was chosen, and say where it can be ordered."""
    if _beyond_the_list(context):
        return
    message, state = context.message, context.state
    ids = _picked(context) or ([state.focus] if state.focus else [])
    if not ids and len(state.last_shown) == 1:
        ids = list(state.last_shown)
    row = context.catalog.position(ids[0]) if ids else None
    if row is None:
        ranked = message is not None and any(r.kind == "superlative" for r in message.references)
        if ranked:
            context.say("catalog.no_measure")
        if ranked or (message is not None and "?" in message.text):
            recommend(context)
            return
        context.say("product.which")
        context.resume()
        return
    product = context.catalog.products[row]
    context.state = replace(context.state, focus=product.id, pending="")
    _say_chosen(context, product)
    _show_only(context, [product.id])


def _say_chosen(context: Context, product: Product) -> None:
    if product.availability is Availability.OUT_OF_STOCK:
        context.say("product.chosen_out", title=product.title)
        return
    stocked = product.availability is Availability.IN_STOCK
    stock = context.wording.say("product.in_stock") if stocked else ""
    parts = [part for part in (product_facts.price_text(context, product), stock) if part]
    if parts:
        context.say("product.chosen", title=product.title, facts=", ".join(parts))
    else:
        context.say("product.chosen_plain", title=product.title)
    _say_where(context, product, "product.chosen")


def _say_where(context: Context, product: Product, key: str) -> None:
    """Say where a product can be ordered, or that this is not known here."""
    if product.url:
        context.say(f"{key}_link", title=product.title, url=product.url)
    elif context.catalog.config.contact:
        context.say(f"{key}_contact", title=product.title)
    else:
        context.say(f"{key}_none", title=product.title)


def cart(context: Context) -> None:
    """Say that there is no basket here, and where the product meant can be ordered."""
    if _beyond_the_list(context):
        return
    state = context.state
    ids = _picked(context) or ([state.focus] if state.focus else list(state.last_shown)[:2])
    row = context.catalog.position(ids[0]) if len(ids) == 1 else None
    if row is None:
        context.say("cart")
        context.resume()
        return
    product = context.catalog.products[row]
    _say_where(context, product, "cart")
    context.state = replace(state, focus=product.id)
    _show_only(context, [product.id])
    context.resume()


def compare(context: Context) -> None:
    """Say how two or three products differ."""
    ids = _pointed(context)
    message = context.message
    references = message.references if message is not None else ()
    if len(ids) < 2 and any(reference.kind == "superlative" for reference in references):
        catalog_question(context)
        return
    if len(ids) < 2:
        list_ids = context.state.last_shown
        ids = list(dict.fromkeys([*ids, *list_ids]))[: 3 if not ids else 2]
    if len(ids) < 2:
        context.say("compare.one" if len(context.state.last_shown) == 1 else "compare.need")
        context.resume()
        return
    rows = [
        row
        for row in (context.catalog.position(product_id) for product_id in ids)
        if row is not None
    ]
    product_facts.compare(context, [context.catalog.products[row] for row in rows])
    _show_only(context, ids)
    context.resume()
