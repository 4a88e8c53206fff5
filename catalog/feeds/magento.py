"""Magento (Adobe Commerce) product exports: configurable products with their simple ones as variants."""

from __future__ import annotations

import re

from catalog.feeds.base import Cell, Feed, RawRow, column_key, split_pairs, text_of
from catalog.feeds.rows import Rows

_KEPT = {
    "sku": "sku",
    "name": "name",
    "description": "description",
    "short_description": "short_description",
    "categories": "categories",
    "weight": "weight",
    "price": "price",
    "base_image": "image",
    "country_of_manufacture": "country_of_manufacture",
    "attribute_set_code": "attribute_set_code",
}
_SWITCHES = frozenset({"has_options", "required_options", "ts_dimensions_length", "shipment_type"})


_OWN_COLUMNS = frozenset(
    {"attribute_set_code", "additional_attributes", "product_websites", "product_online"}
    | {"special_price_from_date", "configurable_variations", "store_view_code", "tax_class_name"}
    | {"url_key", "base_image"}
)
"""Columns that only this platform has."""
_LEAST_OWN = 2
"""Of these an export has at least so many, however few columns were chosen."""


def is_magento(feed: Feed) -> bool:
    """Whether the columns are those of a Magento export."""
    keys = set(feed.names)
    return {"sku", "product_type"} <= keys and len(keys & _OWN_COLUMNS) >= _LEAST_OWN


def read_magento(feed: Feed) -> Feed:
    """The rows with additional attributes as columns and variants grouped under their product."""
    parents: dict[str, str] = {}
    for raw in feed.rows:
        for variation in text_of(raw.cells.get("configurable_variations")).split("|"):
            sku = dict(split_pairs(variation, "=")).get("sku")
            if sku:
                parents[sku] = text_of(raw.cells.get("sku"))
    names = dict(feed.names)
    whole = {"categories"}
    rows = Rows(_row(raw, parents, names, whole) for raw in feed.rows)
    return Feed(format="csv", rows=rows, names=names, title=feed.title, whole=frozenset(whole))


def _row(raw: RawRow, parents: dict[str, str], names: dict[str, str], whole: set[str]) -> RawRow:
    raw_cells = raw.cells
    cells: dict[str, Cell] = {
        new: raw_cells[old] for old, new in _KEPT.items() if raw_cells.get(old)
    }
    for name, value in split_pairs(text_of(raw_cells.get("additional_attributes")), "="):
        key = column_key(name)
        if key not in _SWITCHES and key not in cells and value:
            cells[key] = tuple(part.strip() for part in value.split("|"))
            names.setdefault(key, name)
            whole.add(key)
    if raw_cells.get("special_price"):
        cells["sale_price"] = raw_cells["special_price"]
        for day, key in (("from", "sale_starts"), ("to", "sale_ends")):
            if text := text_of(raw_cells.get(f"special_price_{day}_date")):
                cells[key] = text
                names.setdefault(key, f"special_price_{day}_date")
    text = text_of(raw_cells.get("categories"))
    # Every path begins with the root of the shop's categories, so a comma before another word is a letter.
    root = re.escape(text.partition("/")[0].strip())
    paths = re.split(rf",\s*(?={root}(?:/|,|$))", text) if root else []
    levels = dict.fromkeys(
        level.strip() for path in paths for level in path.split("/")[1:] if level.strip()
    )
    cells.pop("categories", None)
    if levels:
        cells["categories"] = tuple(levels)
    stock = text_of(raw_cells.get("is_in_stock")).strip()
    cells["availability"] = {"1": "in stock", "0": "out of stock"}.get(stock, "")
    sku = text_of(raw_cells.get("sku"))
    parent = text_of(raw_cells.get("product_type")) == "configurable"
    group = sku if parent else parents.get(sku, "")
    problem = raw.problem
    if text_of(raw_cells.get("product_online")).strip() in {"0", "2"}:
        problem = problem or "the product is not online"
    elif not group and text_of(raw_cells.get("visibility")).lower().startswith("not visible"):
        problem = problem or "the product is not visible by itself and belongs to no other"
    return RawRow(number=raw.number, cells=cells, group=group, parent=parent, problem=problem)
