"""Tags by which a shop's theme filters, "Origin_India", made columns: the name before the mark, the value behind."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import islice

from catalog.feeds.base import Cell, Feed, RawRow, column_key, entries
from catalog.feeds.rows import Rows

_TAG = re.compile(r"^([^\W\d_][\w &/-]{1,30}?)\s*[:_=]\s*(\S.{0,60})$")
_LEAST_VALUES = 2
"""Different values of a name; a tag such as "best_seller" has one."""
_LEAST_SHARE = 0.1
"""Share of the products that have the name; rarer ones are no filter."""
_LOOKED_AT = 20_000
"""Rows; names that are filters have shown themselves long before."""
TAGS = "tags"
"""The column; every platform calls it so."""


def expand_tags(feed: Feed) -> Feed:
    """The feed with a column for each name that tags carry; the other tags stay."""
    if TAGS not in feed.names:
        return feed
    filters = _filters(feed)
    if not filters:
        return feed
    names = {**feed.names, **{key: name for name, key in filters.items()}}
    rows = Rows(_row(row, filters) for row in feed.rows)
    return replace(feed, rows=rows, names=names, whole=feed.whole | set(filters.values()))


def _filters(feed: Feed) -> dict[str, str]:
    """Name -> the key of its column, of the names that tell products apart."""
    values: dict[str, set[str]] = defaultdict(set)
    products: dict[str, set[str]] = defaultdict(set)
    tagged: set[str] = set()
    for row in islice(feed.rows, _LOOKED_AT):
        for tag in entries(row.cells.get(TAGS)):
            product = row.group or str(row.number)
            tagged.add(product)
            if match := _TAG.match(tag):
                values[match.group(1)].add(match.group(2).casefold())
                products[match.group(1)].add(product)
    return {
        name: key if key not in feed.names else f"{TAGS}_{key}"
        for name in values
        if len(values[name]) >= _LEAST_VALUES
        and len(products[name]) > len(values[name]) / 2
        and len(products[name]) >= _LEAST_SHARE * len(tagged)
        and (key := column_key(name))
    }


def _row(row: RawRow, filters: dict[str, str]) -> RawRow:
    tags = entries(row.cells.get(TAGS))
    if not tags:
        return row
    cells: dict[str, Cell] = dict(row.cells)
    others: list[str] = []
    facets: dict[str, list[str]] = {}
    for tag in tags:
        match = _TAG.match(tag)
        if match and match.group(1) in filters:
            facets.setdefault(filters[match.group(1)], []).append(match.group(2).strip())
        else:
            others.append(tag)
    cells.update({key: tuple(values) for key, values in facets.items()})
    cells[TAGS] = tuple(others)
    if not others:
        del cells[TAGS]
    return replace(row, cells=cells)
