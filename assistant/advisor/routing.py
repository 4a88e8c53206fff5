"""Corrects what the rules want done by what the message points at."""

from __future__ import annotations

from assistant.advisor.references import picked_by_value, pointed_to
from assistant.advisor.state import DialogueState
from assistant.advisor.text_match import holds, plain
from assistant.advisor.types import Move
from assistant.advisor.wording import Wording
from catalog.store import Catalog
from nlu.lexical.words import words
from nlu.types import ParsedMessage

_POINTERS = frozenset({"ordinal", "id"})


def routed(move: Move, message: ParsedMessage, state: DialogueState, catalog: Catalog) -> Move:
    """Return what a message wants, where its intent alone misleads.

    - What points at a product or names one of its facts is not out of scope, nor what asks for the most.
    - "What was the first one again?" wants that product told again, not the last answer.
    - Several products cannot be picked at once: "the first two" asks for both, side by side.
    - "The Sony" picks a product only where one in sight is a Sony; else it is a wish.
    - A product named outright is to be shown; "cheapest?" and "the cheapest" ask for the cheapest of all that fit,
      where "I take the cheapest" picks among those in sight.
    """
    kinds = {reference.kind for reference in message.references}
    if move is Move.OUT_OF_SCOPE and "superlative" in kinds:
        return Move.CATALOG_QUESTION
    if move is Move.OUT_OF_SCOPE and (kinds & _POINTERS or (message.facets and state.last_shown)):
        return Move.PRODUCT_QUESTION
    if move is Move.REPEAT and kinds & _POINTERS:
        return Move.PRODUCT_QUESTION
    if move is Move.SELECT and "superlative" in kinds and _is_all_that_is_said(message):
        return Move.CATALOG_QUESTION
    if move is Move.SELECT:
        return _picking(message, state, catalog)
    if move is Move.ADVISE and "superlative" in kinds:
        return Move.CATALOG_QUESTION
    if move is Move.ADVISE and "id" in kinds and not _wishes(message):
        return Move.PRODUCT_QUESTION
    return move


def asks(message: ParsedMessage, wording: Wording) -> bool:
    """Whether a message asks for something to be told of a product rather than wishing for it."""
    if message.intent.name in ("product_question", "catalog_question") or "?" in message.text:
        return True
    spoken = plain(message.text)
    keys = ("ask.price", "ask.stock")
    return any(holds(spoken, phrase) for key in keys for phrase in wording.every(key))


def _picking(message: ParsedMessage, state: DialogueState, catalog: Catalog) -> Move:
    pointed = pointed_to(message, state, catalog)
    if len(pointed) > 1:
        return Move.COMPARE
    wished = any(not wish.asked for wish in message.constraints)
    if not pointed and wished and not picked_by_value(message, state, catalog):
        return Move.ADVISE
    return Move.SELECT


def _is_all_that_is_said(message: ParsedMessage) -> bool:
    """Whether a word at most stands on each side of the one thing pointed at: "the cheapest one"."""
    if len(message.references) != 1:
        return False
    reference = message.references[0]
    sides = (message.text[: reference.start], message.text[reference.end :])
    return all(len(words(side)) <= 1 for side in sides)


def _wishes(message: ParsedMessage) -> bool:
    """Whether a message says anything to look for beside the product it names."""
    return bool(message.constraints or message.quantities or message.critiques or message.meaning)
