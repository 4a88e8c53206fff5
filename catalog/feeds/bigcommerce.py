"""BigCommerce product exports, of both generations: products with rows for their variants, rules and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.feeds.base import Cell, Feed, RawRow, column_key, split_pairs, text_of
from catalog.feeds.rows import Rows
from nlu.lexical.flags import read_flag

_FIELDS = {
    "sku": ("product_code_sku", "sku"),
    "name": ("product_name", "name"),
    "description": ("product_description", "description"),
    "brand": ("brand_name", "brand"),
    "price": ("price",),
    "sale_price": ("sale_price",),
    "weight": ("product_weight", "weight"),
    "width": ("product_width", "width"),
    "height": ("product_height", "height"),
    "depth": ("product_depth", "depth"),
    "condition": ("product_condition", "condition"),
    "gtin": ("product_upc_ean", "upc_ean", "gtin"),
    "url": ("product_url",),
}
"""Our column -> the names it has in the older and the newer export, the first that says something counts."""
_CATEGORIES = ("category", "categories", "category_string", "category_details")
_CUSTOM = ("product_custom_fields", "custom_fields")
_STOCK = ("current_stock_level", "current_stock")
_TRACKING = ("track_inventory", "inventory_tracking")
_TERMS = frozenset({"allow_purchases", *_TRACKING})
"""What a product says for its variants too."""
_PICTURES = ("product_image_file_1", "product_image_url_1", "image_url_import", "image_url")
_VARIANTS = frozenset({"sku", "variant"})
_OPTION = re.compile(r"\[[A-Z]{1,3}\]\s*([^=\[\]]{1,60})=([^\[\]]*?),?\s*(?=\[[A-Z]{1,3}\]|$)")
"""One option of a variant, behind the letters of how it is shown: "[RT]Size=S,[S]Colour=Blue"."""
_SWATCH = re.compile(r":#[0-9a-fA-F]{3,8}(?:\|#[0-9a-fA-F]{3,8})*$")
"""The colour that a swatch shows, behind its name."""


def is_bigcommerce(feed: Feed) -> bool:
    """Whether the columns are those of a BigCommerce export."""
    keys = set(feed.names)
    older = {"item_type", "product_name"} <= keys and bool(
        keys & {"product_code_sku", "product_id"}
    )
    newer = {"item", "name", "options", "sku"} <= keys and bool(keys & set(_TRACKING))
    return older or newer


def read_bigcommerce(feed: Feed) -> Feed:
    """A row a product, its variants under it; rules and pictures are no rows of their own."""
    names = {key: name for key, name in feed.names.items() if key in _FIELDS}
    whole = {"category"}
    rows = Rows(_rows(feed, names, whole))
    names |= {key: key for key in _FIELDS if key not in names} | {"category": "Category"}
    return Feed(
        format="bigcommerce", rows=rows, names=names, title=feed.title, whole=frozenset(whole)
    )


def _field(cells: dict[str, Cell], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := text_of(cells.get(key)).strip())), "")


def _rows(feed: Feed, names: dict[str, str], whole: set[str]) -> Iterator[RawRow]:
    group, product, waiting = "", RawRow(number=0, cells={}), False
    terms: dict[str, Cell] = {}
    for raw in feed.rows:
        kind = _field(raw.cells, ("item_type", "item")).lower()
        if kind == "product":
            if waiting:
                yield product
            product = _product(raw, names, whole)
            group, waiting = product.group, True
            terms = {key: cell for key, cell in raw.cells.items() if key in _TERMS}
        elif kind in _VARIANTS and group:
            if waiting:
                product.parent, waiting = True, False
                yield product
            yield _variant(raw, product, terms, names, whole)
        elif kind == "image" and waiting and "image" not in product.cells:
            product.cells["image"] = _field(raw.cells, _PICTURES)
    if waiting:
        yield product


def _product(raw: RawRow, names: dict[str, str], whole: set[str]) -> RawRow:
    raw_cells = raw.cells
    cells: dict[str, Cell] = {key: _field(raw_cells, keys) for key, keys in _FIELDS.items()}
    if not _above_zero(text_of(cells["sale_price"])):
        cells.pop("sale_price")
    paths = re.split(r"\s*;\s*", _field(raw_cells, _CATEGORIES))
    levels = dict.fromkeys(level.strip() for path in paths for level in path.split("/"))
    cells["category"] = tuple(level for level in levels if level)
    for name, value in split_pairs(_field(raw_cells, _CUSTOM), "="):
        key = column_key(name)
        if key and value and key not in cells:
            cells[key] = value
            names.setdefault(key, name)
            whole.add(key)
    if picture := _field(raw_cells, _PICTURES):
        cells["image"] = picture
    cells["availability"] = _availability(raw_cells)
    group = (
        text_of(cells["sku"]) or _field(raw_cells, ("product_id", "id")) or text_of(cells["name"])
    )
    return RawRow(
        number=raw.number,
        cells={key: cell for key, cell in cells.items() if cell},
        group=group,
        problem=raw.problem or _hidden(raw_cells),
    )


def _variant(
    raw: RawRow,
    product: RawRow,
    terms: dict[str, Cell],
    names: dict[str, str],
    whole: set[str],
) -> RawRow:
    """A row of a variant; ``terms`` is what its product says of stock and sale."""
    raw_cells = raw.cells
    cells = {
        key: cell
        for key, cell in product.cells.items()
        if key in {"price", "sale_price", "image", "name"}
    }
    cells["sku"] = _field(raw_cells, _FIELDS["sku"]) or f"{product.group}-{raw.number}"
    for key in ("price", "sale_price"):
        text = _field(raw_cells, (key,))
        if _above_zero(text):
            cells[key] = text
            if key == "price" and not _above_zero(_field(raw_cells, ("sale_price",))):
                cells.pop("sale_price", None)
    options = f"{_field(raw_cells, ('options',))}{_field(raw_cells, ('product_name', 'name'))}"
    for name, value in _OPTION.findall(options):
        key = column_key(name)
        key = f"option_{key}" if key in _FIELDS else key
        cells[key] = _SWATCH.sub("", value.strip())
        names.setdefault(key, name.strip())
        whole.add(key)
    own = {key: cell for key, cell in raw_cells.items() if text_of(cell).strip()}
    cells["availability"] = _availability({**terms, **own})
    return RawRow(number=raw.number, cells=cells, group=product.group, problem=product.problem)


def _availability(raw_cells: dict[str, Cell]) -> str:
    if read_flag(_field(raw_cells, ("allow_purchases",))) is False:
        return "out of stock"
    stock = _field(raw_cells, _STOCK)
    tracking = _field(raw_cells, _TRACKING)
    tracked = tracking.lower() not in {"", "none"} and read_flag(tracking) is not False
    if not tracked or not stock:
        return "in stock"
    return "in stock" if _above_zero(stock) else "out of stock"


def _above_zero(text: str) -> bool:
    return re.search(r"[1-9]", text) is not None and not text.lstrip().startswith("-")


def _hidden(raw_cells: dict[str, Cell]) -> str:
    if read_flag(_field(raw_cells, ("product_visible", "is_visible"))) is False:
        return "the product is hidden from the shop"
    return ""
