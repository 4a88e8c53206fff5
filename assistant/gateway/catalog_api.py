"""The catalog as the public API shows it: pages of products, single ones, search and type-ahead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.gateway.errors import BadInput, NotFound, NotReady
from catalog.errors import FilterError
from catalog.serialize import product_to_json
from catalog.store import Catalog
from catalog.types import Constraint, FacetValue

if TYPE_CHECKING:
    from catalog.live.live_shop import LiveShop
    from catalog.search.autocomplete import Completion
    from catalog.search.search import SearchResult

_CURSOR = re.compile(r"p([0-9]{1,9})")


class Searcher(Protocol):
    """What the gateway needs of ``catalog.search.search.Search``."""

    def search(
        self, query: str, filters: Mapping[str, list[str]], limit: int, cursor: str | None
    ) -> SearchResult:
        """Products that fit, best first, with facet counts."""

    def suggest(self, prefix: str, limit: int) -> Sequence[Completion]:
        """Ways to go on typing."""


class Shop:
    """One shop's catalog as it is now; every method may be called from any thread.

    Args:
        catalog: the products.
        searcher: None leaves search and type-ahead out.
        live: follows what changes in the shop's folder; None when nothing can.
    """

    def __init__(
        self, catalog: Catalog, searcher: Searcher | None, live: LiveShop | None = None
    ) -> None:
        self._served = (catalog, searcher)
        self._live = live

    @property
    def catalog(self) -> Catalog:
        """The products."""
        return self._served[0]

    @property
    def _searcher(self) -> Searcher | None:
        return self._served[1]

    def stale(self) -> bool:
        """Whether the shop changed since the last look; cheap enough for every request."""
        live = self._live
        return live is not None and (live.stale() or live.view.catalog is not self.catalog)

    def refresh(self) -> None:
        """Serve the shop as it is now; takes milliseconds."""
        if self._live is not None:
            view = self._live.refresh()
            self._served = (view.catalog, view.search)

    @classmethod
    def load(cls, folder: Path) -> Shop:
        """Read the newest good generation of the shop's catalog; takes seconds, so call it in a thread.

        Raises:
            CatalogError: there is no such shop, or nothing of it is whole.
        """
        from catalog.live.live_shop import LiveShop

        # Without encoder and vectors: words are enough here, and the gateway stays small.
        live = LiveShop(folder)
        return cls(live.view.catalog, live.view.search, live)

    def info(self) -> dict[str, Any]:
        """The shop's name, language and what it sells."""
        config = self.catalog.config
        return {
            "name": config.name,
            "locale": config.locale,
            "currency": config.currency,
            "noun": config.noun,
            "nouns": config.nouns,
            "products": len(self.catalog.products),
        }

    def page(self, cursor: str | None, limit: int) -> dict[str, Any]:
        """A page of products in catalog order."""
        catalog, start = self.catalog, 0
        if cursor:
            match = _CURSOR.fullmatch(cursor)
            if match is None:
                raise BadInput('cursor is not one that was given; use "next" of the page before.')
            start = int(match[1])
        products = catalog.products[start : start + limit]
        more = start + limit < len(catalog.products)
        return {
            "products": [product_to_json(product) for product in products],
            "next": f"p{start + limit}" if more else None,
            "total": len(catalog.products),
        }

    def product(self, product_id: str) -> dict[str, Any]:
        """One product.

        Raises:
            NotFound: the shop has none with this id.
        """
        product = self.catalog.product(product_id)
        if product is None:
            raise NotFound("The shop has no product with this id; /api/products lists them all.")
        return product_to_json(product)

    def search(
        self, query: str, filters: Mapping[str, list[str]], limit: int, cursor: str | None = None
    ) -> dict[str, Any]:
        """Products for a query and facet filters, with the counts of what could narrow it further.

        Raises:
            BadInput: a filter or the cursor cannot be understood.
        """
        searcher = self._searcher
        if searcher is None:
            raise NotReady("Search is not available; the shop's index is missing.")
        try:
            match = searcher.search(query, filters, limit, cursor)
        except FilterError as error:
            raise BadInput(str(error)) from None
        return {
            "products": [product_to_json(hit.product) for hit in match.hits],
            "total": match.total,
            "facets": {
                key: [_count(value) for value in values] for key, values in match.facets.items()
            },
            "ranges": {key: list(ends) for key, ends in match.ranges.items()},
            "understood": [
                [_number(constraint) for constraint in wish] for wish in match.understood
            ],
            "next": match.cursor,
        }

    def suggest(self, prefix: str, limit: int) -> list[dict[str, Any]]:
        """Ways to go on typing, each of which finds something."""
        searcher = self._searcher
        return (
            [asdict(completion) for completion in searcher.suggest(prefix, limit)]
            if searcher
            else []
        )


def _number(one: Constraint) -> dict[str, Any]:
    return {
        "facet": one.facet,
        "operator": one.operator.value,
        "values": list(one.values),
        "unit": one.unit,
    }


def _count(one: FacetValue) -> dict[str, Any]:
    return {"value": one.value, "label": one.label, "count": one.count}
