"""Conversations in use, kept in memory so that a turn need not read what it can know."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from assistant.gateway.conversations.breaker import Breaker
from assistant.gateway.errors import NotFound
from assistant.gateway.schemas import ReplyJson
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.stores import Stores
from assistant.stores.types import StoredConversation

REMEMBERED = 5000
"""Conversations kept in memory; the others are read from the log when they are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswer:
    """A reply, and its JSON exactly as stored."""

    reply: ReplyJson
    """In the shape of ``Reply``."""
    body: str
    """The same as JSON text; a resent message gets these very bytes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation that was just begun."""

    conversation_id: str
    """Random; names the conversation everywhere in the house."""
    token: str
    """The secret that lets its holder read and write the conversation; not stored anywhere."""
    answer: TurnAnswer
    """The greeting."""


@dataclass(slots=True, kw_only=True)
class ConversationSession:
    """What is known in memory of a conversation that is in use."""

    stored: StoredConversation
    """As in the log."""
    tail: asyncio.Future[None] | None = None
    """Done when the newest turn is; the next one waits for it."""
    pending: dict[str, asyncio.Task[TurnAnswer]] = field(default_factory=dict)
    """Turns under way, by client_message_id."""
    late: asyncio.Task[None] | None = None
    """A turn that the engine still works on after the shopper got an apology."""
    breaker: Breaker = field(default_factory=Breaker)
    """Stops its turns while they take too long."""
    stumbles: defaultdict[int, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """By number of a message at which the engine failed again while it answered others: 1 gives it up."""
    last: ReplyJson | None = None
    """The last good reply."""
    erased: bool = False
    """True once it is being erased: nothing more is taken in."""


class LiveConversations:
    """Finds conversations in memory, else in the log; used from the event loop only."""

    def __init__(self, stores: Stores, database: DatabaseThread) -> None:
        self._log = stores.conversations
        self._database = database
        self._live: OrderedDict[str, ConversationSession] = OrderedDict()

    async def find(self, conversation_id: str) -> ConversationSession:
        """The conversation with this id.

        Raises:
            NotFound: there is none, or it is being erased.
        """
        live = self._live.get(conversation_id)
        if live is None:
            stored = await self._database.run(self._log.find, conversation_id)
            if stored is None:
                raise NotFound(
                    "There is no such conversation; it may have been erased. Begin a new one."
                )
            live = ConversationSession(stored=stored)
            await self.refresh(live)
            # Another request may have been quicker while this one read.
            live = self._live.get(conversation_id) or self.keep(live)
        if live.erased:
            raise NotFound("This conversation is being erased. Begin a new one.")
        self._live.move_to_end(conversation_id)
        return live

    async def refresh(self, live: ConversationSession) -> None:
        """Read again what another gateway's turns may have changed."""
        last = await self._database.run(self._log.last_answer, live.stored.id)
        live.last = json.loads(last) if last else None

    def forget(self, conversation_id: str) -> None:
        """Drop a conversation that another gateway has erased."""
        self._live.pop(conversation_id, None)

    def keep(self, live: ConversationSession) -> ConversationSession:
        """Remember a conversation; those not used for longest make room."""
        self._live[live.stored.id] = live
        if len(self._live) > REMEMBERED:
            for conversation_id, other in list(self._live.items())[:100]:
                if not other.pending and other.late is None:
                    del self._live[conversation_id]
        return live

    def all(self) -> list[ConversationSession]:
        """Every conversation in memory."""
        return list(self._live.values())

    @asynccontextmanager
    async def closing(self, conversation_id: str, patience: float) -> AsyncIterator[None]:
        """Keep everyone out while a conversation is erased, once its turns are over.

        Args:
            conversation_id: which one.
            patience: seconds to wait for the turns.
        """
        live = self._live.get(conversation_id)
        if live is not None:
            live.erased = True
            if live.tail is not None:
                await asyncio.wait([live.tail], timeout=patience)
            if live.late is not None:
                live.late.cancel()
        try:
            yield
        finally:
            self._live.pop(conversation_id, None)
