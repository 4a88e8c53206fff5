"""What a message means, before anybody looks at the conversation it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Value = str | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The act a message performs."""

    name: str
    """One of the intents of the training phrases, or "out_of_scope"."""
    confidence: float
    """0 to 1, calibrated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedConstraint:
    """A wish about a facet, found in the text."""

    facet: str
    """Facet key of the vocabulary."""
    operator: str
    """= != < <= > >= between in not_in."""
    values: tuple[Value, ...]
    """Values as the vocabulary spells them, or numbers in the facet's unit."""
    unit: str | None
    """The facet's unit, for numbers."""
    strength: str
    """"must" or "prefer" ("ideally", "if possible")."""
    start: int
    """Offset of the first character, inclusive."""
    end: int
    """Offset past the last character."""
    lasting: bool = False
    """True when said of the shopper beyond today ("I never drink red", "I'm vegan")."""
    alternatives: tuple[str, ...] = ()
    """Other facets that have the value too; the pending question may prefer one of them."""
    asked: bool = False
    """True when the clause asks about it ("is it red?") and does not wish for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number no facet claimed; the pending question decides what it means."""

    minimum: float | None
    """None is open below."""
    maximum: float | None
    """None is open above; equal to minimum for a bare number."""
    unit: str | None
    """As said, normalised: "EUR", "cm"; None when none was said."""
    start: int
    """Offset of the first character, inclusive."""
    end: int
    """Offset past the last character."""
    inclusive: bool = False
    """True when the maximum itself is meant too ("up to 50"); the minimum always is."""
    unmeasured: bool = False
    """True when it was said of what no facet of the shop measures: "older than 2019"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A pointer to something shown."""

    kind: str
    """"ordinal" (1, 2, ...; -1 is the last), "superlative" ("cheapest"), "last" ("that one") or "id"."""
    value: str | int
    """What it points to, by kind."""
    start: int
    """Offset of the first character, inclusive."""
    end: int
    """Offset past the last character."""
    facet: str | None = None
    """Of a superlative: the facet it orders by ("cheapest": price); None where the shop has none."""
    direction: int = 0
    """Of a superlative: -1 for the least, +1 for the most; 0 for other kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Critique:
    """A wish relative to what is shown: "cheaper", "a bit bigger"."""

    facet: str
    """Facet key of a number facet."""
    direction: int
    """-1 for less, +1 for more."""
    start: int
    """Offset of the first character, inclusive."""
    end: int
    """Offset past the last character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMessage:
    """A message, understood as far as it can be without its conversation."""

    text: str
    """As received, cut to 2,000 characters."""
    intent: Intent
    """Of the message as a whole."""
    acts: tuple[str, ...] = ()
    """Intent names in the order of the clauses."""
    constraints: tuple[ParsedConstraint, ...] = ()
    """In the order of the text."""
    quantities: tuple[Quantity, ...] = ()
    """Numbers without a facet."""
    references: tuple[Reference, ...] = ()
    """Products pointed to."""
    critiques: tuple[Critique, ...] = ()
    """Relative wishes."""
    facets: tuple[str, ...] = ()
    """Facet keys named without a value ("what about the colour?")."""
    meaning: str = ""
    """What no facet names ("for a first date"), for the search by meaning; empty when nothing is left."""
    unwanted: str = ""
    """What is left of a refusal that no facet names ("no pineapple"); empty when nothing is."""
    gift: bool = False
    """True when the thing is for somebody else ("for my sister")."""
    language: str = "en"
    """Two-letter code."""
    cut: bool = False
    """True when the text was longer than 2,000 characters and the rest was not read."""


class TextEncoder(Protocol):
    """Sentence vectors; the catalog's encoder has this shape."""

    def encode(self, texts: list[str]) -> Any:
        """Return a float32 array [len(texts), dimension] of unit length."""
        ...
