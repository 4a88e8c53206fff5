"""One turn at a time in each conversation: in order, once, in time, always answered in words."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from assistant.gateway.conversations.dispatch import Dispatcher, client_message
from assistant.gateway.conversations.events import Event, Hub, Subscription
from assistant.gateway.conversations.input_text import ClientMessage, check
from assistant.gateway.conversations.replies import entry_json, label_of, message_id, retried
from assistant.gateway.conversations.sessions import (
    ConversationSession,
    LiveConversations,
    Opened,
    TurnAnswer,
)
from assistant.gateway.conversations.turn_keeper import TurnClaim, TurnKeeper
from assistant.gateway.engine_client import EngineClient
from assistant.gateway.errors import (
    Conflict,
    EngineSlow,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMuch,
)
from assistant.gateway.schemas import ReplyJson
from assistant.gateway.wording import GatewayWording
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import UnknownConversation
from assistant.stores.shopper_store import digest
from assistant.stores.stores import Stores
from assistant.stores.types import LockGrant, Receipt, State, StoredConversation

WAITING = 20
"""Messages of one conversation that may wait for their turn."""
OPENING = "open"
"""client_message_id of the first row of every conversation, its opening."""


class ConversationService:
    """Conversations and their turns; used from one event loop.

    Args:
        stores: where everything said stands.
        database: the thread they are used on.
        engine: who answers.
        wording: what is said when nobody answers.
        deadline: seconds from sending a turn until an apology takes its answer's place.
        locale: language of conversations that name none.
        on_failure: called whenever a turn was not answered.
    """

    def __init__(
        self,
        *,
        stores: Stores,
        database: DatabaseThread,
        engine: EngineClient,
        wording: GatewayWording,
        deadline: float = 2.5,
        locale: str = "en",
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self._stores, self._log, self._outbox = stores, stores.conversations, stores.outbox
        self._database, self._deadline = database, deadline
        self.wording, self.locale = wording, locale
        self._dispatcher = Dispatcher(
            log=stores.conversations,
            outbox=stores.outbox,
            database=database,
            engine=engine,
            wording=wording,
            deadline=deadline,
            on_failure=on_failure,
        )
        self._hub = Hub()
        self._live = LiveConversations(stores, database)
        self._turns = TurnKeeper(stores, database)
        self._releases: set[asyncio.Task[None]] = set()

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
        live = self._live.keep(ConversationSession(stored=stored))
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
        live = await self._live.find(conversation_id)
        if not hmac.compare_digest(digest(token), live.stored.token_hash):
            raise NotAllowed("This token belongs to another conversation, or to none.")
        return live.stored

    async def link(self, conversation_id: str, shopper_id: str) -> None:
        """From the next turn on the conversation is this shopper's, who has just become known.

        Raises:
            Conflict: it is another shopper's.
        """
        live = await self._live.find(conversation_id)
        if live.stored.shopper_id not in {None, shopper_id}:
            raise Conflict("This conversation is another shopper's; begin a new one.")
        if not await self._database.run(self._log.link, conversation_id, shopper_id):
            raise Conflict("This conversation is another shopper's; begin a new one.")
        live.stored = replace(live.stored, shopper_id=shopper_id)

    async def say(
        self,
        conversation_id: str,
        *,
        client_message_id: str,
        text: str | None = None,
        choice_id: str | None = None,
        source: object | None = None,
    ) -> ReplyJson:
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
        turn = check(client_message_id=client_message_id, text=text, choice_id=choice_id)
        return (await self.answer(conversation_id, turn, source)).reply

    async def answer(
        self, conversation_id: str, said: ClientMessage, source: object | None = None
    ) -> TurnAnswer:
        """As ``say``, for a message that is checked; also gives the JSON that is stored."""
        live = await self._live.find(conversation_id)
        return await self._enqueue(live, said.client_message_id, said, source)

    async def history(self, conversation_id: str, after: int = 0) -> str:
        """JSON of ``models.History``: messages numbered above ``after``, each with its reply."""
        return await self._database.run(self._history, conversation_id, after)

    def _history(self, conversation_id: str, after: int) -> str:
        rows = self._log.history(conversation_id, after)
        if not rows and self._log.find(conversation_id) is None:
            raise NotFound("There is no such conversation; it may have been erased.")
        return f'{{"messages":[{",".join(entry_json(row) for row in rows)}]}}'

    def subscribe(self, conversation_id: str) -> Subscription:
        """Hear everything said in the conversation from now on; close it, or use it with ``with``."""
        return Subscription(self._hub, conversation_id)

    @asynccontextmanager
    async def closing(self, conversation_id: str) -> AsyncIterator[None]:
        """Keep everyone out of a conversation while it is erased, once its turns are over."""
        async with self._live.closing(conversation_id, self._deadline + 1):
            with suppress(EngineSlow, UnknownConversation):  # a turn that hangs must not keep it
                await self._turns.wait(conversation_id, 0, self._deadline + 1)
            try:
                yield
            finally:
                await self._turns.release(conversation_id)
        self._hub.end(conversation_id)

    async def close(self) -> None:
        """Let the turns under way finish, then stop."""
        turns = [task for live in self._live.all() for task in live.pending.values()]
        if turns:
            await asyncio.wait(turns, timeout=self._deadline + 1)
        for live in self._live.all():
            self._hub.end(live.stored.id)
            if live.late is not None:
                live.late.cancel()
        await self._turns.close()

    async def _enqueue(
        self,
        live: ConversationSession,
        client_message_id: str,
        said: ClientMessage | None,
        source: object | None,
    ) -> TurnAnswer:
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
        live: ConversationSession,
        client_message_id: str,
        said: ClientMessage | None,
        source: object | None,
        before: asyncio.Future[None] | None,
        ticket: asyncio.Future[None],
    ) -> TurnAnswer:
        try:
            return await self._receive_and_answer(live, client_message_id, said, source, before)
        except UnknownConversation as error:
            self._live.forget(live.stored.id)
            self._hub.end(live.stored.id)
            raise NotFound(f"{error} Begin a new one.") from None
        finally:
            live.pending.pop(client_message_id, None)
            await self._release(live)
            if before is None or before.done():
                ticket.set_result(None)
            else:  # a resent message is answered at once, but nobody may overtake through it
                before.add_done_callback(lambda _: ticket.set_result(None))

    async def _receive_and_answer(
        self,
        live: ConversationSession,
        client_message_id: str,
        said: ClientMessage | None,
        source: object | None,
        before: asyncio.Future[None] | None,
    ) -> TurnAnswer:
        waits = before is not None and not before.done()
        receipt, claim = await self._database.run(
            self._receive_and_claim, live, client_message_id, said, waits=waits
        )
        if receipt.message.reply is not None:
            return _answer_in(receipt.message.reply)
        if claim is not None:
            self._turns.hold(live.stored.id)
        if receipt.shopper_id != live.stored.shopper_id:
            live.stored = replace(live.stored, shopper_id=receipt.shopper_id)
        if said is not None and receipt.fresh:
            self._publish_message(live, receipt, source)
        if before is not None and waits:
            await asyncio.wait([before])
        if live.erased:
            raise NotFound("This conversation is being erased. Begin a new one.")
        answer = await self._deliver(live, said, receipt, claim)
        event = Event(data={"type": "reply", "reply": answer.reply}, source=source)
        self._hub.publish(live.stored.id, event)
        return answer

    def _receive_and_claim(
        self,
        live: ConversationSession,
        client_message_id: str,
        said: ClientMessage | None,
        *,
        waits: bool,
    ) -> tuple[Receipt, TurnClaim | None]:
        """Store a message and, where no turn is waited for, claim its own; in one transaction.

        On the database thread in one go, so that numbers are in order of arrival.
        """
        with self._stores.database.writing():
            receipt = self._receive(live, client_message_id, said)
            if waits or receipt.message.reply is not None:
                return receipt, None
            claim = self._turns.claim(live.stored.id, receipt.message.number)
        return receipt, None if claim.grant is LockGrant.REFUSED else claim

    def _receive(
        self, live: ConversationSession, client_message_id: str, said: ClientMessage | None
    ) -> Receipt:
        label = None
        if said is not None and said.choice_id is not None:
            label = label_of(said.choice_id, live.last)
            if label is None and retried(said.choice_id) is None:
                # Another gateway may have offered it.
                last = self._log.last_answer(live.stored.id)
                label = label_of(said.choice_id, json.loads(last)) if last else None
        return self._log.receive(
            live.stored,
            client_message_id=client_message_id,
            text=said.text if said else None,
            choice_id=said.choice_id if said else None,
            label=label,
            state=State.RECEIVED,
        )

    async def _deliver(
        self,
        live: ConversationSession,
        said: ClientMessage | None,
        receipt: Receipt,
        claim: TurnClaim | None,
    ) -> TurnAnswer:
        """Have a message answered, after those before it that other gateways took in.

        Whoever holds the lock answers everything up to its own message in order, so none is lost
        with a gateway that died, and none overtakes another.
        """
        number = receipt.message.number
        if claim is None:
            try:
                claim = await self._turns.wait(live.stored.id, number, self._deadline)
            except EngineSlow as error:
                return await self._dispatcher.give_up(live, said, receipt, error)
        if claim.grant is LockGrant.HANDED_OVER:
            await self._live.refresh(live)
        if not claim.owed:
            message = await self._database.run(self._log.message, live.stored.id, number)
            if message is None or message.reply is None:
                raise UnknownConversation("There is no such conversation; it may have been erased.")
            return _answer_in(message.reply)
        for place, message in enumerate(claim.owed):
            if place:
                await self._database.run(self._outbox.dispatch, live.stored.id, message.number)
            answer = await self._dispatcher.reply_to(
                live,
                said if message.number == number else client_message(message),
                replace(receipt, message=message, fresh=receipt.fresh and message.number == number),
            )
        return answer

    async def _release(self, live: ConversationSession) -> None:
        """Give the conversation back, unless a turn of it is under way or waits."""
        if live.pending:
            return
        if live.late is not None and not live.late.done():
            live.late.add_done_callback(lambda _: self._release_later(live))
            return
        await self._turns.release(live.stored.id)

    def _release_later(self, live: ConversationSession) -> None:
        task = asyncio.get_running_loop().create_task(self._release(live))
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)

    def _publish_message(
        self, live: ConversationSession, receipt: Receipt, source: object | None
    ) -> None:
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


def _answer_in(body: str) -> TurnAnswer:
    return TurnAnswer(reply=json.loads(body), body=body)
