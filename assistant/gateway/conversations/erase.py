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
AT_ONCE = 20
"""Conversations deleted in one transaction: some milliseconds, between which turns go on."""
STEP_SECONDS = 0.1
"""Pause between two steps of giving space back, each of which takes milliseconds."""


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
        await self._conversations_gone(old)
        senders = await asyncio.to_thread(self._tracker.senders)
        # Read after the senders: a conversation is in the log before the engine hears of it.
        if strays := senders - await self._database.run(self._stores.conversations.all_ids):
            await self._tracker_forgets(list(strays))
        await self._database.run(self._stores.limits.tidy)
        await self._database.run(self._stores.database.scrub)
        await self._space_given_back()
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

    async def _space_given_back(self) -> None:
        more = True
        while more:
            more = await self._database.run(self._stores.database.give_back)
            more |= await asyncio.to_thread(self._tracker.give_back)
            await asyncio.sleep(STEP_SECONDS if more else 0)

    async def _conversations_gone(self, ids: list[str]) -> None:
        """Delete conversations, a few at a time, so that others' turns go on in between."""
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            async with AsyncExitStack() as stack:
                for conversation_id in some:
                    await stack.enter_async_context(self._conversations.closing(conversation_id))
                await self._database.run(self._stores.conversations.delete, some)
                await self._tracker_forgets(some)

    async def _tracker_forgets(self, ids: list[str]) -> None:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            last = start + AT_ONCE >= len(ids)
            await asyncio.to_thread(self._tracker.delete, some, scrubbed=last)
