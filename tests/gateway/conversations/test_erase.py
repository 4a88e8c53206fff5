"""Erased means gone: no byte of it in any file of the shop."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from assistant.gateway.conversations import erase
from assistant.stores import dialects
from assistant.stores.rows import utc_now
from assistant.stores.tables import conversations, messages

MARK = "zanzibarquokka"


@pytest.fixture
def tracker(settings, stub):
    """The file of the engine, which keeps it open: every turn the stub is sent stands in it."""
    data = settings.shop / "data"
    data.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(data / "tracker.db", check_same_thread=False)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)"
        )
        connection.execute("CREATE TABLE snapshots (sender_id TEXT PRIMARY KEY, slots TEXT)")

        def record(sender: str, message: str) -> None:
            text = json.dumps({"text": message})
            connection.execute("INSERT INTO events (sender_id, data) VALUES (?, ?)", (sender, text))
            connection.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?)", (sender, text))
            connection.commit()

        stub.record = record
        yield connection


def traces(settings, mark: str = MARK) -> list[str]:
    """Names of the files under the shop that hold the mark."""
    files = [file for file in settings.shop.rglob("*") if file.is_file()]
    return [file.name for file in files if mark.encode() in file.read_bytes()]


async def fill(gateway, header: dict[str, str], number: int = 4):
    """Conversations of one shopper, between others', all long enough to spread over pages."""
    token = header["Authorization"].removeprefix("Bearer ")
    chats = []
    for _ in range(number):
        mine, other = await gateway.begin(shopper_token=token), await gateway.begin()
        for turn in range(12):
            await mine.say(f"{MARK} {turn} " + MARK * 40)
            await other.say("something else " * 40)
        chats.append((mine, other))
    return chats


async def test_erased_shopper_leaves_no_byte(gateway, settings, tracker):
    header = await gateway.shopper()
    store = gateway.services.shoppers
    shopper = store.by_token(header["Authorization"].removeprefix("Bearer "))
    body = {"values": [MARK], "unit": MARK}
    gateway.services.shop.catalog.facets["name"] = None
    await gateway.client.put("/api/shoppers/me/profile/name", json=body, headers=header)
    chats = await fill(gateway, header)
    assert set(traces(settings)) >= {"tracker.db-wal"}
    answer = await gateway.client.delete("/api/shoppers/me", headers=header)
    assert answer.status_code == 204
    assert traces(settings) == []
    assert traces(settings, shopper.id) == []
    for mine, other in chats:
        assert traces(settings, mine.id) == []
        assert (await mine.post(text="hi")).status_code == 404
        assert len(await other.history()) == 13
    assert (await gateway.client.get("/api/shoppers/me", headers=header)).status_code == 401
    assert (await gateway.client.delete("/api/shoppers/me", headers=header)).status_code == 401


async def test_erased_conversation_leaves_no_byte(gateway, settings, tracker):
    header = await gateway.shopper()
    chats = await fill(gateway, header, number=2)
    mine, _ = chats[0]
    await chats[1][0].client.delete(chats[1][0].url, headers=chats[1][0].header)
    assert traces(settings, mine.id)
    answer = await gateway.client.delete(mine.url, headers=mine.header)
    assert answer.status_code == 204
    assert traces(settings) == []
    assert traces(settings, mine.id) == []
    assert (await mine.post(text="hi")).status_code == 404


async def test_withdrawn_consent_leaves_nothing_of_the_profile(gateway, settings):
    header = await gateway.shopper()
    gateway.services.shop.catalog.facets["name"] = None
    await gateway.client.put(
        "/api/shoppers/me/profile/name", json={"values": [MARK]}, headers=header
    )
    assert traces(settings)
    await gateway.client.put("/api/shoppers/me/consent", json={"granted": False}, headers=header)
    assert traces(settings) == []


async def test_erasing_waits_for_the_turn_under_way(gateway, settings, stub, tracker):
    chat = await gateway.begin()
    stub.gate = asyncio.Event()
    turn = asyncio.create_task(chat.post(text=MARK))
    while not stub.heard():
        await asyncio.sleep(0)
    erase = asyncio.create_task(gateway.client.delete(chat.url, headers=chat.header))
    await asyncio.sleep(0.01)
    stub.gate.set()
    assert (await erase).status_code == 204
    await turn
    assert traces(settings) == []


async def test_listeners_are_released_when_a_conversation_is_erased(gateway):
    chat = await gateway.begin()
    with gateway.services.conversations.subscribe(chat.id) as events:
        await gateway.client.delete(chat.url, headers=chat.header)
        assert [event async for event in events] == []


async def test_old_conversations_are_purged(gateway, settings, tracker):
    old, new = await gateway.begin(), await gateway.begin()
    await old.say(MARK)
    engine = gateway.services.stores.database.engine
    long_ago = utc_now() - timedelta(hours=settings.retention_hours + 1)
    with engine.begin() as connection:
        connection.execute(
            sa.update(conversations).where(conversations.c.id == old.id).values(created=long_ago)
        )
        connection.execute(
            sa.update(messages).where(messages.c.conversation_id == old.id).values(created=long_ago)
        )
    assert await gateway.services.eraser.purge() == 1
    assert (await old.post(text="hi")).status_code == 404
    assert len(await new.history()) == 1
    senders = {row[0] for row in tracker.execute("SELECT sender_id FROM events")}
    assert senders == {new.id}


async def test_purge_removes_what_the_engine_wrote_too_late(gateway, stub, tracker):
    chat = await gateway.begin()
    stub.record("erased-before", MARK)
    await gateway.services.eraser.purge()
    senders = {row[0] for row in tracker.execute("SELECT sender_id FROM snapshots")}
    assert senders == {chat.id}


async def test_no_words_of_shoppers_are_logged(gateway, stub, caplog):
    caplog.set_level("DEBUG")
    chat = await gateway.begin()
    await chat.say(MARK)
    stub.fails = "502"
    await chat.say(MARK)
    assert "failed" in caplog.text
    assert MARK not in caplog.text
    assert chat.token not in caplog.text


async def test_a_large_file_is_not_written_anew_while_turns_wait(gateway, settings, monkeypatch):
    monkeypatch.setattr(dialects, "SMALL_FILE", 0)
    header = await gateway.shopper()
    await fill(gateway, header, number=2)
    await gateway.services.eraser.scrub()
    file = settings.shop / "data" / "assistant.db"
    before = file.stat().st_size
    assert (await gateway.client.delete("/api/shoppers/me", headers=header)).status_code == 204
    assert file.stat().st_size >= before, "its free pages are still in it"
    assert MARK.encode() not in (settings.shop / "data" / "assistant.db-wal").read_bytes()
    await gateway.services.eraser.purge()
    await gateway.services.eraser.scrub()
    assert file.stat().st_size < before, "given back in steps, afterwards"


async def test_many_conversations_are_erased_a_few_at_a_time(gateway, monkeypatch):
    monkeypatch.setattr(erase, "AT_ONCE", 3)
    header = await gateway.shopper()
    token = header["Authorization"].removeprefix("Bearer ")
    chats = [await gateway.begin(shopper_token=token) for _ in range(8)]
    other = await gateway.begin()
    log = gateway.services.stores.conversations
    sizes = []
    delete = type(log).delete

    def counted(self, ids):
        sizes.append(len(ids))
        delete(self, ids)

    monkeypatch.setattr(type(log), "delete", counted)
    await gateway.client.delete("/api/shoppers/me", headers=header)
    assert sizes == [3, 3, 2]
    assert log.all_ids() == {other.id}
    assert all([(await chat.post(text="hi")).status_code == 404 for chat in chats])
