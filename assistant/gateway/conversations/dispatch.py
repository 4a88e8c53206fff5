"""One turn with the dialogue engine: a reply within the deadline, or words in its place."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC

from assistant.gateway.conversations.input_text import OPEN, ClientMessage
from assistant.gateway.conversations.replies import apology, complete, retried, to_json
from assistant.gateway.conversations.sessions import ConversationSession, TurnAnswer
from assistant.gateway.engine_client import EngineClient
from assistant.gateway.errors import EngineError, EngineFailed, EngineSlow, NotReady
from assistant.gateway.schemas import ReplyJson
from assistant.gateway.wording import GatewayWording
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable
from assistant.stores.ports import ConversationLog, Outbox
from assistant.stores.types import Receipt, State, StoredMessage

logger = logging.getLogger(__name__)

MISSED = 10
"""Messages that failed one after the other and are told to the engine once it is back."""
Recall = Callable[[str, str, float], ReplyJson | None]
"""Looks up what the engine answered before a crash; see ``Tracker.answer``."""


class Dispatcher:
    """Sends messages to the engine, one at a time in each conversation.

    Args:
        log: what was said before.
        outbox: what the engine is owed, and where replies are put.
        database: the thread the log is used on.
        engine: who answers.
        wording: what is said when nobody answers.
        deadline: seconds from sending a turn until an apology takes its answer's place.
        on_failure: called whenever a turn was not answered.
        recall: None leaves messages that a crash cut short unanswered.
    """

    def __init__(
        self,
        *,
        log: ConversationLog,
        outbox: Outbox,
        database: DatabaseThread,
        engine: EngineClient,
        wording: GatewayWording,
        deadline: float,
        on_failure: Callable[[], None] = lambda: None,
        recall: Recall | None = None,
    ) -> None:
        self._log, self._outbox = log, outbox
        self._database, self._engine = database, engine
        self._wording, self._deadline = wording, deadline
        self._on_failure, self._recall = on_failure, recall

    async def reply_to(
        self, live: ConversationSession, said: ClientMessage | None, receipt: Receipt
    ) -> TurnAnswer:
        """Have a message answered, or apologise, and store which.

        Args:
            live: the conversation, whose turn it is.
            said: the message; None for the opening.
            receipt: what the log says of it.
        """
        number, repeats = receipt.message.number, receipt.message.number
        control = said.control if said else OPEN
        if said is not None and (earlier := retried(said.choice_id)) is not None:
            repeats, control = await self._again(live, earlier, control)
        until = asyncio.get_running_loop().time() + self._deadline
        try:
            await self._catch_up(live, repeats, until, consent=receipt.consent)
            reply = None
            if not receipt.fresh and receipt.message.state is not State.RECEIVED:
                reply = await self._recalled(live, control, receipt.message)
            if reply is None:
                reply = await self._ask(live, repeats, control, until, consent=receipt.consent)
            state = State.ANSWERED
            live.missed.clear()
            reply = complete(
                reply, number=number, said=said, wording=self._wording, locale=live.stored.locale
            )
            live.last = reply
        except EngineError as error:
            if said is not None and repeats == number:
                live.missed = [*live.missed, receipt.message][-MISSED:]
            logger.warning("Turn %s of %s failed: %s", number, live.stored.id, error)
            self._on_failure()
            state = State.FAILED
            reply = apology(
                error,
                number=number,
                repeats=repeats,
                said=said,
                last=live.last,
                wording=self._wording,
                locale=live.stored.locale,
            )
        body = to_json(reply)
        stored = await self._database.run(self._outbox.finish, live.stored.id, number, state, body)
        return TurnAnswer(reply=reply if stored == body else json.loads(stored), body=stored)

    async def give_up(
        self,
        live: ConversationSession,
        said: ClientMessage | None,
        receipt: Receipt,
        error: EngineError,
    ) -> TurnAnswer:
        """Apologise for a message whose turn does not come: another gateway is busy with the conversation.

        Raises:
            NotReady: the other gateway is answering it just now; sent again, it gets that answer.
        """
        number = receipt.message.number
        reply = apology(
            error,
            number=number,
            repeats=number,
            said=said,
            last=live.last,
            wording=self._wording,
            locale=live.stored.locale,
        )
        body = to_json(reply)
        if not await self._database.run(self._outbox.give_up, live.stored.id, number, body):
            raise NotReady(
                "This message is being answered; send it again under the same client_message_id.",
                retry_after=1,
            )
        return TurnAnswer(reply=reply, body=body)

    async def _again(self, live: ConversationSession, number: int, control: str) -> tuple[int, str]:
        """What a "try again" choice stands for: number and control text of the first attempt."""
        earlier = await self._database.run(self._log.message, live.stored.id, number)
        if earlier is None:
            return number, control
        return number, _said(earlier).control

    async def _catch_up(
        self, live: ConversationSession, repeats: int, until: float, *, consent: bool
    ) -> None:
        """Tell the engine what it has missed, so that nothing said during an outage is lost.

        The shopper has got an apology for it and gets no second answer. A message that fails again
        may be what the engine stumbles over: what comes after it is tried all the same.
        """
        await self._wait_for_late(live, until)
        for message in [missed for missed in live.missed if missed.number != repeats]:
            control = _said(message).control
            try:
                reply = await self._recalled(live, control, message)
                if reply is None:
                    reply = await self._ask(live, message.number, control, until, consent=consent)
            except EngineFailed as error:
                logger.warning(
                    "Turn %s of %s failed again: %s", message.number, live.stored.id, error
                )
                continue
            await self._heard(live, message.number, reply)

    async def _recalled(
        self, live: ConversationSession, control: str, message: StoredMessage
    ) -> ReplyJson | None:
        """The answer to a message that was sent before a crash; None when it was never heard."""
        if self._recall is None:
            raise EngineFailed("The turn was cut short by a restart.")
        since = message.created.replace(tzinfo=UTC).timestamp()
        try:
            return await asyncio.to_thread(self._recall, live.stored.id, control, since)
        except sqlite3.Error as error:
            raise EngineFailed("The turn was cut short, and nobody knows how far.") from error

    async def _wait_for_late(self, live: ConversationSession, until: float) -> None:
        """A turn that is late keeps the next one from being sent.

        So the engine never does two turns of a conversation at once.
        """
        if live.late is not None:
            await asyncio.wait([live.late], timeout=until - asyncio.get_running_loop().time())
            if not live.late.done():
                raise EngineSlow("The turn before this one is still being worked on.")
            live.late = None

    async def _ask(
        self, live: ConversationSession, number: int, control: str, until: float, *, consent: bool
    ) -> ReplyJson:
        """Have the engine do a turn; past ``until`` it may go on, but nobody waits for it."""
        metadata = {
            "shopper_id": live.stored.shopper_id,
            "consent": consent,
            "locale": live.stored.locale,
        }
        turn = asyncio.create_task(self._engine.turn(live.stored.id, control, metadata))
        await asyncio.wait([turn], timeout=until - asyncio.get_running_loop().time())
        if turn.done():
            return await turn
        self._engine.breaker.failed()
        live.late = asyncio.create_task(self._learn(live, number, turn))
        raise EngineSlow(f"No answer within {self._deadline} s.")

    async def _learn(
        self, live: ConversationSession, number: int, turn: asyncio.Task[ReplyJson]
    ) -> None:
        """Wait for a turn that is late; what comes of it counts as heard, an error as nothing."""
        with suppress(EngineError, StoreUnavailable):
            await self._heard(live, number, await turn)

    async def _heard(self, live: ConversationSession, number: int, reply: ReplyJson) -> None:
        """Note that a message was heard after its apology, so that nobody tells it again.

        Later apologies carry over what its answer knew.
        """
        live.missed = [message for message in live.missed if message.number != number]
        live.last = {**(live.last or {}), **reply}
        await self._database.run(self._outbox.heard, live.stored.id, number)


def client_message(message: StoredMessage) -> ClientMessage | None:
    """A stored message as it was said; None for the opening."""
    return None if message.text is None and message.choice_id is None else _said(message)


def _said(message: StoredMessage) -> ClientMessage:
    return ClientMessage(
        client_message_id=message.client_message_id,
        text=message.text,
        choice_id=message.choice_id,
    )
