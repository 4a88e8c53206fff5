"""Vectors of a changed catalog are those of a catalog built anew."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.search.row_map import LayeredIndex, RowMap
from catalog.search.vector_index import BruteForceIndex, FaissIndex


def unit(rows: int, seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


STORED, LATER = unit(500, 1), unit(20, 2)


@pytest.fixture(params=[BruteForceIndex, FaissIndex])
def pair(request):
    """A layered index, and one of the same vectors in one piece."""
    gone = set(range(0, 500, 7))
    of = [slot for slot in range(500) if slot not in gone] + list(range(503, 520))
    slots = RowMap.placed(np.array(of, dtype=np.int32), 520)
    layered = LayeredIndex(request.param.build(STORED), LATER, slots)
    return layered, BruteForceIndex.build(np.concatenate((STORED, LATER))[of])


def test_similarities_are_the_same(pair):
    layered, whole = pair
    query = unit(1, 3)[0]
    assert len(layered) == len(whole)
    assert layered.dimension == 16
    assert np.allclose(layered.similarities(query), whole.similarities(query), atol=1e-6)
    some = np.array([0, 5, len(whole) - 1])
    assert np.allclose(
        layered.similarities(query, some), whole.similarities(query, some), atol=1e-6
    )


@pytest.mark.parametrize("share", [None, 1.0, 0.3, 0.01, 0.0])
def test_the_nearest_are_the_same(pair, share):
    layered, whole = pair
    allowed = None if share is None else np.random.default_rng(4).random(len(whole)) < share
    for query in (*unit(5, 5), LATER[4]):
        ours, theirs = layered.nearest(query, 8, allowed), whole.nearest(query, 8, allowed)
        assert ours[0].tolist() == theirs[0].tolist()
        assert np.allclose(ours[1], theirs[1], atol=1e-6)


def test_slots_of_an_unchanged_catalog_cost_nothing():
    slots = RowMap.first(3)
    values = np.array([1, 2, 3])
    assert slots.take(values) is values
    assert slots.positions().tolist() == [0, 1, 2]


def test_slots_say_what_is_gone():
    slots = RowMap.placed(np.array([2, 3], dtype=np.int32), 4)
    assert slots.positions().tolist() == [-1, -1, 0, 1]
    assert slots.take(np.array([10, 11, 12, 13])).tolist() == [12, 13]
    assert not slots.same
