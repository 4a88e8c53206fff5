"""Columns that pack several facts into one cell, "category:Computers|brand:Apple", taken apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice

from catalog.feeds.base import Cell, Feed, RawRow, column_key, split_pairs
from catalog.feeds.rows import Rows

_SAMPLE = 400
_LOOKED_AT = 20_000
_PACKED_BY_NAME = frozenset(
    {"facets", "variantfacets", "attributes", "specs", "specifications", "features", "properties"}
)
_ROLES = frozenset(
    {"id", "sku", "title", "name", "price", "description", "link", "url", "image", "availability"}
)


def expand_pairs(feed: Feed) -> Feed:
    """The feed with a column for each name in packed cells; the packed columns themselves are gone."""
    packed = _packed(feed)
    if not packed:
        return feed
    names = {key: name for key, name in feed.names.items() if key not in packed}
    rows = Rows(_expand(row, packed, names) for row in feed.rows)
    return replace(feed, rows=rows, names=names)


def _packed(feed: Feed) -> set[str]:
    """Columns in which nearly all cells are pairs, whose names recur."""
    cells: dict[str, list[str]] = {}
    for row in islice(feed.rows, _LOOKED_AT):
        for key, cell in row.cells.items():
            sample = cells.setdefault(key, [])
            if isinstance(cell, str) and len(sample) < _SAMPLE and len(cell) < 5000:
                sample.append(cell)
    found = set()
    for key, texts in cells.items():
        pairs = [list(split_pairs(text)) for text in texts if ":" in text or "=" in text]
        good = [
            pair
            for pair in pairs
            if pair and all(value and "//" not in value[:3] for _, value in pair)
        ]
        if not good or len(good) < 0.9 * len(texts):
            continue
        names = Counter(name.lower() for pair in good for name in {name for name, _ in pair})
        several = sum(len(pair) > 1 for pair in good)
        if (several > 0.3 * len(good) or key in _PACKED_BY_NAME) and (
            len(names) <= 0.5 * sum(names.values()) or len(good) == 1
        ):
            found.add(key)
    return found


def _expand(row: RawRow, packed: set[str], names: dict[str, str]) -> RawRow:
    cells: dict[str, Cell] = {}
    for key, cell in row.cells.items():
        if key not in packed or not isinstance(cell, str):
            cells[key] = cell
            continue
        found: dict[str, list[str]] = {}
        for name, value in split_pairs(cell):
            inner = column_key(name)
            inner = f"{key}_{inner}" if inner in _ROLES or row.cells.get(inner) else inner
            found.setdefault(inner, []).append(value)
            names.setdefault(inner, name)
        for inner, values in found.items():
            cells[inner] = values[0] if len(values) == 1 else tuple(values)
    return replace(row, cells=cells)
