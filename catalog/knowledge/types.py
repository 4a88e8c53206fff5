"""What is known of a kind of goods, and what of that a shop has facets for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WishKind(StrEnum):
    """What a piece of knowledge wants of a property."""

    HIGH = "high"
    LOW = "low"
    YES = "yes"
    NO = "no"
    BOUND = "bound"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWish:
    """What an everyday word or a use means for a property: weight low, memory from 16 GB."""

    concept: str
    """Key of the property in the kind's ``concepts``."""
    kind: WishKind
    """What is wanted."""
    operator: str = ""
    """Of a BOUND: ">=", "<=", ">", "<" or "="."""
    bound: float = 0.0
    """Of a BOUND: the number, in the concept's unit."""
    words: tuple[str, ...] = ()
    """Of WORDS: parts of values, any of which will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A property that this kind of goods is described by."""

    names: tuple[str, ...]
    """What its column may be called, lower case."""
    asked: tuple[str, ...]
    """How people ask for it: "how heavy"."""
    question: str
    """How a seller asks for it."""
    why: str
    """Why it matters to the shopper."""
    order: int
    """Place among the questions of a seller, from 1."""
    unit: str = ""
    """Of numbers."""
    scale: tuple[float, float] | None = None
    """Usual values in that unit; None for what is no number."""
    better: str = ""
    """"low", "high" or, where neither is better, ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that matters for a use."""

    wish: KnownWish
    """What is wanted."""
    because: str
    """Why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What people want a thing for."""

    name: str
    """What it is called."""
    names: tuple[str, ...]
    """Other ways to say it."""
    wants: tuple[Reason, ...]
    """What matters for it, the most important first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An honest catch of what has certain properties."""

    when: tuple[KnownWish, ...]
    """All that has to hold of a product."""
    say: str
    """The catch, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """One file: a kind of goods in one language."""

    kind: str
    """Name of the file."""
    noun: str
    """One of them."""
    nouns: str
    """Several of them."""
    concepts: Mapping[str, Concept]
    """Properties by key; the same keys in every language."""
    words: Mapping[str, tuple[KnownWish, ...]]
    """Everyday words for properties."""
    used_for: Mapping[str, str]
    """Everyday words for a use -> its name."""
    also: Mapping[str, tuple[str, ...]]
    """Name -> other names of the same."""
    includes: Mapping[str, tuple[str, ...]]
    """Broader word -> the narrower ones it covers."""
    terms: Mapping[str, str]
    """Term -> its explanation."""
    uses: Mapping[str, Use]
    """By name."""
    doubts: tuple[Doubt, ...]
    """Honest catches."""
    goes_with: Mapping[str, str]
    """What is bought along -> why."""
    use_question: str
    """How a seller asks what it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopKnowledge:
    """A kind of goods that a shop sells."""

    knowledge: Knowledge
    """What is known of it."""
    facets: Mapping[str, str]
    """Concept -> the shop's facet; concepts without one are left out."""
    share: float
    """Part of the shop's products that were recognised as of this kind, 0 to 1."""
