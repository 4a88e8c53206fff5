"""Stand-ins for the parts of a shop, and trackers as the dialogue engine sends them."""

from __future__ import annotations

from typing import Any

from actions import services
from assistant.advisor.state import DialogueState
from assistant.advisor.turn import TurnOutcome
from assistant.advisor.types import Reply
from catalog.types import Constraint, Operator
from nlu.types import Intent, ParsedMessage

VEGAN = Constraint(facet="vegan", operator=Operator.EQ, values=(True,), lasting=True)


class Advisor:
    """Counts turns and remembers what it was asked to do."""

    def __init__(self, change=None, error: Exception | None = None) -> None:
        self.turns: list[dict[str, Any]] = []
        self.change, self.error = change, error

    def take_turn(self, state: DialogueState, **turn: Any) -> TurnOutcome:
        self.turns.append({"state": state, **turn})
        if self.error is not None:
            raise self.error
        from dataclasses import replace

        state = replace(state, turn=state.turn + 1)
        return TurnOutcome(state=state, reply=Reply(text=f"turn {state.turn}"), change=self.change)


class Parser:
    """Finds every message to be a wish."""

    def parse(self, text: str) -> ParsedMessage:
        return ParsedMessage(text=text, intent=Intent(name="inform", confidence=0.9))


class Shoppers:
    """Profiles in memory."""

    def __init__(self) -> None:
        self.profiles: dict[str, tuple[Constraint, ...]] = {"ann": (VEGAN,)}
        self.calls: list[tuple[Any, ...]] = []

    def profile(self, shopper_id: str) -> tuple[Constraint, ...]:
        return self.profiles.get(shopper_id, ())

    def remember(self, shopper_id: str, constraints) -> int:
        self.calls.append(("remember", shopper_id, tuple(constraints)))
        return len(constraints)

    def forget(self, shopper_id: str, facets) -> int:
        self.calls.append(("forget", shopper_id, tuple(facets)))
        return 1

    def forget_all(self, shopper_id: str) -> int:
        self.calls.append(("forget_all", shopper_id))
        return 1


def install(**parts: Any) -> services.ActionServices:
    """Install a shop of fakes; parts given replace them."""
    made = services.ActionServices(
        **{
            "advisor": Advisor(),
            "parser": Parser(),
            "shoppers": Shoppers(),
            "shop": "Fake",
            "products": 3,
            "seconds": 1.0,
            **parts,
        }
    )
    services.install(made)
    return made


def call(action: str, text: str, entities: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return an action call as the engine posts it."""
    return {
        "next_action": action,
        "sender_id": "c1",
        "domain": {},
        "version": "3.6.21",
        "tracker": {
            "sender_id": "c1",
            "slots": {"dialogue_state": more.get("state")},
            "latest_message": {
                "text": text,
                "intent": {"name": "inform"},
                "entities": entities,
                "metadata": more.get("metadata") or {},
            },
            "events": [],
            "paused": False,
        },
    }
