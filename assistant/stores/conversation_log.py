"""The log of conversations, so that a reload, a resend or a restart loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from assistant.stores.tables import conversations, messages, shoppers
from assistant.stores.types import Receipt, State, StoredConversation, StoredMessage

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

# The statements of every turn are built once: building them costs more than running them.
_NEXT_NUMBER = (
    sa.select(sa.func.coalesce(sa.func.max(messages.c.number), 0) + 1)
    .where(messages.c.conversation_id == sa.bindparam("conversation_id"))
    .scalar_subquery()
)
_RECEIVE = (
    sqlite.insert(messages)
    .values(
        conversation_id=sa.bindparam("conversation_id"),
        number=_NEXT_NUMBER,
        client_message_id=sa.bindparam("client_message_id"),
        text=sa.bindparam("text"),
        choice_id=sa.bindparam("choice_id"),
        label=sa.bindparam("label"),
        state=sa.bindparam("state"),
        created=sa.bindparam("created"),
    )
    .on_conflict_do_nothing(index_elements=["conversation_id", "client_message_id"])
    .returning(messages.c.number)
)
_BY_CLIENT = sa.select(messages).where(
    messages.c.conversation_id == sa.bindparam("conversation_id"),
    messages.c.client_message_id == sa.bindparam("client_message_id"),
)
_ONE = sa.update(messages).where(
    messages.c.conversation_id == sa.bindparam("in_conversation"),
    messages.c.number == sa.bindparam("with_number"),
)
_DISPATCH = _ONE.values(state=State.DISPATCHED.value)
_FINISH = _ONE.values(state=sa.bindparam("new_state"), reply=sa.bindparam("new_reply"))
_CONSENT = sa.select(shoppers.c.consent).where(shoppers.c.id == sa.bindparam("shopper_id"))


class ConversationLog:
    """Reads and writes conversations and messages.

    Every method blocks, so call it on the database thread.

    A turn costs two commits: ``receive`` and ``finish``.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, conversation: StoredConversation) -> None:
        """Store a new conversation."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.insert(conversations).values(
                    id=conversation.id,
                    token_hash=conversation.token_hash,
                    shopper_id=conversation.shopper_id,
                    locale=conversation.locale,
                    created=_now(),
                )
            )

    def find(self, conversation_id: str) -> StoredConversation | None:
        """The conversation with this id, if it is not erased."""
        query = sa.select(conversations).where(conversations.c.id == conversation_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return StoredConversation(
            id=row.id, token_hash=row.token_hash, shopper_id=row.shopper_id, locale=row.locale
        )

    def link(self, conversation_id: str, shopper_id: str) -> None:
        """Note whose conversation it is."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(conversations)
                .where(conversations.c.id == conversation_id)
                .values(shopper_id=shopper_id)
            )

    def receive(
        self,
        conversation: StoredConversation,
        *,
        client_message_id: str,
        text: str | None,
        choice_id: str | None,
        label: str | None,
        state: State,
    ) -> Receipt:
        """Store a message that arrived, or find the one with the same client_message_id."""
        created = _now()
        row = {
            "conversation_id": conversation.id,
            "client_message_id": client_message_id,
            "text": text,
            "choice_id": choice_id,
            "label": label,
            "state": state.value,
            "created": created,
        }
        with self._engine.begin() as connection:
            consent = _consent(connection, conversation.shopper_id)
            number = connection.execute(_RECEIVE, row).scalar()
            if number is None:
                known = connection.execute(_BY_CLIENT, row).one()
                return Receipt(message=_message(known), fresh=False, consent=consent)
        message = StoredMessage(
            number=number,
            client_message_id=client_message_id,
            text=text,
            choice_id=choice_id,
            label=label,
            state=state,
            reply=None,
            created=created,
        )
        return Receipt(message=message, fresh=True, consent=consent)

    def dispatch(self, conversation_id: str, number: int) -> None:
        """Note that a message which had to wait is now with the engine."""
        row = {"in_conversation": conversation_id, "with_number": number}
        with self._engine.begin() as connection:
            connection.execute(_DISPATCH, row)

    def finish(self, conversation_id: str, number: int, state: State, reply: str) -> None:
        """Store the reply as it is sent."""
        row = {
            "in_conversation": conversation_id,
            "with_number": number,
            "new_state": state.value,
            "new_reply": reply,
        }
        with self._engine.begin() as connection:
            connection.execute(_FINISH, row)

    def message(self, conversation_id: str, number: int) -> StoredMessage | None:
        """One message by its number."""
        query = sa.select(messages).where(
            messages.c.conversation_id == conversation_id, messages.c.number == number
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _message(row)

    def history(self, conversation_id: str, after: int = 0) -> list[StoredMessage]:
        """Messages with a number above ``after``, in order."""
        query = (
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.number > after)
            .order_by(messages.c.number)
        )
        with self._engine.connect() as connection:
            return [_message(row) for row in connection.execute(query)]

    def last_answer(self, conversation_id: str) -> str | None:
        """JSON of the newest reply that was no apology."""
        query = (
            sa.select(messages.c.reply)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.state == State.ANSWERED.value,
            )
            .order_by(messages.c.number.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            return connection.scalar(query)

    def missed(self, conversation_id: str) -> list[StoredMessage]:
        """What was said since the newest answer and only apologised for, in order."""
        heard = (
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
                messages.c.number > heard,
            )
            .order_by(messages.c.number)
        )
        with self._engine.connect() as connection:
            return [_message(row) for row in connection.execute(query)]

    def of_shopper(self, shopper_id: str) -> list[str]:
        """Ids of every conversation linked to the shopper."""
        query = sa.select(conversations.c.id).where(conversations.c.shopper_id == shopper_id)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def older_than(self, hours: int) -> list[str]:
        """Ids of conversations whose last message is older than that."""
        limit = _now() - timedelta(hours=hours)
        recent = sa.select(messages.c.id).where(
            messages.c.conversation_id == conversations.c.id, messages.c.created >= limit
        )
        query = sa.select(conversations.c.id).where(
            conversations.c.created < limit, ~recent.exists()
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def all_ids(self) -> set[str]:
        """Ids of every conversation kept."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(conversations.c.id)))

    def delete(self, conversation_ids: Iterable[str]) -> None:
        """Delete conversations with all their messages."""
        with self._engine.begin() as connection:
            for conversation_id in conversation_ids:
                connection.execute(
                    sa.delete(conversations).where(conversations.c.id == conversation_id)
                )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _consent(connection: Connection, shopper_id: str | None) -> bool:
    if shopper_id is None:
        return False
    return bool(connection.execute(_CONSENT, {"shopper_id": shopper_id}).scalar())


def _message(row: sa.Row[tuple[object, ...]]) -> StoredMessage:
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
