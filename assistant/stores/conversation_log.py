"""The log of conversations, so that a reload, a resend or a restart loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.stores.errors import UnknownConversation
from assistant.stores.rows import conversations_of, stored_message, utc_now
from assistant.stores.tables import conversations, messages, shoppers
from assistant.stores.types import Receipt, State, StoredConversation, StoredMessage

if TYPE_CHECKING:
    from assistant.stores.database import Database

_BY_CLIENT = sa.select(messages).where(
    messages.c.conversation_id == sa.bindparam("conversation_id"),
    messages.c.client_message_id == sa.bindparam("client_message_id"),
)
# Locks the conversation where rows can be locked, so that numbers are given one after the other.
_RECEIVER = (
    sa.select(conversations.c.shopper_id, shoppers.c.consent)
    .select_from(conversations.outerjoin(shoppers, shoppers.c.id == conversations.c.shopper_id))
    .where(conversations.c.id == sa.bindparam("conversation_id"))
    .with_for_update(of=conversations, key_share=True)  # foreign keys may point at it meanwhile
)
_NEXT_NUMBER = (
    sa.select(sa.func.coalesce(sa.func.max(messages.c.number), 0) + 1)
    .where(messages.c.conversation_id == sa.bindparam("conversation_id"))
    .scalar_subquery()
)


class SqlConversationLog:
    """Conversations and messages in the database; see ``ports.ConversationLog``.

    Every method blocks, so asynchronous code calls it on the database thread.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # Built once: building it costs more than running it.
        self._receive = (
            database.dialect.insert(messages)
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

    def open(self, conversation: StoredConversation) -> None:
        """Store a new conversation."""
        with self._database.writing() as connection:
            connection.execute(
                sa.insert(conversations).values(
                    id=conversation.id,
                    token_hash=conversation.token_hash,
                    shopper_id=conversation.shopper_id,
                    locale=conversation.locale,
                    created=utc_now(),
                )
            )

    def find(self, conversation_id: str) -> StoredConversation | None:
        """The conversation with this id, if it is not erased."""
        query = sa.select(conversations).where(conversations.c.id == conversation_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return StoredConversation(
            id=row.id, token_hash=row.token_hash, shopper_id=row.shopper_id, locale=row.locale
        )

    def link(self, conversation_id: str, shopper_id: str) -> bool:
        """Note whose conversation it is; False when it is another shopper's, or was erased."""
        with self._database.writing() as connection:
            linked = connection.execute(
                sa.update(conversations)
                .where(
                    conversations.c.id == conversation_id,
                    sa.func.coalesce(conversations.c.shopper_id, shopper_id) == shopper_id,
                )
                .values(shopper_id=shopper_id)
            )
            return linked.rowcount > 0

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
        created = utc_now()
        row = {
            "conversation_id": conversation.id,
            "client_message_id": client_message_id,
            "text": text,
            "choice_id": choice_id,
            "label": label,
            "state": state.value,
            "created": created,
        }
        with self._database.writing() as connection:
            receiver = connection.execute(_RECEIVER, row).one_or_none()
            if receiver is None:
                raise UnknownConversation("There is no such conversation; it may have been erased.")
            number = connection.execute(self._receive, row).scalar()
            if number is None:
                message = stored_message(connection.execute(_BY_CLIENT, row).one())
            else:
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
        return Receipt(
            message=message,
            fresh=number is not None,
            consent=bool(receiver.consent),
            shopper_id=receiver.shopper_id,
        )

    def message(self, conversation_id: str, number: int) -> StoredMessage | None:
        """One message by its number."""
        query = sa.select(messages).where(
            messages.c.conversation_id == conversation_id, messages.c.number == number
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else stored_message(row)

    def history(self, conversation_id: str, after: int = 0) -> list[StoredMessage]:
        """Messages with a number above ``after``, in order."""
        query = (
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.number > after)
            .order_by(messages.c.number)
        )
        with self._database.reading() as connection:
            return [stored_message(row) for row in connection.execute(query)]

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
        with self._database.reading() as connection:
            return connection.scalar(query)

    def of_shopper(self, shopper_id: str) -> list[str]:
        """Ids of every conversation linked to the shopper."""
        with self._database.reading() as connection:
            return list(connection.scalars(conversations_of(shopper_id)))

    def older_than(self, hours: int) -> list[str]:
        """Ids of conversations whose last message is older than that."""
        limit = utc_now() - timedelta(hours=hours)
        recent = sa.select(messages.c.id).where(
            messages.c.conversation_id == conversations.c.id, messages.c.created >= limit
        )
        query = sa.select(conversations.c.id).where(
            conversations.c.created < limit, ~recent.exists()
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def all_ids(self) -> set[str]:
        """Ids of every conversation stored."""
        with self._database.reading() as connection:
            return set(connection.scalars(sa.select(conversations.c.id)))

    def delete(self, conversation_ids: Sequence[str]) -> None:
        """Delete conversations with all their messages, in one transaction: pass on few at a time."""
        with self._database.writing() as connection:
            connection.execute(
                sa.delete(conversations).where(conversations.c.id.in_(conversation_ids))
            )

    def erase(self, shopper_id: str) -> int:
        """Delete every conversation of the shopper; returns how many there were."""
        with self._database.writing() as connection:
            return connection.execute(
                sa.delete(conversations).where(conversations.c.shopper_id == shopper_id)
            ).rowcount
