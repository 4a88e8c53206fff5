"""Amounts in a message that measure no facet: they count people or things, or only titles state them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.parsing.text import language
from catalog.store import Catalog
from nlu.lexical.money import is_currency
from nlu.lexical.units import unit_symbols, units
from nlu.lexical.words import words
from nlu.types import Quantity

_COUNTED = re.compile(r"\s+([^\W\d_]{3,})")
"""The word behind a number, when it is long enough to name something."""


def counts_something_else(quantity: Quantity, text: str, catalog: Catalog) -> bool:
    """Whether a bare number counts what stands behind it, "3 friends", and measures no product."""
    if (
        quantity.unit is not None
        or quantity.minimum is None
        or quantity.minimum != quantity.maximum
    ):
        return False
    match = _COUNTED.match(text, quantity.end)
    tables = language(catalog.config.locale)
    behind = words(text[quantity.end :])[:_LONGEST_COUNT]
    before = words(text[: quantity.start])[-_LONGEST_COUNT:]
    if _begins(behind, tables.counted_people) or _ends(before, tables.counting_people):
        return True
    if match is None:
        return False
    word = match[1].casefold()
    around = {
        part
        for phrase in (*tables.at_most, *tables.at_least, *tables.about)
        for part in phrase.split()
    }
    facet_words = {
        part for facet in catalog.facets.values() for name in facet.names for part in name.split()
    }
    return (
        word not in tables.function_words
        and word not in around | facet_words
        and not is_currency(word)
        and word not in unit_symbols()
    )


_LONGEST_COUNT = 4
"""Words of the longest phrase that says that people are counted."""


def _begins(said: Sequence[str], phrases: Sequence[str]) -> bool:
    return any(said[: len(parts)] == parts for parts in map(words, phrases))


def _ends(said: Sequence[str], phrases: Sequence[str]) -> bool:
    return any(said[-len(parts) :] == parts for parts in map(words, phrases))


def stated_in_titles(quantity: Quantity, catalog: Catalog) -> str:
    """Return how titles write an amount that no facet measures: the "60%" of keyboards; "" where none does."""
    if quantity.unit is None or quantity.minimum != quantity.maximum or quantity.minimum is None:
        return ""
    unit = units().get(quantity.unit)
    if unit is None:
        return ""
    spellings = (
        unit.symbol,
        *unit.spellings,
        *(s for spoken in unit.spoken.values() for s in spoken),
    )
    spelled = "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))
    number = f"{quantity.minimum:g}"
    pattern = re.compile(rf"(?<![\w.,]){re.escape(number)}[ -]?(?:{spelled})(?!\w)", re.IGNORECASE)

    matches = (
        pattern.search(product.title) for product in catalog.products if number in product.title
    )
    return next((match.group() for match in matches if match), "")
