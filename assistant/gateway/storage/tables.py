"""Tables of the conversation log, in the same file and metadata as the shoppers."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assistant.shoppers.tables import metadata


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


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    # No foreign key: the gateway erases a shopper's conversations itself, trackers included.
    Column("shopper_id", String(32), nullable=True, index=True),
    Column("locale", String(16), nullable=False),
    Column("created", DateTime, nullable=False, index=True),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "conversation_id",
        String(32),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("number", Integer, nullable=False),
    Column("client_message_id", String(200), nullable=False),
    Column("text", Text, nullable=True),
    Column("choice_id", String(64), nullable=True),
    # What the chosen quick reply said, so that a reload can show it.
    Column("label", Text, nullable=True),
    Column("state", String(16), nullable=False),
    Column("reply", Text, nullable=True),
    Column("created", DateTime, nullable=False),
    UniqueConstraint("conversation_id", "number", name="uq_messages_number"),
    UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
)
