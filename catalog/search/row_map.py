"""How a catalog that changed is still found by what was built before it changed.

What is costly to build (words, vectors, titles) is built over *slots*. The products of the stored catalog
have the first slots; a product that is added, or whose words change, gets a new slot at the end; a product
that goes leaves its slot empty. So everything built stays as it is, what is new is a small layer on top,
and one array says where in the present catalog the product of a slot stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog.search.vector_index import Mask, Positions, Vector, VectorIndex, Vectors, best

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMap:
    """Where the products of the present catalog were put."""

    of: NDArray[np.int32]
    """[products] The slot of each product."""
    count: int
    """How many slots there are."""
    same: bool
    """True when every product stands in the slot of its own number."""

    @classmethod
    def first(cls, count: int) -> RowMap:
        """The slots of a catalog that did not change."""
        return cls(of=np.arange(count, dtype=np.int32), count=count, same=True)

    @classmethod
    def placed(cls, of: NDArray[np.int32], count: int) -> RowMap:
        """Slots of a catalog that may have changed."""
        same = len(of) == count and bool((of == np.arange(count)).all())
        return cls(of=of, count=count, same=same)

    def take(self, values: NDArray[Number]) -> NDArray[Number]:
        """Turn [slots] into [products]."""
        return values if self.same else values[self.of]

    def positions(self) -> NDArray[np.int32]:
        """[slots] Position of the product in a slot, -1 where it is gone."""
        slot_positions = np.full(self.count, -1, dtype=np.int32)
        slot_positions[self.of] = np.arange(len(self.of), dtype=np.int32)
        return slot_positions


class LayeredIndex:
    """Vectors of a stored catalog with those of later products on top; a ``VectorIndex``.

    Args:
        stored: Vectors of the first slots.
        later: float32 [m, dimension], those of the slots after them.
        slots: Where the present products are.
    """

    def __init__(self, stored: VectorIndex, later: Vectors, slots: RowMap) -> None:
        self._stored = stored
        self._later = later
        self._slots = slots

    def __len__(self) -> int:
        """Number of products."""
        return len(self._slots.of)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._stored.dimension

    def similarities(self, query: Vector, positions: Positions | None = None) -> Vector:
        """Exact cosines; see ``VectorIndex``."""
        slots = self._slots.of if positions is None else self._slots.of[positions]
        stored = len(self._stored)
        scores = np.empty(len(slots), dtype=np.float32)
        early = slots < stored
        if positions is None and early.sum() > stored // 2:
            scores[early] = self._stored.similarities(query)[slots[early]]
        else:
            scores[early] = self._stored.similarities(query, slots[early].astype(np.int64))
        scores[~early] = self._later[slots[~early] - stored] @ query
        return scores

    def nearest(
        self, query: Vector, k: int, allowed: Mask | None = None
    ) -> tuple[Positions, Vector]:
        """Best k of the allowed; see ``VectorIndex``."""
        stored = len(self._stored)
        chosen = self._slots.of if allowed is None else self._slots.of[allowed]
        inside = np.zeros(stored, dtype=bool)
        inside[chosen[chosen < stored]] = True
        rows, scores = self._stored.nearest(query, k, inside)
        late = chosen[chosen >= stored]
        rows = np.concatenate((rows, late.astype(np.int64)))
        scores = np.concatenate((scores, self._later[late - stored] @ query))
        return best(self._slots.positions()[rows].astype(np.int64), scores, k)
