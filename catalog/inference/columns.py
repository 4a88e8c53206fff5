"""The columns of a feed as evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog.errors import FeedError
from catalog.feeds.base import MAX_COLUMNS, Cell, RawRow, text_of
from catalog.parsing.values import is_missing
from nlu.lexical.numbers import decimal_evidence


@dataclass(slots=True)
class FeedColumn:
    """Everything one column says."""

    key: str
    """Facet key."""
    name: str
    """As it stands in the feed."""
    counts: Counter[str] = field(default_factory=Counter)
    """Text -> how often; entries of list cells are counted singly, missing texts are left out."""
    filled: int = 0
    """Rows with a value."""
    rows: int = 0
    """Rows of the feed."""
    listed: bool = False
    """The format itself gave lists."""

    whole: bool = False
    """The format took the cells apart: an entry with a comma in it is one value."""
    forgotten: int = 0
    """Prose and addresses that were not kept in ``counts``; each counts as one of its own."""
    letters: int = 0
    """Letters of the long texts kept."""

    def add(self, cell: Cell) -> None:
        """Count one row's cell."""
        self.filled += 1
        if not isinstance(cell, str):
            self.listed = True
            self.counts.update(cell)
        elif cell in self.counts:
            self.counts[cell] += 1
        elif len(cell) <= _LONG:
            if len(self.counts) >= _ADDRESSES and cell.startswith("http"):
                self.forgotten += 1
            else:
                self.counts[cell] = 1
        elif self.letters <= _REMEMBERED:
            self.letters += len(cell)
            self.counts[cell] += 1
        else:
            self.forgotten += 1

    @property
    def uniqueness(self) -> float:
        """Distinct texts for each filled row, 0 to 1."""
        distinct = len(self.counts) + self.forgotten
        return min(1.0, distinct / self.filled) if self.filled else 0.0

    @property
    def coverage(self) -> float:
        """Share of the rows with a value, 0 to 1."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def mean_length(self) -> float:
        """Letters of a text, on average."""
        total = self.counts.total()
        return sum(len(text) * n for text, n in self.counts.items()) / total if total else 0.0

    def share(self, pattern: re.Pattern[str]) -> float:
        """Share of the texts, by row, that match a pattern."""
        total = self.counts.total()
        return (
            sum(n for text, n in self.counts.items() if pattern.search(text)) / total
            if total
            else 0.0
        )


_LONG = 120
"""Letters from which texts are prose, of which not every one needs to be remembered."""
_ADDRESSES = 20_000
"""Different texts of one column from which further addresses need not be remembered."""
_REMEMBERED = 32 * 1024 * 1024
"""Letters of prose that are remembered of one column."""


def profile(
    rows: Iterable[RawRow], names: Mapping[str, str], whole: frozenset[str] = frozenset()
) -> dict[str, FeedColumn]:
    """A `FeedColumn` for each key in order of first appearance; the texts of rows with a problem are left out.

    Args:
        rows: the feed.
        names: column key -> its name in the feed.
        whole: columns of which an entry is one value, commas and all.

    Raises:
        FeedError: there are more columns than `MAX_COLUMNS`.
    """
    columns: dict[str, FeedColumn] = {}
    total = 0
    for row in rows:
        for key in row.cells:
            if key not in columns:
                columns[key] = FeedColumn(key=key, name=names.get(key, key), whole=key in whole)
        if len(columns) > MAX_COLUMNS:
            raise FeedError(
                f"The feed has more than {MAX_COLUMNS:,} columns. "
                "Export only the columns that describe the products."
            )
        if row.problem:
            continue
        total += 1
        for key, cell in row.cells.items():
            columns[key].add(cell)
    for column in columns.values():
        column.rows = total
        missing = [text for text in column.counts if is_missing(text)]
        for text in missing:
            count = column.counts.pop(text)
            column.filled -= 0 if column.listed else count
    return columns


def decimal_mark(columns: Iterable[FeedColumn]) -> str:
    """The decimal mark of the whole feed: the comma only where columns speak for it and none for the dot."""
    comma = dot = 0
    for column in columns:
        if column.mean_length < 24:
            evidence = decimal_evidence(column.counts)
            share = len(column.counts) or 1
            comma += evidence.comma > 0.5 * share
            dot += evidence.dot > 0.3 * share
    return "," if comma and not dot else "."


def is_numeric(column: FeedColumn) -> bool:
    """Whether the texts are mostly bare numbers."""
    return column.share(re.compile(r"^[\d\s.,+\-%]+$")) > 0.8


def cell_text(row: RawRow, key: str) -> str:
    """The text of one cell, empty when missing or a stand-in for "no value"."""
    cell = row.cells.get(key)
    if not cell:
        return ""
    text = text_of(cell)
    return "" if is_missing(text) else text.strip()
