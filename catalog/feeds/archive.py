"""Feeds packed as gz or zip: unpacked beside the original, never beyond the size a feed may have."""

from __future__ import annotations

import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from catalog.errors import FeedError
from catalog.feeds import base
from catalog.feeds.source import Source

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_SPREADSHEETS = ("[Content_Types].xml", "mimetype")
"""Members that Office and OpenDocument files have and packed feeds do not."""
_CHUNK = 1 << 20
"""Bytes unpacked at once: little beside what a feed takes, and few steps for a large one."""
_BROKEN = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


@contextmanager
def unpacked(source: Source) -> Iterator[Source]:
    """The feed inside a gz or zip file, there while the context lasts; any other file as it is.

    One layer is taken off: an archive inside an archive is left for the reader to refuse.

    Raises:
        FeedError: the archive is damaged, locked, holds none or several files, or too much.
    """
    opening = {_GZIP: _gzip_to, _ZIP: _zip_to}
    unpack = next(
        (opener for magic, opener in opening.items() if source.head.startswith(magic)), None
    )
    if unpack is None:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="feed-") as folder:
        target = Path(folder) / source.path.stem
        try:
            unpack(source.path, target)
        except _BROKEN as error:
            raise FeedError(
                f"The archive {source.path.name} cannot be unpacked: it is damaged or locked. "
                "Pack it again without a password, or unpack it first."
            ) from error
        yield Source.of(target)


def _gzip_to(path: Path, target: Path) -> None:
    with gzip.open(path) as packed:
        _copy(packed, target)


def _zip_to(path: Path, target: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = [member.filename for member in archive.infolist() if not member.is_dir()]
        if any(name in _SPREADSHEETS for name in names):
            raise FeedError(
                "The feed is a spreadsheet, not CSV, TSV, JSON, XML or Parquet. Save the sheet as CSV."
            )
        feeds = [name for name in names if not _is_bookkeeping(name)]
        if len(feeds) != 1:
            raise FeedError(
                f"The archive {path.name} holds {len(feeds):,} files, exactly one feed is allowed. "
                "Unpack it and import the files one at a time."
            )
        with archive.open(feeds[0]) as packed:
            _copy(packed, target)


def _is_bookkeeping(name: str) -> bool:
    """Whether a file was added by the packing system itself."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") and part != ".." for part in parts)


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path) -> None:
    """Unpack by what comes out, whatever size the archive states.

    Raises:
        FeedError: more comes out than a feed may have.
    """
    size = 0
    with target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            size += len(chunk)
            if size > base.MAX_BYTES:
                raise FeedError(
                    f"The archive unpacks to more than {base.MAX_BYTES // 1_048_576:,} MB, the most that is "
                    "allowed. Split the feed, or drop columns that do not describe the products."
                )
            file.write(chunk)
