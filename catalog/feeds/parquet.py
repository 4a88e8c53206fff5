"""Parquet feeds, where pyarrow is installed."""

from __future__ import annotations

import importlib
import io
import json
from typing import Any

from catalog.errors import FeedError
from catalog.feeds.base import Feed
from catalog.feeds.json_feed import read_json


def read_parquet(data: bytes) -> Feed:
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
        rows = parquet.read_table(io.BytesIO(data)).to_pylist()
    except (OSError, ValueError) as error:
        raise FeedError(f"The Parquet file is broken: {error}.") from error
    feed = read_json(json.dumps(rows, default=str).encode())
    return Feed(format="parquet", rows=feed.rows, names=feed.names)
