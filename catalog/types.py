"""The nouns of the catalog: products, facets, constraints, and the vocabulary handed to language understanding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = str | float | bool
"""One facet value as shoppers see it in ``Product.facets``: text, a number in the facet's unit, or yes/no."""


class Operator(StrEnum):
    """How a constraint compares a product's values with its own."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    BETWEEN = "between"
    IN = "in"
    NOT_IN = "not_in"


class Strength(StrEnum):
    """Whether a product may still be shown when it breaks the constraint."""

    MUST = "must"
    PREFER = "prefer"


class Origin(StrEnum):
    """Where a constraint came from; decides how much it is believed."""

    SAID = "said"
    ANSWER = "answer"
    PROFILE = "profile"


class FacetKind(StrEnum):
    """What a facet's values are."""

    CATEGORY = "category"
    NUMBER = "number"
    FLAG = "flag"


class Availability(StrEnum):
    """Whether a product can be had now."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A price."""

    amount: Decimal
    """In whole currency units, as in the feed: 19.90."""
    currency: str
    """ISO 4217 code: EUR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A price for a time."""

    price: Money
    """While it runs."""
    starts: datetime | None = None
    """First moment, in UTC; None when it has begun."""
    ends: datetime | None = None
    """First moment after it, in UTC; None when no end is planned."""

    def runs(self, moment: datetime) -> bool:
        """Whether it runs at a moment."""
        begun = self.starts is None or self.starts <= moment
        return begun and (self.ends is None or moment < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One size, colour or pack of a product that can be bought by itself."""

    id: str
    """The shop's own item number of the variant."""
    title: str
    """What tells it from its siblings: "L / Red"."""
    price: Money | None
    """None where the feed gives none."""
    availability: Availability
    """Of this variant alone."""
    facets: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """Only the facets in which variants differ."""
    image_url: str = ""
    """Absolute http(s) address or a path inside the shop's images folder; empty where there is none."""
    regular_price: Money | None = None
    """What it costs outside of its sale; only where a sale has dates."""
    sale: Sale | None = None
    """One that has dates; ``price`` follows it (`catalog.sales`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing the shop sells, exactly as its feed describes it."""

    id: str
    """Unique in the shop."""
    title: str
    """As shown to shoppers."""
    description: str = ""
    """Plain text, markup removed."""
    price: Money | None = None
    """The lowest price of the variants that can be had; None where the feed gives none."""
    availability: Availability = Availability.UNKNOWN
    """IN_STOCK when any variant is."""
    url: str = ""
    """Absolute http(s) address of the product's page, or empty."""
    image_url: str = ""
    """Absolute http(s) address, or a path inside the shop's images folder, or empty."""
    facets: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """Facet key -> its values; a facet without values is absent. Includes ``price`` when there is one."""
    variants: tuple[Variant, ...] = ()
    """Empty when the product is sold in one form only."""
    regular_price: Money | None = None
    """As of a variant, for products that are sold in one form only."""
    sale: Sale | None = None
    """As of a variant, for products that are sold in one form only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """One value of a category or flag facet."""

    value: Value
    """As it stands in ``Product.facets``."""
    label: str
    """As said to a shopper: "yes" for True."""
    count: int
    """Products that have it."""
    synonyms: tuple[str, ...] = ()
    """Other words shoppers use for it, from shop.yml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """An attribute of the products that a shopper may be asked about or may wish for."""

    key: str
    """The feed's own column name, lower case, words joined with ``_``."""
    label: str
    """As said to a shopper: "tannin level"."""
    kind: FacetKind
    """What its values are."""
    unit: str | None = None
    """Of numbers: "cm", "EUR", "%"; None for bare numbers and other kinds."""
    question: str | None = None
    """The shop's own wording of the question; None uses the general wording."""
    weight: float = 1.0
    """The shop's importance of asking it; 0 never asks."""
    askable: bool = True
    """False for identifiers, free text, and what no shopper can know; such facets can still be wished for."""
    knowable: float = 1.0
    """Chance, 0 to 1, that a shopper has an answer."""
    coverage: float = 1.0
    """Share of the products, 0 to 1, that have a value."""
    values: tuple[FacetValue, ...] = ()
    """Of category and flag facets, most frequent first; empty for numbers."""
    minimum: float | None = None
    """Smallest number in the catalog; None for other kinds."""
    maximum: float | None = None
    """Largest number in the catalog; None for other kinds."""
    names: tuple[str, ...] = ()
    """Words that name the facet in a sentence, label included: ("price", "cost")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One wish about one facet."""

    facet: str
    """Facet key."""
    operator: Operator
    """How the product's values are compared; ``between`` includes both ends."""
    values: tuple[Value, ...]
    """One value; two for ``between``; one or more for ``in`` and ``not_in``."""
    unit: str | None = None
    """Of numbers, the facet's unit."""
    strength: Strength = Strength.MUST
    """PREFER orders the products, MUST also excludes."""
    origin: Origin = Origin.SAID
    """Volunteered, answered to a question, or from the profile."""
    turn: int = 0
    """The turn in which it was said."""
    lasting: bool = False
    """Said as true of the shopper beyond this conversation ("I never ...", "I am vegan")."""


class RuleAction(StrEnum):
    """What a merchandising rule does with the products it is about."""

    BOOST = "boost"
    BURY = "bury"
    PIN = "pin"
    HIDE = "hide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One merchandising rule of the shop's staff."""

    name: str
    """As it stands in the trace."""
    action: RuleAction
    """Boost and bury order, pin puts in front, hide takes out."""
    where: tuple[Constraint, ...] = ()
    """Products that meet all of these; with ``products``, either of the two."""
    products: tuple[str, ...] = ()
    """Product ids."""
    by: float = 2.0
    """Of boost and bury: how many times as likely, or unlikely, the product becomes to be shown."""
    start: date | None = None
    """First day it holds; None from ever."""
    end: date | None = None
    """Last day it holds; None for ever."""
    paid: bool = False
    """Somebody pays for it, which shoppers are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopConfig:
    """What shop.yml says of the shop itself."""

    name: str
    """As shoppers see it."""
    currency: str
    """ISO 4217 code prices are in where the feed gives none."""
    locale: str = "en"
    """Language of the catalog and of the replies."""
    noun: str = "product"
    """What one product is called, singular: "wine"."""
    nouns: str = "products"
    """The same, plural."""
    contact: str = ""
    """How to reach a person: an e-mail address, telephone number or link; empty when unset."""
    glossary: Mapping[str, str] = field(default_factory=dict)
    """Words shoppers ask about, lower case -> an explanation: "tannin" -> "what makes ..."."""
    rules: tuple[Rule, ...] = ()
    """Merchandising rules, in their order."""
