"""A shop that is served while it changes: prices and stock, products in and out, whole new imports.

Nothing is rebuilt for an update. The catalog is copied on write (`catalog.edit`), search keeps what it built
and puts what is new on top (`catalog.search.row_map`). A new import is read in a thread of its own and then takes the
place of the old one at once. Whoever serves asks ``stale`` before a turn, which costs three looks at the file
system, and calls ``refresh`` when it says so.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from catalog.edit import apply_edit, edit_of, words_changed
from catalog.embedding_text import embedding_text
from catalog.errors import CatalogError, IndexBroken
from catalog.parsing.text import language
from catalog.sales import next_change, priced_at
from catalog.search.row_map import LayeredIndex, RowMap
from catalog.search.search import Search
from catalog.search.vector_index import Vectors, open_index
from catalog.storage.change_log import Change, is_cut_short, log_size, read_changes
from catalog.storage.generation import Generation, index_folder, load_generation
from catalog.storage.load import stored_catalog
from catalog.storage.shop_file import FILE
from catalog.types import Product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.search.vector_index import VectorIndex
    from catalog.store import Catalog

logger = logging.getLogger(__name__)

EMBEDDED_HERE = 32
"""So many products that came without a vector are embedded when they are noticed; others wait for an import."""


class Embeds(Protocol):
    """What is needed of ``catalog.search.encoder.Encoder``."""

    @property
    def name(self) -> str:
        """Which encoder it is."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode products."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """Encode what a shopper typed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSnapshot:
    """The shop at one moment; never changes, so a turn sees one state from beginning to end."""

    catalog: Catalog
    """The products."""
    search: Search
    """Finds them."""
    generation: str
    """Name of the import they come from."""
    changes: int
    """How many changes were made since."""
    words: int
    """Grows when products came, went or are described otherwise; not with prices and stock."""


@dataclass(slots=True, kw_only=True)
class _State:
    """A stored generation, and how far its log was followed."""

    generation: Generation
    stamp: tuple[object, ...]
    stored: Search
    index: VectorIndex | None
    catalog: Catalog
    search: Search
    slots: RowMap
    late: list[Product]
    vectors: list[Vectors]
    end: int = 0
    sum: int = 0
    changes: int = 0
    words: int = 0
    reprice_at: datetime | None = None
    """When the next sale begins or ends; None when none is planned."""

    def view(self) -> ShopSnapshot:
        return ShopSnapshot(
            catalog=self.catalog,
            search=self.search,
            generation=self.generation.name,
            changes=self.changes,
            words=self.words,
        )


class LiveShop:
    """A shop folder as it is now; every method may be called from any thread.

    Args:
        shop: The folder.
        encoder: Turns queries into vectors; None searches by words alone.
        prepare: Called with each newly read import before it is served, in the thread that read it.

    Raises:
        ShopError: nothing was imported yet, or shop.yml has a mistake (with its line).
        IndexBroken: no stored generation is whole.
    """

    def __init__(
        self,
        shop: Path,
        encoder: Embeds | None = None,
        *,
        prepare: Callable[[ShopSnapshot], None] | None = None,
    ) -> None:
        self._shop = shop
        self._encoder = encoder
        self._prepare = prepare
        self._lock = threading.RLock()
        self._reading: threading.Thread | None = None
        self._state = self._read(self._stamp())
        self._view = self._state.view()
        self._tried = self._state.stamp

    @property
    def view(self) -> ShopSnapshot:
        """The shop as it was last refreshed."""
        return self._view

    @property
    def reading(self) -> bool:
        """True while a new import is being read."""
        return self._reading is not None

    def stale(self) -> bool:
        """Whether ``refresh`` would find something new; takes microseconds."""
        state = self._state
        if log_size(state.generation.folder) > state.end:
            return True
        if state.reprice_at is not None and datetime.now(UTC) >= state.reprice_at:
            return True
        return self._reading is None and self._stamp() != self._tried

    def refresh(self) -> ShopSnapshot:
        """Follow the log, begin to read a new import; takes milliseconds.

        Returns:
            The shop as it is now; while a new import is being read, the one before.
        """
        with self._lock:
            stamp = self._stamp()
            if stamp != self._tried and self._reading is None:
                self._tried = stamp
                self._reading = threading.Thread(
                    target=self._replace, args=(stamp,), name="new-import", daemon=True
                )
                self._reading.start()
            followed, repriced = self._follow(self._state), self._reprice(self._state)
            if followed or repriced:
                self._view = self._state.view()
            return self._view

    def wait(self, seconds: float = 60.0) -> ShopSnapshot:
        """Refresh, and wait for an import that is being read."""
        self.refresh()
        reading = self._reading
        if reading is not None:
            reading.join(seconds)
        return self.refresh()

    def _stamp(self) -> tuple[object, ...]:
        """Changes with every import and with every change of shop.yml."""
        stamp: list[object] = []
        for path in (index_folder(self._shop) / "CURRENT", self._shop / FILE):
            try:
                facts = os.stat(path)
                stamp += [facts.st_mtime_ns, facts.st_size, facts.st_ino]
            except OSError:
                stamp.append(None)
        return tuple(stamp)

    def _replace(self, stamp: tuple[object, ...]) -> None:
        try:
            state = self._read(stamp)
            if self._prepare is not None:
                self._prepare(state.view())
        except CatalogError as error:
            # What is served stays; the next change of the files is tried again.
            logger.error("The new state of %s is not served: %s", self._shop, error)  # noqa: TRY400
            state = None
        except Exception:
            logger.exception("The new state of %s is not served.", self._shop)
            state = None
        with self._lock:
            if state is not None:
                self._state, self._view = state, state.view()
                logger.info("%s serves import %s now.", self._shop, state.generation.name)
            self._reading = None

    def _read(self, stamp: tuple[object, ...]) -> _State:
        generation = load_generation(self._shop)
        catalog = stored_catalog(self._shop, generation)
        index = _index_of(generation, self._encoder)
        words = generation.words(language(catalog.config.locale))
        search = Search(catalog, index, self._encoder, words)
        state = _State(
            generation=generation,
            stamp=stamp,
            stored=search,
            index=index,
            catalog=catalog,
            search=search,
            slots=RowMap.first(len(catalog)),
            late=[],
            vectors=[],
        )
        if is_cut_short(generation.folder):
            logger.error(
                "The updates of %s were cut short; those that are left are served. "
                "Import the feed again.",
                self._shop,
            )
        search.warm_up()
        self._follow(state)
        state.reprice_at = next_change(state.catalog.products, datetime.now(UTC))
        return state

    def _follow(self, state: _State) -> bool:
        """Apply what was added to the log; returns whether anything was."""
        if log_size(state.generation.folder) <= state.end:
            return False
        read = read_changes(state.generation.folder, state.end, state.sum)
        # A damaged line is told once; nothing behind it can be trusted.
        state.end = log_size(state.generation.folder) if read.damaged else read.end
        state.sum = read.sum
        if not read.changes:
            return False
        _apply(state, {change.id: change for change in read.changes}, self._encoder)
        state.changes += len(read.changes)
        state.reprice_at = next_change(state.catalog.products, datetime.now(UTC))
        return True

    def _reprice(self, state: _State) -> bool:
        """Let the sales begin and end whose moment has come; returns whether any price changed."""
        now = datetime.now(UTC)
        if state.reprice_at is None or now < state.reprice_at:
            return False
        new = {product.id: priced_at(product, now) for product in state.catalog.products}
        changes = {
            old.id: Change(id=old.id, product=new[old.id])
            for old in state.catalog.products
            if new[old.id] is not old
        }
        if changes:
            _apply(state, changes, self._encoder)
            state.changes += len(changes)
        state.reprice_at = next_change(state.catalog.products, now)
        return bool(changes)


def _apply(state: _State, changes: dict[str, Change], encoder: Embeds | None) -> None:
    old = state.catalog
    edit = edit_of(old, {product_id: change.product for product_id, change in changes.items()})
    catalog = apply_edit(old, edit)
    if catalog is old:
        return
    of = state.slots.of.copy()
    count = state.slots.count
    fresh: list[Product] = []
    for at, product in edit.replaced.items():
        if words_changed(old.products[at], product, old.facets):
            of[at] = count + len(fresh)
            fresh.append(product)
    of = np.delete(of, edit.removed)
    first = count + len(fresh)
    of = np.concatenate((of, np.arange(first, first + len(edit.added), dtype=np.int32)))
    fresh += edit.added
    state.words += bool(fresh or len(edit.removed))
    state.late += fresh
    state.slots = RowMap.placed(of, count + len(fresh))
    index = state.index
    if index is not None:
        state.vectors += _vectors(fresh, changes, catalog, encoder, index.dimension)
        later = np.array(state.vectors, dtype=np.float32).reshape(-1, index.dimension)
        index = LayeredIndex(index, later, state.slots)
    before = state.search
    state.catalog = catalog
    state.search = state.stored.renewed(catalog, state.slots, tuple(state.late), index)
    state.search.sharing(before)


def _vectors(
    products: Sequence[Product],
    changes: dict[str, Change],
    catalog: Catalog,
    encoder: Embeds | None,
    dimension: int,
) -> list[Vectors]:
    """A vector for each product; zeros, which are near to nothing, where none can be had."""
    vectors = []
    missing = [product for product in products if changes[product.id].vector is None]
    embedded: dict[str, Vectors] = {}
    if encoder is not None and 0 < len(missing) <= EMBEDDED_HERE:
        texts = [embedding_text(product, catalog.facets) for product in missing]
        embedded = dict(
            zip((product.id for product in missing), encoder.encode(texts), strict=True)
        )
    for product in products:
        vector = changes[product.id].vector
        if vector is None or vector.shape != (dimension,):
            vector = embedded.get(product.id, np.zeros(dimension, dtype=np.float32))
        vectors.append(vector)
    return vectors


def _index_of(generation: Generation, encoder: Embeds | None) -> VectorIndex | None:
    """The vectors of a generation, when they come from this encoder."""
    if encoder is None:
        return None
    if generation.encoder != encoder.name:
        logger.warning(
            "Search by meaning is off: the import was made %s, this process has encoder %s. "
            "Import the feed again.",
            f"with encoder {generation.encoder}" if generation.encoder else "without an encoder",
            encoder.name,
        )
        return None
    try:
        index = open_index(generation.folder)
    except IndexBroken as error:
        logger.warning("Search by meaning is off: %s", error)
        return None
    if index is None or (len(index), index.dimension) != (
        len(generation.products),
        encoder.dimension,
    ):
        logger.warning("Search by meaning is off: the import stored no vectors; import again.")
        return None
    return index
