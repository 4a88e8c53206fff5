"""What each move of the dialogue rules does. A move says its sentences and may show or ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from assistant.advisor import glossary, no_match, presentation, product_handlers
from assistant.advisor.context import Context
from assistant.advisor.in_context import SURE
from assistant.advisor.references import pointed_to
from assistant.advisor.state import ChoiceEffect, DialogueState
from assistant.advisor.types import Move, Suggestion
from catalog.types import Constraint
from nlu.types import ParsedMessage

COMMAND_MOVES = frozenset(
    {Move.OPEN, Move.UNDO, Move.START_OVER, Move.REPEAT, Move.WHY, Move.EXPLAIN_TERM}
    | {Move.SHOW_PROFILE, Move.FORGET_PROFILE, Move.HAND_OFF, Move.ORDER_STATUS, Move.SHOP_INFO}
    | {Move.PRODUCT_QUESTION, Move.SELECT, Move.COMPARE, Move.CART, Move.BOT_CHALLENGE, Move.HELP}
)
"""Moves that take the message as a question or a command, not as wishes."""
SMALL_TALK = frozenset(
    {Move.GREET, Move.THANK, Move.PRAISE, Move.COMPLAINT, Move.OUT_OF_SCOPE, Move.GOODBYE}
)
"""Small talk that gives way to advice when the message also holds a wish."""
NO_WISH_NEEDED = frozenset({"greet", "the_usual", "remember", "gift"})
"""Intents that are answered with advice even where nothing new was said with them."""
NO_PREFERENCE_INTENTS = frozenset({"affirm", "dont_care", "dont_know", "deny"})
"""Intents that leave the next step to the assistant."""
MISSES_BEFORE_HUMAN = 2
"""Messages in a row that were not understood; after them a person is offered."""


def _open(context: Context) -> None:
    context.say("open")
    context.advise()


def _advise(context: Context) -> None:
    message = context.message
    if (
        message is None
        or context.search_changed
        or context.stale
        or message.intent.name in NO_WISH_NEEDED
    ):
        context.advise()
    elif not context.view().remaining and message.intent.name in NO_PREFERENCE_INTENTS:
        no_match.take(context)
    elif context.admitted:
        context.resume()
    elif message.intent.name in NO_PREFERENCE_INTENTS:
        _nothing_to_settle(context)
    elif context.view().remaining and _begins(message):
        context.say("well")
        context.resume()
    else:
        _missed(context)


def _begins(message: ParsedMessage) -> bool:
    """Whether this says that something is wanted or for how many, "I want a boat": the question is the answer.

    It has no word that could have been a wish; those make the search by meaning.
    """
    return message.intent.name == "inform" and message.intent.confidence >= SURE


def _nothing_to_settle(context: Context) -> None:
    """Answer "fine" or "I don't mind" when no question waits: say whose turn it is."""
    intent = context.message.intent.name if context.message else ""
    if intent == "deny":
        context.advise(fresh=True)
        return
    context.say("unknown" if intent == "dont_know" else "any" if intent == "dont_care" else "well")
    context.resume()
    if context.question is None:
        context.say("your_turn_one" if len(context.cards) == 1 else "your_turn")


def _more(context: Context) -> None:
    before = context.state.pending
    context.cards = presentation.cards(
        context.catalog, context.wording, context.state, context.view(), fresh=True
    )
    if not context.cards and context.view().wishes:
        no_match.widen(context)
        return
    if not context.cards:
        context.say("no_more")
        no_match.once_more(context)
    elif context.view().nearest:
        context.say("nearest_more" if no_match.beyond(context) else "nearest")
    else:
        context.say("more")
    if before:
        context.resume()
    else:
        context.ask()


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


def _miss(key: str, key_again: str, *, ask: bool = True) -> Callable[[Context], None]:
    """Return a move that says sorry, and from the second miss in a row offers a person.

    Args:
        key: Said the first time.
        key_again: Said from the second time on.
        ask: Put the open question again; who complains is not asked the same once more.
    """

    def move(context: Context) -> None:
        misses = context.state.misses + 1
        context.state = replace(context.state, misses=misses)
        if misses >= MISSES_BEFORE_HUMAN:
            context.say(key_again)
            _offer_human(context)
        else:
            context.say(key)
        if ask:
            context.resume()
        else:
            context.show_again()

    return move


_missed = _miss("missed", "missed_human")
_declined = _miss("out_of_scope", "missed_human")


def _out_of_scope(context: Context) -> None:
    """Decline, unless a product is named: then it is about that."""
    message = context.message
    if (
        message is not None
        and context.search is not None
        and context.search.mentioned(message.text)
    ):
        product_handlers.product_question(context)
        return
    _declined(context)


def unknown_code(context: Context) -> None:
    """Say that no product has the item number that was typed."""
    context.say("product.unknown_code", code=context.unknown_code)
    context.resume()


def _offer_human(context: Context) -> None:
    choice = context.offers.add(ChoiceEffect(kind="say", values=(Move.HAND_OFF.value,)))
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
    undone_wishes = [wish for wish in state.constraints if wish not in step.constraints]
    back = [wish for wish in step.constraints if wish not in state.constraints]
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
    if undone_wishes:
        context.say("dropped", wishes=context.wish_texts(undone_wishes))
    if back:
        context.say("holds_again", wishes=context.wish_texts(back))
    context.state = replace(
        context.state,
        asked=tuple(question for question in step.asked if question.answer != "open"),
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
    if pending and context.question is not None and last.endswith(context.question.text):
        context.sentences[-1] = last[: -len(context.question.text)].rstrip()


def _why(context: Context) -> None:
    product_ids = context.state.last_shown
    pointed = pointed_to(context.message, context.state, context.catalog) if context.message else ()
    if context.state.pending:
        context.resume(show=not pointed)
        if context.question is not None and not pointed:
            context.sentences.append(context.question.reason)
            return
    best = next(
        iter((*pointed, *((context.state.focus,) if context.state.focus else ()), *product_ids)), ""
    )
    row = context.catalog.position(best)
    if row is None:
        context.say("reason_none")
        return
    product = context.catalog.products[row]
    card = presentation.card(
        context.catalog, context.wording, product, context.view(), context.state
    )
    if card.met:
        wishes = context.wording.join(list(card.met))
        context.say("why_shown", title=product.title, wishes=wishes)
    else:
        context.say("why_shown_plain", title=product.title)
    context.cards, context.again = (card,), True


def _explain_term(context: Context) -> None:
    text = context.message.text if context.message else ""
    glossary.explain(context, text)
    context.resume()


def _show_profile(context: Context) -> None:
    wishes = context.profile.constraints if context.profile else ()
    if not context.may_remember:
        context.say("profile_no_consent")
    elif wishes:
        context.say("profile_shown", wishes=context.wish_texts(wishes))
        context.state = replace(context.state, profile_shown_turn=context.state.turn)
    else:
        context.say("profile_nothing")
    context.resume()


def _forget_profile(context: Context) -> None:
    message = context.message
    facet_keys: list[str] = []
    if message is not None:
        facet_keys = list(dict.fromkeys([*(c.facet for c in message.constraints), *message.facets]))
    profile_wishes: tuple[Constraint, ...] = context.profile.constraints if context.profile else ()
    about = [wish for wish in profile_wishes if wish.facet in facet_keys]
    other_wishes = tuple(wish for wish in context.state.constraints if wish.facet not in facet_keys)
    if facet_keys:
        forgotten_wishes = [
            *about,
            *(w for w in context.state.constraints if w.facet in facet_keys),
        ]
        context.forgot += facet_keys
        context.update(
            replace(
                context.state,
                constraints=other_wishes,
                profile_overridden=(*context.state.profile_overridden, *facet_keys),
            )
        )
        context.say(
            "profile_forgot" if forgotten_wishes else "not_held",
            wishes=context.wish_texts(forgotten_wishes),
        )
    else:
        context.forgot_all = True
        lasting = tuple(wish for wish in context.state.constraints if not wish.lasting)
        lifted = tuple(wish.facet for wish in profile_wishes)
        context.update(
            replace(
                context.state,
                constraints=lasting,
                profile_overridden=(*context.state.profile_overridden, *lifted),
            )
        )
        context.say("profile_forgot_all")
    context.advise()


HANDLERS: Mapping[Move, Callable[[Context], None]] = {
    Move.OPEN: _open,
    Move.ADVISE: _advise,
    Move.CHOOSE: _choose,
    Move.MORE: _more,
    Move.COMPARE: product_handlers.compare,
    Move.SELECT: product_handlers.select,
    Move.PRODUCT_QUESTION: product_handlers.product_question,
    Move.CATALOG_QUESTION: product_handlers.catalog_question,
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
    Move.COMPLAINT: _miss("complaint", "complaint_human", ask=False),
    Move.BOT_CHALLENGE: _with_contact("bot"),
    Move.SHOP_INFO: _with_contact("shop_info"),
    Move.ORDER_STATUS: _with_contact("order_status"),
    Move.CART: product_handlers.cart,
    Move.OUT_OF_SCOPE: _out_of_scope,
    Move.SHOW_PROFILE: _show_profile,
    Move.FORGET_PROFILE: _forget_profile,
}
"""Every move has exactly one handler."""
