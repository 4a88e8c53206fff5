"""Shopware 6 product exports: variants inherit what their own row leaves empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.feeds.base import Cell, Feed, RawRow, column_key, text_of
from catalog.feeds.rows import Rows
from nlu.lexical.flags import read_flag

_FIELDS = {
    "sku": ("product_number",),
    "name": ("translations_default_name", "translations_default_name_2", "name"),
    "description": ("translations_default_description", "description"),
    "manufacturer": ("manufacturer_translations_default_name", "manufacturer_name", "manufacturer"),
    "price": ("price_gross", "price_default_gross"),
    "price_net": ("price_net", "price_default_net"),
    "list_price": ("list_price_gross", "price_list_price_gross"),
    "image": ("cover_media_url", "cover_url", "image"),
    "weight": ("weight",),
    "width": ("width",),
    "height": ("height",),
    "length": ("length",),
    "ean": ("ean",),
}
"""Our column -> the names it has in exports, the first that says something counts."""
_ROLES = frozenset({"sku", "name", "description", "price", "availability", "image", "category"})
_OPTION = re.compile(r"^\s*([^:]{1,60}?)\s*:\s*(.+?)\s*$")
_OWN = frozenset({"id", "parent_id", "stock", "active", "options"})
"""What a variant never inherits."""


def is_shopware(feed: Feed) -> bool:
    """Whether the columns are those of a Shopware export."""
    return {"id", "parent_id", "product_number"} <= set(feed.names) and bool(
        {"price_gross", "price_net", "price_default_gross", "tax_rate"} & set(feed.names)
    )


def read_shopware(feed: Feed) -> Feed:
    """The rows with inherited cells filled in, options as columns, variants under their product."""
    rows_by_id = {text_of(raw.cells.get("id")).strip(): raw for raw in feed.rows}
    parents = {
        parent
        for raw in feed.rows
        if (parent := text_of(raw.cells.get("parent_id")).strip()) in rows_by_id
    }
    names: dict[str, str] = {}
    whole: set[str] = {"category"}
    rows = Rows(_rows(feed, rows_by_id, parents, names, whole))
    names = {key: names.get(key, key) for key in {*_FIELDS, "category", *names}}
    return Feed(format="shopware", rows=rows, names=names, title=feed.title, whole=frozenset(whole))


def _rows(
    feed: Feed,
    rows_by_id: dict[str, RawRow],
    parents: set[str],
    names: dict[str, str],
    whole: set[str],
) -> Iterator[RawRow]:
    for raw in feed.rows:
        identity = text_of(raw.cells.get("id")).strip()
        parent = rows_by_id.get(text_of(raw.cells.get("parent_id")).strip())
        cells = dict(raw.cells)
        if parent is not None:
            inherited = {key: cell for key, cell in parent.cells.items() if key not in _OWN}
            cells = {
                **inherited,
                **{key: cell for key, cell in cells.items() if text_of(cell).strip()},
            }
            if text_of(parent.cells.get("parent_id")) == "":
                cells = {key: cell for key, cell in cells.items() if key not in _FIELDS["name"]}
        top = parent or (raw if identity in parents else None)
        yield RawRow(
            number=raw.number,
            cells=_cells(cells, names, whole),
            group=_field(top.cells, _FIELDS["sku"]) or identity if top else "",
            parent=identity in parents,
            problem=raw.problem or _inactive(raw, parent),
        )


def _field(cells: dict[str, Cell], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := text_of(cells.get(key)).strip())), "")


def _cells(raw_cells: dict[str, Cell], names: dict[str, str], whole: set[str]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {key: _field(raw_cells, keys) for key, keys in _FIELDS.items()}
    net = cells.pop("price_net")
    cells["price"] = cells["price"] or net
    for source in ("options", "properties", "property_values"):
        for part in re.split(r"\s*\|\s*", text_of(raw_cells.get(source))):
            match = _OPTION.match(part)
            if match is None:
                continue
            key = column_key(match[1])
            key = f"option_{key}" if key in _ROLES else key
            before = cells.get(key, ())
            values = (before,) if isinstance(before, str) and before else tuple(before)
            cells[key] = tuple(dict.fromkeys((*values, match[2])))
            names.setdefault(key, match[1])
            whole.add(key)
    paths = re.split(
        r"\s*\|\s*", text_of(raw_cells.get("category_path") or raw_cells.get("category"))
    )
    levels = dict.fromkeys(level.strip() for path in paths for level in path.split(">"))
    cells["category"] = tuple(level for level in levels if level and not _is_reference(level))
    stock = text_of(raw_cells.get("stock")).strip()
    closeout = read_flag(text_of(raw_cells.get("is_closeout"))) is False
    if stock.lstrip("-").isdigit():
        cells["availability"] = "in stock" if int(stock) > 0 or closeout else "out of stock"
    return {key: cell for key, cell in cells.items() if cell}


def _is_reference(text: str) -> bool:
    """Whether a text is an internal id and no name."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None


def _inactive(raw: RawRow, parent: RawRow | None) -> str:
    active = [text_of(row.cells.get("active")) for row in (raw, parent) if row is not None]
    return "the product is not active" if False in map(read_flag, active) else ""
