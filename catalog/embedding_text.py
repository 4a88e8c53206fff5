"""What of a product is embedded."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.parsing.labels import value_text
from catalog.types import Facet, FacetKind, Product

MOST_VALUES = 12
"""Values of one facet that are told; the rest of a long list is about as telling."""
LONGEST_DESCRIPTION = 2000
"""Letters of a description; the encoder reads no further than that."""


def embedding_text(product: Product, facets: Mapping[str, Facet]) -> str:
    """What is embedded of a product: its title, its facet values in words, its description.

    Codes, addresses, prices and other facets that nobody asks about are left out: they carry no meaning, and
    what a vector costs grows with the words it is made of. So are the numbers of products without a
    description, of whose text they would be the most; rows that differ in numbers alone share a vector. A maker
    with whom the title begins is not told again.
    """
    phrases = []
    title = f"{product.title.casefold()} "
    for key, values in product.facets.items():
        facet = facets.get(key)
        if facet is None or key == "price" or not facet.askable:
            continue
        if facet.kind is FacetKind.FLAG:
            phrases.append(facet.label if values[0] is True else "")
        elif facet.kind is FacetKind.CATEGORY:
            new = [
                text
                for text in map(value_text, values[:MOST_VALUES])
                if not title.startswith(f"{text.casefold()} ")
            ]
            phrases.append(f"{facet.label}: {', '.join(new)}" if new else "")
        elif product.description:
            phrases.append(
                f"{facet.label}: {value_text(values[0])}{' ' + facet.unit if facet.unit else ''}"
            )
    return ". ".join(
        part
        for part in (product.title, *phrases, product.description[:LONGEST_DESCRIPTION])
        if part
    )
