"""One client's side of a conversation, typed and spoken, over one stream."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import TYPE_CHECKING

from assistant.gateway.errors import BadInput, NotReady, RequestRefused, TooMuch
from assistant.gateway.stream import frames
from assistant.gateway.stream.speech_client import (
    Hearing,
    HearingFailed,
    SpeechFailure,
    WorkerTranscript,
)
from assistant.gateway.wording import GatewayWording
from assistant.stores.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from assistant.gateway.conversations.events import Subscription
    from assistant.gateway.services import GatewayServices
    from assistant.gateway.stream.socket import JsonSocket
    from assistant.stores.types import StoredConversation

logger = logging.getLogger(__name__)

FAULTS = 100
"""Frames that cannot be used until a client is given up."""
UNDER_WAY = 40
"""Messages and utterances of one stream at the same time, resent ones included."""
UTTERANCES = 2
"""Of these, utterances: one is being spoken while the one before is still being understood."""

_STATUS = {
    SpeechFailure.OFF: (501, "speech-off"),
    SpeechFailure.DOWN: (502, "recognizer-down"),
    SpeechFailure.BUSY: (429, "recognizer-busy"),
    SpeechFailure.IDLE: (408, "recognizer-idle"),
    SpeechFailure.SLOW: (504, "recognizer-slow"),
    SpeechFailure.FAILED: (502, "recognizer-failed"),
}


class SpeechRefused(RequestRefused):
    """An utterance came to nothing; only 501 means that speaking makes no sense here at all."""

    title = "Nothing was heard"

    def __init__(self, trouble: SpeechFailure, locale: str) -> None:
        retry_after = None if trouble is SpeechFailure.OFF else 2
        super().__init__(wording().say(f"speech_{trouble}", locale), retry_after=retry_after)
        self.status, self.kind = _STATUS[trouble]


class TooLarge(BadInput):
    """A frame that is too large."""

    status, kind, title = 413, "too-large", "Too large"


@cache
def wording() -> GatewayWording:
    """The sentences the gateway says itself."""
    return GatewayWording()


class ClientSession:
    """Takes a client's frames and does what they ask for.

    Args:
        wire: to the client.
        services: of the gateway.
        conversation: which one; the client has shown its token.
        address: of the client, for the budgets.
    """

    def __init__(
        self,
        wire: JsonSocket,
        services: GatewayServices,
        conversation: StoredConversation,
        *,
        address: str,
    ) -> None:
        self._wire, self._services = wire, services
        self._id, self._locale, self._address = conversation.id, conversation.locale, address
        self._faults = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: dict[asyncio.Task[None], Hearing] = {}
        self._speaking: Hearing | None = None
        # True when sound comes that nobody listens to and the client has been told.
        self._deaf = False
        self._answering: set[str] = set()

    async def read(self) -> int:
        """Take frames until the client leaves; returns the code to close the stream with."""
        while (frame := await self._wire.receive()) is not None:
            try:
                if isinstance(frame, bytes):
                    self._sound(frame)
                else:
                    await self._frame(frames.read(frame))
            except RequestRefused as error:
                await self._wire.refuse(error)
                self._faults += 1
                if self._faults >= FAULTS:
                    return 1008
        return 1000

    async def pass_on(self, subscription: Subscription) -> None:
        """Tell the client what is said elsewhere, until there is nothing more to hear."""
        async for event in subscription:
            if event.source is self:
                continue
            reply = event.data.get("reply") or {}
            # Sent here and elsewhere at the same time: the one who sent it is told by ``_say``.
            if reply.get("client_message_id") not in self._answering:
                await self._wire.send(event.data)

    def leave(self) -> None:
        """The client has gone: nobody is listened to any more; turns under way go on."""
        for task in self._tasks:
            task.cancel()

    async def _frame(self, frame: frames.Frame) -> None:
        match frame:
            case frames.Message():
                await self._services.throttle.spend("messages", self._address, self._id)
                self._start(self._message(frame))
            case frames.SpeechStart():
                await self._begin(frame)
            case frames.SpeechEnd():
                self._end()
            case frames.SpeechCancel():
                self._cancel()
            case frames.Hello():
                raise BadInput("The stream is open already; hello is said once.")

    # --- typed --------------------------------------------------------------------------------

    async def _message(self, message: frames.Message) -> None:
        await self._say(message.client_message_id, message.text, message.choice_id)

    async def _say(self, client_message_id: str, text: str | None, choice_id: str | None) -> None:
        self._answering.add(client_message_id)
        try:
            reply = await self._services.conversations.say(
                self._id,
                client_message_id=client_message_id,
                text=text,
                choice_id=choice_id,
                source=self,
            )
            await self._wire.send({"type": "reply", "reply": reply})
        except RequestRefused as error:
            await self._wire.refuse(error, client_message_id)
        except StoreUnavailable as error:
            await self._wire.refuse(NotReady(str(error), retry_after=2), client_message_id)
        finally:
            self._answering.discard(client_message_id)

    def _start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        if len(self._tasks) >= UNDER_WAY:
            work.close()
            raise TooMuch(f"{UNDER_WAY} messages wait for an answer; wait for one.", retry_after=1)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A frame of a stream failed: %s", type(error).__name__, exc_info=error)

    # --- spoken -------------------------------------------------------------------------------

    async def _begin(self, start: frames.SpeechStart) -> None:
        if self._speaking is not None or len(self._listening) >= UTTERANCES:
            raise BadInput("Already listening; send speech_end or speech_cancel first.")
        # Until it is clear that somebody listens, the sound that follows is not worth an error each.
        self._deaf = True
        settings = self._services.settings
        if not settings.speech_url:
            raise SpeechRefused(SpeechFailure.OFF, self._locale)
        await self._services.throttle.spend("messages", self._address, self._id)

        async def tell(text: str) -> None:
            await self._wire.send({"type": "partial", "text": text})

        hearing = Hearing(
            settings.speech_url,
            sample_rate=start.sample_rate,
            on_partial=tell,
            secret=settings.internal_secret,
        )
        task = self._start(self._utterance(start, hearing))
        self._listening[task] = hearing
        task.add_done_callback(lambda done: self._listening.pop(done, None))
        self._speaking, self._deaf = hearing, False

    def _sound(self, sound: bytes) -> None:
        if len(sound) > frames.LARGEST_SOUND:
            raise TooLarge(
                f"A frame of {len(sound)} bytes was left out; "
                f"send at most {frames.LARGEST_SOUND} in one."
            )
        if self._speaking is not None:
            self._speaking.feed(sound)
        elif not self._deaf:
            self._deaf = True
            raise BadInput("Sound without a speech_start before it; it is not listened to.")

    def _end(self) -> None:
        if self._speaking is not None:
            self._speaking.end()
            self._speaking = None
        elif not self._deaf:
            raise BadInput("speech_end without a speech_start before it.")
        self._deaf = False

    def _cancel(self) -> None:
        for task in list(self._listening):
            task.cancel()
        self._listening.clear()
        self._speaking, self._deaf = None, False

    async def _utterance(self, start: frames.SpeechStart, hearing: Hearing) -> None:
        try:
            transcript = await self._listen(hearing)
        except HearingFailed as error:
            logger.warning("An utterance came to nothing: %s", error)
            await self._wire.refuse(
                SpeechRefused(error.trouble, self._locale), start.client_message_id
            )
            return
        await self._wire.send(
            {
                "type": "transcript",
                "client_message_id": start.client_message_id,
                "text": transcript.text,
                "alternatives": list(transcript.alternatives),
                "cut": transcript.cut,
            }
        )
        if transcript.text and not start.confirm:
            await self._say(start.client_message_id, transcript.text, None)

    async def _listen(self, hearing: Hearing) -> WorkerTranscript:
        try:
            return await hearing.listen()
        finally:
            # From here on speech_cancel comes too late, and sound that still arrives is ignored.
            if (task := asyncio.current_task()) is not None:
                self._listening.pop(task, None)
            if self._speaking is hearing:
                self._speaking, self._deaf = None, True
