"""The catalog: pages, single products, search, type-ahead."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from assistant.gateway import schemas
from assistant.gateway.errors import BadInput
from assistant.gateway.http.auth import ShopOf, json_response

router = APIRouter(prefix="/api", tags=["catalog"])

FACET = "facet."
LONGEST_QUERY = 500
"""Characters; the search reads no more."""


@router.get("/products", response_model=schemas.ProductPage)
async def page(
    shop: ShopOf,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """All products, page by page, in the order of the shop's feed."""
    return json_response(await asyncio.to_thread(shop.page, cursor, limit))


@router.get("/products/{product_id:path}", response_model=schemas.ProductSchema)
async def product(product_id: str, shop: ShopOf) -> Response:
    """One product."""
    return json_response(shop.product(product_id))


@router.get("/search", response_model=schemas.Found)
async def search(
    request: Request,
    shop: ShopOf,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Products that fit the words and the filters.

    Filters are ``facet.NAME=value``; repeated, they are alternatives. Numbers also take "<20", ">=5"
    and "10-20".
    """
    filters: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name.startswith(FACET):
            filters.setdefault(name.removeprefix(FACET), []).append(value)
        elif name not in {"q", "limit", "cursor"}:
            raise BadInput(
                f"Unknown parameter {name!r}; there are q, limit, cursor and facet.NAME."
            )
    return json_response(await asyncio.to_thread(shop.search, q, filters, limit, cursor))


@router.get("/suggest", response_model=schemas.Suggestions)
async def suggest(
    shop: ShopOf,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> Response:
    """Type-ahead."""
    completions = await asyncio.to_thread(shop.suggest, q, limit)
    return json_response({"suggestions": completions})
