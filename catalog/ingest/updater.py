"""``assistant update``: a few rows into the log of the shop that is served, without an import."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.edit import apply_edit, edit_of, words_changed
from catalog.embedding_text import embedding_text
from catalog.errors import FeedError
from catalog.ingest.update_rows import FeedDialect, Revision, read_rows, revise
from catalog.storage.change_log import (
    Change,
    append_changes,
    import_lock,
    is_cut_short,
    read_changes,
)
from catalog.storage.generation import index_folder, load_generation
from catalog.storage.load import stored_catalog

if TYPE_CHECKING:
    from catalog.live.live_shop import Embeds
    from catalog.search.vector_index import Vectors
    from catalog.store import Catalog
    from catalog.types import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What an update did."""

    read: int
    """Rows in the file."""
    offers: int
    """Products of which only price or stock changed."""
    changed: int
    """Products that are described otherwise."""
    added: int
    """New products."""
    removed: int
    """Products that are gone."""
    same: int
    """Products that were so already."""
    refused: int
    """Rows that were not used."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Reason -> rows, most frequent first."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """Column that is no facet of the shop -> rows."""
    products: int = 0
    """Products in the shop now."""
    embedded: int = 0
    """Texts that got a vector."""
    seconds: float = 0.0
    """Time it took."""

    def to_json(self) -> dict[str, object]:
        """For ``--json``."""
        return asdict(self)


def update_shop(shop: Path, file: Path, *, encoder: Embeds | None = None) -> UpdateReport:
    """Write what a file says into the log of a shop; running processes see it at their next turn.

    Args:
        shop: The shop's folder.
        file: JSON lines or anything that feeds are written in, see ``catalog.ingest.update_rows``.
        encoder: Makes vectors of new texts, where the import has vectors of the same encoder.

    Raises:
        FeedError: The file cannot be read, or no row of it can be used.
        ShopError: Nothing was imported yet, another import is running, or the log cannot be written.
        IndexBroken: No stored import is whole.
    """
    began = time.monotonic()
    with import_lock(index_folder(shop)):
        generation = load_generation(shop)
        dialect = FeedDialect.of_import(generation.manifest)
        stored = stored_catalog(shop, generation)
        products_by_id = {
            change.id: change.product for change in read_changes(generation.folder).changes
        }
        catalog = apply_edit(stored, edit_of(stored, products_by_id))
        revision = revise(catalog, read_rows(file, dialect), dialect)
        if not revision.products:
            raise FeedError(_nothing(revision, file))
        kinds, changes = _sorted(catalog, revision.products)
        fitting = encoder is not None and encoder.name == generation.encoder
        vectors = _vectors(changes, catalog, encoder if fitting else None)
        if changes or is_cut_short(generation.folder):
            append_changes(
                generation.folder,
                [
                    Change(id=product_id, product=product, vector=vectors.get(product_id))
                    for product_id, (product, _) in changes.items()
                ],
            )
    reasons = Counter(reason for _, reason in revision.refused)
    return UpdateReport(
        read=revision.read,
        offers=kinds["offer"],
        changed=kinds["changed"],
        added=kinds["added"],
        removed=kinds["removed"],
        same=kinds["same"],
        refused=len(revision.refused),
        reasons=dict(reasons.most_common(20)),
        ignored=dict(revision.ignored.most_common(20)),
        products=len(catalog) + kinds["added"] - kinds["removed"],
        embedded=len(vectors),
        seconds=round(time.monotonic() - began, 2),
    )


def _nothing(revision: Revision, file: Path) -> str:
    if not revision.refused:
        return f"{file} has no rows. Give JSON lines or CSV with a column id."
    number, why = revision.refused[0]
    return f"No row of {file.name} can be used; nothing was changed. Row {number}: {why}."


def _sorted(
    catalog: Catalog, products: Mapping[str, Product | None]
) -> tuple[Counter[str], dict[str, tuple[Product | None, bool]]]:
    """Count what the changes are, and leave out those that change nothing.

    Returns:
        Kind -> products; product id -> the product and whether its words are new.
    """
    kinds: Counter[str] = Counter()
    changes: dict[str, tuple[Product | None, bool]] = {}
    for product_id, product in products.items():
        old = catalog.product(product_id)
        if product == old:
            kinds["same"] += 1
            continue
        new_words = product is not None and (
            old is None or words_changed(old, product, catalog.facets)
        )
        if product is None:
            kinds["removed"] += 1
        elif old is None:
            kinds["added"] += 1
        else:
            kinds["changed" if new_words else "offer"] += 1
        changes[product_id] = (product, new_words)
    return kinds, changes


def _vectors(
    changes: Mapping[str, tuple[Product | None, bool]], catalog: Catalog, encoder: Embeds | None
) -> dict[str, Vectors]:
    if encoder is None:
        return {}
    new: Sequence[Product] = [
        product for product, new_words in changes.values() if product is not None and new_words
    ]
    if not new:
        return {}
    vectors = encoder.encode([embedding_text(product, catalog.facets) for product in new])
    return {product.id: vector for product, vector in zip(new, vectors, strict=True)}
