"""One turn with the dialogue engine: a reply within the deadline, or words in its place."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC

from assistant.gateway.engine import EngineClient
from assistant.gateway.errors import EngineError, EngineFailed, EngineSlow
from assistant.gateway.live import Answer, Live
from assistant.gateway.log import ConversationLog, DatabaseThread, Receipt
from assistant.gateway.replies import Reply, apology, complete, retried, to_json
from assistant.gateway.tables import State
from assistant.gateway.text import OPEN, Said
from assistant.gateway.wording import Wording

logger = logging.getLogger(__name__)

Recall = Callable[[str, str, float], Reply | None]
"""Looks up what the engine answered before a crash; see ``Tracker.answer``."""


class Dispatcher:
    """Sends messages to the engine, one at a time in each conversation.

    Args:
        log: where replies are kept.
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
        database: DatabaseThread,
        engine: EngineClient,
        wording: Wording,
        deadline: float,
        on_failure: Callable[[], None] = lambda: None,
        recall: Recall | None = None,
    ) -> None:
        self._log, self._database, self._engine = log, database, engine
        self._wording, self._deadline = wording, deadline
        self._on_failure, self._recall = on_failure, recall

    async def reply_to(self, live: Live, said: Said | None, receipt: Receipt) -> Answer:
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
            reply = None
            if not receipt.fresh and receipt.message.state is not State.RECEIVED:
                reply = await self._recalled(live, control, receipt)
            if reply is None:
                reply = await self._ask(live, control, consent=receipt.consent)
            state = State.ANSWERED
            reply = complete(
                reply, number=number, said=said, wording=self._wording, locale=live.stored.locale
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
                wording=self._wording,
                locale=live.stored.locale,
            )
        body = to_json(reply)
        await self._database.run(self._log.finish, live.stored.id, number, state, body)
        return Answer(reply=reply, body=body)

    async def _again(self, live: Live, number: int, control: str) -> tuple[int, str]:
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

    async def _recalled(self, live: Live, control: str, receipt: Receipt) -> Reply | None:
        """The answer to a message that was sent before a crash; None when it was never heard."""
        if self._recall is None:
            raise EngineFailed("The turn was cut short by a restart.")
        since = receipt.message.created.replace(tzinfo=UTC).timestamp()
        try:
            return await asyncio.to_thread(self._recall, live.stored.id, control, since)
        except sqlite3.Error as error:
            raise EngineFailed("The turn was cut short, and nobody knows how far.") from error

    async def _ask(self, live: Live, control: str, *, consent: bool) -> Reply:
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


def _learn(live: Live, late: asyncio.Task[Reply]) -> None:
    """Keep what a late answer knew: later apologies carry it over."""
    if not late.cancelled() and late.exception() is None:
        live.last = {**(live.last or {}), **late.result()}
