"""Erasing: a conversation, a shopper, or what is older than the shop keeps, in every file it stands in."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import AsyncExitStack

from assistant.gateway.conversations.service import ConversationService
from assistant.gateway.storage.engine_tracker import Tracker
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable
from assistant.stores.stores import Stores

logger = logging.getLogger(__name__)

PURGE_EVERY = 3600.0
"""Seconds."""


class Eraser:
    """Erases conversations and shoppers everywhere, and keeps to the shop's retention time.

    Args:
        stores: everything that is stored.
        database: the thread they are used on.
        tracker: the dialogue engine's record.
        conversations: the turns under way, which must end first.
        retention_hours: how long a conversation is kept after its last message.
    """

    def __init__(
        self,
        *,
        stores: Stores,
        database: DatabaseThread,
        tracker: Tracker,
        conversations: ConversationService,
        retention_hours: int,
    ) -> None:
        self._stores, self._database, self._tracker = stores, database, tracker
        self._conversations, self._retention_hours = conversations, retention_hours

    async def conversation(self, conversation_id: str) -> None:
        """Erase one conversation: log, replies and the engine's record."""
        await self._conversations_gone([conversation_id])
        await self._database.run(self._stores.database.scrub)

    async def shopper(self, shopper_id: str) -> None:
        """Erase a shopper, the profile and every conversation that was held with this token."""
        # The shopper goes first, so that nothing new is learnt while the rest is erased.
        await self._database.run(self._stores.shoppers.erase, shopper_id)
        ids = await self._database.run(self._stores.conversations.of_shopper, shopper_id)
        await self._conversations_gone(ids)
        await self._database.run(self._stores.erase, shopper_id)
        await self._database.run(self._stores.database.scrub)

    async def scrub(self) -> None:
        """Leave nothing in the file of what was deleted; after consent was withdrawn."""
        await self._database.run(self._stores.database.scrub)

    async def purge(self) -> int:
        """Delete what is older than the shop keeps; returns the number of conversations.

        Also removes what the engine wrote of conversations that are no longer in the log: a turn that
        was late when its conversation was erased.
        """
        old = await self._database.run(self._stores.conversations.older_than, self._retention_hours)
        await self._conversations_gone(old, scrubbed=False)
        senders = await asyncio.to_thread(self._tracker.senders)
        # Read after the senders: a conversation is in the log before the engine hears of it.
        if strays := senders - await self._database.run(self._stores.conversations.all_ids):
            await asyncio.to_thread(self._tracker.delete, strays, scrubbed=False)
        return len(old)

    async def purge_for_ever(self) -> None:
        """Purge now and then every hour, until cancelled."""
        while True:
            try:
                if number := await self.purge():
                    logger.info("Deleted %s conversations that were kept long enough.", number)
            except (sqlite3.Error, StoreUnavailable) as error:
                logger.warning("Old conversations were not deleted: %s", type(error).__name__)
            await asyncio.sleep(PURGE_EVERY)

    async def _conversations_gone(self, ids: list[str], *, scrubbed: bool = True) -> None:
        if not ids:
            return
        async with AsyncExitStack() as stack:
            for conversation_id in ids:
                await stack.enter_async_context(self._conversations.closing(conversation_id))
            await self._database.run(self._stores.conversations.delete, ids)
            await asyncio.to_thread(self._tracker.delete, ids, scrubbed=scrubbed)
