"""One turn of a conversation at a time, however many gateways share the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.stores.dialects import EpochSeconds
from assistant.stores.errors import UnknownConversation
from assistant.stores.rows import conversations_of
from assistant.stores.tables import conversations, turn_locks
from assistant.stores.types import LockGrant

if TYPE_CHECKING:
    from assistant.stores.database import Database

LEASE_SECONDS = 2.0
"""A gateway that died holds its conversations no longer than this: less than a turn may take."""

# The statements of every turn are built once: building them costs more than running them.
_LOCK = turn_locks.c.conversation_id == sa.bindparam("in_conversation")
_HELD = (
    sa.select(turn_locks.c.holder, (turn_locks.c.held_until > EpochSeconds()).label("taken"))
    .where(_LOCK)
    .with_for_update()
)
_FROM_CONVERSATION = sa.select(
    conversations.c.id, sa.bindparam("new_holder"), EpochSeconds() + LEASE_SECONDS
).where(conversations.c.id == sa.bindparam("in_conversation"))
_TAKE = (
    sa.update(turn_locks)
    .where(_LOCK)
    .values(holder=sa.bindparam("new_holder"), held_until=EpochSeconds() + LEASE_SECONDS)
)
_EXISTS = sa.select(sa.literal(1)).where(conversations.c.id == sa.bindparam("in_conversation"))
_RELEASE = (
    sa.update(turn_locks)
    .where(_LOCK, turn_locks.c.holder == sa.bindparam("old_holder"))
    .values(held_until=0.0)
)


class SqlTurnLock:
    """A row for each conversation with its holder and a lease; see ``ports.TurnLock``.

    A crash of the database may undo the newest changes: then a lease ends by itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._first = (
            database.dialect.insert(turn_locks)
            .from_select(["conversation_id", "holder", "held_until"], _FROM_CONVERSATION)
            .on_conflict_do_nothing(index_elements=["conversation_id"])
            .returning(turn_locks.c.conversation_id)
        )

    def acquire(self, conversation_id: str, holder: str) -> LockGrant:
        """Take the lock if nobody else holds it."""
        row = {"in_conversation": conversation_id, "new_holder": holder}
        with self._database.writing(durable=False) as connection:
            before = connection.execute(_HELD, row).one_or_none()
            if before is None:
                if connection.execute(self._first, row).one_or_none() is not None:
                    return LockGrant.STILL_OURS
                if connection.execute(_EXISTS, row).one_or_none() is None:
                    raise UnknownConversation("The conversation was erased.")
                return LockGrant.REFUSED
            if before.taken and before.holder != holder:
                return LockGrant.REFUSED
            connection.execute(_TAKE, row)
        return LockGrant.STILL_OURS if before.holder == holder else LockGrant.HANDED_OVER

    def renew(self, conversation_ids: Collection[str], holder: str) -> None:
        """Hold locks for another lease, those of them that are still held."""
        query = (
            sa.update(turn_locks)
            .where(
                turn_locks.c.conversation_id.in_(conversation_ids), turn_locks.c.holder == holder
            )
            .values(held_until=EpochSeconds() + LEASE_SECONDS)
        )
        with self._database.writing(durable=False) as connection:
            connection.execute(query)

    def release(self, conversation_id: str, holder: str) -> None:
        """Let others have the lock; nothing happens when they have it already."""
        row = {"in_conversation": conversation_id, "old_holder": holder}
        with self._database.writing(durable=False) as connection:
            connection.execute(_RELEASE, row)

    def erase(self, shopper_id: str) -> int:
        """Delete the locks of the shopper's conversations; returns how many there were."""
        query = sa.delete(turn_locks).where(
            turn_locks.c.conversation_id.in_(conversations_of(shopper_id))
        )
        with self._database.writing() as connection:
            return connection.execute(query).rowcount
