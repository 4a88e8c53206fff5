"""What the dialogue engine is still owed: messages that were taken in and not answered yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.stores.rows import conversations_of, stored_message
from assistant.stores.tables import messages
from assistant.stores.types import State, StoredMessage

if TYPE_CHECKING:
    from assistant.stores.database import Database

# The statements of every turn are built once: building them costs more than running them.
_ONE = sa.and_(
    messages.c.conversation_id == sa.bindparam("in_conversation"),
    messages.c.number == sa.bindparam("with_number"),
)
_OPEN = messages.c.reply.is_(None)
_OWED = (
    sa.select(messages)
    .where(
        messages.c.conversation_id == sa.bindparam("in_conversation"),
        messages.c.number <= sa.bindparam("with_number"),
        _OPEN,
    )
    .order_by(messages.c.number)
)
_DISPATCH = sa.update(messages).where(_ONE, _OPEN).values(state=State.DISPATCHED.value)
_FINISH = (
    sa.update(messages)
    .where(_ONE, _OPEN)
    .values(
        # A late answer may come while the apology for it is being stored.
        state=sa.case(
            (messages.c.state == State.HEARD.value, State.HEARD.value),
            else_=sa.bindparam("new_state"),
        ),
        reply=sa.bindparam("new_reply"),
    )
)
_GIVE_UP = _FINISH.where(messages.c.state == State.RECEIVED.value)
_HEARD = (
    sa.update(messages)
    .where(_ONE, messages.c.state != State.ANSWERED.value)
    .values(state=State.HEARD.value)
)
_REPLY = sa.select(messages.c.reply).where(_ONE)


class SqlOutbox:
    """Unanswered messages in the database; see ``ports.Outbox``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owed(self, conversation_id: str, through: int) -> list[StoredMessage]:
        """Messages without a reply up to a number, in order."""
        row = {"in_conversation": conversation_id, "with_number": through}
        with self._database.reading() as connection:
            return [stored_message(message) for message in connection.execute(_OWED, row)]

    def missed(self, conversation_id: str) -> list[StoredMessage]:
        """What was said since the newest answer and only apologised for, in order."""
        dispatched = (
            sa.select(sa.func.coalesce(sa.func.max(messages.c.number), 1))
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.state == State.ANSWERED.value,
            )
            .scalar_subquery()
        )
        query = (
            sa.select(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.state == State.FAILED.value,
                messages.c.number > dispatched,
            )
            .order_by(messages.c.number)
        )
        with self._database.reading() as connection:
            return [stored_message(row) for row in connection.execute(query)]

    def dispatch(self, conversation_id: str, number: int) -> None:
        """Note that a message which had to wait is now with the engine."""
        row = {"in_conversation": conversation_id, "with_number": number}
        with self._database.writing() as connection:
            connection.execute(_DISPATCH, row)

    def finish(self, conversation_id: str, number: int, state: State, reply: str) -> str:
        """Store the reply as it is sent, unless there is one; returns the one that counts."""
        row = {
            "in_conversation": conversation_id,
            "with_number": number,
            "new_state": state.value,
            "new_reply": reply,
        }
        with self._database.writing() as connection:
            if connection.execute(_FINISH, row).rowcount:
                return reply
            # Another gateway was quicker, or the conversation was erased meanwhile.
            return connection.scalar(_REPLY, row) or reply

    def heard(self, conversation_id: str, number: int) -> None:
        """Note that the engine has heard a message that was apologised for."""
        row = {"in_conversation": conversation_id, "with_number": number}
        with self._database.writing() as connection:
            connection.execute(_HEARD, row)

    def give_up(self, conversation_id: str, number: int, reply: str) -> bool:
        """Store an apology for a message that nobody has sent to the engine; False when somebody has."""
        row = {
            "in_conversation": conversation_id,
            "with_number": number,
            "new_state": State.FAILED.value,
            "new_reply": reply,
        }
        with self._database.writing() as connection:
            return connection.execute(_GIVE_UP, row).rowcount > 0

    def erase(self, shopper_id: str) -> int:
        """Delete what is owed to the shopper's conversations; returns how many messages."""
        owed = sa.delete(messages).where(
            _OPEN, messages.c.conversation_id.in_(conversations_of(shopper_id))
        )
        with self._database.writing() as connection:
            return connection.execute(owed).rowcount
