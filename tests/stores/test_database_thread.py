"""The database thread: work in order, and nobody waits for it without end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from assistant.stores import database_thread
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable


@pytest.fixture
def thread():
    thread = DatabaseThread()
    yield thread
    thread.close()


async def test_work_is_done_in_the_order_it_was_asked_for(thread):
    order: list[int] = []
    await asyncio.gather(*(thread.run(order.append, number) for number in range(50)))
    assert order == list(range(50))


async def test_nobody_waits_longer_than_the_deadline(thread, monkeypatch):
    monkeypatch.setattr(database_thread, "DEADLINE_SECONDS", 0.05)
    stuck, finished = threading.Event(), []
    first = asyncio.create_task(thread.run(stuck.wait, 5))
    second = asyncio.create_task(thread.run(finished.append, "second"))
    for task in (first, second):
        with pytest.raises(StoreUnavailable, match="within"):
            await task
    stuck.set()
    await thread.run(finished.append, "third")
    assert finished == ["third"], "what had not begun is not done behind anybody's back"


async def test_error_of_the_work_is_raised(thread):
    with pytest.raises(ZeroDivisionError):
        await thread.run(divmod, 1, 0)
