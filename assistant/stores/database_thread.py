"""The thread that blocking database work of an asynchronous process runs in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from assistant.stores.errors import StoreUnavailable

DEADLINE_SECONDS = 5.0
"""How long anybody waits for the database: a little longer than one statement may take there."""

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """Runs database work in one thread, in the order it was asked for.

    One thread means that the gateway never waits for its own locks, and that rows stand in the
    order in which messages arrived.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in the thread and return what it returns.

        Raises:
            StoreUnavailable: it took too long; what had not begun is not done.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await loop.run_in_executor(self._executor, lambda: work(*args, **kwargs))
        except TimeoutError:
            raise StoreUnavailable(
                f"The database did not answer within {DEADLINE_SECONDS:g} s; try again shortly."
            ) from None

    def close(self) -> None:
        """Finish what was asked for, then stop the thread."""
        self._executor.shutdown(wait=True)
