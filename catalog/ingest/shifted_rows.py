"""Rows whose cells stand one column too far: a separator too many or too few somewhere before them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from catalog.feeds.base import RawRow
from catalog.inference.readings import ColumnReading
from catalog.parsing.values import is_missing
from catalog.types import FacetKind

LEAST_MISFITS = 2
"""Cells that must fit the column beside and not their own; one alone is a slip of its own."""
_NUMBER = re.compile(r"\s*[-+]?\d[\d.,]*\s*[^\d\s]{0,4}\s*")
_TYPED = frozenset({FacetKind.NUMBER, FacetKind.FLAG})


class ShiftDetector:
    """Knows what the columns of a feed hold, and so which rows are out of step.

    Args:
        columns: keys in the order of the feed.
        readings: column key -> how its texts are read.
    """

    def __init__(self, columns: Sequence[str], readings: Mapping[str, ColumnReading]) -> None:
        self._typed = [
            (place, key, readings[key])
            for place, key in enumerate(columns)
            if key in readings and readings[key].kind in _TYPED
        ]
        self._columns = columns
        self._readings = readings

    def shift(self, row: RawRow) -> int:
        """How many columns too far to the right the cells of a row stand: 1, -1, or 0 for a row in step."""
        misfits = []
        for place, key, reading in self._typed:
            cell = row.cells.get(key)
            if isinstance(cell, str) and not is_missing(cell) and not _fits(cell, reading):
                misfits.append((place, reading))
        if len(misfits) < LEAST_MISFITS:
            return 0
        for shift in (1, -1):
            fitting = sum(
                self._fits_beside(row, place + shift, reading) for place, reading in misfits
            )
            at_home = any(self._belongs(row, place, place - shift) for place, _ in misfits)
            if fitting >= LEAST_MISFITS and fitting > len(misfits) / 2 and at_home:
                return shift
        return 0

    def _belongs(self, row: RawRow, place: int, home: int) -> bool:
        """Whether what stands in one column is a value that other rows have in another."""
        reading = (
            self._readings.get(self._columns[home]) if 0 <= home < len(self._columns) else None
        )
        cell = row.cells.get(self._columns[place])
        return reading is not None and isinstance(cell, str) and cell in reading.values

    def _fits_beside(self, row: RawRow, place: int, reading: ColumnReading) -> bool:
        if not 0 <= place < len(self._columns):
            return False
        cell = row.cells.get(self._columns[place])
        return isinstance(cell, str) and not is_missing(cell) and _fits(cell, reading)


def _fits(cell: str, reading: ColumnReading) -> bool:
    """Whether a cell is read, or is a number as its column holds them."""
    if cell in reading.values:
        return True
    return reading.kind is FacetKind.NUMBER and _NUMBER.fullmatch(cell) is not None
