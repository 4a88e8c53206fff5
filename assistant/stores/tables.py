"""Every table of the database: shoppers with their profiles, conversations with their messages."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the database."""

shoppers = Table(
    "shoppers",
    metadata,
    Column("id", String(32), primary_key=True),
    # The token itself is never stored: whoever reads the file cannot pass for a shopper.
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("consent", Boolean, nullable=False, default=False),
    Column("consent_since", DateTime, nullable=True),
    Column("created", DateTime, nullable=False),
)

profile_facts = Table(
    "profile_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "shopper_id",
        String(32),
        ForeignKey("shoppers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("facet", String, nullable=False),
    Column("operator", String(8), nullable=False),
    Column("values", JSON, nullable=False),
    Column("unit", String, nullable=True),
    Column("strength", String(8), nullable=False),
    Column("learnt_at", DateTime, nullable=False),
)

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
