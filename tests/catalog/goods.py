"""A few garden tools, as products and as a catalog, for tests of single modules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

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


def money(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def tool(id: str, title: str, **more: Any) -> Product:
    return Product(id=id, title=title, **more)


def facet(key: str, kind: FacetKind = FacetKind.CATEGORY, *values: Any, **more: Any) -> Facet:
    entries = tuple(
        entry
        if isinstance(entry, FacetValue)
        else FacetValue(value=entry, label=str(entry), count=1)
        for entry in values
    )
    shape = {"label": key, "values": entries, **more}
    return Facet(key=key, kind=kind, **shape)


RAKE = tool(
    "R-100",
    "Leaf rake",
    description="For lawns and beds.",
    price=money("19.90"),
    availability=Availability.IN_STOCK,
    facets={
        "material": ("steel",),
        "width": (40.0,),
        "foldable": (True,),
        "ean": ("4006381333931",),
    },
)
SPADE = tool(
    "S-200",
    "Digging spade",
    price=money("34.00"),
    availability=Availability.OUT_OF_STOCK,
    facets={
        "material": ("steel", "ash wood"),
        "width": (18.0,),
        "foldable": (False,),
        "ean": ("123",),
    },
    variants=(
        Variant(
            id="S-200-L",
            title="Long",
            price=money("36.00"),
            availability=Availability.OUT_OF_STOCK,
            facets={"length": ("long",)},
        ),
    ),
)
HOE = tool("H-300", "Hand hoe", facets={"material": ("copper",), "year": (2021.0,)})
TOOLS = (RAKE, SPADE, HOE)
FACETS = (
    facet("material", FacetKind.CATEGORY, "steel", "ash wood", "copper"),
    facet("width", FacetKind.NUMBER, unit="cm", minimum=18.0, maximum=40.0),
    facet("foldable", FacetKind.FLAG, True, False),
    facet("ean", FacetKind.CATEGORY, "4006381333931", "123", askable=False),
    facet("year", FacetKind.NUMBER),
)


def tool_shop(products: tuple[Product, ...] = TOOLS, facets: tuple[Facet, ...] = FACETS) -> Catalog:
    return Catalog(ShopConfig(name="Beds and borders", currency="EUR"), facets, products)
