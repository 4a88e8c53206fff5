"""Whose turn it is: asked for until it comes or patience ends, and given back."""

from __future__ import annotations

import asyncio
import time

import pytest

from assistant.gateway.conversations import turn_keeper
from assistant.gateway.conversations.turn_keeper import TurnKeeper
from assistant.gateway.errors import EngineSlow
from assistant.stores import turn_lock
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import UnknownConversation
from assistant.stores.stores import Stores
from assistant.stores.types import LockGrant, State, StoredConversation

SHORT = 0.05
"""Seconds of a deadline here."""


@pytest.fixture
async def parts(tmp_path):
    stores, database = Stores.open(f"sqlite:///{tmp_path / 'a.db'}"), DatabaseThread()
    keepers = [TurnKeeper(stores, database) for _ in range(2)]
    yield stores, *keepers
    for keeper in keepers:
        await keeper.close()
    database.close()
    stores.close()


def conversation_of(stores, *texts: str) -> str:
    conversation = StoredConversation(id="c", token_hash=b"t", shopper_id=None, locale="en")
    stores.conversations.open(conversation)
    for text in texts:
        stores.conversations.receive(
            conversation,
            client_message_id=text,
            text=text,
            choice_id=None,
            label=None,
            state=State.RECEIVED,
        )
    return conversation.id


async def test_claim_is_everything_up_to_the_message(parts):
    stores, keeper, _ = parts
    conversation_id = conversation_of(stores, "red", "dry", "cheap")
    claim = keeper.claim(conversation_id, 2)
    assert [message.text for message in claim.owed] == ["red", "dry"]
    states = [message.state for message in stores.conversations.history(conversation_id)]
    assert states == [State.DISPATCHED, State.RECEIVED, State.RECEIVED], "what is sent first"


async def test_nothing_is_owed_for_a_message_that_has_its_reply(parts):
    stores, keeper, _ = parts
    conversation_id = conversation_of(stores, "red", "dry")
    stores.outbox.finish(conversation_id, 2, State.ANSWERED, "{}")
    assert keeper.claim(conversation_id, 2).owed == ()
    assert stores.conversations.message(conversation_id, 1).state is State.RECEIVED


async def test_patience_ends_and_grows_with_what_comes_before(parts):
    stores, keeper, other = parts
    conversation_id = conversation_of(stores, "red", "dry", "cheap")
    await other.wait(conversation_id, 0, SHORT)
    waited = []
    for number in (1, 3):
        began = time.monotonic()
        with pytest.raises(EngineSlow):
            await keeper.wait(conversation_id, number, SHORT)
        waited.append(time.monotonic() - began)
    assert waited[0] < 3 * SHORT < waited[1] + SHORT
    await other.release(conversation_id)
    claim = await keeper.wait(conversation_id, 3, SHORT)
    assert claim.grant is LockGrant.HANDED_OVER


async def test_lock_lasts_as_long_as_it_is_held(parts, monkeypatch):
    monkeypatch.setattr(turn_keeper, "RENEW_SECONDS", 0.05)
    stores, keeper, other = parts
    conversation_id = conversation_of(stores, "red")
    await keeper.wait(conversation_id, 1, SHORT)
    with stores.database.writing() as connection:  # as if most of the lease had passed
        connection.execute(
            turn_lock.turn_locks.update().values(
                held_until=turn_lock.turn_locks.c.held_until - turn_lock.LEASE_SECONDS + 0.2
            )
        )
    await asyncio.sleep(0.3)
    assert other.claim(conversation_id, 1).grant is LockGrant.REFUSED
    await keeper.close()
    assert other.claim(conversation_id, 1).grant is LockGrant.HANDED_OVER


async def test_lock_that_cannot_be_given_back_is_said_and_no_error(parts, caplog):
    stores, keeper, _ = parts
    conversation_id = conversation_of(stores, "red")
    await keeper.wait(conversation_id, 1, SHORT)
    with stores.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE turn_locks")
    await keeper.release(conversation_id)
    assert "lease ends" in caplog.text


async def test_erased_conversation_has_no_turn(parts):
    _, keeper, _ = parts
    with pytest.raises(UnknownConversation):
        await keeper.wait("nobody's", 1, SHORT)
