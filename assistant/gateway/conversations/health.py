"""Whether a real turn works now, and if not, which part is missing."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from assistant.gateway.engine_client import EngineClient
from assistant.gateway.errors import EngineError

GOOD_SECONDS = 10.0
"""Between two trials while all is well: an outage is noticed within it."""
BAD_SECONDS = 0.5
"""Between two trials while something is missing: it is back as soon as it is back."""
LEAST_FREE_MEGABYTES = 64
"""The databases' logs of changes may take as much between two clean-ups."""


class HealthMonitor:
    """Tries a whole turn now and then: gateway, engine, language, action, catalog.

    Args:
        engine: where turns go.
        actions_url: where the action server answers /health; asked only to name the missing part.
        shop_error: says why the gateway's own catalog is not loaded; None when it is.
        data: the folder that everything said is written to; None does not look at it.
        forget: called after a probe to delete the engine's record of it.
        transport: takes the place of the network; for tests.
    """

    def __init__(
        self,
        engine: EngineClient,
        actions_url: str,
        *,
        shop_error: Callable[[], str | None],
        data: Path | None = None,
        forget: Callable[[], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._engine = engine
        self._shop_error, self._forget, self._data = shop_error, forget, data
        self._client = httpx.AsyncClient(
            base_url=actions_url, timeout=2.0, transport=transport, trust_env=False
        )
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._missing: list[str] = ["not tried yet"]

    async def missing(self) -> list[str]:
        """What keeps a turn from working, in words; empty when it works. Answers of late are reused."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._missing = await self._probe()
                seconds = BAD_SECONDS if self._missing else GOOD_SECONDS
                self._until = time.monotonic() + seconds
        return self._missing

    def doubt(self) -> None:
        """Probe anew at the next question: a turn has just failed."""
        self._until = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _probe(self) -> list[str]:
        if self._data is not None and (free := _free_megabytes(self._data)) < LEAST_FREE_MEGABYTES:
            return [
                f"disk: {free} MB are free at {self._data}, {LEAST_FREE_MEGABYTES} are needed "
                "to go on writing down what is said; make room"
            ]
        if reason := self._shop_error():
            return [f"catalog: {reason}"]
        if not await self._engine.healthy():
            return ["dialogue engine: it does not answer, or its model is not loaded yet"]
        try:
            await self._engine.probe()
        except EngineError as error:
            return await self._blame(error)
        if self._forget is not None:
            await asyncio.to_thread(self._forget)
        return []

    async def _blame(self, error: EngineError) -> list[str]:
        try:
            response = await self._client.get("/health")
        except httpx.HTTPError:
            return ["action server: it does not answer"]
        if not response.is_success:
            return [f"action server: it answered {response.status_code}"]
        return [f"dialogue: {error}"]


def _free_megabytes(folder: Path) -> int:
    """Room left on the disk of a folder, or of the nearest folder above that is there."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free // 2**20
