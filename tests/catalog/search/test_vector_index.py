"""One contract for every vector index, run on each implementation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalog.errors import IndexBroken
from catalog.search import vector_index as module
from catalog.search.vector_index import (
    BruteForceIndex,
    FaissIndex,
    VectorIndex,
    open_index,
    write_index,
)

Build = Callable[[np.ndarray], VectorIndex]


def unit_rows(rows: int, dimension: int = 16, seed: int = 1) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class VectorIndexContract:
    """What every index promises; subclasses say how one is built."""

    def build(self, vectors: np.ndarray) -> VectorIndex:
        raise NotImplementedError

    def test_similarities_are_exact_cosines(self) -> None:
        vectors = unit_rows(50)
        index = self.build(vectors)
        assert len(index) == 50
        assert index.dimension == 16
        scores = index.similarities(vectors[3])
        assert scores.dtype == np.float32
        assert np.allclose(scores, vectors @ vectors[3], atol=1e-6)
        some = np.array([7, 3, 7])
        assert np.allclose(index.similarities(vectors[3], some), scores[some], atol=1e-6)
        assert index.similarities(vectors[3], np.zeros(0, dtype=np.int64)).shape == (0,)

    def test_nearest_is_best_first(self) -> None:
        vectors = unit_rows(50)
        positions, scores = self.build(vectors).nearest(vectors[3], 5)
        assert positions[0] == 3
        assert list(positions) == list(np.argsort(-(vectors @ vectors[3]), kind="stable")[:5])
        assert (np.diff(scores) <= 0).all()

    @pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
    def test_nearest_filters_before_it_ranks(self, share: float) -> None:
        vectors = unit_rows(9_000)
        allowed = np.arange(9_000) % 100 < share * 100
        positions, scores = self.build(vectors).nearest(vectors[5], 10, allowed)
        expected = np.flatnonzero(allowed)
        expected = expected[np.argsort(-(vectors[expected] @ vectors[5]), kind="stable")][:10]
        assert list(positions) == list(expected)
        assert len(scores) == len(expected)

    @pytest.mark.parametrize("k", [0, 1, 6, 100])
    def test_nearest_returns_at_most_what_there_is(self, k: int) -> None:
        vectors = unit_rows(6)
        positions, scores = self.build(vectors).nearest(vectors[0], k)
        assert len(positions) == len(scores) == min(k, 6)

    def test_equal_products_keep_the_order_of_the_catalog(self) -> None:
        vectors = np.repeat(unit_rows(1), 20, axis=0)
        positions, _ = self.build(vectors).nearest(vectors[0], 4)
        assert list(positions) == [0, 1, 2, 3]

    def test_an_empty_shop_finds_nothing(self) -> None:
        index = self.build(np.zeros((0, 16), dtype=np.float32))
        query = unit_rows(1)[0]
        assert len(index.nearest(query, 3)[0]) == 0
        assert index.similarities(query).shape == (0,)

    def test_a_query_of_another_encoder_is_refused(self) -> None:
        index = self.build(unit_rows(6))
        with pytest.raises(IndexBroken, match=r"different encoders"):
            index.nearest(np.ones(8, dtype=np.float32), 3)

    def test_threads_may_share_it(self) -> None:
        vectors = unit_rows(6_000)
        index = self.build(vectors)
        allowed = np.arange(6_000) % 10 > 0
        with ThreadPoolExecutor(4) as pool:
            found = list(
                pool.map(lambda row: index.nearest(vectors[row], 1, allowed)[0], range(99))
            )
        assert [int(one[0]) for one in found if allowed[one[0]]]
        assert all(int(found[row][0]) == row for row in range(99) if row % 10)


class TestBruteForceIndex(VectorIndexContract):
    def build(self, vectors: np.ndarray) -> VectorIndex:
        return BruteForceIndex.build(vectors)


class TestFaissIndex(VectorIndexContract):
    def build(self, vectors: np.ndarray) -> VectorIndex:
        return FaissIndex.build(vectors)


def clustered(rows: int) -> np.ndarray:
    """Products come in kinds; without them no inverted file can work."""
    kinds = unit_rows(40, 32, seed=2)
    noise = np.random.default_rng(3).standard_normal((rows, 32)).astype(np.float32) * 0.12
    vectors = kinds[np.arange(rows) % 40] + noise
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 1.0])
def test_a_large_index_finds_nearly_everything(share: float) -> None:
    vectors = clustered(20_000)
    index = FaissIndex.build(vectors, approximate=True)
    exact = BruteForceIndex.build(vectors)
    allowed = np.random.default_rng(4).random(20_000) < share
    found = wanted = 0
    for query in vectors[:20]:
        right = set(exact.nearest(query, 10, allowed)[0].tolist())
        positions, scores = index.nearest(query, 10, allowed)
        assert allowed[positions].all()
        assert np.allclose(scores, vectors[positions] @ query, atol=1e-6)
        found += len(right & set(positions.tolist()))
        wanted += len(right)
    assert found / wanted >= 0.95


@pytest.mark.parametrize("approximate", [False, True], ids=["flat", "inverted"])
def test_a_saved_index_answers_the_same(tmp_path: Path, approximate: bool) -> None:
    vectors = clustered(8_000)
    index = FaissIndex.build(vectors, approximate=approximate)
    index.save(tmp_path / "index.faiss")
    again = FaissIndex.load(tmp_path / "index.faiss", vectors)
    assert again.approximate is approximate
    assert list(again.nearest(vectors[9], 5)[0]) == list(index.nearest(vectors[9], 5)[0])


def test_a_generation_is_opened_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = clustered(6_000)
    np.save(tmp_path / "vectors.npy", vectors)
    assert write_index(tmp_path, vectors) is None
    small = open_index(tmp_path)
    monkeypatch.setattr(module, "IVF_FROM", 1_000)
    assert write_index(tmp_path, vectors) == tmp_path / "index.faiss"
    large = open_index(tmp_path)
    assert small is not None
    assert large is not None
    assert (small.approximate, large.approximate) == (False, True)
    assert small.nearest(vectors[4], 1)[0] == large.nearest(vectors[4], 1)[0] == [4]


def test_a_generation_without_vectors_has_no_index(tmp_path: Path) -> None:
    assert open_index(tmp_path) is None


@pytest.mark.parametrize("name", ["vectors.npy", "index.faiss"])
@pytest.mark.parametrize("kept", [0, 7, 100, 5_000])
def test_a_file_cut_short_is_noticed(tmp_path: Path, name: str, kept: int) -> None:
    vectors = clustered(2_000)
    np.save(tmp_path / "vectors.npy", vectors)
    FaissIndex.build(vectors, approximate=True).save(tmp_path / "index.faiss")
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:kept])
    with pytest.raises(IndexBroken, match=r"Import the feed again"):
        open_index(tmp_path)


def test_an_index_of_another_catalog_is_refused(tmp_path: Path) -> None:
    FaissIndex.build(clustered(2_000), approximate=True).save(tmp_path / "index.faiss")
    with pytest.raises(IndexBroken, match=r"holds 2000 vectors"):
        FaissIndex.load(tmp_path / "index.faiss", clustered(1_999))


def test_vectors_of_another_type_are_refused() -> None:
    with pytest.raises(IndexBroken, match=r"float32"):
        FaissIndex.build(np.zeros((3, 4), dtype=np.float64))  # type: ignore[arg-type]
