"""The server itself: is it ready, and the page shoppers see."""

from __future__ import annotations

from fastapi import APIRouter, Response

from assistant.gateway import schemas
from assistant.gateway.errors import NotReady
from assistant.gateway.http.auth import ServicesOf, ShopOf, json_response

router = APIRouter(tags=["service"])


@router.get("/healthz", response_model=schemas.Health)
async def healthz(services: ServicesOf) -> Response:
    """200 only when a whole turn works now; else 503 and what is missing."""
    if missing := await services.health.missing():
        raise NotReady("Missing: " + "; ".join(missing), retry_after=2, missing=missing)
    return json_response({"status": "ready"})


@router.get("/api/shop", response_model=schemas.ShopInfo)
async def shop_info(shop: ShopOf) -> Response:
    """What a page needs to know of the shop before anybody says anything."""
    return json_response(shop.info())
