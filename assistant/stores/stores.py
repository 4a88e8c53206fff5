"""All stores of one database, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from assistant.stores.conversation_log import SqlConversationLog
from assistant.stores.database import Database, open_database
from assistant.stores.outbox import SqlOutbox
from assistant.stores.ports import (
    ConversationLog,
    Erasable,
    Outbox,
    RateLimits,
    ShopperStore,
    TurnLock,
)
from assistant.stores.rate_limits import SqlRateLimits
from assistant.stores.shopper_store import SqlShopperStore
from assistant.stores.turn_lock import SqlTurnLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Everything that is stored about shoppers and their conversations."""

    database: Database
    """What they all stand in."""
    shoppers: ShopperStore
    """Shoppers and profiles."""
    conversations: ConversationLog
    """Conversations and messages."""
    outbox: Outbox
    """Messages that wait for an answer."""
    turns: TurnLock
    """Whose turn it is."""
    limits: RateLimits
    """How much was asked of late."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database and its stores; see ``open_database``.

        Raises:
            StoreUnavailable: it cannot be opened.
        """
        database = open_database(url)
        return cls(
            database=database,
            shoppers=SqlShopperStore(database),
            conversations=SqlConversationLog(database),
            outbox=SqlOutbox(database),
            turns=SqlTurnLock(database),
            limits=SqlRateLimits(database),
        )

    def in_order_of_erasing(self) -> tuple[Erasable, ...]:
        """The shopper first, so that nothing new is learnt; conversations last, which lead to the rest."""
        return (self.shoppers, self.limits, self.turns, self.outbox, self.conversations)

    def erase(self, shopper_id: str) -> int:
        """Delete everything about a shopper; returns how many rows, 0 when there was nothing."""
        return sum(store.erase(shopper_id) for store in self.in_order_of_erasing())

    def close(self) -> None:
        """Close the database."""
        self.database.close()
