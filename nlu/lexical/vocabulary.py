"""What shoppers can name in a shop: made by the catalog, read by understanding and speech."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyValue:
    """A value and the phrases that mean it."""

    value: str | float | bool
    """As it stands in ``Product.facets``."""
    phrases: tuple[str, ...]
    """Lower-case wordings, the value's own text first."""
    count: int
    """Products that have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyFacet:
    """A facet as language understanding needs it."""

    key: str
    """Facet key."""
    kind: str
    """"category", "number" or "flag"."""
    unit: str | None
    """Of numbers."""
    names: tuple[str, ...]
    """Lower-case words that name the facet."""
    values: tuple[VocabularyValue, ...]
    """Empty for numbers."""
    minimum: float | None
    """Smallest number in the catalog."""
    maximum: float | None
    """Largest number in the catalog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything shoppers can name in this shop; handed to ``nlu`` and ``speech`` as a value."""

    language: str
    """Two-letter code."""
    currency: str
    """ISO 4217 code of the shop's prices."""
    facets: tuple[VocabularyFacet, ...]
    """Every facet, askable or not."""
    nouns: tuple[str, ...]
    """Lower-case words for the things sold ("wine", "wines"): naming them is no constraint."""
    titles: tuple[tuple[str, str], ...]
    """(product id, lower-case title) of every product, for references such as "the Barolo"."""
