"""A small shop of gloves in sizes and colours, some of which are sold out."""

from __future__ import annotations

from decimal import Decimal
from itertools import product as every

from assistant.advisor.turn import Advisor
from catalog.search.search import Search
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Facet,
    FacetKind,
    FacetValue,
    Money,
    Product,
    ShopConfig,
    Variant,
)
from tests.advisor.shoes import Talk, spoken_wording

SIZES, COLOURS = ("7", "8", "9"), ("tan", "navy")
GONE = {"G1": {("9", "tan"), ("9", "navy")}, "G2": {("7", "navy"), ("8", "navy"), ("9", "navy")}}
"""Product -> sizes and colours that are sold out."""
DEARER = "9"
"""The size that costs two euros more."""


def _euros(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def _glove(number: int, title: str, price: int) -> Product:
    id = f"G{number}"
    variants = []
    for size, colour in every(SIZES, COLOURS):
        cost = price + 2 * (size == DEARER)
        gone = (size, colour) in GONE.get(id, set())
        variants.append(
            Variant(
                id=f"{id}-{size}-{colour[0].upper()}",
                title=f"{size} / {colour}",
                price=_euros(cost),
                availability=Availability.OUT_OF_STOCK if gone else Availability.IN_STOCK,
                facets={"size": (size,), "colour": (colour,), "price": (float(cost),)},
            )
        )
    return Product(
        id=id,
        title=title,
        price=_euros(price),
        availability=Availability.IN_STOCK,
        facets={
            "price": (float(price),),
            "size": SIZES,
            "colour": COLOURS,
            "lined": (number % 2 == 0,),
        },
        variants=tuple(variants),
    )


def _values(*values: object) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value=value, label=str(value), count=1) for value in values)


def glove_shop() -> Catalog:
    facets = [
        Facet(
            key="price",
            label="price",
            kind=FacetKind.NUMBER,
            unit="EUR",
            names=("price",),
            minimum=20.0,
            maximum=45.0,
        ),
        Facet(
            key="size",
            label="size",
            kind=FacetKind.CATEGORY,
            names=("size",),
            values=_values(*SIZES),
        ),
        Facet(
            key="colour",
            label="colour",
            kind=FacetKind.CATEGORY,
            names=("colour",),
            values=_values(*COLOURS),
        ),
        Facet(
            key="lined",
            label="lined",
            kind=FacetKind.FLAG,
            names=("lined",),
            values=_values(True, False),
        ),
    ]
    titles = ["Harbour glove", "Meadow glove", "Ridge glove", "Forge glove", "Orchard glove"]
    products = [_glove(n, title, 15 + 5 * n) for n, title in enumerate(titles, start=1)]
    return Catalog(
        ShopConfig(name="Gloves", currency="EUR", noun="pair", nouns="pairs"), facets, products
    )


def glove_talk() -> Talk:
    shop = glove_shop()
    return Talk(Advisor(shop, spoken_wording(), Search(shop, None, None)))
