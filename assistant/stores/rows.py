"""What several stores say in SQL, and how a row becomes a value."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from assistant.stores.tables import conversations
from assistant.stores.types import State, StoredMessage


def utc_now() -> datetime:
    """This moment as it is stored: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def conversations_of(shopper_id: str) -> sa.Select[str]:
    """The query for the ids of a shopper's conversations."""
    return sa.select(conversations.c.id).where(conversations.c.shopper_id == shopper_id)


def stored_message(row: sa.Row[tuple[object, ...]]) -> StoredMessage:
    """A row of ``messages`` as a value."""
    return StoredMessage(
        number=row.number,
        client_message_id=row.client_message_id,
        text=row.text,
        choice_id=row.choice_id,
        label=row.label,
        state=State(row.state),
        reply=row.reply,
        created=row.created,
    )
