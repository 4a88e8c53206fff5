"""A small shoe shop, made by hand: twelve pairs with a price, a colour, a size run and two yes-or-no facts."""

from decimal import Decimal
from pathlib import Path

from assistant.advisor.state import DialogueState
from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from assistant.advisor.wording import Wording
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
from nlu.types import Intent, ParsedConstraint, ParsedMessage

ROWS = [
    # id, title, price, colour, sizes, waterproof, vegan
    ("s1", "Brook Walker", 40, "red", (38, 39), True, True),
    ("s2", "Brook Runner", 55, "red", (40, 41), False, True),
    ("s3", "Dune Walker", 60, "black", (38, 40), True, False),
    ("s4", "Dune Runner", 75, "black", (39, 42), False, False),
    ("s5", "Fell Boot", 120, "brown", (40, 42), True, False),
    ("s6", "Fell Low", 95, "brown", (38, 41), True, True),
    ("s7", "Glade Slipper", 25, "grey", (38, 39, 40), False, True),
    ("s8", "Glade Clog", 35, "grey", (41, 42), False, False),
    ("s9", "Heath Boot", 140, "black", (41, 42), True, None),
    ("s10", "Heath Low", 80, "red", (38, 42), None, True),
    ("s11", "Isle Sandal", 30, "brown", (39, 40), False, True),
    ("s12", "Isle Flat", 45, "black", (38, 41), False, None),
]
WORDING = Path(__file__).parents[2] / "assistant" / "dialogue" / "wording"


def facet(key, kind, **more):
    return Facet(key=key, label=key, kind=kind, names=(key,), **more)


def product(row):
    number, title, price, colour, sizes, waterproof, vegan = row
    facets = {"price": (float(price),), "colour": (colour,), "size": tuple(map(float, sizes))}
    if waterproof is not None:
        facets["waterproof"] = (waterproof,)
    if vegan is not None:
        facets["vegan"] = (vegan,)
    return Product(
        id=number,
        title=title,
        description=f"{title}. Made to be walked in.",
        price=Money(amount=Decimal(price), currency="EUR"),
        availability=Availability.IN_STOCK,
        facets=facets,
    )


def values(kind_values):
    return tuple(FacetValue(value=v, label=str(v), count=1) for v in kind_values)


def shoe_shop() -> Catalog:
    return Catalog(
        ShopConfig(
            name="Shoes",
            currency="EUR",
            noun="pair",
            nouns="pairs",
            contact="help@shoes.example",
            glossary={"vegan": "Made without anything from animals."},
        ),
        [
            facet("price", FacetKind.NUMBER, unit="EUR", minimum=25.0, maximum=140.0),
            facet("colour", FacetKind.CATEGORY, values=values(["red", "black", "brown", "grey"])),
            facet("size", FacetKind.NUMBER, minimum=38.0, maximum=42.0),
            facet("waterproof", FacetKind.FLAG, values=values([True, False])),
            facet("vegan", FacetKind.FLAG, values=values([True, False])),
        ],
        [product(row) for row in ROWS],
    )


def spoken_wording() -> Wording:
    return Wording.load(WORDING, "en")


def wish(facet: str, operator: str, *values, **more) -> ParsedConstraint:
    more.setdefault("strength", "must")
    more.setdefault("unit", None)
    return ParsedConstraint(facet=facet, operator=operator, values=values, start=0, end=1, **more)


def said(text: str, *constraints: ParsedConstraint, intent: str = "inform", **more):
    return ParsedMessage(
        text=text,
        intent=Intent(name=intent, confidence=1.0),
        acts=(intent,),
        constraints=tuple(constraints),
        **more,
    )


class Talk:
    """A conversation with the advisor, its state carried through JSON as the engine does."""

    def __init__(self, advisor: Advisor, profile=None, may_remember: bool = False) -> None:
        self.advisor, self.profile, self.may_remember = advisor, profile, may_remember
        self.state = DialogueState()
        self.change = None

    def turn(self, move: Move = Move.ADVISE, message=None, choice_id=None):
        state = DialogueState.from_json(self.state.to_json())
        outcome = self.advisor.take_turn(
            state,
            move=move,
            message=message,
            choice_id=choice_id,
            profile=self.profile,
            may_remember=self.may_remember,
        )
        self.state, self.change = outcome.state, outcome.change
        return outcome.reply

    def open(self):
        return self.turn(Move.OPEN)

    def say(self, text: str, *constraints, move: Move = Move.ADVISE, **more):
        return self.turn(move, said(text, *constraints, **more))

    def pick(self, reply, label: str):
        options = reply.question.options if reply.question else ()
        found = [o for o in (*options, *reply.suggestions) if label in o.label]
        return self.turn(choice_id=found[0].choice_id)


def titles(reply) -> list[str]:
    return [shown.product.title for shown in reply.products]


def ids(reply) -> set[str]:
    return {shown.product.id for shown in reply.products}
