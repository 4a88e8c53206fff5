"""Nothing fits, or everything that does was seen: say why, offer the smallest changes, show the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.advisor import presentation
from assistant.advisor.in_context import MessageEffect
from assistant.advisor.search_view import CARDS
from assistant.advisor.state import ChoiceEffect, withdrawal
from assistant.advisor.types import ShownProduct, Suggestion
from catalog.ranking.relaxation import Relaxation, relaxations
from catalog.store import Mask
from catalog.types import Constraint, Origin

if TYPE_CHECKING:
    from assistant.advisor.context import Context

MOST_WAYS = 3
"""Ways out that are offered: more are not weighed against each other."""


def explain_nothing(context: Context) -> None:
    """Nothing meets every wish: say which stand in the way, and offer the smallest changes."""
    view = context.view()
    context.say("nothing", wishes=context.wish_texts(view.wishes))
    guarded = _guarded(view.wishes)
    ways = _ways(context)
    for way in ways[:MOST_WAYS]:
        _offer(context, way)
    if not ways:
        context.say("relax_none")
    _show(context, _nearest(context, guarded, np.zeros(len(context.catalog), dtype=bool)))


def take(context: Context) -> None:
    """Nothing fits and the shopper leaves the choice to us: make the change that brings most back."""
    ways = _ways(context)
    if not ways:
        explain_nothing(context)
        return
    if ways[0].instead is None:
        context.apply(MessageEffect(withdrawn=ways[0].dropped))
    else:
        context.apply(MessageEffect(wishes=(replace(ways[0].instead, turn=context.state.turn),)))
    context.advise()


def _ways(context: Context) -> list[Relaxation]:
    """The smallest changes that bring products back; what was said just now is given up last."""
    wishes = context.view().wishes
    guarded = _guarded(wishes)
    newest = max((wish.turn for wish in wishes), default=0)
    latest = [wish for wish in wishes if wish.turn == newest]
    return relaxations(context.catalog, wishes, keep=[*guarded, *latest]) or relaxations(
        context.catalog, wishes, keep=guarded
    )


def widen(context: Context) -> None:
    """Everything that meets the wishes was shown: say so, and show what comes closest."""
    view = context.view()
    near = _nearest(context, _guarded(view.wishes), _seen(context))
    again = beyond(context) and bool(near)
    if again:
        context.say("nearest_more")
    else:
        context.say("seen_all", wishes=context.wish_texts(view.wishes))
    guarded, displayed = _guarded(view.wishes), _seen(context)
    for wish in view.wishes:
        others = context.catalog.available & ~displayed
        for other, met in zip(view.wishes, view.candidates.met, strict=True):
            if other is not wish:
                others &= met
        if wish not in guarded and others.any():
            way = Relaxation(dropped=(wish,), instead=None, count=int(others.sum()))
            _offer(context, way, quiet=again)
    if near:
        _show(context, near, quiet=again)
    else:
        once_more(context)


def once_more(context: Context) -> None:
    """Everything was seen, what comes close too: the best of it is shown again rather than nothing."""
    context.say("once_more")
    context.cards = presentation.cards(
        context.catalog, context.wording, context.state, context.view(), fresh=False
    )


def beyond(context: Context) -> bool:
    """Whether the reply before showed nothing any more that meets every wish."""
    fitting = context.view().candidates.fitting
    rows = [context.catalog.position(product_id) for product_id in context.state.last_shown]
    return bool(rows) and not any(fitting[row] for row in rows if row is not None)


def _guarded(wishes: Sequence[Constraint]) -> list[Constraint]:
    """Wishes that are never given up for somebody: what is always true of the shopper."""
    return [wish for wish in wishes if wish.lasting or wish.origin is Origin.PROFILE]


def _show(context: Context, products: tuple[ShownProduct, ...], *, quiet: bool = False) -> None:
    context.cards = products
    if products and not quiet:
        context.say("nearest_shown")
    context.state = replace(context.state, pending="")


def _seen(context: Context) -> Mask:
    """[n] True for products shown before."""
    displayed = np.zeros(len(context.catalog), dtype=bool)
    rows = [context.catalog.position(product_id) for product_id in context.state.shown or {}]
    displayed[[row for row in rows if row is not None]] = True
    return displayed


def _offer(context: Context, way: Relaxation, *, quiet: bool = False) -> None:
    """Offer as a quick reply to give up some wishes, and say what that brings unless it was said."""
    wishes, count = context.wish_texts(way.dropped), context.wording.count(way.count)
    if way.instead is not None:
        wish = context.wish_texts([way.instead])
        key, values_said = "relax_change", {"wish": wish, "count": count}
        values = (way.instead.operator.value, *way.instead.values)
        offer = ChoiceEffect(kind="change", facet=way.instead.facet, values=values)
        label = context.wording.say("suggest.change", wish=wish, count=count)
    else:
        key, values_said = "relax_drop", {"wishes": wishes, "count": count}
        offer = withdrawal(way.dropped)
        label = context.wording.say("suggest.drop", wishes=wishes, count=count)
    if not quiet:
        context.say(key, **values_said)
    context.extra.append(Suggestion(choice_id=context.offers.add(offer), label=label))


def _nearest(
    context: Context, guarded: Sequence[Constraint], leave_out: Mask
) -> tuple[ShownProduct, ...]:
    """Return the products that break the fewest wishes, never one that is guarded.

    Of those that break as many, the ones that keep what was just said come first.
    """
    view = context.view()
    keep = context.catalog.available & ~leave_out
    cost = view.candidates.broken.astype(float)
    for wish, met in zip(view.wishes, view.candidates.met, strict=True):
        if wish in guarded:
            keep &= met
        elif wish.turn == context.state.turn:
            cost += np.where(met, 0.0, 0.5)
    rows = np.flatnonzero(keep)
    order = rows[np.argsort(cost[rows], kind="stable")][:CARDS]
    return tuple(
        presentation.card(
            context.catalog, context.wording, context.catalog.products[row], view, context.state
        )
        for row in order
    )
