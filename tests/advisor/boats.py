"""A small shop of boats, made by hand: few facts, some of them missing, titles in lower case, no contact."""

from dataclasses import replace
from decimal import Decimal

from assistant.advisor.turn import Advisor
from catalog.knowledge.types import Concept, Knowledge, ShopKnowledge
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Facet,
    FacetKind,
    FacetValue,
    Money,
    Product,
    ShopConfig,
)
from tests.advisor.shoes import Talk, spoken_wording

ROWS = [
    # id, title, price, type, berths, range, cabin, address, hull code
    ("b1", "little gannet", 9000, "dinghy", 0, 20, False, "east quay 1", None),
    ("b2", "old plover", 12000, "dinghy", 0, 25, False, "east quay 2", None),
    ("b3", "grey heron", 38000, "cruiser", 4, 90, True, "west quay 7", "GRP"),
    ("b4", "high tern", 41000, "cruiser", 4, 95, True, "west quay 9", "GRP"),
    ("b5", "broad skua", 52000, "cruiser", 6, 120, True, "west quay 3", "STL"),
    ("b6", "red knot", 24000, "barge", 2, 60, True, "mill pool", None),
    ("b7", "wide eider", 26000, "barge", 2, 60, True, "mill pool", None),
    ("b8", "long diver", 64000, "yacht", 8, 150, True, "north mole", "STL"),
]
DESCRIPTIONS = {"b3": "A cruiser with a teak deck. The galley has a gas stove with two rings."}


def _facet(key: str, kind: FacetKind, **more) -> Facet:
    more.setdefault("label", key)
    return Facet(key=key, kind=kind, names=(key,), **more)


def _values(*found) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value=value, label=str(value), count=1) for value in found)


def _product(row: tuple, more: dict) -> Product:
    number, title, price, kind, berths, reach, cabin, address, hull = row
    facets = {
        "price": (float(price),),
        "type": (kind,),
        "sold": ("boat",),
        "berths": (float(berths),),
        "reach": (float(reach),),
        "cabin": (cabin,),
        "address": (address,),
    }
    if hull is not None:
        facets["hull"] = (hull,)
    known = Product(
        id=number,
        title=title,
        description=DESCRIPTIONS.get(number, ""),
        price=Money(amount=Decimal(price), currency="EUR"),
        availability=Availability.UNKNOWN,
        facets=facets,
    )
    return replace(known, **more)


def boat_shop(**more) -> Catalog:
    """The shop; ``more`` says of a boat, by its number, what it has beside the rows."""
    return Catalog(
        ShopConfig(name="Boats", currency="EUR", noun="boat", nouns="boats"),
        [
            _facet("price", FacetKind.NUMBER, unit="EUR", minimum=9000.0, maximum=64000.0),
            _facet(
                "type", FacetKind.CATEGORY, values=_values("cruiser", "dinghy", "barge", "yacht")
            ),
            _facet("sold", FacetKind.CATEGORY, values=_values("boat"), askable=False),
            _facet("berths", FacetKind.NUMBER, minimum=0.0, maximum=8.0),
            _facet("reach", FacetKind.NUMBER, unit="km", minimum=20.0, maximum=150.0),
            _facet("cabin", FacetKind.FLAG, values=_values(True, False)),
            _facet("address", FacetKind.CATEGORY, values=_values("mill pool"), askable=False),
            _facet("hull", FacetKind.CATEGORY, values=_values("GRP", "STL")),
        ],
        [_product(row, more.get(row[0], {})) for row in ROWS],
    )


def boat_talk(**more) -> Talk:
    return Talk(Advisor(boat_shop(**more), spoken_wording()))


def boat_knowledge() -> tuple[ShopKnowledge, ...]:
    """What is known of boats, for talks that go by it."""
    reach = Concept(names=("reach",), asked=("how far does it sail",), question="", why="", order=1)
    known = Knowledge(
        kind="boats",
        noun="boat",
        nouns="boats",
        concepts={"reach": reach},
        words={},
        used_for={},
        also={"keel": ("fin below the hull",)},
        includes={},
        terms={"keel": "The fin that keeps a boat upright."},
        uses={},
        doubts=(),
        goes_with={},
        use_question="",
    )
    return (ShopKnowledge(knowledge=known, facets={"reach": "reach"}, share=1.0),)
