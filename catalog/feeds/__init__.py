"""Reading feeds: bytes in, rows of text out; what the rows mean is decided elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from catalog.errors import FeedError
from catalog.feeds.archive import unpacked
from catalog.feeds.base import Feed, RawRow
from catalog.feeds.bigcommerce import is_bigcommerce, read_bigcommerce
from catalog.feeds.continuation_rows import read_continued
from catalog.feeds.delimited import read_delimited
from catalog.feeds.json_feed import read_json
from catalog.feeds.magento import is_magento, read_magento
from catalog.feeds.parquet import read_parquet
from catalog.feeds.prestashop import is_prestashop, read_prestashop
from catalog.feeds.repairs import repair_cells
from catalog.feeds.shopify import is_shopify, read_shopify
from catalog.feeds.shopware import is_shopware, read_shopware
from catalog.feeds.sniff import FORMATS, shape_of
from catalog.feeds.source import Source
from catalog.feeds.tag_facets import expand_tags
from catalog.feeds.unit_columns import join_units
from catalog.feeds.woocommerce import in_english, is_woocommerce, read_woocommerce
from catalog.feeds.xml_feed import read_xml

__all__ = ["FORMATS", "Feed", "RawRow", "read_feed"]

_SHAPES = {
    "json": "json",
    "parquet": "parquet",
    "csv": "csv",
    "shopify": "csv",
    "woocommerce": "csv",
}


_PLATFORMS = (
    (is_magento, read_magento),
    (is_bigcommerce, read_bigcommerce),
    (is_shopware, read_shopware),
    (is_prestashop, read_prestashop),
)
"""What a table is recognised by, and what reads it."""


def read_feed(path: Path, format: str = "auto") -> Feed:
    """Read a shop's export.

    Args:
        path: the file, or a gz or zip archive of it.
        format: one of `FORMATS`; "auto" looks at the content.

    Raises:
        FeedError: the file is missing, too large, or nothing can be read from it.
    """
    if format not in FORMATS:
        raise FeedError(f"Unknown format {format!r}. Allowed are {', '.join(FORMATS)}.")
    with unpacked(Source.of(path)) as source:
        feed = _read_source(source, format)
    if not feed.rows:
        raise FeedError(
            "The feed has no rows below its column names. Export it again with the products in it."
        )
    return join_units(expand_tags(repair_cells(feed)))


def _read_source(source: Source, format: str) -> Feed:
    shape = shape_of(source)
    wanted = _SHAPES.get(format, shape)
    if wanted != shape and not (format == "google" and shape == "csv"):
        raise FeedError(
            f"The feed looks like {shape.upper()}, not {format}. Leave out --format, or name the right one."
        )
    if format == "google" and shape not in {"xml", "csv"}:
        raise FeedError(
            f"The feed looks like {shape.upper()}; Google feeds are XML or tab-separated text."
        )
    return _read(source, shape, format)


def _read(source: Source, shape: str, wanted: str) -> Feed:
    if shape == "xml":
        return read_xml(source)
    if shape == "json":
        return read_json(source)
    if shape == "parquet":
        return read_parquet(source)
    table = in_english(read_delimited(source))
    if wanted == "shopify" or (wanted == "auto" and is_shopify(table)):
        _require(table, is_shopify(table), "shopify", "Handle, Title, Variant Price")
        return read_shopify(table)
    if wanted == "woocommerce" or (wanted == "auto" and is_woocommerce(table)):
        _require(table, is_woocommerce(table), "woocommerce", "Type, SKU, Name, Regular price")
        return read_woocommerce(table)
    for fits, read in _PLATFORMS:
        if fits(table):
            return read(table)
    if wanted == "google" or {"id", "title", "link", "price", "availability"} <= set(table.names):
        return replace(table, format="google")
    return read_continued(table) or table


def _require(table: Feed, fits: bool, name: str, columns: str) -> None:  # noqa: FBT001 - private
    if not fits:
        column_names = ", ".join(list(table.names.values())[:8])
        raise FeedError(
            f"This is no {name} export: it needs the columns {columns}; found {column_names}."
        )
