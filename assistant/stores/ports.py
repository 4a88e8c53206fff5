"""What the rest of the house may ask of the stores, whatever database is behind them.

Every method blocks and raises ``StoreUnavailable`` when the database does not answer in time. What a
store holds about one shopper is gone from it after ``erase``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from assistant.stores.types import (
    LockGrant,
    Receipt,
    Shopper,
    State,
    StoredConversation,
    StoredMessage,
)
from catalog.types import Constraint


class Erasable(Protocol):
    """A store that can forget a shopper."""

    def erase(self, shopper_id: str) -> int:
        """Delete everything about the shopper, which may be nothing; returns how many rows."""
        ...


class ConversationLog(Erasable, Protocol):
    """Conversations and everything said in them."""

    def open(self, conversation: StoredConversation) -> None:
        """Store a new conversation."""
        ...

    def find(self, conversation_id: str) -> StoredConversation | None:
        """The conversation with this id, if it is not erased."""
        ...

    def link(self, conversation_id: str, shopper_id: str) -> bool:
        """Note whose conversation it is; False when it is another shopper's, or was erased."""
        ...

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
        """Store a message under the next number, or find the one with the same client_message_id.

        Numbers begin at 1 and have no gap, however many processes receive at once.

        Raises:
            UnknownConversation: it was erased.
        """
        ...

    def message(self, conversation_id: str, number: int) -> StoredMessage | None:
        """One message by its number."""
        ...

    def history(self, conversation_id: str, after: int = 0) -> list[StoredMessage]:
        """Messages with a number above ``after``, in order."""
        ...

    def last_answer(self, conversation_id: str) -> str | None:
        """JSON of the newest reply that was no apology."""
        ...

    def of_shopper(self, shopper_id: str) -> list[str]:
        """Ids of every conversation linked to the shopper."""
        ...

    def older_than(self, hours: int) -> list[str]:
        """Ids of conversations whose last message is older than that."""
        ...

    def all_ids(self) -> set[str]:
        """Ids of every conversation stored."""
        ...

    def delete(self, conversation_ids: Sequence[str]) -> None:
        """Delete conversations with all their messages, in one transaction: pass on few at a time."""
        ...


class Outbox(Erasable, Protocol):
    """What the dialogue engine is still owed."""

    def owed(self, conversation_id: str, through: int) -> list[StoredMessage]:
        """Messages without a reply up to a number, in order."""
        ...

    def missed(self, conversation_id: str) -> list[StoredMessage]:
        """What was said since the newest answer and only apologised for, in order."""
        ...

    def dispatch(self, conversation_id: str, number: int) -> None:
        """Note that a message is being sent to the engine."""
        ...

    def finish(self, conversation_id: str, number: int, state: State, reply: str) -> str:
        """Store the reply as it is sent, unless there is one; returns the one that counts."""
        ...

    def heard(self, conversation_id: str, number: int) -> None:
        """Note that the engine has heard a message that was apologised for."""
        ...

    def give_up(self, conversation_id: str, number: int, reply: str) -> bool:
        """Store an apology for a message that nobody has sent to the engine; False when somebody has."""
        ...


class TurnLock(Erasable, Protocol):
    """Who may do turns of a conversation now.

    A holder names a process. A lock ends by itself after a lease that is not renewed.
    """

    def acquire(self, conversation_id: str, holder: str) -> LockGrant:
        """Take the lock if nobody else holds it.

        Raises:
            UnknownConversation: it was erased.
        """
        ...

    def renew(self, conversation_ids: Collection[str], holder: str) -> None:
        """Hold locks for another lease, those of them that are still held."""
        ...

    def release(self, conversation_id: str, holder: str) -> None:
        """Let others have the lock; nothing happens when they have it already."""
        ...


class RateLimits(Erasable, Protocol):
    """How much was asked of late."""

    def spend(self, budget: str, key: str, *, amount: int, seconds: int) -> int:
        """Count one request.

        Args:
            budget: what kind of request it is.
            key: whose: an address or a conversation.
            amount: how many the budget allows.
            seconds: in how long a time.

        Returns:
            0, or how many seconds to wait when the budget is used up; then it is not counted.
        """
        ...

    def tidy(self) -> int:
        """Delete what is too old to count; returns how many rows."""
        ...


class ShopperStore(Erasable, Protocol):
    """Shoppers known by token, what they agreed to, and the wishes stored with their consent."""

    def create(self) -> tuple[str, str]:
        """Make a shopper without consent; returns the id and the token, which is not stored."""
        ...

    def by_token(self, token: str) -> Shopper | None:
        """Find the shopper whose token this is; None for any other text."""
        ...

    def get(self, shopper_id: str) -> Shopper | None:
        """Find a shopper by id; None when unknown or erased."""
        ...

    def set_consent(self, shopper_id: str, *, granted: bool) -> Shopper:
        """Record the shopper's decision; withdrawing it deletes the profile.

        Raises:
            UnknownShopper: nobody has this id.
        """
        ...

    def profile(self, shopper_id: str) -> tuple[Constraint, ...]:
        """Everything remembered of the shopper, oldest first; empty without consent."""
        ...

    def remember(self, shopper_id: str, constraints: Sequence[Constraint]) -> int:
        """Store lasting wishes; what was known of the same facets is replaced.

        Returns:
            How many are stored: none when the shopper is unknown or has not consented.
        """
        ...

    def forget(self, shopper_id: str, facets: Iterable[str]) -> int:
        """Forget everything about the facets named; returns how many wishes went."""
        ...

    def forget_all(self, shopper_id: str) -> int:
        """Forget the profile but leave shopper and consent; returns how many wishes went."""
        ...
