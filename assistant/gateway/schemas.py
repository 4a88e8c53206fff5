"""What goes in and out over HTTP, for checking requests and for /openapi.json.

Replies and products leave as the JSON they already are. What they are made of is described by the types of the
advisor and the catalog themselves; where JSON is flatter than they are, by a model here, named ``...Schema``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, with_config

from assistant.advisor.types import Option, Question, Suggestion
from catalog.search.autocomplete import Completion
from catalog.types import Availability, Operator, Origin, Strength

Value = str | float | bool

for _type in (Option, Question, Suggestion, Completion):
    # What the advisor and the catalog say of their fields is what clients read.
    with_config(ConfigDict(use_attribute_docstrings=True))(_type)


class Body(BaseModel):
    """A request body; members nobody knows are ignored."""

    model_config = ConfigDict(extra="ignore")


class NewConversation(Body):
    """How a conversation begins."""

    shopper_token: str | None = Field(None, description="Of a shopper the shop knows.")
    locale: str | None = Field(
        None,
        pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?$",
        description='Language of the replies: "en", "de-AT".',
    )


class KnownShopper(Body):
    """Who the shopper of a conversation is."""

    shopper_token: str = Field(description="Of a shopper the shop knows.")


class NewMessage(Body):
    """What the shopper says: a text or a choice."""

    text: str | None = Field(None, description="As typed; at most 2,000 characters are read.")
    choice_id: str | None = Field(None, description="Of an option or a suggestion offered.")
    client_message_id: str | None = Field(
        None,
        description="Chosen by the client, unique in the conversation; the same again "
        "gets the same reply and makes no second turn.",
    )


class Consent(Body):
    """The shopper's decision."""

    granted: StrictBool = Field(description="Without consent nothing is remembered or used.")


class ProfileWish(Body):
    """A wish to be remembered about a facet."""

    operator: Operator = Operator.EQ
    values: list[Value] = Field(min_length=1, max_length=50)
    unit: str | None = Field(None, max_length=20)
    strength: Strength = Strength.MUST


class Price(BaseModel):
    """An amount of money."""

    amount: str = Field(description='In whole currency units: "19.90".')
    currency: str = Field(description="ISO 4217 code.")


class VariantSchema(BaseModel):
    """One size, colour or pack of a product."""

    id: str
    title: str
    price: Price | None
    availability: Availability
    facets: dict[str, list[Value]] = Field(description="Only those in which variants differ.")
    image_url: str


class ProductSchema(BaseModel):
    """One thing the shop sells, exactly as in the catalog."""

    id: str
    title: str
    description: str
    price: Price | None
    availability: Availability
    url: str
    image_url: str = Field(description="Web address, or a path on this server; may be empty.")
    facets: dict[str, list[Value]]
    variants: list[VariantSchema]


class ShownProductSchema(ProductSchema):
    """A product in a reply, with how it meets the wishes."""

    met: list[str] = Field(description="Wishes it meets, worded.")
    unmet: list[str] = Field(description="Wishes it does not meet, or of which nothing is known.")
    why: str = Field(description="Why it is here; may be empty.")
    tell_more: Suggestion = Field(description="Choosing it asks about the product.")
    select: Suggestion = Field(description="Choosing it takes the product.")


class ConstraintSchema(BaseModel):
    """One wish about one facet."""

    facet: str
    operator: Operator
    values: list[Value]
    unit: str | None
    strength: Strength
    origin: Origin = Origin.SAID
    text: str = Field(description="The wish in words.")
    remove_id: str = Field(
        "", description="choice_id that takes the wish back; empty in a profile."
    )
    remove_label: str = Field("", description="What choosing it says.")


class ReplySchema(BaseModel):
    """What the assistant answers."""

    message_id: str = Field(
        description="Of the message that is answered, unique in the conversation."
    )
    client_message_id: str | None = Field(description="As sent; null for the greeting.")
    text: str
    question: Question | None
    products: list[ShownProductSchema]
    constraints: list[ConstraintSchema] = Field(description="Every wish held now.")
    remaining: int = Field(description="Products that meet every wish.")
    suggestions: list[Suggestion]
    trace_id: str


class StartedConversation(BaseModel):
    """A conversation that was just begun."""

    conversation_id: str
    token: str = Field(description='Secret; send it as "Authorization: Bearer ...".')
    reply: ReplySchema = Field(description="The greeting.")
    shopper_known: bool = Field(description="Whether shopper_token was one the shop knows.")


class HistoryEntry(BaseModel):
    """A message and its reply."""

    number: int
    message_id: str
    client_message_id: str | None
    text: str | None
    choice_id: str | None
    label: str | None = Field(description="What the chosen quick reply said.")
    state: Literal["received", "dispatched", "answered", "failed"]
    created: datetime
    reply: ReplySchema | None = Field(description="Null while it waits for its answer.")


class History(BaseModel):
    """The exchange so far."""

    messages: list[HistoryEntry]


class NewShopper(BaseModel):
    """A shopper the shop may know again."""

    shopper_token: str = Field(description="Secret; shown this once.")


class ProfileSchema(BaseModel):
    """What is remembered."""

    constraints: list[ConstraintSchema]


class ShopperView(BaseModel):
    """Everything known of a shopper."""

    consent: bool
    profile: ProfileSchema
    since: datetime | None = Field(description="When consent was given.")


class ProductPage(BaseModel):
    """Some of the products."""

    products: list[ProductSchema]
    next: str | None = Field(description="Cursor of the next page; null on the last.")
    total: int = Field(description="Products in the shop.")


class FacetCount(BaseModel):
    """A value that would narrow the search."""

    value: Value
    label: str
    count: int


class ReadNumber(BaseModel):
    """A number of the query as a filter."""

    facet: str
    operator: Literal["=", "<=", ">=", "between"]
    values: list[Value]
    unit: str | None


class Found(BaseModel):
    """What a search found."""

    products: list[ProductSchema]
    total: int = Field(description="Products that fit, shown or not.")
    facets: dict[str, list[FacetCount]] = Field(description="Values among all that was found.")
    ranges: dict[str, list[float]] = Field(description="Smallest and largest number found.")
    understood: list[list[ReadNumber]] = Field(
        description="What numbers in the query were read as; each is met by any of its filters."
    )
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class Suggestions(BaseModel):
    """Type-ahead."""

    suggestions: list[Completion]


class Health(BaseModel):
    """The house is complete."""

    status: Literal["ready"]


class ShopInfo(BaseModel):
    """The shop, as a page introduces it."""

    name: str
    locale: str = Field(description="Language of the catalog and the replies.")
    currency: str = Field(description="ISO 4217 code.")
    noun: str = Field(description="What one product is called.")
    nouns: str = Field(description="The same, plural.")
    products: int = Field(description="How many there are.")


class Problem(BaseModel):
    """What is wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


ReplyJson = dict[str, Any]
"""A reply as JSON, in the shape of ``Reply``."""
