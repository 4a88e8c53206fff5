"""The FastAPI app: middleware, routes, page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
from fastapi import FastAPI

from assistant.gateway import problems, schemas
from assistant.gateway.http.bodies import BodyLimit
from assistant.gateway.http.routes import conversations, products, service, shoppers
from assistant.gateway.http.static import SafetyHeaders, images, page
from assistant.gateway.rate_limit import ThrottleRequests
from assistant.gateway.services import GatewayServices

if TYPE_CHECKING:
    from assistant.gateway.catalog_api import Shop
    from assistant.settings import Settings

STREAM = "assistant.gateway.stream.endpoint"
"""Has ``router``, the conversation's WebSocket."""


def create_app(
    settings: Settings,
    *,
    shop: Shop | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Build the app; its services start and stop with it.

    Args:
        settings: of this process.
        shop: takes the place of the one on disk; for tests.
        transport: takes the place of the network to the other processes; for tests.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services = await GatewayServices.start(settings, shop=shop, transport=transport)
        app.state.services = services
        try:
            yield
        finally:
            await services.stop()

    app = FastAPI(
        title="Shopping assistant",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={
            "4XX": {"model": schemas.Problem, "content": {problems.MEDIA_TYPE: {}}},
            "5XX": {"model": schemas.Problem, "content": {problems.MEDIA_TYPE: {}}},
        },
    )
    problems.install(app)
    for module in (conversations, shoppers, products, service):
        app.include_router(module.router)
    if find_spec(STREAM) is not None:
        app.include_router(import_module(STREAM).router)
    app.router.routes.extend((images(settings.shop), page()))
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(ThrottleRequests)
    app.add_middleware(SafetyHeaders)
    return app
