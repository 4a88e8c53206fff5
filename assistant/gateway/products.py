"""Products as clients get them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from catalog.types import Money, Product, Variant

IMAGES = "/images/"


def image_address(address: str | None) -> str:
    """Where a browser finds the picture: web addresses as they are, paths under the shop's images."""
    address = address or ""
    if not address or address.startswith((IMAGES, "https://", "http://")):
        return address
    return IMAGES + quote(address.lstrip("/").removeprefix("images/"))


def product_json(product: Product) -> dict[str, Any]:
    """A product in the shape of ``models.Product``."""
    return {
        "id": product.id,
        "title": product.title,
        "description": product.description,
        "price": _price(product.price),
        "availability": product.availability.value,
        "url": product.url,
        "image_url": image_address(product.image_url),
        "facets": {key: list(values) for key, values in product.facets.items()},
        "variants": [_variant(variant) for variant in product.variants],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "id": variant.id,
        "title": variant.title,
        "price": _price(variant.price),
        "availability": variant.availability.value,
        "facets": {key: list(values) for key, values in variant.facets.items()},
        "image_url": image_address(variant.image_url),
    }


def _price(price: Money | None) -> dict[str, str] | None:
    return None if price is None else {"amount": f"{price.amount:.2f}", "currency": price.currency}
