"""Products that a message names outright: by an item number, or by their whole title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.advisor.search_view import MeaningSearch
from assistant.advisor.text_match import plain
from catalog.store import Catalog
from catalog.types import Product, Variant
from nlu.lexical.words import squeeze, words

SHORTEST_CODE = 4
"""Letters and digits of the shortest item number that is looked for; shorter ones are sizes and amounts."""
LONGEST_UNKNOWN = 40
"""Letters of the longest message that is nothing but an item number."""
_EDGES = ".,;:!?()[]{}\"'\u201c\u201d\u201e\u2018\u2019#"
_UNKNOWN = re.compile(r"\d{6,14}|[A-Za-z]{2,}[-./_]?[A-Za-z0-9]*\d{3,}[A-Za-z0-9\-./_]*")
"""What can only be an item number: six digits, or letters before at least three of them, "AB-1204"."""
_TITLE_WORDS = 2
"""Words of the shortest title that names a product inside a sentence; one word names a kind as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProduct:
    """A product that was named, and how."""

    product: Product
    """As in the catalog."""
    variant: Variant | None
    """The one whose own number was said."""
    by_code: bool
    """By an item number; else by its title."""


def named_product(text: str, catalog: Catalog, search: MeaningSearch) -> NamedProduct | None:
    """Return the product that a message names outright; None where it names none, or several.

    Args:
        text: the message.
        catalog: the shop.
        search: knows the item numbers.
    """
    results: dict[str, NamedProduct] = {}
    for code in _codes(text):
        row = search.numbered(code)
        if row is not None:
            product = catalog.products[row]
            variant = next((v for v in product.variants if squeeze(v.id) == code), None)
            results[product.id] = NamedProduct(product=product, variant=variant, by_code=True)
    if results:
        return next(iter(results.values())) if len(results) == 1 else None
    spoken = plain(text)
    rows = [row for row in search.mentioned(text) if _is_whole(catalog.products[row], spoken)]
    longest = max((len(catalog.products[row].title) for row in rows), default=0)
    rows = [row for row in rows if len(catalog.products[row].title) == longest]
    if len(rows) != 1:
        return None
    return NamedProduct(product=catalog.products[rows[0]], variant=None, by_code=False)


def unknown_code(text: str, search: MeaningSearch) -> str:
    """Return the item number that a message consists of and no product has; empty where there is none."""
    body = text.strip().strip(_EDGES)
    if len(body) > LONGEST_UNKNOWN or not _UNKNOWN.fullmatch(body):
        return ""
    return body if search.numbered(squeeze(body)) is None else ""


def _codes(text: str) -> list[str]:
    """The words of a message that may be item numbers, letters and digits only."""
    codes = []
    for word in text.split():
        code = squeeze(word.strip(_EDGES))
        digits = sum(letter.isdigit() for letter in code)
        if len(code) >= SHORTEST_CODE and digits and (digits < len(code) or digits > SHORTEST_CODE):
            codes.append(code)
    return list(dict.fromkeys(codes))


def _is_whole(product: Product, spoken: str) -> bool:
    title = words(product.title)
    return len(title) >= _TITLE_WORDS and f" {' '.join(title)} " in spoken
