"""Everything the routes need, built once when the server starts."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

import httpx

from assistant.gateway.catalog_api import Shop
from assistant.gateway.conversations.erase import Eraser
from assistant.gateway.conversations.health import HealthMonitor
from assistant.gateway.conversations.service import ConversationService
from assistant.gateway.engine_client import PROBE, EngineClient
from assistant.gateway.rate_limit import Budgets, Throttle
from assistant.gateway.storage.engine_tracker import Tracker
from assistant.gateway.wording import GatewayWording
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.ports import ShopperStore
from assistant.stores.stores import Stores
from catalog.errors import CatalogError

if TYPE_CHECKING:
    from assistant.settings import Settings

logger = logging.getLogger(__name__)

TRACKER = "tracker.db"


@dataclass(slots=True, kw_only=True)
class GatewayServices:
    """The parts of a running gateway; a route finds it at ``request.app.state.services``."""

    settings: Settings
    database: DatabaseThread
    stores: Stores
    conversations: ConversationService
    eraser: Eraser
    engine: EngineClient
    health: HealthMonitor
    throttle: Throttle
    shop: Shop | None = None
    """None while it is read, and when it cannot be."""
    shop_error: str = "it is still being read"
    _purge: asyncio.Task[None] | None = None
    _loading: asyncio.Task[None] | None = None

    @property
    def shoppers(self) -> ShopperStore:
        """Shoppers and their profiles."""
        return self.stores.shoppers

    @classmethod
    async def start(
        cls,
        settings: Settings,
        *,
        shop: Shop | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> Self:
        """Open the database, read the shop, start the hourly purge.

        Args:
            settings: of this process.
            shop: takes the place of the one on disk; for tests.
            transport: takes the place of the network to engine and action server; for tests.

        Raises:
            StoreUnavailable: the database cannot be opened.
        """
        stores = await asyncio.to_thread(Stores.open, settings.database_url)
        database = DatabaseThread()
        engine = EngineClient(
            settings.engine_url, secret=settings.internal_secret, transport=transport
        )
        tracker = Tracker(settings.shop / "data" / TRACKER)
        services: Self
        health = HealthMonitor(
            engine,
            settings.actions_url,
            shop_error=lambda: None if services.shop else services.shop_error,
            data=settings.shop / "data",
            forget=partial(tracker.delete, [PROBE], scrubbed=False),
            transport=transport,
        )
        conversations = ConversationService(
            stores=stores,
            database=database,
            engine=engine,
            wording=GatewayWording(),
            deadline=settings.turn_deadline,
            on_failure=health.doubt,
        )
        eraser = Eraser(
            stores=stores,
            database=database,
            tracker=tracker,
            conversations=conversations,
            retention_hours=settings.retention_hours,
        )
        services = cls(
            settings=settings,
            database=database,
            stores=stores,
            conversations=conversations,
            eraser=eraser,
            engine=engine,
            health=health,
            throttle=Throttle(
                Budgets(
                    conversations=settings.rate_conversations,
                    messages=settings.rate_messages,
                    requests=settings.rate_requests,
                    loopback=settings.rate_loopback,
                ),
                stores.limits,
                database,
            ),
            shop=shop,
        )
        if shop is None:
            # Meanwhile the server answers already, and /healthz says what it waits for.
            services._loading = asyncio.create_task(services.load_shop())
        services._purge = asyncio.create_task(eraser.purge_for_ever())
        return services

    async def load_shop(self) -> None:
        """Read the shop from disk; what is wrong with it is said by /healthz."""
        try:
            self.shop = await asyncio.to_thread(Shop.load, self.settings.shop)
        except (CatalogError, ImportError) as error:
            self.shop_error = str(error)
            logger.warning("The shop %s cannot be served: %s", self.settings.shop, error)
            return
        self.conversations.locale = self.shop.catalog.config.locale

    async def stop(self) -> None:
        """Finish the turns under way and close everything."""
        for task in (self._purge, self._loading):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.conversations.close()
        await self.engine.close()
        await self.health.close()
        await asyncio.to_thread(self.database.close)
        self.stores.close()
