"""How much was asked of late, counted for all gateways together."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.stores.rows import conversations_of
from assistant.stores.tables import rate_windows

if TYPE_CHECKING:
    from assistant.stores.database import Database


class SqlRateLimits:
    """Sliding windows in the database; see ``ports.RateLimits``.

    Two windows are counted, this one and the one before, of which only the part counts that a window
    ending now would reach back over.

    Args:
        database: where they are counted.
        clock: seconds since 1970; for tests.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock
        table, now = rate_windows.c, sa.bindparam("now_window", type_=sa.BigInteger)
        # Clocks of two machines differ: a window ahead of ours is counted as ours.
        same = table.window >= now
        before = sa.case(
            (same, table.before), (table.window == now - 1, table.hits), else_=sa.literal(0)
        )
        hits = sa.case((same, table.hits), else_=sa.literal(0))
        weight = sa.bindparam("weight", type_=sa.Float)
        self._count = (
            database.dialect.insert(rate_windows)
            .values(
                budget=sa.bindparam("budget"),
                key=sa.bindparam("key"),
                window=now,
                hits=1,
                before=0,
                stale_after=sa.bindparam("stale_after"),
            )
            .on_conflict_do_update(
                index_elements=["budget", "key"],
                set_={
                    "before": before,
                    "hits": hits + 1,
                    "window": sa.case((same, table.window), else_=now),
                    "stale_after": sa.bindparam("stale_after"),
                },
                where=before * weight + hits < sa.bindparam("amount", type_=sa.Integer),
            )
            .returning(rate_windows.c.hits)
        )

    def spend(self, budget: str, key: str, *, amount: int, seconds: int) -> int:
        """Count one request; 0, or how many seconds to wait when the budget is used up."""
        now = self._clock()
        window, passed = divmod(now, seconds)
        row = {
            "budget": budget,
            "key": _digest(key),
            "now_window": int(window),
            "weight": 1 - passed / seconds,
            "amount": amount,
            "stale_after": (window + 2) * seconds,
        }
        with self._database.writing(durable=False) as connection:
            counted = connection.execute(self._count, row).one_or_none()
        return 0 if counted is not None else max(1, math.ceil(seconds - passed))

    def tidy(self) -> int:
        """Delete what is too old to count; returns how many rows."""
        query = sa.delete(rate_windows).where(rate_windows.c.stale_after < self._clock())
        with self._database.writing() as connection:
            return connection.execute(query).rowcount

    def erase(self, shopper_id: str) -> int:
        """Forget what was asked in the shopper's conversations; returns how many rows."""
        with self._database.writing() as connection:
            keys = [_digest(key) for key in connection.scalars(conversations_of(shopper_id))]
            query = sa.delete(rate_windows).where(rate_windows.c.key.in_(keys))
            return connection.execute(query).rowcount


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).hexdigest()
