"""The actions the dialogue rules name, one for each move of the advisor.

An action that does more than pass its move on gets a class of its own here.
"""

from __future__ import annotations

from actions.base import AdvisorAction
from assistant.advisor.types import Move


def _action(move: Move) -> type[AdvisorAction]:
    """Make the action of one move; the SDK wants a class for each, built without arguments."""
    name = "Action" + move.value.title().replace("_", "")
    doc = f"Does the move {move.value!r}."
    return type(name, (AdvisorAction,), {"move": move, "__doc__": doc, "__module__": __name__})


ACTIONS: tuple[type[AdvisorAction], ...] = tuple(_action(move) for move in Move)
"""Kept here, since the SDK finds classes only while something refers to them."""
