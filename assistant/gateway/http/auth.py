"""Who is asking: the services of the app, the client's address, the token it sent."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.gateway.catalog_api import Shop
from assistant.gateway.errors import NotReady, NotSignedIn
from assistant.gateway.rate_limit import client_address
from assistant.gateway.services import GatewayServices
from assistant.stores.types import Shopper

# Coroutines all: FastAPI would run plain functions in threads, which costs time and mixes up order.
_bearer = HTTPBearer(auto_error=False, description="The token of the conversation or the shopper.")


async def get_services(request: Request) -> GatewayServices:
    """The services of the app the request came to."""
    services: GatewayServices = request.app.state.services
    return services


async def get_token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str | None:
    """The bearer token, None when there is none."""
    return credentials.credentials if credentials else None


ServicesOf = Annotated[GatewayServices, Depends(get_services)]
Token = Annotated[str | None, Depends(get_token)]


async def get_shopper(services: ServicesOf, token: Token) -> Shopper:
    """The shopper whose token was sent.

    Raises:
        NotSignedIn: no token, or nobody's.
    """
    if not token:
        raise NotSignedIn('Send the shopper\'s token as "Authorization: Bearer ...".')
    shopper = await services.database.run(services.shoppers.by_token, token)
    if shopper is None:
        raise NotSignedIn("No shopper has this token; it may have been erased.")
    return shopper


async def get_shop(services: ServicesOf) -> Shop:
    """The catalog as it is at this moment.

    Raises:
        NotReady: it is not read, or cannot be.
    """
    if services.shop is None:
        raise NotReady(f"The catalog is not there: {services.shop_error}", retry_after=5)
    if services.shop.stale():
        await asyncio.to_thread(services.shop.refresh)
    return services.shop


ShopperOf = Annotated[Shopper, Depends(get_shopper)]
ShopOf = Annotated[Shop, Depends(get_shop)]


def address(request: Request) -> str:
    """Where the request comes from."""
    return client_address(request.scope)


def json_response(content: Any, status: int = 200) -> Response:
    """JSON that is ready to be sent; ASCII, so that no text in it can break the encoding."""
    body = content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))
    headers = {"Cache-Control": "no-store"}
    return Response(body, status, headers, "application/json")
