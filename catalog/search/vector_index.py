"""Nearest products by meaning, always filtered before they are ranked.

Three ways are used, the fastest exact one first (figures from 1 M x 384 on two cores):

- few products pass the filter: gather their rows and multiply, exact, 0.4-6 ms;
- everything is multiplied part by part on the calling thread, exact, 0.2 ms at 3,000 and 12 ms at 100,000,
  a third of what FAISS takes for the same with its threads;
- above ``IVF_FROM`` vectors an inverted file with one byte a number (IVF,SQ8; Jegou et al.,
  Product quantization for nearest neighbor search, 2011), 1 ms at recall 0.98. It loses recall when the filter
  keeps under a few percent of the rows, which is where gathering takes over; what it finds is
  scored again with the exact vectors.
"""

from __future__ import annotations

import importlib
import math
import mmap
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.errors import IndexBroken

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]
Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

VECTORS_FILE = "vectors.npy"
INDEX_FILE = "index.faiss"
IVF_FROM = 50_000
"""Vectors from which the approximate index is built."""
GATHER_ROWS = 4_096
"""Filters that keep no more rows than this are answered by gathering them."""
GATHER_SHARE = 0.03
"""The same as a share of an approximate index, below which it would lose recall."""
BLOCK_ROWS = 512
"""Rows multiplied at once; a block stays in the processor's cache."""
MOST_TOUCHED = 1_024
"""Rows of a mapped file after which its pages are given back; each row brings some neighbours along."""
PROBES = 48
"""Lists looked into: more find more of the true neighbours and take longer in proportion."""
SPARE = 4
"""Neighbours asked for beyond those wanted, as some are filtered out."""
SPARE_MOST = 1_000
"""An approximate search fetches this many times k, or so many more, and scores them exactly."""


class VectorIndex(Protocol):
    """Vectors of unit length in the order of the catalog; safe to read from several threads."""

    def __len__(self) -> int:
        """Number of vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def similarities(self, query: Vector, positions: Positions | None = None) -> Vector:
        """Exact cosine of the query with products.

        Args:
            query: float32 [dimension], unit length.
            positions: Rows to score; None scores all.

        Returns:
            float32 [len(positions)] or [len(self)], -1 to 1.
        """
        ...

    def nearest(
        self, query: Vector, k: int, allowed: Mask | None = None
    ) -> tuple[Positions, Vector]:
        """Find the k allowed products nearest to the query.

        Args:
            query: float32 [dimension], unit length.
            k: At most so many are returned; fewer when fewer are allowed.
            allowed: [len(self)] True where a product may be found; None allows all.

        Returns:
            Positions and their cosines, best first, ties in catalog order.
        """
        ...


def _multiplied(vectors: Vectors, query: Vector, positions: Positions | None) -> Vector:
    """Multiply rows with the query, a part at a time.

    A part this small is done by BLAS on the calling thread; waking its other threads costs a busy two-core
    server 20 ms where the product itself takes 0.1. Gathering by parts also keeps the copies small.
    """
    count = len(vectors) if positions is None else len(positions)
    scores = np.empty(count, dtype=np.float32)
    for start in range(0, count, BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        rows = vectors[part] if positions is None else vectors[positions[part]]
        np.dot(rows, query, out=scores[part])
    return scores


def best(positions: Positions, scores: Vector, k: int) -> tuple[Positions, Vector]:
    """Keep the k best, best first; equal scores stay in catalog order."""
    if 0 < k < len(scores):
        # Everything that ties with the k-th stays in, so that catalog order decides between equals.
        edge = np.partition(scores, len(scores) - k)[len(scores) - k]
        candidates = np.flatnonzero(scores >= edge)
        positions, scores = positions[candidates], scores[candidates]
    order = np.lexsort((positions, -scores))[: max(k, 0)]
    return positions[order].astype(np.int64, copy=False), scores[order]


class BruteForceIndex:
    """Multiplies everything: the baseline, and the right choice for small shops.

    Args:
        vectors: float32 [n, dimension], rows of unit length.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def __len__(self) -> int:
        """Number of vectors."""
        return int(self._vectors.shape[0])

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    @classmethod
    def build(cls, vectors: Vectors) -> BruteForceIndex:
        """Index the vectors, float32 [n, dimension] of unit length."""
        return cls(_checked(vectors))

    def similarities(self, query: Vector, positions: Positions | None = None) -> Vector:
        """Exact cosines; see ``VectorIndex``."""
        query = _query(query, self.dimension)
        return _multiplied(self._vectors, query, positions)

    def nearest(
        self, query: Vector, k: int, allowed: Mask | None = None
    ) -> tuple[Positions, Vector]:
        """Best k of the allowed; see ``VectorIndex``."""
        positions = _allowed_positions(allowed, len(self))
        gathered = None if len(positions) == len(self) else positions
        return best(positions, self.similarities(query, gathered), k)


