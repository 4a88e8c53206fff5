"""One turn with the dialogue engine: a reply within the deadline, or words in its place."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

from assistant.gateway.conversations.breaker import SLOW_SECONDS
from assistant.gateway.conversations.input_text import ClientMessage
from assistant.gateway.conversations.replies import apology, complete, retried, to_json
from assistant.gateway.conversations.sessions import ConversationSession, TurnAnswer
from assistant.gateway.engine_client import OPEN, EngineClient
from assistant.gateway.errors import (
    EngineDone,
    EngineDown,
    EngineError,
    EngineFailed,
    EngineSlow,
    NotReady,
)
from assistant.gateway.schemas import ReplyJson
from assistant.gateway.wording import GatewayWording
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable
from assistant.stores.ports import ConversationLog, Outbox
from assistant.stores.types import Receipt, State, StoredMessage

logger = logging.getLogger(__name__)

STUMBLES = 2
"""Quick failures of one message, each while others are answered: the first may be the end of an outage."""
SLOW_STUMBLES = 6
"""The same of slow failures, which a machine with too much to do has for no fault of the message."""


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
    ) -> None:
        self._log, self._outbox = log, outbox
        self._database, self._engine = database, engine
        self._wording, self._deadline = wording, deadline
        self._on_failure = on_failure

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
        try:
            reply = await self._turn(live, number, repeats, control, consent=receipt.consent)
            state = State.ANSWERED
            reply = complete(
                reply, number=number, said=said, wording=self._wording, locale=live.stored.locale
            )
            live.last = reply
        except EngineError as error:
            logger.warning("Turn %s of %s failed: %s", number, live.stored.id, error)
            self._on_failure()
            state = State.HEARD if isinstance(error, EngineDone) else State.FAILED
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

    async def _turn(
        self, live: ConversationSession, number: int, repeats: int, control: str, *, consent: bool
    ) -> ReplyJson:
        """The engine's reply, once it has heard everything that was said before.

        Args:
            live: the conversation.
            number: of the message.
            repeats: of the message it says again; its own otherwise.
            control: what the engine is told.
            consent: whether the shopper's profile may be used.
        """
        await self._wait_for_late(live)
        caught_up = await self._catch_up(live, repeats, consent=consent)
        if caught_up is not None:
            return caught_up
        try:
            return await self._ask(live, repeats, control, self._deadline, consent=consent)
        except EngineDone:
            if repeats == number:
                raise
            # It was heard long ago; who says it again now means it again.
            return await self._ask(live, number, control, self._deadline, consent=consent)

    async def _catch_up(
        self, live: ConversationSession, repeats: int, *, consent: bool
    ) -> ReplyJson | None:
        """Tell the engine what it has missed, so that nothing said during an outage is lost.

        The shopper has got an apology for it and gets no second answer. It takes a deadline of its own:
        what is not told by then comes before the next turn.

        Returns:
            What the engine says last, when the message ``repeats`` was among it.
        """
        reply, repeated = None, False
        until = asyncio.get_running_loop().time() + self._deadline
        for message in await self._database.run(self._outbox.missed, live.stored.id):
            if retried(message.choice_id) is not None:
                continue  # it stands for another one
            if live.stumbles[message.number] >= 1:
                continue  # what was said after it has been heard; told now it would be out of order
            try:
                reply = await self._told(live, message, until, consent=consent)
            except EngineFailed as error:
                logger.warning(
                    "Turn %s of %s failed again: %s", message.number, live.stored.id, error
                )
                continue
            repeated = repeated or message.number == repeats
        return reply if repeated else None

    async def _told(
        self, live: ConversationSession, message: StoredMessage, until: float, *, consent: bool
    ) -> ReplyJson | None:
        """Tell the engine a message it has missed; its reply, None when that is lost.

        Raises:
            EngineFailed: the message is what it stumbles over: others are answered, it is not.
            EngineError: the outage goes on.
        """
        loop, reply = asyncio.get_running_loop(), None
        while True:
            began = loop.time()
            try:
                reply = await self._ask(
                    live,
                    message.number,
                    _said(message).control,
                    until - began,
                    consent=consent,
                )
                break
            except EngineDone:
                break
            except EngineFailed as error:
                await self._probe()
                slow = loop.time() - began > SLOW_SECONDS
                live.stumbles[message.number] += Fraction(1, SLOW_STUMBLES if slow else STUMBLES)
                if live.stumbles[message.number] >= 1:
                    raise
                if slow:
                    raise EngineSlow("There is no time left to try it again.") from error
        await self._heard(live, message.number, reply)
        return reply

    async def _probe(self) -> None:
        """Tell a message that cannot be answered from an outage, in which none can.

        Raises:
            EngineDown: a turn of nobody's fails as well.
        """
        try:
            await self._engine.probe()
        except EngineError as error:
            raise EngineDown(f"Nothing is answered: {error}") from error

    async def _wait_for_late(self, live: ConversationSession) -> None:
        """A turn that is late keeps the next one from being sent.

        So the engine never does two turns of a conversation at once.
        """
        if live.late is not None:
            await asyncio.wait([live.late], timeout=self._deadline)
            if not live.late.done():
                raise EngineSlow("The turn before this one is still being worked on.")
            live.late = None

    async def _ask(
        self, live: ConversationSession, number: int, control: str, seconds: float, *, consent: bool
    ) -> ReplyJson:
        """Have the engine do a turn; after ``seconds`` it may go on, but nobody waits for it."""
        if not live.breaker.allows():
            raise EngineDown("Several turns of this conversation took too long; it rests.")
        metadata = {
            "shopper_id": live.stored.shopper_id,
            "consent": consent,
            "locale": live.stored.locale,
        }
        loop = asyncio.get_running_loop()
        began = loop.time()
        turn = asyncio.create_task(self._engine.turn(live.stored.id, number, control, metadata))
        await asyncio.wait([turn], timeout=max(0.0, seconds))
        if not turn.done():
            live.breaker.failed()
            live.late = asyncio.create_task(self._learn(live, number, turn))
            raise EngineSlow(f"No answer within {seconds:.1f} s.")
        try:
            reply = await turn
        except EngineFailed:
            # It gave up on a part that hangs behind it: as slow for shoppers as no answer.
            if loop.time() - began > SLOW_SECONDS:
                live.breaker.failed()
            raise
        live.breaker.succeeded()
        return reply

    async def _learn(
        self, live: ConversationSession, number: int, turn: asyncio.Task[ReplyJson]
    ) -> None:
        """Wait for a turn that is late; what comes of it counts as heard, an error as nothing."""
        with suppress(EngineError, StoreUnavailable):
            await self._heard(live, number, await turn)

    async def _heard(self, live: ConversationSession, number: int, reply: ReplyJson | None) -> None:
        """Note that a message was heard after its apology, so that nobody tells it again.

        Later apologies carry over what its answer knew.
        """
        live.last = {**(live.last or {}), **(reply or {})}
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
