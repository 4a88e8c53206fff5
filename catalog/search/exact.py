"""Products by what names them outright: item numbers of any kind, and whole titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.types import Facet, FacetKind, Product
from nlu.lexical.words import fold, squeeze

SHORTEST_CODE = 4
"""Letters and digits; shorter codes are sizes and amounts."""


class ExactIndex:
    """Item numbers (of products, variants, and codes such as a GTIN) and titles of products.

    Args:
        products: In the order of their rows.
        facets: The shop's.
        first: Row of the first product.
    """

    def __init__(
        self, products: Sequence[Product], facets: Mapping[str, Facet], first: int = 0
    ) -> None:
        self._ids: dict[str, int] = {}
        self._titles: dict[str, list[int]] = {}
        codes = [
            key
            for key, facet in facets.items()
            if facet.kind is FacetKind.CATEGORY and not facet.askable
        ]
        for row, product in enumerate(products, start=first):
            self._ids.setdefault(squeeze(product.id), row)
            self._titles.setdefault(fold(product.title), []).append(row)
        for row, product in enumerate(products, start=first):
            for variant in product.variants:
                self._ids.setdefault(squeeze(variant.id), row)
            for key in codes:
                for value in product.facets.get(key, ()):
                    code = squeeze(str(value))
                    if len(code) >= SHORTEST_CODE and any(char.isdigit() for char in code):
                        self._ids.setdefault(code, row)
        self._ids.pop("", None)

    def row(self, number: str) -> int | None:
        """Row of the product with an item number, letters and digits only; None when nothing has it."""
        return self._ids.get(number)

    def titled(self, title: str) -> Sequence[int]:
        """Rows of the products with exactly this title, folded."""
        return self._titles.get(title, ())
