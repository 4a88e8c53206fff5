"""What changed since an import: a log beside the generation, read by every process that serves it.

index/<generation>/updates.log    one change a line: a checksum, a space, JSON
index/<generation>/updates.head   how long the log was when it was last written, and its checksum

Each checksum covers the line and the checksum before it, so a line that was lost, changed or moved is
noticed; the head tells a log that was cut short. Lines are only ever added: a reader goes on where it
stopped, and a line that is not finished yet is read the next time. A new import begins a new log.
"""

from __future__ import annotations

import base64
import fcntl
import json
import logging
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import ShopError
from catalog.storage.files import write_atomically
from catalog.storage.product_lines import product_from_json, product_to_json
from catalog.types import Product

logger = logging.getLogger(__name__)

LOG = "updates.log"
HEAD = "updates.head"
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One product as it is from now on."""

    id: str
    """Of the product."""
    product: Product | None
    """None when the shop no longer has it."""
    vector: NDArray[np.float32] | None = None
    """[dimension] Of a product whose words are new, where an encoder was at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A stretch of the log."""

    changes: tuple[Change, ...]
    """In the order in which they were made."""
    end: int
    """Bytes read so far; go on from here."""
    sum: int
    """Checksum so far."""
    damaged: bool
    """A line does not pass its checksum; it and all that follow are left out."""


def read_changes(folder: Path, start: int = 0, checksum: int = 0) -> Read:
    """Read what was added to the log of a generation.

    Args:
        folder: the generation's.
        start: ``end`` of the read before.
        checksum: ``sum`` of the read before.

    Returns:
        Every whole change; what is damaged, and all that follows it, is left out and logged.
    """
    try:
        with (folder / LOG).open("rb") as file:
            file.seek(start)
            data = file.read()
    except FileNotFoundError:
        return Read(changes=(), end=start, sum=checksum, damaged=False)
    changes: list[Change] = []
    at, damaged = 0, False
    while (stop := data.find(b"\n", at)) >= 0:
        entry = _read_line(data[at:stop], checksum)
        damaged = entry is None
        if entry is None:
            logger.error(
                "%s is damaged after byte %s; the changes after it are not served. "
                "Import the feed again.",
                folder / LOG,
                start + at,
            )
            break
        change, checksum = entry
        changes.append(change)
        at = stop + 1
    return Read(changes=tuple(changes), end=start + at, sum=checksum, damaged=damaged)


def is_cut_short(folder: Path) -> bool:
    """Whether the log is shorter than it once was."""
    try:
        head = json.loads((folder / HEAD).read_text(encoding="ascii"))
        return log_size(folder) < int(head["bytes"])
    except FileNotFoundError:
        return False
    except (OSError, *_BROKEN):
        return True


def log_size(folder: Path) -> int:
    """Bytes of the log; 0 when nothing changed yet. Cheap enough to be asked at every turn."""
    try:
        return os.stat(folder / LOG).st_size
    except OSError:
        return 0


def append_changes(folder: Path, changes: Sequence[Change]) -> None:
    """Add changes to the log of a generation; they are on the disk when this returns.

    Raises:
        ShopError: the log cannot be written.
    """
    try:
        with (folder / LOG).open("ab+") as file:
            so_far = read_changes(folder)
            if so_far.end < file.tell():  # a writer that died left half a line
                file.truncate(so_far.end)
            checksum = so_far.sum
            lines = []
            for change in changes:
                text = json.dumps(_to_json(change), ensure_ascii=True, separators=(",", ":"))
                checksum = zlib.crc32(text.encode("ascii"), checksum)
                lines.append(f"{checksum:08x} {text}\n")
            file.write("".join(lines).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        write_atomically(folder / HEAD, json.dumps({"bytes": size, "sum": f"{checksum:08x}"}))
    except OSError as error:
        raise ShopError(
            f"{folder / LOG} cannot be written: {error.strerror}. Check permissions and room."
        ) from error


@contextmanager
def import_lock(index: Path) -> Iterator[IO[str]]:
    """Only one import or update writes into a shop at a time.

    Raises:
        ShopError: another one is running, or the folder cannot be written.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = (index / ".lock").open("w")
    except OSError as error:
        raise ShopError(
            f"The shop folder {index.parent} cannot be written: {error.strerror}. "
            "Check path and permissions."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ShopError(
                f"Another import or update of {index.parent} is running. Wait until it has ended."
            ) from error
        yield lock


def _read_line(line: bytes, before: int) -> tuple[Change, int] | None:
    head, _, text = line.partition(b" ")
    checksum = zlib.crc32(text, before)
    if head != f"{checksum:08x}".encode("ascii"):
        return None
    try:
        return _from_json(json.loads(text)), checksum
    except _BROKEN:
        return None


def _to_json(change: Change) -> dict[str, Any]:
    data: dict[str, Any] = {"id": change.id}
    if change.product is not None:
        data["product"] = product_to_json(change.product)
    if change.vector is not None:
        data["vector"] = base64.b64encode(change.vector.astype("<f2").tobytes()).decode("ascii")
    return data


def _from_json(entry: Mapping[str, Any]) -> Change:
    product = entry.get("product")
    vector = None
    if "vector" in entry:
        half = np.frombuffer(base64.b64decode(entry["vector"]), dtype="<f2")
        vector = half.astype(np.float32)
        vector /= max(float(np.linalg.norm(vector)), 1e-12)
    return Change(
        id=str(entry["id"]), product=product_from_json(product) if product else None, vector=vector
    )
