"""Tables in which rows with a blank name belong to the product above (Vendure and others)."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.feeds.base import Cell, Feed, RawRow, column_key, text_of
from catalog.feeds.rows import Rows

_NAMES = ("name", "title", "product_name", "product_title")
_VENDURE = frozenset(
    {"optiongroups", "optionvalues", "taxcategory", "trackinventory", "variantassets", "slug"}
)


def read_continued(feed: Feed) -> Feed | None:
    """The feed with continuation rows grouped, or None where no row continues another.

    A row continues the one above when its name is blank, and it still says something: a blank name
    in a table where every named row has an id of its own is a mistake, not a continuation.
    """
    title = next((key for key in _NAMES if key in feed.names), None)
    if title is None or not feed.rows or not feed.rows.first.cells.get(title):
        return None
    vendure = {"optiongroups", "optionvalues"} <= set(feed.names)
    if not (vendure or _shape_says_so(feed, title)):
        return None
    names = dict(feed.names)
    rows = Rows(_rows(feed, title, names))
    return Feed(format="csv", rows=rows, names=names, title=feed.title, technical=_VENDURE)


def _rows(feed: Feed, title: str, names: dict[str, str]) -> Iterator[RawRow]:
    group = ""
    groups: list[str] = []
    for raw in feed.rows:
        if raw.cells.get(title):
            slug = raw.cells.get("slug") or raw.cells.get("handle") or raw.cells.get(title)
            group = text_of(slug).strip()
            groups = text_of(raw.cells.get("optiongroups")).split("|")
        cells: dict[str, Cell] = {
            key: cell for key, cell in raw.cells.items() if key not in _VENDURE
        }
        values = text_of(raw.cells.get("optionvalues")).split("|")
        for name, value in zip(groups, values, strict=False):
            key = column_key(name)
            if key and value.strip():
                cells[key] = value.strip()
                names.setdefault(key, name.strip())
        yield RawRow(number=raw.number, cells=cells, group=group, problem=raw.problem)


def _shape_says_so(feed: Feed, title: str) -> bool:
    """Continuation rows fill clearly fewer columns than the rows they continue, and are not a stray or two."""
    title_count, filled = 0, 0
    blank: list[int] = []
    for row in feed.rows:
        if row.cells.get(title):
            title_count += 1
            filled += len(row.cells)
        else:
            blank.append(len(row.cells))
    sparse = sum(cells <= 0.7 * (filled / title_count - 1) for cells in blank)
    return len(blank) >= 2 and sparse >= 0.9 * len(blank)
