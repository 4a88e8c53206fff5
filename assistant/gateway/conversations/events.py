"""Who hears what is said in a conversation: every open tab of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

BACKLOG = 256
"""Events a slow reader may lag behind before it is cut off; it reconnects and reads the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a conversation."""

    data: dict[str, Any]
    """As sent on the stream: {"type": "message" | "reply", ...}."""
    source: object | None = None
    """What the speaker passed to ``say``, so that it can tell its own events from others'."""


class Subscription:
    """Events of one conversation from now on, as an asynchronous iterator.

    Ends when the conversation is erased, the reader lags too far behind, or ``close`` is called.
    """

    def __init__(self, hub: Hub, conversation_id: str) -> None:
        self._hub, self._conversation_id = hub, conversation_id
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        hub.add(conversation_id, self)

    def __aiter__(self) -> Self:
        """Itself."""
        return self

    async def __anext__(self) -> Event:
        """Wait for the next event."""
        event = await self._queue.get()
        if event is None:
            self._queue.put_nowait(None)
            raise StopAsyncIteration
        return event

    def __enter__(self) -> Self:
        """Itself, closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.close()

    def put(self, event: Event) -> None:
        """Hand an event to the reader; called by the hub."""
        if self._queue.qsize() >= BACKLOG:
            self.close()
        else:
            self._queue.put_nowait(event)

    def close(self) -> None:
        """Stop listening; a waiting reader is released."""
        self._hub.remove(self._conversation_id, self)
        self._queue.put_nowait(None)


class Hub:
    """Keeps the subscriptions of every conversation; used from the event loop only."""

    def __init__(self) -> None:
        self._subscriptions: defaultdict[str, list[Subscription]] = defaultdict(list)

    def add(self, conversation_id: str, subscription: Subscription) -> None:
        """Let a subscription hear the conversation."""
        self._subscriptions[conversation_id].append(subscription)

    def remove(self, conversation_id: str, subscription: Subscription) -> None:
        """Let it hear no more."""
        remaining = [
            s for s in self._subscriptions.pop(conversation_id, []) if s is not subscription
        ]
        if remaining:
            self._subscriptions[conversation_id] = remaining

    def publish(self, conversation_id: str, event: Event) -> None:
        """Hand an event to everyone who listens to the conversation."""
        for subscription in list(self._subscriptions.get(conversation_id, ())):
            subscription.put(event)

    def has_listeners(self, conversation_id: str) -> bool:
        """Whether anyone listens to the conversation."""
        return conversation_id in self._subscriptions

    def end(self, conversation_id: str) -> None:
        """Release everyone who listens to a conversation that is no more."""
        for subscription in list(self._subscriptions.get(conversation_id, ())):
            subscription.close()
