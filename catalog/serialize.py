"""Products as the JSON of the public API; the same bytes wherever a product is shown."""

from __future__ import annotations

from typing import Any

from catalog.types import Money, Product, Variant


def product_to_json(product: Product) -> dict[str, Any]:
    """Return a product as its page in the API shows it."""
    return {
        "id": product.id,
        "title": product.title,
        "description": product.description,
        "price": money_to_json(product.price),
        "availability": product.availability.value,
        "url": product.url,
        "image_url": image_address(product.image_url),
        "facets": {key: list(values) for key, values in product.facets.items()},
        "variants": [variant_to_json(variant) for variant in product.variants],
    }


def variant_to_json(variant: Variant) -> dict[str, Any]:
    """Return a variant."""
    return {
        "id": variant.id,
        "title": variant.title,
        "price": money_to_json(variant.price),
        "availability": variant.availability.value,
        "image_url": image_address(variant.image_url),
        "facets": {key: list(values) for key, values in variant.facets.items()},
    }


def money_to_json(money: Money | None) -> dict[str, str] | None:
    """Return a price with its decimals, None where there is none."""
    if money is None:
        return None
    return {"amount": f"{money.amount:.2f}", "currency": money.currency}


def image_address(image: str) -> str:
    """Return where a picture is served: shop pictures live under /images/."""
    if not image or image.startswith(("http://", "https://", "/")):
        return image
    return f"/images/{image.removeprefix('images/')}"
