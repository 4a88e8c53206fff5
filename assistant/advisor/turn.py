"""One turn of the conversation: from the state and what the shopper did to the new state and a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.advisor import handlers
from assistant.advisor.context import Context
from assistant.advisor.in_context import from_offer, is_bare_answer, states_a_wish, understand
from assistant.advisor.naming import NamedProduct, named_product, unknown_code
from assistant.advisor.routing import asks, routed
from assistant.advisor.search_view import MeaningSearch
from assistant.advisor.state import DialogueState
from assistant.advisor.types import Move, Profile, ProfileChange, Reply
from assistant.advisor.variant_answers import asks_of_variants
from assistant.advisor.wording import Wording
from catalog.knowledge.types import ShopKnowledge
from catalog.store import Catalog
from nlu.types import ParsedConstraint, ParsedMessage

_KEEPS_ITS_MOVE = frozenset({Move.COMPARE, Move.SELECT, Move.CART, Move.ORDER_STATUS, Move.UNDO})
"""Moves that know what to do with a product that is named."""
CERTAIN = 0.9
"""Confidence from which what is out of scope stays so, whatever else its words could mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """What a turn leaves behind."""

    state: DialogueState
    """To be kept until the next turn."""
    reply: Reply
    """To be said."""
    change: ProfileChange | None = None
    """To be written to the shopper's profile, where the shopper agreed to one."""


class Advisor:
    """The seller of one shop. Holds no conversation: any number of threads may share it.

    Args:
        catalog: The shop's products.
        wording: What it says, in the shop's language.
        search: Search by meaning and by title; None leaves both out.
        goods: What is known of the kinds of goods the shop sells.
    """

    def __init__(
        self,
        catalog: Catalog,
        wording: Wording,
        search: MeaningSearch | None = None,
        goods: tuple[ShopKnowledge, ...] = (),
    ) -> None:
        self.catalog = catalog
        self.wording = wording
        self.search = search
        self.goods = goods

    def take_turn(
        self,
        state: DialogueState,
        *,
        move: Move,
        message: ParsedMessage | None = None,
        choice_id: str | None = None,
        profile: Profile | None = None,
        may_remember: bool = False,
    ) -> TurnOutcome:
        """Answer what the shopper did.

        Args:
            state: As the turn before left it.
            move: What the dialogue rules want done.
            message: What was typed or spoken; None for quick replies and openings.
            choice_id: The quick reply chosen.
            profile: What is known of the shopper; None without consent.
            may_remember: Whether the shopper agreed to be remembered.

        Returns:
            The new state, the reply, and what was learnt about the shopper.
        """
        context = Context(
            catalog=self.catalog,
            wording=self.wording,
            search=self.search,
            state=replace(state, turn=state.turn + 1),
            profile=profile,
            may_remember=may_remember,
            message=message,
            goods=self.goods,
        )
        if message is not None:
            move = routed(move, message, context.state, self.catalog)
            move = self._named(move, context, message)
        if choice_id is not None:
            move = self._choose(context, choice_id)
        elif (
            message is not None
            and not context.mentioned
            and not context.unknown_code
            and _may_hold_wishes(message, move, context.state)
        ):
            understood = understand(message, context.state, self.catalog)
            if understood.anything:
                context.apply(understood)
            if understood.has_unsupported:
                context.say_unsupported(understood)
            if understood.anything:
                if understood.more:
                    move = Move.MORE
                elif move in handlers.SMALL_TALK or move in handlers.COMMAND_MOVES:
                    move = Move.ADVISE
        handler = handlers.unknown_code if context.unknown_code else handlers.HANDLERS[move]
        handler(context)
        reply = context.reply()
        return TurnOutcome(state=context.state, reply=reply, change=context.change())

    def _named(self, move: Move, context: Context, message: ParsedMessage) -> Move:
        """Return what a message wants that names a product outright or asks for it by a number."""
        if self.search is None or move in _KEEPS_ITS_MOVE:
            return move
        mention = named_product(message.text, self.catalog, self.search)
        if mention is not None and (mention.by_code or asks(message, self.wording)):
            context.mentioned = mention
            return Move.PRODUCT_QUESTION
        focus = self.catalog.product(context.state.focus) if context.state.focus else None
        is_question = mention is None and asks(message, self.wording)
        if is_question and focus is not None and asks_of_variants(focus, message):
            context.mentioned = NamedProduct(product=focus, variant=None, by_code=False)
            return Move.PRODUCT_QUESTION
        if mention is None and not any(_names_a_value(wish) for wish in message.constraints):
            context.unknown_code = unknown_code(message.text, self.search)
        return move

    def _choose(self, context: Context, choice_id: str) -> Move:
        """Apply a quick reply and return the move it stands for."""
        offer = (context.state.offers or {}).get(choice_id)
        if offer is None:
            context.stale = True
            return Move.ADVISE
        if offer.kind == "say":
            move, *about = offer.values
            if about:
                product = self.catalog.product(str(about[0]))
                if product is None:
                    context.stale = True
                    return Move.ADVISE
                context.mentioned = NamedProduct(product=product, variant=None, by_code=True)
            return Move(str(move))
        understood = from_offer(offer, context.state, self.catalog)
        context.apply(understood, quick=True)
        return Move.ADVISE


def _names_a_value(wish: ParsedConstraint) -> bool:
    return any(isinstance(value, str) for value in wish.values)


def _may_hold_wishes(message: ParsedMessage, move: Move, state: DialogueState) -> bool:
    """Whether a message is read for wishes; "who won the game" wants no game, for all its words."""
    if move is Move.OUT_OF_SCOPE and message.intent.confidence >= CERTAIN:
        return is_bare_answer(message.text, state)
    if move not in handlers.COMMAND_MOVES or states_a_wish(message):
        return True
    return not message.references and is_bare_answer(message.text, state)
