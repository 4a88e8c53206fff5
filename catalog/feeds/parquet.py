"""Parquet feeds: rows as text like those of every other format, read batch by batch."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from catalog.errors import FeedError
from catalog.feeds.base import MAX_COLUMNS, MAX_ROWS, Feed
from catalog.feeds.json_feed import feed_of
from catalog.feeds.source import Source

_BATCH = 500
"""Rows decoded at once: a few megabytes of a usual catalog."""
_AT_ONCE = 50
"""Rows turned into Python objects at once, which take ten times the room of the columns."""
_MOST_UNPACKED = 2 * 1024**3
"""Bytes, as the file says of itself; a larger catalog does not fit beside its index into memory."""
_LARGEST_BATCH = 64 * 1024**2
"""Bytes; a batch above it has cells no product needs."""
_LONGEST_CELL = 5 * 1024**2
"""Bytes; longer than the longest description and all its markup."""


def read_parquet(source: Source) -> Feed:
    """Rows of a Parquet file.

    Raises:
        FeedError: pyarrow is not installed, the file is broken, or it unpacks to more than is allowed.
    """
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise FeedError(
            "Reading Parquet needs the package pyarrow, which is not installed. "
            "Run: uv sync --group index. Or export the feed as CSV or JSON."
        ) from error
    try:
        with parquet.ParquetFile(str(source.path)) as file:
            _check(file.metadata)
            texts = [
                field.name
                for field in file.schema_arrow
                if str(field.type) in {"string", "large_string", "binary"}
            ]
        with parquet.ParquetFile(str(source.path), read_dictionary=texts) as file:
            return feed_of(_entries(file), format="parquet")
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FeedError(f"The Parquet file is broken: {reason}.") from error
    except MemoryError as error:
        raise FeedError(_TOO_LARGE) from error


_TOO_LARGE = "The Parquet file unpacks to more than is allowed. Split it, or drop long columns."


def _check(metadata: Any) -> None:
    unpacked = sum(
        metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)
    )
    if metadata.num_rows > MAX_ROWS or metadata.num_columns > MAX_COLUMNS:
        raise FeedError(
            f"The feed has {metadata.num_rows:,} rows and {metadata.num_columns:,} columns; "
            f"at most {MAX_ROWS:,} and {MAX_COLUMNS:,} are allowed."
        )
    if unpacked > _MOST_UNPACKED:
        raise FeedError(_TOO_LARGE)


def _entries(file: Any) -> Iterator[tuple[int, Any]]:
    """Numbered rows, their numbers and dates as text.

    Repeated texts stay a dictionary until their row is reached, and long ones are refused before:
    a small file may repeat one long text half a million times.
    """
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        if batch.nbytes > _LARGEST_BATCH or any(map(_has_long, batch.columns)):
            raise FeedError(_TOO_LARGE)
        for start in range(0, batch.num_rows, _AT_ONCE):
            for entry in batch.slice(start, _AT_ONCE).to_pylist():
                number += 1
                yield number, _plain(entry)


def _has_long(column: Any) -> bool:
    words = getattr(column, "dictionary", None)
    return words is not None and any(
        len(word.as_buffer() or b"") > _LONGEST_CELL for word in words if word.is_valid
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if value is None or isinstance(value, bool) else str(value)
