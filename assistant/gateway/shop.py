"""The catalog as the public API shows it: pages of products, single ones, search and type-ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.gateway.errors import BadInput, NotFound, NotReady
from catalog.serialize import product_to_json
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator, Value

_CURSOR = re.compile(r"p([0-9]{1,9})")
_RANGE = re.compile(r"\s*(-?[0-9.]+)?\s*\.\.\s*(-?[0-9.]+)?\s*")


class Searcher(Protocol):
    """What the gateway needs of ``catalog.search.Search``."""

    def search(self, query: str, filters: Sequence[Constraint], limit: int) -> Any:
        """Products that fit, best first, with facet counts."""

    def suggest(self, prefix: str, limit: int) -> Sequence[Any]:
        """Ways to go on typing."""


class Shop:
    """One shop's catalog, loaded once; every method may be called from any thread.

    Args:
        catalog: the products.
        searcher: None leaves search and type-ahead out.
    """

    def __init__(self, catalog: Catalog, searcher: Searcher | None) -> None:
        self.catalog = catalog
        self._searcher = searcher

    @classmethod
    def load(cls, folder: Path) -> Shop:
        """Read the newest good generation of the shop's catalog; takes seconds, so call it in a thread.

        Raises:
            CatalogError: there is no such shop, or nothing of it is whole.
        """
        from catalog.search import Search
        from catalog.shop import load_catalog

        catalog = load_catalog(folder)
        # Without encoder and vectors: words are enough here, and the gateway stays small.
        return cls(catalog, Search(catalog, None, None))

    def page(self, cursor: str | None, limit: int) -> dict[str, Any]:
        """A page of products in catalog order."""
        start = 0
        if cursor:
            match = _CURSOR.fullmatch(cursor)
            if match is None:
                raise BadInput('cursor is not one that was given; use "next" of the page before.')
            start = int(match[1])
        products = self.catalog.products[start : start + limit]
        more = start + limit < len(self.catalog.products)
        return {
            "products": [product_to_json(product) for product in products],
            "next": f"p{start + limit}" if more else None,
            "total": len(self.catalog.products),
        }

    def product(self, product_id: str) -> dict[str, Any]:
        """One product.

        Raises:
            NotFound: the shop has none with this id.
        """
        position = self.catalog.position(product_id)
        if position is None:
            raise NotFound("The shop has no product with this id; /api/products lists them all.")
        return product_to_json(self.catalog.products[position])

    def search(self, query: str, filters: Mapping[str, list[str]], limit: int) -> dict[str, Any]:
        """Products for a query and facet filters, with the counts of what could narrow it further."""
        if self._searcher is None:
            raise NotReady("Search is not available; the shop's index is missing.")
        wishes = [self._wish(key, texts) for key, texts in filters.items()]
        found = self._searcher.search(query, wishes, limit)
        return search_json(self.catalog, found)

    def suggest(self, prefix: str, limit: int) -> list[str]:
        """Ways to go on typing."""
        if self._searcher is None:
            return []
        return [str(getattr(one, "text", one)) for one in self._searcher.suggest(prefix, limit)]

    def _wish(self, key: str, texts: list[str]) -> Constraint:
        facet = self.catalog.facets.get(key)
        if facet is None:
            known = ", ".join(sorted(self.catalog.facets))
            raise BadInput(f"The shop has no facet {key!r}; it has {known}.")
        if facet.kind is FacetKind.NUMBER:
            return _number_wish(facet, texts)
        values: list[Value] = list(texts)
        if facet.kind is FacetKind.FLAG:
            values = [text.lower() in {"true", "yes", "1"} for text in texts]
        return Constraint(facet=key, operator=Operator.IN, values=tuple(values), unit=facet.unit)


def _number_wish(facet: Facet, texts: list[str]) -> Constraint:
    """A filter on numbers: "45", or "10..20" with either end open."""
    try:
        match = _RANGE.fullmatch(texts[0])
        numbers: tuple[Value, ...]
        if match is None or not (match[1] or match[2]):
            numbers, operator = tuple(float(text) for text in texts), Operator.IN
        elif match[1] and match[2]:
            numbers, operator = (float(match[1]), float(match[2])), Operator.BETWEEN
        elif match[1]:
            numbers, operator = (float(match[1]),), Operator.GE
        else:
            numbers, operator = (float(match[2]),), Operator.LT
    except ValueError:
        raise BadInput(
            f'facet.{facet.key} takes numbers such as "20", or a range such as "10..20" or "..20".'
        ) from None
    return Constraint(facet=facet.key, operator=operator, values=numbers, unit=facet.unit)


def search_json(catalog: Catalog, found: Any) -> dict[str, Any]:
    """What ``Search.search`` returned, in the shape of ``models.Found``."""
    return {
        "products": [product_to_json(hit.product) for hit in found.hits],
        "total": found.total,
        "facets": {key: _counts(counts) for key, counts in found.facets.items()},
    }


def _counts(counts: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.label, "count": one.count} for one in counts]
