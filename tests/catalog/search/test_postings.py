"""Inverted lists, in memory and in files."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.errors import IndexBroken
from catalog.search.postings import Postings, PostingsBuilder, postings_of


def test_rows_of_a_word_ascend() -> None:
    postings = postings_of([["b", "a"], [], ["a", "a"], ["c", "a"]])
    assert postings.words == ["a", "b", "c"]
    assert postings.of(0).tolist() == [0, 2, 3]
    assert postings.frequency(1) == 1
    assert postings.between(1, 3).tolist() == [0, 3]
    assert (postings.number("c"), postings.number("d")) == (2, None)


def test_weights_stay_with_their_rows() -> None:
    builder = PostingsBuilder()
    builder.add(["x", "y"], [1.0, -2.0])
    builder.add(["y"], [3.0])
    postings = builder.done()
    assert postings.weights.tolist() == [1.0, -2.0, 3.0]


@pytest.mark.parametrize(
    "texts", [[], [[]], [["é", "ß", "日本"], ["é"]]], ids=["none", "empty", "words"]
)
def test_what_is_saved_is_loaded(tmp_path, texts) -> None:
    postings = postings_of(texts)
    postings.save(tmp_path)
    loaded = Postings.load(tmp_path)
    assert list(loaded.words) == list(postings.words)
    assert np.array_equal(loaded.rows, postings.rows)
    assert np.array_equal(loaded.starts, postings.starts)


def test_files_that_do_not_belong_together_are_noticed(tmp_path) -> None:
    postings_of([["a", "b"]]).save(tmp_path)
    (tmp_path / "words.txt").write_text("a")
    with pytest.raises(IndexBroken, match=r"Import the feed again"):
        Postings.load(tmp_path)
    (tmp_path / "words.rows.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(IndexBroken, match=r"damaged"):
        Postings.load(tmp_path)


def test_nothing_saved_is_nothing_loaded(tmp_path) -> None:
    assert Postings.load(tmp_path) is None
