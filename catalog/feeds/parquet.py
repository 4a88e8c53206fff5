"""Parquet feeds, where pyarrow is installed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from catalog.errors import FeedError
from catalog.feeds.base import Feed
from catalog.feeds.json_feed import feed_of
from catalog.feeds.source import Source

_BATCH = 2000


def read_parquet(source: Source) -> Feed:
    """Rows of a Parquet file.

    Raises:
        FeedError: pyarrow is not installed, or the file is broken.
    """
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise FeedError(
            "Reading Parquet needs the package pyarrow, which is not installed. "
            "Run: uv pip install pyarrow. Or export the feed as CSV or JSON."
        ) from error
    try:
        return feed_of(_entries(parquet.ParquetFile(str(source.path))), format="parquet")
    except (OSError, ValueError) as error:
        raise FeedError(f"The Parquet file is broken: {error}.") from error


def _entries(file: Any) -> Iterator[tuple[int, Any]]:
    """Numbered rows, their numbers and dates as text."""
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        for entry in batch.to_pylist():
            number += 1
            yield number, _plain(entry)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool) else str(value)
