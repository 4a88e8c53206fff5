"""Which rows have a word: sorted words, and for each of them its rows, in arrays that can lie in files."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog.errors import IndexBroken

WORDS_FILE = "words.txt"
STARTS_FILE = "words.starts.npy"
ROWS_FILE = "words.rows.npy"
WEIGHTS_FILE = "words.weights.npy"
MAPPED_FROM = 256 << 20
"""Bytes from which an array is mapped from its file; smaller ones are read, which nothing can take away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """An inverted index; rows ascend within a word."""

    words: Sequence[str]
    """Sorted and distinct."""
    starts: NDArray[np.int64]
    """[words + 1] Where the rows of each word begin."""
    rows: NDArray[np.int32]
    """Rows of the first word, of the second, and so on."""
    weights: NDArray[np.float16] | NDArray[np.float32] | None
    """For each of those rows, how much the word counts there; negative where it only hints. None: equally."""

    def number(self, word: str) -> int | None:
        """Number of a word; None when no row has it."""
        at = bisect_left(self.words, word)
        return at if at < len(self.words) and self.words[at] == word else None

    def of(self, number: int) -> NDArray[np.int32]:
        """Rows that have a word."""
        return self.rows[self.starts[number] : self.starts[number + 1]]

    def frequency(self, number: int) -> int:
        """How many rows have a word."""
        return int(self.starts[number + 1] - self.starts[number])

    def between(self, first: int, last: int) -> NDArray[np.int32]:
        """Rows that have any of the words first <= number < last, with repetitions."""
        return self.rows[self.starts[first] : self.starts[last]]

    def save(self, folder: Path) -> None:
        """Write the files of a generation."""
        (folder / WORDS_FILE).write_text("\n".join(self.words), encoding="utf-8", newline="\n")
        np.save(folder / STARTS_FILE, self.starts)
        np.save(folder / ROWS_FILE, self.rows)
        if self.weights is not None:
            np.save(folder / WEIGHTS_FILE, self.weights)

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read what ``save`` wrote; None when there is nothing.

        Raises:
            IndexBroken: the files do not belong together or are damaged.
        """
        path = folder / WORDS_FILE
        if not path.is_file():
            return None
        try:
            text = path.read_text(encoding="utf-8")
            index = cls(
                words=text.split("\n") if text else [],
                starts=_read(folder / STARTS_FILE),
                rows=_read(folder / ROWS_FILE),
                weights=_read(folder / WEIGHTS_FILE) if (folder / WEIGHTS_FILE).is_file() else None,
            )
        except (OSError, ValueError, EOFError) as error:
            raise IndexBroken(
                f"The words in {folder} are damaged ({error}). Import the feed again."
            ) from error
        weighted = index.weights is None or len(index.weights) == len(index.rows)
        whole = len(index.starts) == len(index.words) + 1 and index.starts[-1] == len(index.rows)
        if not (whole and weighted):
            raise IndexBroken(
                f"The files of words in {folder} do not belong together. Import the feed again."
            )
        return index


def _read(path: Path) -> Any:
    large = path.stat().st_size >= MAPPED_FROM
    return np.load(path, mmap_mode="r" if large else None, allow_pickle=False)


class PostingsBuilder:
    """Gathers the words of one row after the other."""

    def __init__(self) -> None:
        self._number: defaultdict[str, int] = defaultdict(count().__next__)
        self._ids = array("i")
        self._weights = array("f")
        self._lengths = array("i")

    def add(self, words: Iterable[str], weights: Iterable[float] | None = None) -> None:
        """Take the distinct words of the next row, with a weight each when any row has weights."""
        before = len(self._ids)
        self._ids.extend(map(self._number.__getitem__, words))
        self._lengths.append(len(self._ids) - before)
        if weights is not None:
            self._weights.extend(weights)

    def done(self) -> Postings:
        """Sort everything by word."""
        words = sorted(self._number)
        rank = np.empty(len(words), dtype=np.int32)
        rank[np.fromiter((self._number[word] for word in words), np.int64, len(words))] = np.arange(
            len(words), dtype=np.int32
        )
        ids = rank[np.frombuffer(self._ids, dtype=np.int32)] if self._ids else rank[:0]
        order = np.argsort(ids, kind="stable")
        lengths = np.frombuffer(self._lengths, dtype=np.int32) if self._lengths else rank[:0]
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[order]
        starts = np.zeros(len(words) + 1, dtype=np.int64)
        np.cumsum(np.bincount(ids, minlength=len(words)), out=starts[1:])
        weights = None
        if self._weights:
            weights = np.frombuffer(self._weights, dtype=np.float32)[order]
        return Postings(words=words, starts=starts, rows=rows, weights=weights)


def postings_of(texts: Iterable[Iterable[str]]) -> Postings:
    """Index the words of each row, all counting equally."""
    builder = PostingsBuilder()
    for words in texts:
        builder.add(dict.fromkeys(words))
    return builder.done()