class FaissIndex:
    """FAISS behind ``VectorIndex``: flat and exact, or inverted lists above ``IVF_FROM`` vectors.

    Args:
        index: A FAISS index with inner products whose ids are the rows of ``vectors``.
        vectors: float32 [n, dimension], rows of unit length; may be mapped from a file.
    """

    def __init__(self, index: Any, vectors: Vectors) -> None:
        self._index = index
        self._vectors = vectors
        self._approximate = hasattr(index, "nprobe")
        self._mapping = _mapping(vectors) if self._approximate else None
        self._touched = 0

    def __len__(self) -> int:
        """Number of vectors."""
        return int(self._vectors.shape[0])

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    @property
    def approximate(self) -> bool:
        """True when far neighbours may be missed."""
        return self._approximate

    @classmethod
    def build(cls, vectors: Vectors, *, approximate: bool | None = None) -> FaissIndex:
        """Index the vectors.

        Args:
            vectors: float32 [n, dimension], rows of unit length.
            approximate: Force one kind; None decides by their number.
        """
        faiss = _faiss()

        vectors = _checked(vectors)
        rows, dimension = vectors.shape
        if approximate is None:
            approximate = rows > IVF_FROM
        if not approximate:
            index = faiss.IndexFlatIP(dimension)
            index.add(vectors)
            return cls(index, _inside(index))
        # Half as many lists are trained and filled in a quarter of the time, and 48 of them cover more.
        lists = max(1, min(int(2 * math.sqrt(rows)), rows // 39))
        index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).permutation(rows)[: lists * 64]
        index.train(vectors[np.sort(sample)])
        index.add(vectors)
        return cls(index, vectors)

    def save(self, path: Path) -> None:
        """Write the FAISS part to a file; the vectors are kept beside it by the caller."""
        faiss = _faiss()

        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path, vectors: Vectors | None = None) -> FaissIndex:
        """Read what ``save`` wrote.

        Args:
            path: The file.
            vectors: The exact vectors; may be left out for a flat index, which holds them.

        Raises:
            IndexBroken: The file is damaged, or is not about these vectors.
        """
        faiss = _faiss()

        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexBroken(
                f"{path} cannot be read ({str(error).splitlines()[0]}). Import the feed again."
            ) from error
        if isinstance(index, faiss.IndexFlat):
            vectors = _inside(index)
        if vectors is None or vectors.shape != (index.ntotal, index.d):
            raise IndexBroken(
                f"{path} holds {index.ntotal} vectors of {index.d} numbers, but the catalog has "
                f"{'none' if vectors is None else vectors.shape}. Import the feed again."
            )
        return cls(index, vectors)

    def similarities(self, query: Vector, positions: Positions | None = None) -> Vector:
        """Exact cosines; see ``VectorIndex``."""
        query = _query(query, self.dimension)
        scores = _multiplied(self._vectors, query, positions)
        if self._mapping is not None:
            self._touched += len(scores)
            if self._touched > MOST_TOUCHED:
                # The pages stay in the file cache; this process no longer counts them as its own.
                self._touched = 0
                self._mapping.madvise(mmap.MADV_DONTNEED)
        return scores

    def nearest(
        self, query: Vector, k: int, allowed: Mask | None = None
    ) -> tuple[Positions, Vector]:
        """Best k of the allowed; see ``VectorIndex``. The way is chosen by how many are allowed."""
        positions = _allowed_positions(allowed, len(self))
        few = max(GATHER_ROWS, int(GATHER_SHARE * len(self)))
        if not self._approximate or k <= 0 or len(positions) <= max(few, k):
            gathered = None if len(positions) == len(self) else positions
            return best(positions, self.similarities(query, gathered), k)
        candidates = self._scan(query, min(k, len(positions)), allowed)
        return best(candidates, self.similarities(query, candidates), k)

    def _scan(self, query: Vector, k: int, allowed: Mask | None) -> Positions:
        faiss = _faiss()

        # The selector reads this array while FAISS searches, so it has to stay alive here.
        bits = None if allowed is None else np.packbits(allowed, bitorder="little")
        chosen = {} if bits is None else {"sel": faiss.IDSelectorBitmap(bits)}
        parameters = faiss.SearchParametersIVF(nprobe=PROBES, **chosen)
        k = min(k * SPARE, k + SPARE_MOST, len(self))
        row = _query(query, self.dimension)[None, :]
        _, ids = self._index.search(row, k, params=parameters)
        candidates: Positions = ids[0][ids[0] >= 0]
        return candidates


