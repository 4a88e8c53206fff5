"""What the stores give and take: conversations, messages and how far they have come, shoppers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How far a message has come."""

    RECEIVED = "received"
    """Stored, waiting for the one before it."""
    DISPATCHED = "dispatched"
    """Sent to the dialogue engine."""
    ANSWERED = "answered"
    """Answered; the reply is stored."""
    FAILED = "failed"
    """Apologised for; the apology is stored."""
    HEARD = "heard"
    """Apologised for, but the engine has heard it since."""


class LockGrant(StrEnum):
    """What comes of asking for the lock on a conversation."""

    REFUSED = "refused"
    """Somebody else holds it; ask again."""
    STILL_OURS = "still ours"
    """Granted, and nobody else has held it since we did."""
    HANDED_OVER = "handed over"
    """Granted, and somebody else held it before: what we remember of the conversation is old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConversation:
    """A conversation as it stands in the log."""

    id: str
    """128 random bits in hexadecimal."""
    token_hash: bytes
    """SHA-256 of the secret token."""
    shopper_id: str | None
    """None for a shopper who is not known."""
    locale: str
    """As asked for when it was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A message and, when there is one, its reply."""

    number: int
    """1 is the opening; counts up within the conversation."""
    client_message_id: str
    """Chosen by the client; unique within the conversation."""
    text: str | None
    """As typed, cleaned; None for a choice and for the opening."""
    choice_id: str | None
    """The quick reply chosen."""
    label: str | None
    """What that quick reply said."""
    state: State
    """How far it has come."""
    reply: str | None
    """JSON text exactly as sent to the client."""
    created: datetime
    """When it arrived, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the log says of a message that just arrived."""

    message: StoredMessage
    """The new row, or the one that was already there."""
    fresh: bool
    """False when the same client_message_id was there before."""
    consent: bool
    """Whether the shopper's profile may be used and changed, as of now."""
    shopper_id: str | None
    """Whose conversation it is, as of now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """A shopper the shop may know again."""

    id: str
    """Random; names the shopper inside the house and is no secret."""
    consent: bool
    """Whether anything may be remembered or used."""
    since: datetime | None
    """When consent was given, UTC; None without consent."""
