"""PrestaShop product lists: features as columns, the price with tax, discounts with their days."""

from __future__ import annotations

import re
from decimal import Decimal

from catalog.feeds.base import Cell, Feed, RawRow, column_key, entries, text_of
from catalog.feeds.rows import Rows
from nlu.lexical.flags import read_flag
from nlu.lexical.numbers import read_decimal

_FIELDS = {
    "sku": ("reference", "product_reference", "product_id", "id"),
    "name": ("name", "product_name"),
    "description": ("description", "short_description", "summary"),
    "manufacturer": ("manufacturer", "brand"),
    "weight": ("weight", "package_weight"),
    "width": ("width", "package_width"),
    "height": ("height", "package_height"),
    "depth": ("depth", "package_depth"),
    "gtin": ("ean13", "ean", "upc"),
    "condition": ("condition",),
}
"""Our column -> the names it has in exports, the first that says something counts."""
_GROSS = ("price_tax_included", "price_tax_incl", "price_tax_inc", "final_price_tax_incl")
_NET = ("price_tax_excluded", "price_tax_excl", "price", "base_price")
_FEATURES = ("feature", "features", "feature_name_value_position_customized")
_STOCK = ("quantity", "available_quantity")
_DAYS = {
    "sale_starts": ("discount_from_yyyy_mm_dd", "discount_from"),
    "sale_ends": ("discount_to_yyyy_mm_dd", "discount_to"),
}
_FEATURE = re.compile(r"^\s*([^:]{1,60}?)\s*:\s*([^:]+?)\s*(?::\s*\d+\s*)?(?::.*)?$")
"""Name, value, and where it stands among the others: "Material:Wool:0"."""
_NEXT_FEATURE = re.compile(r"[,;|]\s*(?=[^:,;|]{1,60}:(?!\s*\d+\s*(?:[,;|:]|$))[^:]*(?::|$))")
"""A mark before a name and its value; "Cork, natural:2" goes on to where its feature stands."""
_NO_DAY = re.compile(r"^\s*0000-00-00")
_CENT = Decimal("0.01")


def is_prestashop(feed: Feed) -> bool:
    """Whether the columns are those of a PrestaShop list or import file."""
    keys = set(feed.names)
    prices = keys & {*_GROSS, "price_tax_excluded", "price_tax_excl"}
    return "name" in keys and bool(prices) and bool(keys & {"active", "status", "reference"})


def read_prestashop(feed: Feed) -> Feed:
    """A row a product; inactive ones are refused."""
    names = {key: key for key in (*_FIELDS, "price", "sale_price", "categories", "tags")}
    names |= {key: key for key in _DAYS} | {"availability": "availability", "image": "image"}
    whole = {"categories", "tags"}
    rows = Rows(_row(raw, names, whole) for raw in feed.rows)
    return Feed(
        format="prestashop", rows=rows, names=names, title=feed.title, whole=frozenset(whole)
    )


def _field(cells: dict[str, Cell], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := text_of(cells.get(key)).strip())), "")


def _row(raw: RawRow, names: dict[str, str], whole: set[str]) -> RawRow:
    raw_cells = raw.cells
    cells: dict[str, Cell] = {key: _field(raw_cells, keys) for key, keys in _FIELDS.items()}
    cells["price"] = _field(raw_cells, _GROSS) or _field(raw_cells, _NET)
    if reduced := _reduced(text_of(cells["price"]), raw_cells):
        cells["sale_price"] = reduced
        for key, columns in _DAYS.items():
            day = _field(raw_cells, columns)
            cells[key] = "" if _NO_DAY.match(day) else day
    cells["categories"] = entries(raw_cells.get("categories") or raw_cells.get("category"))
    cells["tags"] = entries(raw_cells.get("tags"))
    images = entries(raw_cells.get("image_urls") or raw_cells.get("image"))
    cells["image"] = images[0] if images else ""
    for part in _NEXT_FEATURE.split(_field(raw_cells, _FEATURES)):
        if match := _FEATURE.match(part):
            key = column_key(match.group(1))
            key = f"feature_{key}" if key in {*_FIELDS, "price", "categories"} else key
            cells[key] = (*entries_of(cells.get(key)), match.group(2))
            names.setdefault(key, match.group(1))
            whole.add(key)
    cells["availability"] = _availability(raw_cells)
    return RawRow(
        number=raw.number,
        cells={key: cell for key, cell in cells.items() if cell},
        problem=raw.problem or _inactive(raw_cells),
    )


def entries_of(cell: Cell | None) -> tuple[str, ...]:
    """The values that a feature has so far."""
    return cell if isinstance(cell, tuple) else ()


def _reduced(price: str, raw_cells: dict[str, Cell]) -> str:
    """The price less a discount, by amount or in percent; empty without one."""
    amount, percent = (
        _number(_field(raw_cells, (key,))) for key in ("discount_amount", "discount_percent")
    )
    full = _number(price)
    if not full or not (amount or percent):
        return ""
    reduced = full - amount if amount else full * (100 - percent) / 100
    return str(reduced.quantize(_CENT)) if reduced > 0 else ""


def _number(text: str) -> Decimal:
    number = read_decimal(text, "," if re.search(r",\d{1,2}$", text) else ".") if text else None
    return Decimal(0) if number is None else Decimal(number)


def _availability(raw_cells: dict[str, Cell]) -> str:
    if read_flag(_field(raw_cells, ("available_for_order",))) is False:
        return "out of stock"
    stock = _field(raw_cells, _STOCK)
    if not stock:
        return ""
    if _number(stock) > 0:
        return "in stock"
    orders = _field(raw_cells, ("action_when_out_of_stock", "out_of_stock"))
    return "backorder" if orders == "1" else "out of stock"


def _inactive(raw_cells: dict[str, Cell]) -> str:
    status = _field(raw_cells, ("active", "status"))
    return "the product is not active" if read_flag(status) is False else ""
