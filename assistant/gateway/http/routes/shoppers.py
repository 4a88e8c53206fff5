"""Shoppers the shop may know again: consent, what is remembered, and forgetting it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assistant.gateway import schemas
from assistant.gateway.errors import BadInput, Conflict, NotFound
from assistant.gateway.http.auth import ServicesOf, ShopperOf, address, json_response
from assistant.gateway.http.bodies import body_of, read
from assistant.gateway.http.profile_json import wish_from, wish_json
from assistant.gateway.services import GatewayServices
from assistant.stores.types import Shopper

router = APIRouter(prefix="/api/shoppers", tags=["shoppers"])


@router.post("", status_code=201, response_model=schemas.NewShopper)
async def create(request: Request, services: ServicesOf) -> Response:
    """Make a shopper; without consent nothing is remembered yet."""
    await services.throttle.spend("conversations", address(request))
    _, token = await services.database.run(services.shoppers.create)
    return json_response({"shopper_token": token}, 201)


@router.get("/me", response_model=schemas.ShopperView)
async def show(services: ServicesOf, shopper: ShopperOf) -> Response:
    """Everything known of the shopper."""
    return json_response(await _view(services, shopper))


@router.put(
    "/me/consent", response_model=schemas.ShopperView, openapi_extra=body_of(schemas.Consent)
)
async def consent(request: Request, services: ServicesOf, shopper: ShopperOf) -> Response:
    """Give or withdraw consent; withdrawing forgets the profile."""
    body = await read(request, schemas.Consent)
    after = await services.database.run(
        services.shoppers.set_consent, shopper.id, granted=body.granted
    )
    if shopper.consent and not after.consent:
        await services.eraser.scrub()
    return json_response(await _view(services, after))


@router.delete("/me", status_code=204)
async def erase(services: ServicesOf, shopper: ShopperOf) -> Response:
    """Erase the shopper, the profile and every conversation held with the token, everywhere."""
    await services.eraser.shopper(shopper.id)
    return Response(status_code=204)


@router.put(
    "/me/profile/{facet}",
    response_model=schemas.ShopperView,
    openapi_extra=body_of(schemas.ProfileWish),
)
async def remember(
    facet: str, request: Request, services: ServicesOf, shopper: ShopperOf
) -> Response:
    """Set what is remembered about a facet."""
    body = await read(request, schemas.ProfileWish)
    if not shopper.consent:
        raise Conflict("Nothing is remembered without consent; give it first.")
    facets = services.shop.catalog.facets if services.shop else {}
    if services.shop and facet not in facets:
        raise BadInput(f"The shop has no facet {facet!r}; it has {', '.join(sorted(facets))}.")
    wish = wish_from(facet, body, facets.get(facet))
    await services.database.run(services.shoppers.remember, shopper.id, [wish])
    return json_response(await _view(services, shopper))


@router.delete("/me/profile/{facet}", status_code=204)
async def forget(facet: str, services: ServicesOf, shopper: ShopperOf) -> Response:
    """Forget everything remembered about a facet."""
    if not await services.database.run(services.shoppers.forget, shopper.id, [facet]):
        raise NotFound(f"Nothing is remembered about {facet!r}.")
    await services.eraser.scrub()
    return Response(status_code=204)


async def _view(services: GatewayServices, shopper: Shopper) -> dict[str, Any]:
    wishes = await services.database.run(services.shoppers.profile, shopper.id)
    facets = services.shop.catalog.facets if services.shop else {}
    conversations = services.conversations
    return {
        "consent": shopper.consent,
        "profile": {
            "constraints": [
                wish_json(wish, facets.get(wish.facet), conversations.wording, conversations.locale)
                for wish in wishes
            ]
        },
        "since": shopper.since.isoformat() if shopper.since else None,
    }
