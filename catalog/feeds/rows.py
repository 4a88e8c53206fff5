"""The rows of a feed, however many: held in memory while they are few, in a temporary file beyond that."""

from __future__ import annotations

import json
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import IO

from catalog.errors import FeedError
from catalog.feeds.base import MAX_ROWS, RawRow

IN_MEMORY = 64 * 1024 * 1024
"""Letters of cells that are held in memory before the rows go to a file."""
_ROW_COST = 200
"""Letters that a row weighs besides its texts: the objects around them."""
_BLOCK = 1 << 20
"""Letters read back at once."""
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_DECODER = json.JSONDecoder()


class Rows:
    """Rows that can be gone through any number of times.

    Whoever changes a row makes new `Rows` of the changed ones: rows that were read back from the
    file are copies, so a change in place would be lost.

    Args:
        rows: gone through once, at once.

    Raises:
        FeedError: there are more than `MAX_ROWS` of them.
    """

    def __init__(self, rows: Iterable[RawRow] = ()) -> None:
        self._held: list[RawRow] = []
        self._file: IO[bytes] | None = None
        self._count = 0
        self._letters = 0
        for row in rows:
            self._add(row)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __iter__(self) -> Iterator[RawRow]:
        """The rows in their order; several may go through them at the same time."""
        if self._file is not None:
            yield from self._stored(self._file)
        yield from self._held

    @property
    def first(self) -> RawRow:
        """The first row of a feed that has one."""
        return next(iter(self))

    def _add(self, row: RawRow) -> None:
        if self._count >= MAX_ROWS:
            raise FeedError(
                f"The feed has more than {MAX_ROWS:,} rows. Split it into several shops or drop rows."
            )
        self._count += 1
        self._held.append(row)
        self._letters += _ROW_COST + sum(
            len(cell) if isinstance(cell, str) else sum(map(len, cell))
            for cell in row.cells.values()
        )
        if self._letters > IN_MEMORY:
            self._store()

    def _store(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the rows
                weakref.finalize(self, self._file.close)
            self._file.seek(0, 2)
            self._file.writelines(map(_line, self._held))
        except OSError as error:
            raise FeedError(
                f"The feed is too large for the temporary folder {tempfile.gettempdir()}: "
                f"{error.strerror}. Make room there, or set TMPDIR to a larger disk."
            ) from error
        self._held = []
        self._letters = 0

    @staticmethod
    def _stored(file: IO[bytes]) -> Iterator[RawRow]:
        position = 0
        while True:
            file.seek(position)  # others may have moved it since
            lines = file.readlines(_BLOCK)
            position = file.tell()
            if not lines:
                return
            yield from map(_row, lines)


def _line(row: RawRow) -> bytes:
    entry = [row.number, row.group, row.parent, row.problem, row.cells]
    return _ENCODER.encode(entry).encode("ascii") + b"\n"


def _row(line: bytes) -> RawRow:
    number, group, parent, problem, cells = _DECODER.raw_decode(line.decode("ascii"))[0]
    for key, cell in cells.items():
        if isinstance(cell, list):
            cells[key] = tuple(cell)
    return RawRow(number=number, cells=cells, group=group, parent=parent, problem=problem)
