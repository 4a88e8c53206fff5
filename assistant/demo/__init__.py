"""The demo shop: a fictional wine shop whose feed, pictures and settings are made on first use."""

from __future__ import annotations

from pathlib import Path


def build(folder: Path, *, seed: int = 7) -> Path:
    """Write the demo shop's feed, pictures and, unless there is one, shop.yml into a folder.

    Args:
        folder: the shop's folder, made when missing.
        seed: another number gives another range of wines.

    Returns:
        The feed: ``feed.csv``. Its ``image`` column names files in ``images/`` beside it.
    """
    from assistant.demo.feed import write_feed

    return write_feed(folder, seed=seed)
