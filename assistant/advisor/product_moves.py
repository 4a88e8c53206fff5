"""Moves about single products: questions about one, the cheapest, choosing, comparing."""

from __future__ import annotations

from dataclasses import replace

from assistant.advisor import facts, inquiry, present
from assistant.advisor.context import Context
from assistant.advisor.understand import pointed_to, superlative
from catalog.types import Availability


def _pointed(context: Context) -> list[str]:
    """Return the products a message is about: pointed to, named, or talked about last."""
    message = context.message
    if message is None:
        return []
    ids = list(pointed_to(message, context.state, context.catalog))
    if not ids and context.search is not None:
        rows = context.search.mentioned(message.text)
        ids = [context.catalog.products[row].id for row in rows[:3]]
    return ids


def product_question(context: Context) -> None:
    """Answer a question about a product from what the catalog says of it."""
    ids = _pointed(context)
    focus = context.state.focus or (
        context.state.last_shown[0] if len(context.state.last_shown) == 1 else ""
    )
    if not ids and focus:
        ids = [focus]
    message = context.message
    if not ids:
        if message is not None and message.constraints:
            catalog_question(context)
            return
        context.say("product.which" if context.state.last_shown else "missed")
        context.resume()
        return
    for one in ids[:2]:
        row = context.catalog.position(one)
        if row is not None:
            inquiry.answer_about(context, context.catalog.products[row])
    context.state = replace(context.state, focus=ids[0])
    _show_only(context, ids[:2])
    context.resume()


def _show_only(context: Context, ids: list[str]) -> None:
    rows = [row for row in (context.catalog.position(one) for one in ids) if row is not None]
    context.shown = tuple(
        present.card(
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
    message = context.message
    if message is not None:
        wanted = [r for r in message.references if r.kind == "superlative"]
        found = superlative(wanted[0], context.catalog) if wanted else None
        if found is not None and _answer_superlative(context, *found):
            return
        if wanted and found is None and not message.constraints:
            context.say("catalog.no_measure")
            context.resume()
            return
    view = context.view()
    if message is not None and (message.constraints or message.meaning):
        count = view.remaining
        context.sentences.clear()
        if message.constraints and len(view.wishes) > len(message.constraints):
            _say_alone(context)
        if count > 1:
            context.say("catalog.yes", count=context.wording.count(count))
        context.advise()
        return
    context.say("catalog.count", count=context.wording.count(view.remaining))
    context.advise()


def _say_alone(context: Context) -> None:
    """Say how many there are of what was asked for, whatever else was wished before."""
    asked = [wish for wish in context.view().wishes if wish.turn == context.state.turn]
    alone = context.catalog.available.copy()
    for wish in asked:
        alone &= context.catalog.matches(wish)
    if asked:
        count = context.wording.count(int(alone.sum()))
        context.say("catalog.alone", count=count, wishes=context.wish_texts(asked))


def _answer_superlative(context: Context, key: str, direction: int) -> bool:
    """Name the product at the end of a number among those that fit; say whether there is one."""
    view = context.view()
    pool = view.candidates.fitting if view.remaining else context.catalog.available
    column = context.catalog.column(key)
    pairs = pool[column.rows]
    if not pairs.any():
        return False
    numbers = column.numbers[pairs] * direction
    row = int(column.rows[pairs][int(numbers.argmax())])
    product = context.catalog.products[row]
    facet = context.catalog.facets[key]
    value = context.wording.value(float(column.numbers[pairs][int(numbers.argmax())]), facet)
    if key == "price":
        name = "catalog.cheapest" if direction < 0 else "catalog.dearest"
        context.say(name, title=product.title, price=facts.price_text(context, product))
    else:
        context.say("catalog.most", title=product.title, value=f"{facet.label} {value}")
    context.state = replace(context.state, focus=product.id)
    _show_only(context, [product.id])
    context.resume()
    return True


def select(context: Context) -> None:
    """Take note that a product was chosen, and say where it can be ordered."""
    ids = _pointed(context) or ([context.state.focus] if context.state.focus else [])
    if not ids and len(context.state.last_shown) == 1:
        ids = list(context.state.last_shown)
    row = context.catalog.position(ids[0]) if ids else None
    if row is None:
        context.say("product.which")
        context.resume()
        return
    product = context.catalog.products[row]
    out = product.availability is Availability.OUT_OF_STOCK
    stock = context.wording.say("product.out_of_stock" if out else "product.in_stock")
    if product.availability is Availability.UNKNOWN:
        stock = ""
    parts = [part for part in (facts.price_text(context, product), stock) if part]
    context.say("product.chosen", title=product.title, facts=", ".join(parts))
    if product.url:
        context.say("product.chosen_link", url=product.url)
    elif context.catalog.config.contact:
        context.say("product.chosen_contact")
    context.state = replace(context.state, focus=product.id, pending="")
    _show_only(context, [product.id])


def compare(context: Context) -> None:
    """Say how two or three products differ."""
    ids = _pointed(context)
    message = context.message
    references = message.references if message is not None else ()
    if len(ids) < 2 and any(reference.kind == "superlative" for reference in references):
        catalog_question(context)
        return
    if len(ids) < 2:
        shown = context.state.last_shown
        ids = list(dict.fromkeys([*ids, *shown]))[: 3 if not ids else 2]
    if len(ids) < 2:
        context.say("compare.need")
        context.resume()
        return
    rows = [row for row in (context.catalog.position(one) for one in ids) if row is not None]
    facts.compare(context, [context.catalog.products[row] for row in rows])
    _show_only(context, ids)
    context.resume()
