"""Columns that pack several facts into one cell, taken apart: "category:Computers|brand:Apple", or an object."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice

from catalog.feeds.base import Cell, Feed, RawRow, column_key, split_pairs
from catalog.feeds.rows import Rows
from catalog.parsing.nested import pairs_of, structure

_SAMPLE = 400
"""Cells of a column that show whether it is packed."""
_LONGEST = 20_000
"""Letters; a longer cell is a document, not a list of facts."""
_OPENING = ("{", "[")
_PLACE = re.compile(r"(?<=[^\W\d]):\d{1,3}$")
"""Where a fact stands in its list, as shops write behind it: "Composition:Cotton:2"."""
_SECTION = re.compile(r"\s*([^\W\d][\w /-]{1,40}?)\s*:\s*([^:]+)")
"""A name and value behind the name of a section."""
_FEW = 200
"""Rows up to which one cell with a name is reason enough for a column."""
_LEAST_SHARE = 0.005
"""Share of the rows in which a name must stand to become a column, in feeds of more than a few rows."""
_NAMES_ONLY = frozenset({"id", "name", "title", "label", "slug", "key", "code"})
_MOST_NAMES = 250
"""Names that one packed column may become columns of, the most frequent first."""
_LOOKED_AT = 20_000
"""Rows in which names are counted; of more, every so many is taken."""
_PACKED_BY_NAME = frozenset(
    {"facets", "variantfacets", "attributes", "specs", "specifications", "features", "properties"}
    | {"feature", "product_detail", "product_specifications", "details"}
)
_ROLES = frozenset(
    {"id", "sku", "title", "name", "price", "description", "link", "url", "image", "availability"}
)


Pairs = Callable[[str], list[tuple[str, str]]]
"""Takes a packed cell apart into (name, value)."""


def expand_pairs(feed: Feed) -> Feed:
    """The feed with a column for each name in packed cells; the packed columns themselves are gone."""
    packed = _packed(feed)
    if not packed:
        return feed
    names = dict(feed.names)
    recurring = {key: _frequent(feed, key, pairs) for key, pairs in packed.items()}
    rows = Rows(_expand(row, packed, recurring, names) for row in feed.rows)
    return replace(feed, rows=rows, names=names)


def _packed(feed: Feed) -> dict[str, Pairs]:
    """Columns in which nearly all cells are pairs, whose names recur -> what takes their cells apart."""
    cells: dict[str, list[str]] = {}
    for row in islice(feed.rows, _LOOKED_AT):
        for key, cell in row.cells.items():
            sample = cells.setdefault(key, [])
            if isinstance(cell, str) and len(sample) < _SAMPLE and len(cell) < _LONGEST:
                sample.append(cell)
    results: dict[str, Pairs] = {}
    for key, texts in cells.items():
        marked = [text for text in texts if ":" in text or "=" in text]
        opened = [text for text in texts if text.strip()[:1] in _OPENING]
        if len(marked) >= 0.5 * len(texts) and _are_packed(key, marked, _written):
            results[key] = _written
        elif len(opened) >= 0.5 * len(texts) and _are_packed(key, opened, _held):
            results[key] = _held
    return results


def _are_packed(key: str, texts: list[str], pairs: Pairs) -> bool:
    apart = [pairs(text) for text in texts]
    good = [
        pair for pair in apart if pair and all("//" not in value[:3] for _, value in pair if value)
    ]
    if not good or len(good) < 0.9 * len(texts):
        return False
    names = Counter(name.lower() for pair in good for name in {name for name, _ in pair})
    several = sum(len(pair) > 1 for pair in good)
    return (several > 0.3 * len(good) or key in _PACKED_BY_NAME) and (
        len(names) <= 0.5 * sum(names.values()) or len(good) == 1
    )


def _written(text: str) -> list[tuple[str, str]]:
    pairs = [(name, _PLACE.sub("", value)) for name, value in split_pairs(text)]
    inner = [_SECTION.fullmatch(value) for _, value in pairs]
    if pairs and all(inner):  # "General:Sole:Rubber"
        pairs = [(match.group(1), match.group(2)) for match in inner if match]
    return pairs if all(value for _, value in pairs) else []


def _held(text: str) -> list[tuple[str, str]]:
    """The pairs of a structure written as text; of a list of mere names none, as that is one fact."""
    pairs = pairs_of(structure(text))
    return [] if {name.lower() for name, _ in pairs} <= _NAMES_ONLY else pairs


def _frequent(feed: Feed, key: str, pairs: Pairs) -> frozenset[str]:
    """The names that become columns."""
    counts: Counter[str] = Counter()
    every = 1 + len(feed.rows) // _LOOKED_AT
    for row in islice(feed.rows, None, None, every):
        cell = row.cells.get(key)
        if isinstance(cell, str):
            counts.update({column_key(name) for name, _ in pairs(cell)})
    least = 1 if len(feed.rows) < _FEW else _LEAST_SHARE * len(feed.rows) / every
    return frozenset(
        name for name, count in counts.most_common(_MOST_NAMES) if name and count >= least
    )


def _expand(
    row: RawRow,
    packed: Mapping[str, Pairs],
    kept: Mapping[str, frozenset[str]],
    names: dict[str, str],
) -> RawRow:
    cells: dict[str, Cell] = {}
    for key, cell in row.cells.items():
        if key not in packed or not isinstance(cell, str):
            cells[key] = cell
            continue
        results: dict[str, list[str]] = {}
        pairs = packed[key](cell)
        if not pairs and cell.strip()[:1] not in _OPENING:
            cells[key] = cell
        for name, value in pairs:
            inner = column_key(name)
            if inner not in kept[key] or row.cells.get(inner) == value:
                continue
            inner = f"{key}_{inner}" if inner in _ROLES or row.cells.get(inner) else inner
            results.setdefault(inner, []).append(value)
            names.setdefault(inner, name)
        for inner, values in results.items():
            cells[inner] = values[0] if len(values) == 1 else tuple(values)
    return replace(row, cells=cells)
