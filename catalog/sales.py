"""Prices for a time: what a product costs at a moment, and when the next one changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from catalog.parsing.offers import lowest_price
from catalog.types import Money, Product, Sale, Variant

Sold = TypeVar("Sold", Product, Variant)


def price_at(regular: Money | None, sale: Sale | None, moment: datetime) -> Money | None:
    """What is paid at a moment: the sale's price while it runs and is lower, else the regular one."""
    if sale is None or not sale.runs(moment):
        return regular
    lower = regular is None or 0 < sale.price.amount < regular.amount
    return sale.price if lower else regular


def _at(sold: Sold, moment: datetime) -> Sold:
    """A product without variants, or a variant, at its price of a moment."""
    if sold.sale is None:
        return sold
    price = price_at(sold.regular_price, sold.sale, moment)
    if price == sold.price:
        return sold
    facets = dict(sold.facets)
    if "price" in facets and price is not None:
        facets["price"] = (float(price.amount),)
    return replace(sold, price=price, facets=facets)


def priced_at(product: Product, moment: datetime) -> Product:
    """The product at its prices of a moment; the same object when none differs."""
    if not product.variants:
        return _at(product, moment)
    variants = tuple(_at(variant, moment) for variant in product.variants)
    if all(new is old for new, old in zip(variants, product.variants, strict=True)):
        return product
    price = lowest_price(variants)
    facets = dict(product.facets)
    if "price" in facets and price is not None:
        facets["price"] = (float(price.amount),)
    return replace(product, variants=variants, price=price, facets=facets)


def next_change(products: Iterable[Product], moment: datetime) -> datetime | None:
    """The first moment after this one at which a sale of any product begins or ends."""
    sales = (
        sale
        for product in products
        for sale in (product.sale, *(variant.sale for variant in product.variants))
        if sale is not None
    )
    coming = (
        at for sale in sales for at in (sale.starts, sale.ends) if at is not None and at > moment
    )
    return min(coming, default=None)
