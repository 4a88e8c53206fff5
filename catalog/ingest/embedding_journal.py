"""Vectors of an import that is still going on, so that one that was interrupted goes on where it stopped.

index/.vectors-<encoder>.bin      for each text that was embedded: its SHA-256, its vector, a checksum
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

_HASH = 32
"""Bytes of a SHA-256."""
_SUM = 4
"""Bytes of a CRC-32."""


class Journal:
    """Keeps vectors by the hash of their text while an import runs.

    Args:
        index: The folder of a shop's generations.
        encoder: Name of the encoder; vectors of another one are not found again.
    """

    def __init__(self, index: Path, encoder: str) -> None:
        short = hashlib.sha256(encoder.encode("utf-8", "replace")).hexdigest()[:16]
        self._path = index / f".vectors-{short}.bin"
        self._found: dict[str, NDArray[np.float32]] = {}

    def __enter__(self) -> Self:
        """Read what an interrupted import left."""
        if self._path.is_file():
            self._found, whole = _read(self._path.read_bytes())
            os.truncate(self._path, whole)  # half a record would hide all that come after it
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the file for the next time; ``done`` removes it."""
        self._file.close()

    def get(self, text_hash: str) -> NDArray[np.float32] | None:
        """Vector of a text, None when it was not embedded yet."""
        return self._found.get(text_hash)

    def add(self, hashes: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the vectors of a batch."""
        for text_hash, vector in zip(hashes, vectors, strict=True):
            record = bytes.fromhex(text_hash) + vector.astype("<f4").tobytes()
            self._file.write(len(record).to_bytes(4, "little") + record)
            self._file.write(zlib.crc32(record).to_bytes(_SUM, "little"))
        self._file.flush()

    def done(self) -> None:
        """Forget everything: the import is stored."""
        self._found = {}
        self._path.unlink(missing_ok=True)


def _read(data: bytes) -> tuple[dict[str, NDArray[np.float32]], int]:
    """Every whole record up to the first damaged one, and where that begins."""
    results: dict[str, NDArray[np.float32]] = {}
    at = 0
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        record = data[at + 4 : at + 4 + size]
        checksum = data[at + 4 + size : at + 4 + size + _SUM]
        if size <= _HASH or zlib.crc32(record).to_bytes(_SUM, "little") != checksum:
            break
        results[record[:_HASH].hex()] = np.frombuffer(record[_HASH:], dtype="<f4").astype(
            np.float32
        )
        at += 4 + size + _SUM
    return results, at
