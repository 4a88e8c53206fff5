"""What travels through a conversation: its state, what the shopper did, and what the assistant answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalog.types import Constraint, Product, Value


class Move(StrEnum):
    """What the dialogue rules may ask the advisor to do in a turn; each has a Rasa action ``action_<move>``."""

    OPEN = "open"
    ADVISE = "advise"
    CHOOSE = "choose"
    MORE = "more"
    COMPARE = "compare"
    SELECT = "select"
    PRODUCT_QUESTION = "product_question"
    CATALOG_QUESTION = "catalog_question"
    WHY = "why"
    EXPLAIN_TERM = "explain_term"
    UNDO = "undo"
    START_OVER = "start_over"
    REPEAT = "repeat"
    GREET = "greet"
    GOODBYE = "goodbye"
    THANK = "thank"
    HELP = "help"
    HAND_OFF = "hand_off"
    PRAISE = "praise"
    COMPLAINT = "complaint"
    BOT_CHALLENGE = "bot_challenge"
    SHOP_INFO = "shop_info"
    ORDER_STATUS = "order_status"
    CART = "cart"
    OUT_OF_SCOPE = "out_of_scope"
    SHOW_PROFILE = "show_profile"
    FORGET_PROFILE = "forget_profile"


class OptionKind(StrEnum):
    """What choosing an option means."""

    VALUE = "value"
    RANGE = "range"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An answer offered with a question."""

    choice_id: str
    """Opaque to clients; valid while the conversation lasts."""
    label: str
    """As shown: "under €20"."""
    count: int
    """Products behind it among those that meet every wish so far."""
    kind: OptionKind
    """What it means."""
    value: Value | None = None
    """Of a VALUE option: equals an entry of ``Product.facets[facet]``."""
    min: float | None = None
    """Of a RANGE option: lower bound, inclusive; None is open."""
    max: float | None = None
    """Of a RANGE option: upper bound, exclusive; None is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about one facet."""

    facet: str
    """Facet key."""
    label: str
    """The facet as said to a shopper."""
    text: str
    """The question, worded."""
    reason: str
    """Why it is asked, worded."""
    options: tuple[Option, ...]
    """At least two answers and, last, exactly one ANY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question that was put."""

    facet: str
    """Facet key."""
    signature: str
    """Names the exact answers offered, so that the same question never comes twice."""
    values: tuple[Value, ...] = ()
    """Values that were on offer."""
    ranges: tuple[tuple[float | None, float | None], ...] = ()
    """Ranges that were on offer."""
    answer: str = "open"
    """"open", "value", "any" (does not mind) or "unknown" (does not know)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A quick reply that is not an answer to the question: "Show me more", "Without the price limit"."""

    choice_id: str
    """Opaque to clients."""
    label: str
    """As shown."""


NO_CHOICE = Suggestion(choice_id="", label="")
"""Stands where nothing can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProduct:
    """A product in a reply, with how it meets the wishes."""

    product: Product
    """As in the catalog."""
    met: tuple[str, ...]
    """Wishes it meets, worded."""
    unmet: tuple[str, ...]
    """Wishes it does not meet or of which the catalog does not say, worded."""
    why: str
    """One sentence on why it is here; empty when there is nothing to say."""
    tell_more: Suggestion = NO_CHOICE
    """The quick reply that asks about it."""
    select: Suggestion = NO_CHOICE
    """The quick reply that takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the assistant answers; the gateway adds the message ids."""

    text: str
    """What is said, question included."""
    question: Question | None = None
    """What is asked now; None when nothing is worth asking."""
    products: tuple[ShownProduct, ...] = ()
    """Best first."""
    constraints: tuple[tuple[Constraint, str], ...] = ()
    """Every wish held now, each with its wording."""
    removals: tuple[Suggestion, ...] = ()
    """For each constraint, the quick reply that takes it back; empty when there are none."""
    turn: int = 0
    """The turn this answers; part of the trace id."""
    remaining: int = 0
    """Products that meet every wish."""
    suggestions: tuple[Suggestion, ...] = ()
    """Further quick replies."""
    trace: dict[str, Any] = field(default_factory=dict)
    """Why: facet gains, counts before and after; for shop staff, never shown to shoppers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the shop may remember of a shopper who agreed to it."""

    constraints: tuple[Constraint, ...] = ()
    """Lasting wishes, refusals, sizes and budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    """What a turn taught about the shopper beyond this conversation."""

    remember: tuple[Constraint, ...] = ()
    """Each replaces what was known of the same facet."""
    forget: tuple[str, ...] = ()
    """Facet keys to forget."""
    forget_all: bool = False
    """True to forget everything."""
