"""What of a product is embedded."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.parsing.labels import value_text
from catalog.types import Facet, FacetKind, Product


def embedding_text(product: Product, facets: Mapping[str, Facet]) -> str:
    """What is embedded of a product: its title, its facet values in words, its description.

    Codes, addresses, prices and other facets that nobody asks about are left out: they carry no meaning, and
    what a vector costs grows with the words it is made of. So are the numbers of products without a
    description, of whose text they would be the most; rows that differ in numbers alone share a vector.
    """
    phrases = []
    for key, values in product.facets.items():
        facet = facets.get(key)
        if facet is None or key == "price" or not facet.askable:
            continue
        if facet.kind is FacetKind.FLAG:
            phrases.append(facet.label if values[0] is True else "")
        elif facet.kind is FacetKind.CATEGORY:
            phrases.append(f"{facet.label}: {', '.join(map(value_text, values[:12]))}")
        elif product.description:
            phrases.append(
                f"{facet.label}: {value_text(values[0])}{' ' + facet.unit if facet.unit else ''}"
            )
    return ". ".join(part for part in (product.title, *phrases, product.description[:2000]) if part)
