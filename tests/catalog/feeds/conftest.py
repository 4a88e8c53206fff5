"""Feeds that are read, and not imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.feeds import Feed, read_feed

Read = Callable[[str | bytes], Feed]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_content(content: str | bytes) -> Feed:
        path = tmp_path / "feed.bin"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_feed(path)

    return read_content
