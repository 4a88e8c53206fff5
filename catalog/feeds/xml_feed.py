"""XML feeds: Google Merchant in RSS or Atom, with or without ``g:``, and plain lists of elements.

The parser resolves no entities, loads no DTD and opens no address; a feed with a DOCTYPE is refused outright.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from catalog.errors import FeedError
from catalog.feeds.base import Cell, Feed, RawRow, Repairs, column_key
from catalog.feeds.repairs import RepairedXml
from catalog.feeds.rows import Rows
from catalog.feeds.source import Source

_TECHNICAL = re.compile(
    r"(?:tax|shipping|additional_image_link|mobile_link|identifier_exists|custom_label|ads_|adwords|excluded_destination|"
    r"included_destination|google_product_category|cost_of_goods|min_handling|max_handling|transit|"
    r"installment|loyalty|promotion_id|display_ads|pause|updated|published|author|unit_pricing)"
)
_ITEM_TAGS = frozenset({"item", "entry", "product", "offer", "row", "record"})
_REFUSED = (
    "The feed has a DOCTYPE or entity declarations, which are refused for safety. "
    "Remove the <!DOCTYPE ...> part."
)


def read_xml(source: Source) -> Feed:
    """Rows of an XML feed: one for each item; nested elements become ``parent_child`` columns.

    Raises:
        FeedError: the XML is broken, has a DOCTYPE, or holds no items.
    """
    head = source.start().lower()
    if "<html" in head[:2048]:
        raise FeedError(
            "The file is a web page, not a feed. Check the address it was fetched from."
        )
    if "<!doctype" in head or "<!entity" in head:
        raise FeedError(_REFUSED)
    names: dict[str, str] = {}
    title: list[str] = []
    repairs = Repairs()
    rows = Rows(_rows(source, names, title, repairs))
    if not rows:
        raise FeedError(
            "The XML has no products in it. Allowed are RSS (<item>), Atom (<entry>) "
            "or a list of <product> elements."
        )
    technical = frozenset(key for key in names if _TECHNICAL.match(key))
    return Feed(
        format="google",
        rows=rows,
        names=names,
        title=title[0] if title else "",
        technical=technical,
        repairs=repairs,
    )


def _rows(
    source: Source, names: dict[str, str], title: list[str], repairs: Repairs
) -> Iterator[RawRow]:
    with source.path.open("rb") as file:
        # In UTF-16 every other byte is zero; only where markup is ASCII can the bytes be mended.
        wide = b"\x00" in source.head[:4] or source.head.startswith((b"\xff\xfe", b"\xfe\xff"))
        yield from _items(file if wide else RepairedXml(file, repairs), names, title)


def _items(
    file: BinaryIO | RepairedXml, names: dict[str, str], title: list[str]
) -> Iterator[RawRow]:
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    number, inside, first = 0, 0, True
    try:
        for event, element in events:
            if first:
                first = False
                if element.getroottree().docinfo.doctype:
                    raise FeedError(_REFUSED)
            item = _local(element) in _ITEM_TAGS and element.getparent() is not None
            if event == "start":
                inside += item
                continue
            if item:
                inside -= 1
                if inside == 0:
                    number += 1
                    yield RawRow(number=number, cells=_cells(element, names))
                    _forget(element)
            elif not inside and _local(element) == "title" and not title and not number:
                title.append((element.text or "").strip())
    except etree.XMLSyntaxError as error:
        reason = " ".join((error.msg or "it ends too early").split())
        raise FeedError(f"The feed is not well-formed XML: {reason}.") from error


def _cells(item: etree._Element, names: dict[str, str]) -> dict[str, Cell]:
    results: dict[str, list[str]] = {}
    for child in item:
        _gather(child, "", results, names, 0)
    return {
        key: values[0] if len(values) == 1 else tuple(values[:500])
        for key, values in results.items()
    }


def _gather(
    element: etree._Element,
    prefix: str,
    found: dict[str, list[str]],
    names: dict[str, str],
    depth: int,
) -> None:
    local = _local(element)
    name = f"{prefix}_{local}" if prefix else local
    children = [child for child in element if isinstance(child.tag, str)]
    if children and depth < 4:
        detail = {_local(child): (child.text or "").strip() for child in children}
        if detail.get("attribute_name") and detail.get("attribute_value"):
            _add(detail["attribute_name"], detail["attribute_value"], found, names)
            return
        if local not in {"description", "content", "summary"}:
            for child in children:
                _gather(child, name, found, names, depth + 1)
            return
    text = "".join(map(str, element.itertext())).strip() or str(element.get("href") or "").strip()
    _add(name, text, found, names)


def _add(name: str, text: str, found: dict[str, list[str]], names: dict[str, str]) -> None:
    key = column_key(name)
    if key and text:
        found.setdefault(key, []).append(text)
        names.setdefault(key, name)


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free an item that has been read, and what came before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