def _mapping(vectors: Any) -> mmap.mmap | None:
    """Return the file mapping an array looks into, None when it lies in memory."""
    while vectors is not None:
        mapping = getattr(vectors, "_mmap", None)
        if isinstance(mapping, mmap.mmap):
            return mapping
        vectors = getattr(vectors, "base", None)
    return None


def _faiss() -> Any:
    """Load FAISS on first use; its stubs know neither arrays nor keyword arguments, so it is Any."""
    return importlib.import_module("faiss")


def _inside(index: Any) -> Vectors:
    """Return the vectors a flat index holds, without copying them."""
    faiss = _faiss()

    size = int(index.ntotal) * int(index.d)
    if not size:
        return np.zeros((0, int(index.d)), dtype=np.float32)
    vectors: Vectors = faiss.rev_swig_ptr(index.get_xb(), size).reshape(index.ntotal, index.d)
    vectors.setflags(write=False)
    return vectors


def _checked(vectors: Vectors) -> Vectors:
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        raise IndexBroken(
            f"Vectors are {vectors.dtype} {vectors.shape}; float32 [products, dimension] is needed. "
            "Import the feed again."
        )
    return np.ascontiguousarray(vectors) if isinstance(vectors, np.ndarray) else vectors


def _query(query: Vector, dimension: int) -> Vector:
    if query.shape != (dimension,):
        raise IndexBroken(
            f"The query has shape {query.shape}, the index vectors have {dimension} numbers: they "
            "come from different encoders. Import the feed again with the present encoder."
        )
    return np.ascontiguousarray(query, dtype=np.float32)


def _allowed_positions(allowed: Mask | None, rows: int) -> Positions:
    if allowed is None:
        return np.arange(rows, dtype=np.int64)
    return np.flatnonzero(allowed).astype(np.int64, copy=False)


def write_index(folder: Path, vectors: Vectors) -> Path | None:
    """Train and write the approximate index of a large generation.

    Returns:
        The file written into the folder, or None when the vectors are few enough to be scanned.
    """
    if len(vectors) <= IVF_FROM:
        return None
    path = folder / INDEX_FILE
    FaissIndex.build(vectors).save(path)
    return path


def open_index(folder: Path, vectors: Vectors | None = None) -> FaissIndex | None:
    """Open the index of one generation.

    Args:
        folder: The generation's folder, with ``vectors.npy`` and, when large, ``index.faiss``.
        vectors: The vectors, when the caller has them in memory.

    Returns:
        The index, or None when the generation was built without an encoder.

    Raises:
        IndexBroken: A file is damaged.
    """
    if vectors is None:
        vectors = _stored_vectors(folder / VECTORS_FILE)
    if vectors is None:
        return None
    path = folder / INDEX_FILE
    if path.is_file():
        return FaissIndex.load(path, vectors)
    return FaissIndex.build(vectors)


def _stored_vectors(path: Path) -> Vectors | None:
    if not path.is_file():
        return None
    try:
        # Mapped, so that a large shop's exact vectors are read only where they are needed.
        vectors: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        mapping = _mapping(vectors)
        if mapping is not None and len(vectors) > IVF_FROM:
            # Single rows are read, here and there; what lies around them need not be read with them.
            mapping.madvise(mmap.MADV_RANDOM)
    except (ValueError, OSError, EOFError) as error:
        raise IndexBroken(f"{path} is damaged ({error}). Import the feed again.") from error
    return _checked(vectors)
