"""What each move of the dialogue rules does. A move says its sentences and may show or ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.advisor import facts, present, way_out
from assistant.advisor.context import Context
from assistant.advisor.state import DialogueState, Offer
from assistant.advisor.types import Move, Suggestion
from assistant.advisor.understand import pointed_to, superlative
from catalog.types import Availability, Constraint

DEAF = frozenset(
    {Move.OPEN, Move.UNDO, Move.START_OVER, Move.REPEAT, Move.WHY, Move.EXPLAIN_TERM}
    | {Move.SHOW_PROFILE, Move.FORGET_PROFILE, Move.HAND_OFF, Move.ORDER_STATUS, Move.SHOP_INFO}
    | {Move.PRODUCT_QUESTION, Move.SELECT, Move.COMPARE, Move.CART, Move.BOT_CHALLENGE, Move.HELP}
)
"""Moves that take the message as a question or a command, not as wishes."""
GIVE_WAY = frozenset(
    {Move.GREET, Move.THANK, Move.PRAISE, Move.COMPLAINT, Move.OUT_OF_SCOPE, Move.GOODBYE}
)
"""Small talk that gives way to advice when the message also holds a wish."""
MISSES_BEFORE_HUMAN = 2


def _open(context: Context) -> None:
    context.say("open")
    context.advise()


def _advise(context: Context) -> None:
    message = context.message
    if context.stale:
        context.advise()
        return
    unread = message is not None and not context.heard and message.intent.name != "greet"
    if unread and context.state.pending and context.state.misses:
        _missed(context)
        return
    if unread and context.state.shown:
        context.state = replace(context.state, misses=context.state.misses + 1)
    context.advise(fresh=bool(message and message.intent.name == "deny"))


def _more(context: Context) -> None:
    before = context.state.pending
    context.shown = present.cards(
        context.catalog, context.wording, context.state, context.view(), fresh=True
    )
    if not context.shown and context.view().wishes:
        way_out.widen(context)
        return
    if not context.shown:
        context.say("no_more")
    elif context.view().nearest:
        context.say("nearest_more" if _beyond(context) else "nearest")
    else:
        context.say("more")
    if before:
        context.resume()
    else:
        context.ask()


def _beyond(context: Context) -> bool:
    """Return whether what was shown last already met only some of the wishes."""
    fitting = context.view().candidates.fitting
    rows = [context.catalog.position(one) for one in context.state.last_shown]
    return bool(rows) and not any(fitting[row] for row in rows if row is not None)


def _choose(context: Context) -> None:
    context.advise()


def _small_talk(key: str) -> Callable[[Context], None]:
    def move(context: Context) -> None:
        context.say(key)
        if context.state.shown:
            context.resume()
        else:
            context.advise()

    return move


def _thank(context: Context) -> None:
    if context.message is not None and "goodbye" in context.message.acts:
        _goodbye(context)
        return
    context.say("thank")
    context.resume()


def _goodbye(context: Context) -> None:
    context.say("goodbye")


def _complaint(context: Context) -> None:
    misses = context.state.misses + 1
    context.state = replace(context.state, misses=misses)
    if misses >= MISSES_BEFORE_HUMAN:
        context.say("complaint_human")
        _offer_human(context)
    else:
        context.say("complaint")
    context.resume()


def _out_of_scope(context: Context) -> None:
    misses = context.state.misses + 1
    context.state = replace(context.state, misses=misses)
    if misses >= MISSES_BEFORE_HUMAN:
        context.say("missed_human")
        _offer_human(context)
    else:
        context.say("out_of_scope")
    context.resume()


def _missed(context: Context) -> None:
    misses = context.state.misses + 1
    context.state = replace(context.state, misses=misses)
    context.say("missed_human" if misses >= MISSES_BEFORE_HUMAN else "missed")
    if misses >= MISSES_BEFORE_HUMAN:
        _offer_human(context)
    context.resume()


def _offer_human(context: Context) -> None:
    choice = context.offers.add(Offer(kind="say", values=(Move.HAND_OFF.value,)))
    context.extra.append(Suggestion(choice_id=choice, label=context.wording.say("suggest.human")))


def _with_contact(key: str) -> Callable[[Context], None]:
    def move(context: Context) -> None:
        context.say(key if context.catalog.config.contact else f"{key}_none")
        context.resume()

    return move


def _undo(context: Context) -> None:
    state = context.state
    if not state.history:
        context.say("undo_nothing")
        context.resume()
        return
    step = state.history[-1]
    context.update(
        replace(
            state,
            constraints=step.constraints,
            meaning=step.meaning,
            asked=step.asked,
            history=state.history[:-1],
            pending="",
        )
    )
    context.say("undo")
    context.state = replace(
        context.state,
        asked=tuple(one for one in step.asked if one.answer != "open"),
    )
    context.advise()


def _start_over(context: Context) -> None:
    state = context.state
    context.update(DialogueState(turn=state.turn, offers=state.offers))
    context.say("start_over")
    context.advise()


def _repeat(context: Context) -> None:
    last = context.state.last_text
    if not last:
        context.say("repeat_nothing")
        context.advise()
        return
    context.sentences.append(last)
    pending = context.state.pending
    context.resume()
    if pending and context.asked is not None and last.endswith(context.asked.text):
        context.sentences[-1] = last[: -len(context.asked.text)].rstrip()


def _why(context: Context) -> None:
    pending = context.state.pending
    if pending:
        context.resume()
        if context.asked is not None:
            context.sentences.append(context.asked.reason)
            return
    best = context.state.focus or next(iter(context.state.last_shown), "")
    row = context.catalog.position(best)
    if row is None:
        context.say("reason_none")
        return
    shown = present.card(
        context.catalog,
        context.wording,
        context.catalog.products[row],
        context.view(),
        context.state,
    )
    if shown.met:
        wishes = context.wording.join(list(shown.met))
        context.say("why_shown", title=shown.product.title, wishes=wishes)
    else:
        context.say("why_shown_plain", title=shown.product.title)


def _explain_term(context: Context) -> None:
    text = context.message.text if context.message else ""
    facts.explain(context, text)
    context.resume()


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


def _product_question(context: Context) -> None:
    ids = _pointed(context)
    focus = context.state.focus or (
        context.state.last_shown[0] if len(context.state.last_shown) == 1 else ""
    )
    if not ids and focus:
        ids = [focus]
    message = context.message
    if not ids:
        if message is not None and message.constraints:
            _catalog_question(context)
            return
        context.say("product.which" if context.state.last_shown else "missed")
        context.resume()
        return
    for one in ids[:2]:
        row = context.catalog.position(one)
        if row is not None:
            facts.answer_about(context, context.catalog.products[row])
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


def _catalog_question(context: Context) -> None:
    message = context.message
    if message is not None:
        wanted = [r for r in message.references if r.kind == "superlative"]
        found = superlative(wanted[0], context.catalog) if wanted else None
        if found is not None and _answer_superlative(context, *found):
            return
    view = context.view()
    if message is not None and (message.constraints or message.meaning):
        count = view.remaining
        context.sentences.clear()
        if message.constraints and len(view.wishes) > len(message.constraints):
            _say_alone(context)
        if count:
            context.say("catalog.yes", count=f"{count:,}")
        context.advise()
        return
    context.say("catalog.count", count=f"{view.remaining:,}")
    context.advise()


def _say_alone(context: Context) -> None:
    """Say how many there are of what was asked for, whatever else was wished before."""
    asked = [wish for wish in context.view().wishes if wish.turn == context.state.turn]
    alone = context.catalog.available.copy()
    for wish in asked:
        alone &= context.catalog.matches(wish)
    if asked:
        count = f"{int(alone.sum()):,}"
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


def _select(context: Context) -> None:
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


def _compare(context: Context) -> None:
    ids = _pointed(context)
    message = context.message
    references = message.references if message is not None else ()
    if len(ids) < 2 and any(reference.kind == "superlative" for reference in references):
        _catalog_question(context)
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


def _show_profile(context: Context) -> None:
    held = context.profile.constraints if context.profile else ()
    if not context.may_remember:
        context.say("profile_no_consent")
    elif held:
        context.say("profile_shown", wishes=context.wish_texts(held))
        context.state = replace(context.state, listed=context.state.turn)
    else:
        context.say("profile_nothing")
    context.resume()


def _forget_profile(context: Context) -> None:
    message = context.message
    named: list[str] = []
    if message is not None:
        named = list(dict.fromkeys([*(c.facet for c in message.constraints), *message.facets]))
    held: tuple[Constraint, ...] = context.profile.constraints if context.profile else ()
    about = [wish for wish in held if wish.facet in named]
    kept = tuple(wish for wish in context.state.constraints if wish.facet not in named)
    if named:
        gone = [*about, *(w for w in context.state.constraints if w.facet in named)]
        context.forgot += named
        context.update(
            replace(context.state, constraints=kept, lifted=(*context.state.lifted, *named))
        )
        context.say("profile_forgot" if gone else "not_held", wishes=context.wish_texts(gone))
    else:
        context.forgot_all = True
        lasting = tuple(wish for wish in context.state.constraints if not wish.lasting)
        lifted = tuple(wish.facet for wish in held)
        context.update(
            replace(context.state, constraints=lasting, lifted=(*context.state.lifted, *lifted))
        )
        context.say("profile_forgot_all")
    context.advise()


HANDLERS: Mapping[Move, Callable[[Context], None]] = {
    Move.OPEN: _open,
    Move.ADVISE: _advise,
    Move.CHOOSE: _choose,
    Move.MORE: _more,
    Move.COMPARE: _compare,
    Move.SELECT: _select,
    Move.PRODUCT_QUESTION: _product_question,
    Move.CATALOG_QUESTION: _catalog_question,
    Move.WHY: _why,
    Move.EXPLAIN_TERM: _explain_term,
    Move.UNDO: _undo,
    Move.START_OVER: _start_over,
    Move.REPEAT: _repeat,
    Move.GREET: _small_talk("greet"),
    Move.GOODBYE: _goodbye,
    Move.THANK: _thank,
    Move.HELP: _small_talk("help"),
    Move.HAND_OFF: _with_contact("hand_off"),
    Move.PRAISE: _small_talk("praise"),
    Move.COMPLAINT: _complaint,
    Move.BOT_CHALLENGE: _small_talk("bot"),
    Move.SHOP_INFO: _with_contact("shop_info"),
    Move.ORDER_STATUS: _with_contact("order_status"),
    Move.CART: _small_talk("cart"),
    Move.OUT_OF_SCOPE: _out_of_scope,
    Move.SHOW_PROFILE: _show_profile,
    Move.FORGET_PROFILE: _forget_profile,
}
"""Every move has exactly one handler."""
