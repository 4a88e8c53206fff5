"""Every table of the database: shoppers, conversations, whose turn it is, and what was asked of late."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class SafeText(TypeDecorator[str]):
    """Text from outside: PostgreSQL holds every character but NUL, which becomes U+FFFD."""

    impl: type[String] = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else value.replace("\x00", "\ufffd")


class SafeString(SafeText):
    """A short text from outside."""

    impl = String
    cache_ok = True


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
    Column("facet", SafeString, nullable=False),
    Column("operator", String(8), nullable=False),
    Column("values", JSON, nullable=False),
    Column("unit", SafeString, nullable=True),
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
    Column("client_message_id", SafeString(200), nullable=False),
    Column("text", SafeText, nullable=True),
    Column("choice_id", String(64), nullable=True),
    # What the chosen quick reply said, so that a reload can show it.
    Column("label", SafeText, nullable=True),
    Column("state", String(16), nullable=False),
    Column("reply", Text, nullable=True),
    Column("created", DateTime, nullable=False),
    UniqueConstraint("conversation_id", "number", name="uq_messages_number"),
    UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
)

turn_locks = Table(
    "turn_locks",
    metadata,
    Column(
        "conversation_id",
        String(32),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    # The process that does turns of this conversation, or did the last one.
    Column("holder", String(32), nullable=False),
    # By the database's clock, in seconds since 1970; past when nobody holds it.
    Column("held_until", Float, nullable=False),
)

rate_windows = Table(
    "rate_windows",
    metadata,
    Column("budget", String(32), primary_key=True),
    # A digest: neither addresses nor conversations can be read here.
    Column("key", String(32), primary_key=True),
    # Number of the window since 1970 that is being counted.
    Column("window", BigInteger, nullable=False),
    Column("hits", Integer, nullable=False),
    # Hits of the window before.
    Column("before", Integer, nullable=False),
    # Seconds since 1970 after which the row says nothing any more.
    Column("stale_after", Float, nullable=False, index=True),
)
