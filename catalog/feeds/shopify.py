"""Shopify product exports, old and new column names: rows of one handle are one product and its variants."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.feeds.base import Cell, Feed, RawRow, column_key, entries, text_of
from catalog.feeds.rows import Rows
from catalog.parsing.wordlist import words
from nlu.lexical.flags import read_flag

_TECHNICAL = words(
    "variant_inventory_tracker variant_inventory_policy variant_fulfillment_service "
    "variant_requires_shipping variant_taxable image_position image_alt_text gift_card "
    "seo_title seo_description variant_weight_unit variant_tax_code cost_per_item status "
    "published variant_barcode google_shopping_mpn google_shopping_adwords_grouping "
    "google_shopping_adwords_labels google_shopping_custom_product variant_inventory_qty "
    "variant_compare_at_price compare_at_price inventory_tracker inventory_quantity "
    "continue_selling_when_out_of_stock charge_tax tax_code requires_shipping "
    "fulfillment_service barcode weight_unit_for_display published_on_online_store "
    "included_primary included_international variant_grams weight_value_grams "
    "unit_price_total_measure unit_price_total_measure_unit unit_price_base_measure "
    "unit_price_base_measure_unit variant_image variant_image_url google_shopping_condition "
    "price_primary compare_at_price_primary price_international "
    "compare_at_price_international google_shopping_google_product_category"
)
_RENAMED = {
    "url_handle": "handle",
    "product_handle": "handle",
    "body_html": "description",
    "variant_price": "price",
    "variant_sku": "sku",
    "image_src": "image",
    "product_image_url": "image",
}
_ROLES = frozenset(
    {"price", "title", "description", "sku", "image", "availability", "handle", "tags"}
)
_DEFAULT = "default title"


def is_shopify(feed: Feed) -> bool:
    """Whether the columns are those of a Shopify export."""
    keys = set(feed.names)
    handle = keys & {"handle", "url_handle", "product_handle"}
    return bool(handle) and bool(
        keys & {"option1_name", "variant_price", "option1_value", "body_html"}
    )


def read_shopify(feed: Feed) -> Feed:
    """The rows with options as columns of their own, grouped by handle, stock as availability."""
    names = dict(feed.names)
    return Feed(
        format="shopify",
        rows=Rows(_rows(feed, names)),
        names=names,
        title=feed.title,
        technical=_TECHNICAL | {"handle"},
    )


def _rows(feed: Feed, names: dict[str, str]) -> Iterator[RawRow]:
    options: dict[str, dict[int, str]] = {}
    says_tracker = bool({"variant_inventory_tracker", "inventory_tracker"} & set(feed.names))
    for raw in feed.rows:
        handle = text_of(
            raw.cells.get("handle")
            or raw.cells.get("url_handle")
            or raw.cells.get("product_handle")
        )
        first = handle not in options
        option_names = options.setdefault(handle, {})
        row = _row(raw, handle.strip(), option_names, names)
        row.cells["availability"] = _availability(raw, says_tracker=says_tracker)
        if first or _is_variant(raw):  # anything else is a further picture of the product
            yield row


def _is_variant(raw: RawRow) -> bool:
    wanted = ("option1_value", "variant_price", "variant_sku", "price", "sku")
    return bool(raw.problem) or any(raw.cells.get(key) for key in wanted)


def _row(raw: RawRow, handle: str, known: dict[int, str], names: dict[str, str]) -> RawRow:
    cells: dict[str, Cell] = {}
    for key, cell in raw.cells.items():
        if not key.startswith(("option1_", "option2_", "option3_")):
            cells[_RENAMED.get(key, key)] = cell
    for position in (1, 2, 3):
        name = text_of(raw.cells.get(f"option{position}_name")).strip()
        if name:
            known[position] = name
        value = text_of(raw.cells.get(f"option{position}_value")).strip()
        if value and value.lower() != _DEFAULT and position in known:
            key = column_key(known[position])
            key = f"option_{key}" if key in _ROLES else key
            cells[key] = value
            names.setdefault(key, known[position])
    if cells.get("tags"):
        cells["tags"] = entries(cells["tags"])
    if raw.cells.get("variant_image"):
        cells["image"] = raw.cells["variant_image"]
    problem = raw.problem
    if text_of(raw.cells.get("status")).lower() in {"draft", "archived"}:
        problem = problem or f"the product is {text_of(raw.cells['status']).lower()}, not for sale"
    elif (
        read_flag(text_of(raw.cells.get("published", raw.cells.get("published_on_online_store"))))
        is False
    ):
        problem = problem or "the product is not published"
    return RawRow(number=raw.number, cells=cells, group=handle, problem=problem)


def _availability(raw: RawRow, *, says_tracker: bool) -> str:
    """Stock; a blank tracker, in a feed that has the column, says that the shop does not count it."""
    tracker = text_of(
        raw.cells.get("variant_inventory_tracker") or raw.cells.get("inventory_tracker")
    ).strip()
    quantity = text_of(
        raw.cells.get("variant_inventory_qty") or raw.cells.get("inventory_quantity")
    ).strip()
    policy = (
        text_of(
            raw.cells.get("variant_inventory_policy")
            or raw.cells.get("continue_selling_when_out_of_stock")
        )
        .strip()
        .lower()
    )
    if not quantity or not quantity.lstrip("-").isdigit() or int(quantity) > 0:
        return "in stock"
    if not tracker and (says_tracker or policy != "deny"):
        return "in stock"
    return "backorder" if policy == "continue" or read_flag(policy) else "out of stock"
