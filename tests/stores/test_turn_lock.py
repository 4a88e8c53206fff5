"""The turn lock: one holder at a time, and none for ever."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.stores import turn_lock
from assistant.stores.errors import UnknownConversation
from assistant.stores.tables import turn_locks
from assistant.stores.types import LockGrant

NORTH, SOUTH = "north", "south"


def test_second_holder_waits_for_the_first(stores, second, filling):
    mine, other = filling.conversation().id, filling.conversation().id
    assert stores.turns.acquire(mine, NORTH) is LockGrant.STILL_OURS
    assert second.turns.acquire(mine, SOUTH) is LockGrant.REFUSED
    assert second.turns.acquire(other, SOUTH) is LockGrant.STILL_OURS
    assert stores.turns.acquire(mine, NORTH) is LockGrant.STILL_OURS, "it is its own already"
    stores.turns.release(mine, NORTH)
    assert second.turns.acquire(mine, SOUTH) is LockGrant.HANDED_OVER
    assert second.turns.acquire(mine, SOUTH) is LockGrant.STILL_OURS


def test_only_the_holder_can_release(stores, second, filling):
    mine = filling.conversation().id
    stores.turns.acquire(mine, NORTH)
    second.turns.release(mine, SOUTH)
    assert second.turns.acquire(mine, SOUTH) is LockGrant.REFUSED


def test_lock_of_a_dead_holder_ends(stores, second, filling, monkeypatch):
    mine = filling.conversation().id
    stores.turns.acquire(mine, NORTH)
    with stores.database.writing() as connection:  # as if the lease had passed
        connection.execute(
            turn_locks.update().values(held_until=turn_locks.c.held_until - turn_lock.LEASE_SECONDS)
        )
    assert second.turns.acquire(mine, SOUTH) is LockGrant.HANDED_OVER
    stores.turns.renew([mine], NORTH)
    stores.turns.release(mine, NORTH)
    assert stores.turns.acquire(mine, NORTH) is LockGrant.REFUSED, "it is somebody else's now"


def test_renewed_lock_lasts(stores, second, filling):
    mine = filling.conversation().id
    stores.turns.acquire(mine, NORTH)
    with stores.database.writing() as connection:
        connection.execute(
            turn_locks.update().values(
                held_until=turn_locks.c.held_until - turn_lock.LEASE_SECONDS + 0.2
            )
        )
    stores.turns.renew([mine], NORTH)
    time.sleep(0.3)
    assert second.turns.acquire(mine, SOUTH) is LockGrant.REFUSED


def test_erased_conversation_has_no_turns(stores, second, filling):
    mine = filling.conversation().id
    stores.turns.acquire(mine, NORTH)
    stores.conversations.delete([mine])
    with pytest.raises(UnknownConversation):
        second.turns.acquire(mine, SOUTH)


def test_of_many_at_once_one_gets_it(stores, second, filling):
    for _ in range(5):
        mine = filling.conversation().id
        with ThreadPoolExecutor(6) as threads:
            grants = list(
                threads.map(
                    lambda number, mine=mine: (stores, second)[number % 2].turns.acquire(
                        mine, f"holder {number}"
                    ),
                    range(6),
                )
            )
        assert sorted(grants) == [LockGrant.REFUSED] * 5 + [LockGrant.STILL_OURS]


def test_locks_of_an_erased_shopper_go(stores, filling):
    shopper_id, _ = stores.shoppers.create()
    mine, other = filling.conversation(shopper_id).id, filling.conversation().id
    for conversation_id in (mine, other):
        stores.turns.acquire(conversation_id, NORTH)
    assert stores.turns.erase(shopper_id) == 1
    with stores.database.reading() as connection:
        assert list(
            connection.scalars(turn_locks.select().with_only_columns(turn_locks.c.conversation_id))
        ) == [other]
