"""Units that stand in a column of their own beside the numbers, "weight" and "weight_unit", put behind them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from catalog.feeds.base import Cell, Feed, RawRow, text_of
from catalog.feeds.rows import Rows
from nlu.lexical.units import unit_symbols

_ENDINGS = ("_unit", "_units", "_uom", "_unit_of_measure", "_einheit")
"""What such a column is called behind the name of the one it belongs to."""
_NUMBER = re.compile(r"\s*[-+]?\d[\d.,]*\s*")
_MOSTLY = 0.9
"""Share of its cells that must be units."""
_LOOKED_AT = 20_000
"""Rows; a column that holds units does so from the beginning."""


def join_units(feed: Feed) -> Feed:
    """The feed with units behind their numbers; their columns are gone."""
    pairs = {
        key: base
        for key in feed.names
        for ending in _ENDINGS
        if key.endswith(ending) and (base := key.removesuffix(ending)) in feed.names
    }
    pairs = {key: base for key, base in pairs.items() if key not in feed.technical}
    if not pairs:
        return feed
    texts: dict[str, Counter[str]] = {key: Counter() for key in pairs}
    for row in islice(feed.rows, _LOOKED_AT):
        for key in pairs:
            if text := text_of(row.cells.get(key)).strip().lower():
                texts[key][text] += 1
    symbols = unit_symbols()
    pairs = {
        key: base
        for key, base in pairs.items()
        if (total := texts[key].total())
        and sum(n for text, n in texts[key].items() if text in symbols) >= _MOSTLY * total
    }
    if not pairs:
        return feed
    names = {key: name for key, name in feed.names.items() if key not in pairs}
    return replace(feed, rows=Rows(_row(row, pairs) for row in feed.rows), names=names)


def _row(row: RawRow, pairs: dict[str, str]) -> RawRow:
    cells: dict[str, Cell] = dict(row.cells)
    for key, base in pairs.items():
        unit, number = text_of(cells.pop(key, "")).strip(), cells.get(base)
        if unit and isinstance(number, str) and _NUMBER.fullmatch(number):
            cells[base] = f"{number.strip()} {unit}"
    return replace(row, cells=cells)
