"""The locks on conversations whose turns this gateway does, so that another gateway does none of them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

from assistant.gateway.errors import EngineSlow
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable
from assistant.stores.stores import Stores
from assistant.stores.types import LockGrant, StoredMessage

logger = logging.getLogger(__name__)

RENEW_SECONDS = 0.5
"""Pause between renewals: a lease outlasts three that come late."""
FIRST_PAUSE = 0.005
"""Seconds; a turn takes some tens of milliseconds, so its end is seen within a tenth of that."""
LONGEST_PAUSE = 0.1
"""Seconds between two looks at a lock that another gateway holds: from a quick turn to a slow one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnClaim:
    """What comes of asking for the turn of a message."""

    grant: LockGrant
    """Whether the conversation is ours, and whether it was another gateway's in between."""
    owed: tuple[StoredMessage, ...]
    """What is to be answered now, in order, the message itself at the end; empty once it has a reply."""


class TurnKeeper:
    """Takes, renews and gives back locks on conversations.

    Args:
        stores: shared by all gateways.
        database: the thread they are used on.
    """

    def __init__(self, stores: Stores, database: DatabaseThread) -> None:
        self._stores, self._database = stores, database
        self._holder = secrets.token_hex(16)
        self._locked: set[str] = set()
        self._renewal: asyncio.Task[None] | None = None

    def claim(self, conversation_id: str, number: int) -> TurnClaim:
        """Ask for the turn of a message; on the database thread.

        What is sent first is noted as sent in the same transaction.

        Raises:
            UnknownConversation: it was erased.
        """
        with self._stores.database.writing():
            grant = self._stores.turns.acquire(conversation_id, self._holder)
            if grant is LockGrant.REFUSED:
                return TurnClaim(grant=grant, owed=())
            owed = tuple(self._stores.outbox.owed(conversation_id, number))
            if owed and owed[-1].number != number:
                owed = ()
            elif owed:
                self._stores.outbox.dispatch(conversation_id, owed[0].number)
        return TurnClaim(grant=grant, owed=owed)

    async def wait(self, conversation_id: str, number: int, deadline: float) -> TurnClaim:
        """Wait until the turn of a message comes.

        Args:
            conversation_id: which one; within this gateway its turns wait for each other already.
            number: of the message.
            deadline: seconds that a turn takes at most; those before it may take as many each.

        Raises:
            EngineSlow: another gateway still does a turn.
            UnknownConversation: the conversation was erased.
        """
        loop = asyncio.get_running_loop()
        until, pause = 0.0, FIRST_PAUSE
        while True:
            claim = await self._database.run(self.claim, conversation_id, number)
            if claim.grant is not LockGrant.REFUSED:
                self.hold(conversation_id)
                return claim
            if not until:
                owed = await self._database.run(self._stores.outbox.owed, conversation_id, number)
                until = loop.time() + deadline * (1 + len(owed))
            if loop.time() + pause > until:
                raise EngineSlow("Another gateway still does a turn of this conversation.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def hold(self, conversation_id: str) -> None:
        """Renew the lock that was claimed until it is released; on the event loop."""
        self._locked.add(conversation_id)
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())

    async def release(self, conversation_id: str) -> None:
        """Let other gateways do turns; nothing happens when they may already."""
        if conversation_id not in self._locked:
            return
        self._locked.discard(conversation_id)
        try:
            await self._database.run(self._stores.turns.release, conversation_id, self._holder)
        except StoreUnavailable as error:
            logger.warning("A conversation is free only when its lease ends: %s", error)

    async def close(self) -> None:
        """Give back every lock."""
        for conversation_id in list(self._locked):
            await self.release(conversation_id)
        if self._renewal is not None:
            self._renewal.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewal

    async def _renew(self) -> None:
        await asyncio.sleep(RENEW_SECONDS)
        while self._locked:
            locked = tuple(self._locked)
            try:
                await self._database.run(self._stores.turns.renew, locked, self._holder)
            except StoreUnavailable as error:
                logger.warning("Turns under way may lose their lock: %s", error)
            await asyncio.sleep(RENEW_SECONDS)
