"""What the stores cost a turn, and what erasing costs everybody else's.

    uv run python -m tests.benchmarks.stores                            the SQLite file
    uv run python -m tests.benchmarks.stores postgresql://host/name     an empty database

The engine answers at once, so what is measured is the gateway's own part.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from assistant.settings import Settings
from assistant.stores.tables import conversations, messages
from tests.gateway.conftest import StubEngine, _serve

TURNS = 400
WARM = 30
"""Turns before anything is measured: statements are compiled and pages are read."""
OTHERS = 6000
"""Conversations of other shoppers, 20 messages each: about 260 MB."""
MINE = 60
MESSAGES = 20
REPLY = "x" * 1500


async def turns(chat, number: int) -> list[float]:
    """Milliseconds of turns, one after the other."""
    spent = []
    for _ in range(number):
        began = time.perf_counter()
        await chat.say("hi")
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def fill(stores, shopper_id: str) -> None:
    """Many conversations of others and some of one shopper."""
    now = datetime.now(UTC).replace(tzinfo=None)
    with stores.database.engine.begin() as connection:
        for place in range(OTHERS + MINE):
            conversation_id = secrets.token_hex(16)
            owner = shopper_id if place < MINE else None
            connection.execute(
                sa.insert(conversations),
                {
                    "id": conversation_id,
                    "token_hash": b"t",
                    "shopper_id": owner,
                    "locale": "en",
                    "created": now,
                },
            )
            connection.execute(
                sa.insert(messages),
                [
                    {
                        "conversation_id": conversation_id,
                        "number": number,
                        "client_message_id": str(number),
                        "text": "hello there",
                        "state": "answered",
                        "reply": REPLY,
                        "created": now,
                    }
                    for number in range(1, MESSAGES + 1)
                ],
            )


async def measure(url: str) -> None:
    """Print the figures of one database."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(shop=Path(folder) / "shop", database=url)
        async with _serve(settings, None, StubEngine()) as gateway:
            chat = await gateway.begin()
            await turns(chat, WARM)
            spent = sorted(await turns(chat, TURNS))
            p95 = spent[int(TURNS * 0.95)]
            print(f"turn, gateway's part: {statistics.median(spent):.1f} / {p95:.1f} ms p50 / p95")
            header = await gateway.shopper()
            token = header["Authorization"].removeprefix("Bearer ")
            stores = gateway.services.stores
            await asyncio.to_thread(fill, stores, stores.shoppers.by_token(token).id)
            slowest = 0.0
            erasing = asyncio.create_task(
                gateway.client.delete("/api/shoppers/me", headers=header, timeout=60)
            )
            began = time.perf_counter()
            while not erasing.done():
                slowest = max(slowest, *await turns(chat, 1))
            seconds = time.perf_counter() - began
            assert (await erasing).status_code == 204
            print(
                f"erasing {MINE} conversations beside {OTHERS:,}: {seconds * 1000:.0f} ms, "
                f"slowest turn meanwhile {slowest:.0f} ms"
            )


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(measure(sys.argv[1] if len(sys.argv) > 1 else ""))
