"""The state of a conversation, kept as JSON in a slot of the dialogue engine between turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.advisor.types import AskedQuestion
from catalog.types import Constraint, Operator, Origin, Strength

UNDO_DEPTH = 12
"""Steps that can be taken back."""
OFFERS_KEPT = 120
"""Quick replies that stay clickable, newest first: about the last six turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceEffect:
    """What a quick reply does when it is chosen."""

    kind: str
    """"value", "range", "any", "more", "withdraw", "change", "say", "select" or "profile"."""
    facet: str = ""
    """Facet key, where the kind is about one."""
    values: tuple[Any, ...] = ()
    """The value; or minimum and maximum of a range; of "say" the move and, where it is about one, the product's id."""
    answers: int = 0
    """Answers offered with it, which sets how a wrong one is weighed."""


def withdrawal(wishes: Sequence[Constraint]) -> ChoiceEffect:
    """Return the quick reply that takes back these wishes, and no other about the same facet."""
    return ChoiceEffect(kind="withdraw", values=tuple(constraint_to_json(wish) for wish in wishes))


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSnapshot:
    """What a turn can be taken back to."""

    constraints: tuple[Constraint, ...]
    """Wishes held before the step."""
    meaning: tuple[str, ...]
    """Wishes in free words before the step."""
    asked: tuple[AskedQuestion, ...]
    """Questions put before the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueState:
    """Everything the advisor knows of a conversation."""

    turn: int = 0
    """Turns taken."""
    constraints: tuple[Constraint, ...] = ()
    """Wishes said in this conversation, in the order they were said; profile wishes are not kept."""
    meaning: tuple[str, ...] = ()
    """Wishes in free words that no facet names."""
    asked: tuple[AskedQuestion, ...] = ()
    """Questions put and how they were answered."""
    offered: Mapping[str, int] | None = None
    """Facet -> number of answers its question offered."""
    pending: str = ""
    """Facet of the question that waits for an answer; empty when none does."""
    offers: Mapping[str, ChoiceEffect] | None = None
    """Choice id -> what choosing it does."""
    shown: Mapping[str, int] | None = None
    """Product id -> how often it was shown."""
    last_shown: tuple[str, ...] = ()
    """Product ids of the latest reply, in order: what "the second one" points to."""
    focus: str = ""
    """Product id talked about last."""
    gift: bool = False
    """True when the thing is for somebody else: the profile is neither used nor changed."""
    profile_overridden: tuple[str, ...] = ()
    """Facets whose profile wish was put aside for this conversation."""
    profile_shown_turn: int = 0
    """The turn in which what is known of the shopper was said, so that the next may correct it."""
    misses: int = 0
    """Turns in a row that were not understood."""
    history: tuple[StateSnapshot, ...] = ()
    """States to go back to, oldest first."""
    last_text: str = ""
    """What was said last, for "say that again"."""
    counted: int = -1
    """Products that met every wish in the reply before; -1 in a new conversation."""

    def remembered(self) -> DialogueState:
        """Return the state with today's wishes pushed on the undo history."""
        step = StateSnapshot(constraints=self.constraints, meaning=self.meaning, asked=self.asked)
        return replace(self, history=(*self.history, step)[-UNDO_DEPTH:])

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON; ``from_json`` gives the same state back."""
        return {
            "turn": self.turn,
            "constraints": [constraint_to_json(c) for c in self.constraints],
            "meaning": list(self.meaning),
            "asked": _asked_to_json(self.asked),
            "offered": dict(self.offered or {}),
            "pending": self.pending,
            "offers": {
                key: [o.kind, o.facet, list(o.values), o.answers]
                for key, o in (self.offers or {}).items()
            },
            "shown": dict(self.shown or {}),
            "last_shown": list(self.last_shown),
            "focus": self.focus,
            "gift": self.gift,
            "profile_overridden": list(self.profile_overridden),
            "profile_shown_turn": self.profile_shown_turn,
            "misses": self.misses,
            "history": [
                {
                    "constraints": [constraint_to_json(c) for c in s.constraints],
                    "meaning": list(s.meaning),
                    "asked": _asked_to_json(s.asked),
                }
                for s in self.history
            ],
            "last_text": self.last_text,
            "counted": self.counted,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> DialogueState:
        """Rebuild a state; None or an empty mapping is a new conversation."""
        if not data:
            return cls()
        return cls(
            turn=int(data.get("turn", 0)),
            constraints=tuple(constraint_from_json(c) for c in data.get("constraints", ())),
            meaning=tuple(data.get("meaning", ())),
            asked=_asked(data.get("asked", ())),
            offered=dict(data.get("offered") or {}),
            pending=data.get("pending", ""),
            offers={
                key: ChoiceEffect(kind=o[0], facet=o[1], values=tuple(o[2]), answers=o[3])
                for key, o in (data.get("offers") or {}).items()
            },
            shown=dict(data.get("shown") or {}),
            last_shown=tuple(data.get("last_shown", ())),
            focus=data.get("focus", ""),
            gift=bool(data.get("gift", False)),
            profile_overridden=tuple(data.get("profile_overridden", ())),
            profile_shown_turn=int(data.get("profile_shown_turn", 0)),
            misses=int(data.get("misses", 0)),
            history=tuple(
                StateSnapshot(
                    constraints=tuple(constraint_from_json(c) for c in s["constraints"]),
                    meaning=tuple(s["meaning"]),
                    asked=_asked(s["asked"]),
                )
                for s in data.get("history", ())
            ),
            last_text=data.get("last_text", ""),
            counted=int(data.get("counted", -1)),
        )


def _asked_to_json(asked: tuple[AskedQuestion, ...]) -> list[list[Any]]:
    return [
        [
            question.facet,
            question.signature,
            question.answer,
            list(question.values),
            [list(r) for r in question.ranges],
        ]
        for question in asked
    ]


def _asked(rows: Any) -> tuple[AskedQuestion, ...]:
    return tuple(
        AskedQuestion(
            facet=row[0],
            signature=row[1],
            answer=row[2],
            values=tuple(row[3]),
            ranges=tuple((bounds[0], bounds[1]) for bounds in row[4]),
        )
        for row in rows
    )


def constraint_to_json(constraint: Constraint) -> dict[str, Any]:
    """Return a constraint as plain JSON, every field kept."""
    return {
        "facet": constraint.facet,
        "operator": constraint.operator.value,
        "values": list(constraint.values),
        "unit": constraint.unit,
        "strength": constraint.strength.value,
        "origin": constraint.origin.value,
        "turn": constraint.turn,
        "lasting": constraint.lasting,
    }


def constraint_from_json(data: Mapping[str, Any]) -> Constraint:
    """Rebuild a constraint from ``constraint_to_json``."""
    return Constraint(
        facet=data["facet"],
        operator=Operator(data["operator"]),
        values=tuple(data["values"]),
        unit=data.get("unit"),
        strength=Strength(data.get("strength", "must")),
        origin=Origin(data.get("origin", "said")),
        turn=int(data.get("turn", 0)),
        lasting=bool(data.get("lasting", False)),
    )
