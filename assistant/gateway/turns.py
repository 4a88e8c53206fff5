"""One turn at a time in each conversation: in order, once, in time, always answered in words."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC

from assistant.gateway.engine import EngineClient
from assistant.gateway.errors import (
    Conflict,
    EngineError,
    EngineFailed,
    EngineSlow,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMuch,
)
from assistant.gateway.events import Event, Hub, Subscription
from assistant.gateway.log import ConversationLog, DatabaseThread, Receipt, StoredConversation
from assistant.gateway.replies import (
    Reply,
    apology,
    complete,
    entry_json,
    label_of,
    message_id,
    retried,
    to_json,
)
from assistant.gateway.tables import State
from assistant.gateway.text import OPEN, Said, check
from assistant.gateway.wording import Wording
from assistant.shoppers.store import digest

logger = logging.getLogger(__name__)

WAITING = 20
"""Messages of one conversation that may wait for their turn."""
REMEMBERED = 5000
"""Conversations kept in memory; the others are read from the log when they are needed."""
OPENING = "open"
"""client_message_id of the first row of every conversation, its opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply, and its JSON exactly as stored."""

    reply: Reply
    """In the shape of ``models.Reply``."""
    body: str
    """The same as JSON text; a resent message gets these very bytes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A conversation that was just begun."""

    conversation_id: str
    """Random; names the conversation everywhere in the house."""
    token: str
    """The secret that lets its holder read and write the conversation; not stored anywhere."""
    answer: Answer
    """The greeting."""


@dataclass(slots=True, kw_only=True)
class _Live:
    """What is known in memory of a conversation that is in use."""

    stored: StoredConversation
    tail: asyncio.Future[None] | None = None
    """Done when the newest turn is; the next one waits for it."""
    waiting: int = 0
    pending: dict[str, asyncio.Task[Answer]] = field(default_factory=dict)
    """Turns under way, by client_message_id."""
    late: asyncio.Task[Reply] | None = None
    """A turn that the engine still works on after the shopper got an apology."""
    last: Reply | None = None
    """The last good reply."""
    erased: bool = False


class ConversationService:
    """Conversations and their turns; used from one event loop.

    Args:
        log: where everything said is kept.
        database: the thread the log is used on.
        engine: who answers.
        wording: what is said when nobody answers.
        deadline: seconds from sending a turn until an apology takes its answer's place.
        locale: language of conversations that name none.
        on_failure: called whenever a turn was not answered.
        recall: looks up what the engine answered before a crash; see ``Tracker.answer``.
    """

    def __init__(
        self,
        *,
        log: ConversationLog,
        database: DatabaseThread,
        engine: EngineClient,
        wording: Wording,
        deadline: float = 2.5,
        locale: str = "en",
        on_failure: Callable[[], None] = lambda: None,
        recall: Callable[[str, str, float], Reply | None] | None = None,
    ) -> None:
        self._log, self._database, self._engine = log, database, engine
        self.wording, self._deadline, self._on_failure = wording, deadline, on_failure
        self.locale, self._recall = locale, recall
        self._hub = Hub()
        self._live: OrderedDict[str, _Live] = OrderedDict()

    async def open(self, *, shopper_id: str | None = None, locale: str | None = None) -> Opened:
        """Begin a conversation and greet."""
        token = secrets.token_urlsafe(32)
        stored = StoredConversation(
            id=secrets.token_hex(16),
            token_hash=digest(token),
            shopper_id=shopper_id,
            locale=locale or self.locale,
        )
        await self._database.run(self._log.open, stored)
        live = self._keep(_Live(stored=stored))
        answer = await self._enqueue(live, OPENING, None, None)
        return Opened(conversation_id=stored.id, token=token, answer=answer)

    async def authenticate(self, conversation_id: str, token: str | None) -> StoredConversation:
        """Make sure that the token is the conversation's own.

        Raises:
            NotSignedIn: no token.
            NotFound: no such conversation, or it was erased.
            NotAllowed: the token of something else.
        """
        if not token:
            raise NotSignedIn('Send the conversation\'s token as "Authorization: Bearer ...".')
        live = await self._find(conversation_id)
        if not hmac.compare_digest(digest(token), live.stored.token_hash):
            raise NotAllowed("This token belongs to another conversation, or to none.")
        return live.stored

    async def link(self, conversation_id: str, shopper_id: str) -> None:
        """From the next turn on the conversation is this shopper's, who has just become known.

        Raises:
            Conflict: it is another shopper's.
        """
        live = await self._find(conversation_id)
        if live.stored.shopper_id not in {None, shopper_id}:
            raise Conflict("This conversation is another shopper's; begin a new one.")
        live.stored = replace(live.stored, shopper_id=shopper_id)
        await self._database.run(self._log.link, conversation_id, shopper_id)

    async def say(
        self,
        conversation_id: str,
        *,
        client_message_id: str,
        text: str | None = None,
        choice_id: str | None = None,
        source: object | None = None,
    ) -> Reply:
        """Say something and wait for the reply; the caller has authenticated.

        The turn goes on when the caller goes away. The same ``client_message_id`` again, at the
        same time or later, gets the same reply and makes no second turn. Never raises because the
        engine is away: the reply is an apology then.

        Args:
            conversation_id: which conversation.
            client_message_id: chosen by the client for this message.
            text: what was typed or spoken.
            choice_id: or the quick reply that was chosen.
            source: handed back in ``Event.source``, so that a stream knows its own messages.

        Raises:
            BadInput: an empty message, or both or neither of text and choice_id.
            NotFound: the conversation was erased.
            TooMuch: too many messages are waiting already.
        """
        said = check(client_message_id=client_message_id, text=text, choice_id=choice_id)
        return (await self.answer(conversation_id, said, source)).reply

    async def answer(
        self, conversation_id: str, said: Said, source: object | None = None
    ) -> Answer:
        """As ``say``, for a message that is checked; also gives the JSON that is stored."""
        live = await self._find(conversation_id)
        return await self._enqueue(live, said.client_message_id, said, source)

    async def history(self, conversation_id: str, after: int = 0) -> str:
        """JSON of ``models.History``: messages numbered above ``after``, each with its reply."""
        return await self._database.run(self._history, conversation_id, after)

    def _history(self, conversation_id: str, after: int) -> str:
        rows = self._log.history(conversation_id, after)
        return f'{{"messages":[{",".join(entry_json(row) for row in rows)}]}}'

    def subscribe(self, conversation_id: str) -> Subscription:
        """Hear everything said in the conversation from now on; close it, or use it with ``with``."""
        return Subscription(self._hub, conversation_id)

    @asynccontextmanager
    async def closing(self, conversation_id: str) -> AsyncIterator[None]:
        """Keep everyone out of a conversation while it is erased, once its turns are over."""
        live = self._live.get(conversation_id)
        if live is not None:
            live.erased = True
            if live.tail is not None:
                await asyncio.wait([live.tail], timeout=self._deadline + 1)
            if live.late is not None:
                live.late.cancel()
        try:
            yield
        finally:
            self._live.pop(conversation_id, None)
            self._hub.end(conversation_id)

    async def close(self) -> None:
        """Let the turns under way finish, then stop."""
        turns = [task for live in self._live.values() for task in live.pending.values()]
        if turns:
            await asyncio.wait(turns, timeout=self._deadline + 1)
        for live in self._live.values():
            self._hub.end(live.stored.id)
            if live.late is not None:
                live.late.cancel()

    async def _find(self, conversation_id: str) -> _Live:
        live = self._live.get(conversation_id)
        if live is None:
            stored = await self._database.run(self._log.find, conversation_id)
            if stored is None:
                raise NotFound(
                    "There is no such conversation; it may have been erased. Begin a new one."
                )
            last = await self._database.run(self._log.last_answer, conversation_id)
            # Another request may have been quicker while this one read.
            live = self._live.get(conversation_id) or self._keep(
                _Live(stored=stored, last=json.loads(last) if last else None)
            )
        if live.erased:
            raise NotFound("This conversation is being erased. Begin a new one.")
        self._live.move_to_end(conversation_id)
        return live

    def _keep(self, live: _Live) -> _Live:
        self._live[live.stored.id] = live
        if len(self._live) > REMEMBERED:
            for conversation_id, other in list(self._live.items())[:100]:
                if not other.pending and other.late is None:
                    del self._live[conversation_id]
        return live

    async def _enqueue(
        self, live: _Live, client_message_id: str, said: Said | None, source: object | None
    ) -> Answer:
        task = live.pending.get(client_message_id)
        if task is None:
            if len(live.pending) >= WAITING:
                raise TooMuch(
                    f"{WAITING} messages of this conversation wait for an answer; wait for one.",
                    retry_after=1,
                )
            # The ticket is drawn here, before anything is awaited: arrival order is turn order.
            before, live.tail = live.tail, asyncio.get_running_loop().create_future()
            task = asyncio.create_task(
                self._turn(live, client_message_id, said, source, before, live.tail)
            )
            live.pending[client_message_id] = task
        # A client that hangs up must not take the turn with it.
        return await asyncio.shield(task)

    async def _turn(
        self,
        live: _Live,
        client_message_id: str,
        said: Said | None,
        source: object | None,
        before: asyncio.Future[None] | None,
        ticket: asyncio.Future[None],
    ) -> Answer:
        try:
            waits = before is not None and not before.done()
            receipt = await self._database.run(
                self._log.receive,
                live.stored,
                client_message_id=client_message_id,
                text=said.text if said else None,
                choice_id=said.choice_id if said else None,
                label=label_of(said.choice_id, live.last) if said else None,
                state=State.RECEIVED if waits else State.DISPATCHED,
            )
            if receipt.message.reply is not None:
                return Answer(reply=json.loads(receipt.message.reply), body=receipt.message.reply)
            if said is not None and receipt.fresh:
                self._publish_message(live, receipt, source)
            if before is not None and waits:
                await asyncio.wait([before])
                await self._database.run(self._log.dispatch, live.stored.id, receipt.message.number)
            if live.erased:
                raise NotFound("This conversation is being erased. Begin a new one.")
            return await self._reply_to(live, said, receipt, source)
        finally:
            live.pending.pop(client_message_id, None)
            if before is None or before.done():
                ticket.set_result(None)
            else:  # a resent message is answered at once, but nobody may overtake through it
                before.add_done_callback(lambda _: ticket.set_result(None))

    async def _reply_to(
        self, live: _Live, said: Said | None, receipt: Receipt, source: object | None
    ) -> Answer:
        number, repeats = receipt.message.number, receipt.message.number
        control = said.control if said else OPEN
        if said is not None and (earlier := retried(said.choice_id)) is not None:
            repeats, control = await self._again(live, earlier, control)
        try:
            reply = None
            if not receipt.fresh and receipt.message.state is not State.RECEIVED:
                reply = await self._recalled(live, control, receipt)
            if reply is None:
                reply = await self._ask(live, control, consent=receipt.consent)
            state = State.ANSWERED
            reply = complete(
                reply, number=number, said=said, wording=self.wording, locale=live.stored.locale
            )
            live.last = reply
        except EngineError as error:
            logger.warning("Turn %s of %s failed: %s", number, live.stored.id, error)
            self._on_failure()
            state = State.FAILED
            reply = apology(
                error,
                number=number,
                repeats=repeats,
                said=said,
                last=live.last,
                wording=self.wording,
                locale=live.stored.locale,
            )
        body = to_json(reply)
        await self._database.run(self._log.finish, live.stored.id, number, state, body)
        event = Event(data={"type": "reply", "reply": reply}, source=source)
        self._hub.publish(live.stored.id, event)
        return Answer(reply=reply, body=body)

    async def _again(self, live: _Live, number: int, control: str) -> tuple[int, str]:
        """What a "try again" choice stands for: number and control text of the first attempt."""
        earlier = await self._database.run(self._log.message, live.stored.id, number)
        if earlier is None:
            return number, control
        said = Said(
            client_message_id=earlier.client_message_id,
            text=earlier.text,
            choice_id=earlier.choice_id,
        )
        return number, said.control

    async def _recalled(self, live: _Live, control: str, receipt: Receipt) -> Reply | None:
        """The answer to a message that was sent before a crash; None when it was never heard."""
        if self._recall is None:
            raise EngineFailed("The turn was cut short by a restart.")
        since = receipt.message.created.replace(tzinfo=UTC).timestamp()
        try:
            return await asyncio.to_thread(self._recall, live.stored.id, control, since)
        except sqlite3.Error as error:
            raise EngineFailed("The turn was cut short, and nobody knows how far.") from error

    async def _ask(self, live: _Live, control: str, *, consent: bool) -> Reply:
        """Have the engine do a turn; past the deadline it may go on, but nobody waits for it.

        A turn that is late keeps the next one from being sent, so that the engine never does two
        turns of a conversation at once.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline
        if live.late is not None:
            await asyncio.wait([live.late], timeout=self._deadline)
            if not live.late.done():
                raise EngineSlow("The turn before this one is still being worked on.")
            live.late = None
        metadata = {
            "shopper_id": live.stored.shopper_id,
            "consent": consent,
            "locale": live.stored.locale,
        }
        turn = asyncio.create_task(self._engine.turn(live.stored.id, control, metadata))
        done, _ = await asyncio.wait([turn], timeout=until - loop.time())
        if done:
            return await turn
        self._engine.breaker.failed()
        live.late = turn
        turn.add_done_callback(lambda late: _learn(live, late))
        raise EngineSlow(f"No answer within {self._deadline} s.")

    def _publish_message(self, live: _Live, receipt: Receipt, source: object | None) -> None:
        message = receipt.message
        data = {
            "type": "message",
            "number": message.number,
            "message_id": message_id(message.number),
            "client_message_id": message.client_message_id,
            "text": message.text,
            "choice_id": message.choice_id,
            "label": message.label,
        }
        self._hub.publish(live.stored.id, Event(data=data, source=source))


def _learn(live: _Live, late: asyncio.Task[Reply]) -> None:
    """Keep what a late answer knew: later apologies carry it over."""
    if not late.cancelled() and late.exception() is None:
        live.last = {**(live.last or {}), **late.result()}
