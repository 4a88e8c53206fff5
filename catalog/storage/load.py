"""A shop folder as the rest of the house uses it: the stored catalog with the staff's changes applied."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.parsing.labels import value_text
from catalog.sales import priced_at
from catalog.storage.generation import Generation, load_generation
from catalog.storage.shop_file import FacetOverride, ShopFile, keep_shop_file, served_shop_file
from catalog.types import Facet, FacetValue, ShopConfig

if TYPE_CHECKING:
    from catalog.store import Catalog

logger = logging.getLogger(__name__)


def load_catalog(shop: Path) -> Catalog:
    """The catalog that is served: current generation plus shop.yml plus what changed since the import.

    Raises:
        ShopError: nothing was imported yet, or shop.yml has a mistake (with its line).
        IndexBroken: no stored generation is whole.
    """
    from catalog.edit import apply_edit, edit_of
    from catalog.storage.change_log import read_changes

    generation = load_generation(shop)
    catalog = stored_catalog(shop, generation)
    changes = {change.id: change.product for change in read_changes(generation.folder).changes}
    return apply_edit(catalog, edit_of(catalog, changes))


def stored_catalog(shop: Path, generation: Generation) -> Catalog:
    """A generation with shop.yml, as it was imported.

    Raises:
        ShopError: shop.yml has a mistake, and there is no version before.
    """
    from catalog.store import Catalog

    served = served_shop_file(shop)
    if served.mistake:
        logger.error("%s", served.mistake)
    else:
        keep_shop_file(shop)
    config, facets = apply_shop_file(generation, served.file)
    now = datetime.now(UTC)
    return Catalog(config, facets, (priced_at(product, now) for product in generation.products))


def apply_shop_file(generation: Generation, file: ShopFile) -> tuple[ShopConfig, tuple[Facet, ...]]:
    """Config and facets as inferred, with what shop.yml says on top."""
    config = ShopConfig(
        **{**generation.config, **file.config}, glossary=file.glossary, rules=file.rules
    )
    facet_keys = {facet.key for facet in generation.facets}
    for key in file.facets:
        if key not in facet_keys:
            logger.info("shop.yml speaks of facet %r, which the catalog does not have", key)
    return config, override(generation.facets, file.facets)


def override(facets: Sequence[Facet], overrides: Mapping[str, FacetOverride]) -> tuple[Facet, ...]:
    """The facets with the staff's label, question, unit, weight, askable and synonyms."""
    return tuple(
        _override(facet, overrides[facet.key]) if facet.key in overrides else facet
        for facet in facets
    )


def _override(facet: Facet, said_of_it: FacetOverride) -> Facet:
    label = said_of_it.label or facet.label
    changes = {
        name: value
        for name in ("question", "unit", "weight", "askable", "knowable")
        if (value := getattr(said_of_it, name)) is not None
    }
    names = tuple(dict.fromkeys((label.lower(), *said_of_it.names, *facet.names)))
    values = tuple(_with_synonyms(value, said_of_it.synonyms) for value in facet.values)
    return replace(facet, label=label, names=names, values=values, **changes)


def _with_synonyms(value: FacetValue, synonyms: Mapping[str, tuple[str, ...]]) -> FacetValue:
    words = synonyms.get(value_text(value.value).casefold())
    return replace(value, synonyms=words) if words else value
