"""The one way every action works: read the turn, ask the advisor, remember, reply."""

from __future__ import annotations

import abc
import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet

from actions import services
from assistant.advisor.types import Move, Profile, ProfileChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rasa_sdk.executor import CollectingDispatcher

    from nlu.types import ParsedMessage

STATE = "dialogue_state"
"""The slot the conversation is kept in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInput:
    """What the engine's tracker says of the turn."""

    state: Mapping[str, Any] | None
    """The conversation so far, as JSON; None in a new one."""
    message: ParsedMessage | None
    """What was said; None for openings and quick replies."""
    choice_id: str | None
    """The quick reply chosen."""
    shopper_id: str | None
    """Whom the profile belongs to; None without consent."""


def read_turn(tracker: Tracker) -> TurnInput:
    """Read a turn from the tracker the engine sends."""
    from nlu.serialize import parsed_from_json

    latest = tracker.latest_message or {}
    entities = {entity["entity"]: entity["value"] for entity in latest.get("entities") or ()}
    metadata = latest.get("metadata") or {}
    message = entities.get("message")
    return TurnInput(
        state=tracker.get_slot(STATE),
        message=parsed_from_json(message) if message else None,
        choice_id=entities.get("choice"),
        shopper_id=metadata.get("shopper_id") if metadata.get("consent") is True else None,
    )


def take_turn(move: Move, heard: TurnInput) -> tuple[dict[str, Any], dict[str, Any]]:
    """Do the turn; returns the new state and the reply, both as JSON. Blocks for some milliseconds."""
    from assistant.advisor.reply import reply_to_json
    from assistant.advisor.state import DialogueState

    parts = services.fresh()
    profile = None
    if heard.shopper_id is not None:
        profile = Profile(constraints=tuple(parts.shoppers.profile(heard.shopper_id)))
    outcome = parts.advisor.take_turn(
        DialogueState.from_json(heard.state),
        move=move,
        message=heard.message,
        choice_id=heard.choice_id,
        profile=profile,
        may_remember=heard.shopper_id is not None,
    )
    # Before the reply is sent: "I will remember that" must be true when it is read.
    if heard.shopper_id is not None and outcome.change is not None:
        _write(heard.shopper_id, outcome.change)
    return outcome.state.to_json(), reply_to_json(outcome.reply)


def _write(shopper_id: str, change: ProfileChange) -> None:
    shoppers = services.get().shoppers
    if change.forget_all:
        shoppers.forget_all(shopper_id)
    if change.forget:
        shoppers.forget(shopper_id, change.forget)
    if change.remember:
        shoppers.remember(shopper_id, change.remember)


class AdvisorAction(Action, abc.ABC):  # type: ignore[misc]
    """One move of the advisor as an action of the dialogue rules, named ``action_<move>``.

    Abstract, since the SDK registers every class of actions that can be built.
    """

    @property
    @abc.abstractmethod
    def move(self) -> Move:
        """What the rules want done."""

    def name(self) -> str:
        """Return the name the rules use."""
        return f"action_{self.move.value}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the turn; a failure is raised, and becomes the gateway's worded apology."""
        seconds, turn_input = services.get().seconds, read_turn(tracker)
        turn = asyncio.to_thread(take_turn, self.move, turn_input)
        state, reply = await asyncio.wait_for(turn, seconds)
        dispatcher.utter_message(json_message={"reply": reply})
        return [SlotSet(STATE, state)]
