"""Vectors for the products of an import: texts that did not change keep the vector they had."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.embedding_text import embedding_text
from catalog.ingest.embedding_journal import Journal
from catalog.storage.generation import Generation
from catalog.types import Facet, Product

Embed = Callable[[list[str]], NDArray[np.float32]]
"""Texts to unit vectors, float32 [n, d]; an attribute ``name`` says which encoder it is."""

_BATCH = 256
"""Texts after which progress is told and the journal written: a second or two of work."""


class ImportProgress(Protocol):
    """Told how far an import is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """``stage`` is "read", "understand", "build", "embed", "check" or "store"."""


@dataclass(slots=True, kw_only=True)
class Embedded:
    """Vectors of all products."""

    vectors: NDArray[np.float32] | None = None
    """[products, dimensions]; None when nothing was embedded."""
    hashes: list[str] = field(default_factory=list)
    """SHA-256 of each product's text."""
    new: int = 0
    """Texts that were embedded anew."""


def encoder_name(embed: Embed | None) -> str:
    """What the encoder calls itself; empty where it does not say."""
    return str(getattr(embed, "name", ""))


def embed_products(
    products: Iterable[Product],
    facets: Sequence[Facet],
    embed: Embed | None,
    last: Generation | None,
    tell: ImportProgress,
    journal: Journal | None = None,
) -> Embedded:
    """A vector for each product; only texts that no vector of the last import belongs to are embedded.

    Args:
        products: can be gone through twice.
        facets: as they are served.
        embed: None makes no vectors.
        last: the import before.
        tell: told how far it is.
        journal: keeps what was embedded in case the import is interrupted; None keeps nothing.
    """
    if embed is None:
        return Embedded()
    by_key = {facet.key: facet for facet in facets}
    hashes = [_hash(embedding_text(product, by_key)) for product in products]
    known_rows, old = _known(last, encoder_name(embed))
    first = {text_hash: row for row, text_hash in reversed(list(enumerate(hashes)))}
    wanted = {row for text_hash, row in first.items() if text_hash not in known_rows}
    texts = (
        (row, embedding_text(product, by_key))
        for row, product in enumerate(products)
        if row in wanted
    )
    vectors: NDArray[np.float32] | None = None
    count = new = 0
    while batch := list(islice(texts, _BATCH)):
        tell("embed", count, len(wanted))
        batch_vectors, fresh = _embedded(batch, [hashes[row] for row, _ in batch], embed, journal)
        new += fresh
        if vectors is None:
            # another encoder of that name
            if old is not None and old.shape[1] != batch_vectors.shape[1]:
                return embed_products(products, facets, embed, None, tell, journal)
            vectors = np.empty((len(hashes), batch_vectors.shape[1]), dtype=np.float32)
        vectors[[row for row, _ in batch]] = batch_vectors
        count += len(batch)
    if vectors is None and old is not None:
        vectors = np.empty((len(hashes), old.shape[1]), dtype=np.float32)
    if vectors is not None:
        for row, text_hash in enumerate(hashes):
            if text_hash in known_rows and old is not None:
                vectors[row] = old[known_rows[text_hash]]
            elif first[text_hash] != row:
                vectors[row] = vectors[first[text_hash]]
    return Embedded(vectors=vectors, hashes=hashes, new=new)


def _embedded(
    batch: Sequence[tuple[int, str]], hashes: Sequence[str], embed: Embed, journal: Journal | None
) -> tuple[NDArray[np.float32], int]:
    """Vectors of a batch, from the journal where it has them; and how many were made anew."""
    vectors = [None if journal is None else journal.get(text_hash) for text_hash in hashes]
    missing = [at for at, vector in enumerate(vectors) if vector is None]
    if missing:
        new_vectors = np.asarray(embed([batch[at][1] for at in missing]), dtype=np.float32)
        for at, vector in zip(missing, new_vectors, strict=True):
            vectors[at] = vector
        if journal is not None:
            journal.add([hashes[at] for at in missing], new_vectors)
    return np.stack([vector for vector in vectors if vector is not None]), len(missing)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _known(
    last: Generation | None, encoder: str
) -> tuple[dict[str, int], NDArray[np.float32] | None]:
    """Text hash -> row of the last import's vectors, and those vectors."""
    vectors = last.vectors() if last else None
    if last is None or vectors is None or last.manifest.get("encoder", "") != encoder:
        return {}, None
    return {text_hash: row for row, text_hash in enumerate(last.text_hashes())}, vectors
