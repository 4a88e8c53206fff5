"""WooCommerce product exports: variations under their parent, attributes as columns of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from catalog.feeds.base import Cell, Feed, RawRow, column_key, split_escaped, text_of
from catalog.feeds.rows import Rows
from nlu.lexical.flags import read_flag

_KEPT = {
    "sku": "sku",
    "name": "name",
    "description": "description",
    "categories": "categories",
    "tags": "tags",
    "brands": "brands",
    "images": "image",
    "weight_kg": "weight_kg",
    "length_cm": "length_cm",
    "width_cm": "width_cm",
    "height_cm": "height_cm",
    "external_url": "url",
}
_GERMAN = {
    "typ": "type",
    "artikelnummer": "sku",
    "ver\u00f6ffentlicht": "published",
    "sichtbarkeit_im_katalog": "visibility_in_catalog",
    "kurzbeschreibung": "short_description",
    "beschreibung": "description",
    "vorr\u00e4tig": "in_stock",
    "lieferr\u00fcckst\u00e4nde_erlaubt": "backorders_allowed",
    "gewicht_kg": "weight_kg",
    "l\u00e4nge_cm": "length_cm",
    "breite_cm": "width_cm",
    "h\u00f6he_cm": "height_cm",
    "angebotspreis": "sale_price",
    "datum_an_dem_der_angebotspreis_beginnt": "date_sale_price_starts",
    "datum_an_dem_der_angebotspreis_endet": "date_sale_price_ends",
    "angebotspreis_beginnt": "date_sale_price_starts",
    "angebotspreis_endet": "date_sale_price_ends",
    "ist_hervorgehoben": "is_featured",
    "name": "name",
    "lager": "stock",
    "lagerbestand": "stock",
    "button_text": "button_text",
    "steuerstatus": "tax_status",
    "steuerklasse": "tax_class",
    "einzelverkauf": "sold_individually",
    "kundenrezensionen_erlauben": "allow_customer_reviews",
    "versandklasse": "shipping_class",
    "position": "position",
    "regul\u00e4rer_preis": "regular_price",
    "kategorien": "categories",
    "schlagw\u00f6rter": "tags",
    "marken": "brands",
    "bilder": "images",
    "\u00fcbergeordnetes_produkt": "parent",
    "externe_url": "external_url",
}
"""Columns as a shop that speaks German exports them."""
_NAME = re.compile(r"attribute_(\d+)_name$")


def is_woocommerce(feed: Feed) -> bool:
    """Whether the columns are those of a WooCommerce export."""
    keys = set(feed.names)
    return {"type", "sku", "name", "regular_price"} <= keys and bool(
        keys & {"attribute_1_name", "visibility_in_catalog", "tax_status", "published", "in_stock"}
    )


def in_english(feed: Feed) -> Feed:
    """An export of a shop that speaks German with its columns named as in English; others as they are."""
    if not {"typ", "artikelnummer", "regul\u00e4rer_preis"} <= set(feed.names):
        return feed
    keys = {
        key: _GERMAN.get(key) or re.sub(r"^attribut_(\d+)_wert_e$", r"attribute_\1_value_s", key)
        for key in feed.names
    }
    keys = {key: re.sub(r"^attribut_(?=\d+_name$)", "attribute_", new) for key, new in keys.items()}
    names = {new: feed.names[key] for key, new in keys.items()}
    rows = Rows(
        replace(row, cells={keys[key]: cell for key, cell in row.cells.items()})
        for row in feed.rows
    )
    return replace(feed, rows=rows, names=names)


def read_woocommerce(feed: Feed) -> Feed:
    """The rows with attributes as columns, variations grouped, the price that is asked, stock as availability."""
    skus = {
        f"id:{text_of(raw.cells.get('id'))}": text_of(raw.cells.get("sku")) for raw in feed.rows
    }
    numbers = [match.group(1) for key in feed.names if (match := _NAME.match(key))]
    names = dict(feed.names)
    for key, column in (("description", "short_description"), ("price", "regular_price")):
        if column in feed.names:
            names.setdefault(key, feed.names[column])
    whole = {"categories", "tags", "brands"}
    rows = Rows(_row(raw, skus, numbers, names, whole) for raw in feed.rows)
    return Feed(
        format="woocommerce", rows=rows, names=names, title=feed.title, whole=frozenset(whole)
    )


def _row(
    raw: RawRow, skus: dict[str, str], numbers: list[str], names: dict[str, str], whole: set[str]
) -> RawRow:
    raw_cells = raw.cells
    cells: dict[str, Cell] = {
        new: raw_cells[old] for old, new in _KEPT.items() if raw_cells.get(old)
    }
    identity = text_of(raw_cells.get("sku")) or text_of(raw_cells.get("id"))
    cells["sku"] = identity
    kinds = {kind.strip().lower() for kind in text_of(raw_cells.get("type")).split(",")}
    cells.setdefault("description", raw_cells.get("short_description", ""))
    for key in ("tags", "brands"):
        if key in cells:
            cells[key] = split_escaped(text_of(cells[key]))
    levels = dict.fromkeys(
        level.strip()
        for path in split_escaped(text_of(raw_cells.get("categories")))
        for level in re.split(r"\s*>\s*", path)
        if level.strip()
    )
    if levels:
        cells["categories"] = tuple(levels)
    images = re.split(r",\s*(?=https?://)", text_of(raw_cells.get("images")))
    if images[0]:
        cells["image"] = images[0].strip()
    for number in numbers:
        _attribute(raw_cells, number, cells, names, whole)
    for key, cell in raw_cells.items():
        if key not in _KEPT and key.startswith(("swatch", "pa_", "meta_pa_")):
            cells[key] = cell
    _prices(raw_cells, cells, names)
    cells["availability"] = _availability(raw_cells)
    parent = text_of(raw_cells.get("parent")).strip()
    group = skus.get(parent.replace(" ", ""), parent) if "variation" in kinds else ""
    if "variable" in kinds:
        group = identity
    return RawRow(
        number=raw.number,
        cells=cells,
        group=group,
        parent="variable" in kinds,
        problem=raw.problem or _hidden(raw_cells),
    )


def _prices(raw_cells: dict[str, Cell], cells: dict[str, Cell], names: dict[str, str]) -> None:
    """The regular price, and the sale price with its days."""
    regular, sale = (text_of(raw_cells.get(key)) for key in ("regular_price", "sale_price"))
    if regular or sale:
        cells["price"] = regular or sale
        names.setdefault("price", "Price")
    if regular and sale:
        cells["sale_price"] = sale
        for key, days in (("sale_starts", "starts"), ("sale_ends", "ends")):
            if text := text_of(raw_cells.get(f"date_sale_price_{days}")):
                cells[key] = text
                names.setdefault(key, f"Date sale price {days}")


def _attribute(
    raw_cells: dict[str, Cell],
    number: str,
    cells: dict[str, Cell],
    names: dict[str, str],
    whole: set[str],
) -> None:
    name = text_of(raw_cells.get(f"attribute_{number}_name")).strip()
    key = column_key(name.removeprefix("pa_"))
    text = text_of(raw_cells.get(f"attribute_{number}_value_s"))
    # "1,5" is a number, "M,L" are two sizes; where one comma is escaped, the others are marks.
    values = split_escaped(text if "\\," in text else re.sub(r",(?=\d)", r"\\,", text))
    if key and values:
        key = key if key not in {"price", "name", "sku"} else f"attribute_{key}"
        cells[key] = values
        whole.add(key)
        names.setdefault(key, name)


def _availability(raw_cells: dict[str, Cell]) -> str:
    stock = text_of(raw_cells.get("in_stock")).strip().lower()
    flag = read_flag(stock)
    if flag or stock == "instock":
        return "in stock"
    if stock == "backorder":
        return "backorder"
    if flag is False or stock == "outofstock":
        backorders = text_of(raw_cells.get("backorders_allowed")).strip().lower()
        return "backorder" if read_flag(backorders) or backorders == "notify" else "out of stock"
    return ""


def _hidden(raw_cells: dict[str, Cell]) -> str:
    if text_of(raw_cells.get("published")).strip() in {"0", "-1"}:
        return "the product is not published"
    if text_of(raw_cells.get("visibility_in_catalog")).strip().lower() == "hidden":
        return "the product is hidden from the catalog"
    return ""
