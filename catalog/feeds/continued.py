"""Tables in which rows with a blank name belong to the product above (Vendure and others)."""

from __future__ import annotations

from catalog.feeds.base import Cell, Feed, RawRow, column_key, text_of

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
    if title is None or not feed.rows or not feed.rows[0].cells.get(title):
        return None
    vendure = {"optiongroups", "optionvalues"} <= set(feed.names)
    blank = [row for row in feed.rows if not row.cells.get(title)]
    if not blank or not (vendure or _shape_says_so(blank, feed, title)):
        return None
    rows: list[RawRow] = []
    groups: list[str] = []
    names = dict(feed.names)
    group = ""
    for raw in feed.rows:
        if raw.cells.get(title):
            slug = text_of(
                raw.cells.get("slug") or raw.cells.get("handle") or raw.cells.get(title)
            ).strip()
            group = f"{slug}"
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
        rows.append(RawRow(number=raw.number, cells=cells, group=group, problem=raw.problem))
    return Feed(format="csv", rows=rows, names=names, title=feed.title, technical=_VENDURE)


def _shape_says_so(blank: list[RawRow], feed: Feed, title: str) -> bool:
    """Continuation rows fill clearly fewer columns than the rows they continue, and are not a stray or two."""
    named = [row for row in feed.rows if row.cells.get(title)]
    filled = sum(len(row.cells) for row in named) / len(named)
    sparse = [row for row in blank if len(row.cells) <= 0.7 * (filled - 1)]
    return len(blank) >= 2 and len(sparse) >= 0.9 * len(blank)
