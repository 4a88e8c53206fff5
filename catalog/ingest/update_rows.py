"""Updates as shops send them: rows with an id and what is new, turned into products as they are from now on.

A row names a product or a variant by ``id``. It may say ``price``, ``availability`` (or ``stock``, a number of
pieces), ``title``, ``description``, ``url``, ``image_url``, any facet by its key, or ``deleted``. What it does not
say stays as it is; an unknown id with a title is a new product.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog.errors import FeedError
from catalog.feeds import read_feed
from catalog.feeds.base import column_key
from catalog.inference.column_roles import role_named
from catalog.parsing.clean import plain_text, tidy
from catalog.parsing.offers import (
    LONGEST_DESCRIPTION,
    LONGEST_ID,
    LONGEST_TITLE,
    best_availability,
    lowest_price,
    picture,
    read_availability,
    web_address,
)
from catalog.parsing.values import is_missing, parse_number
from catalog.store import Catalog
from catalog.types import Availability, Facet, FacetKind, Money, Product, Value, Variant
from nlu.lexical.flags import read_flag
from nlu.lexical.money import parse_money
from nlu.lexical.units import factor

_OFFER = ("price", "sale_price", "currency", "availability", "stock")
_TEXTS = ("title", "description", "url", "image_url")
OWN = frozenset(("id", "deleted", "facets", "variants", *_OFFER, *_TEXTS))
LONGEST_LINE = 1_000_000
"""Letters of the longest line of JSON; no product of a shop is longer."""
_ROLE_FIELDS = {"image": "image_url"}
"""Roles that an update calls by another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDialect:
    """How the feed that was imported is written; its updates are written the same."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Column key -> the field of an update it holds."""
    price_mark: str = "."
    """Decimal mark of prices."""
    number_mark: str = "."
    """Decimal mark of other numbers."""

    @classmethod
    def of_import(cls, manifest: Mapping[str, Any]) -> FeedDialect:
        """What an import found out of its feed and kept in its manifest."""
        marks = manifest.get("marks", {})
        columns = {
            key: _ROLE_FIELDS.get(role, role)
            for role, key in manifest.get("columns", {}).items()
            if isinstance(key, str)
        }
        return cls(
            columns=columns,
            price_mark=marks.get("price", "."),
            number_mark=marks.get("numbers", "."),
        )

    def field_of(self, name: str, facets: Container[str]) -> str:
        """The field or facet that a column of an update speaks of."""
        key = column_key(name)
        if key in OWN or (key in facets and key not in self.columns):
            return key
        role = self.columns.get(key) or role_named(key)
        return _ROLE_FIELDS.get(role, role) or key


_PLAIN = FeedDialect()
"""Of a shop whose import said nothing else."""


class RefusedRow(ValueError):
    """A row that cannot be used; the text says why."""


@dataclass(slots=True, kw_only=True)
class Revision:
    """What an update comes to."""

    read: int = 0
    """Rows."""
    products: dict[str, Product | None] = field(default_factory=dict)
    """Product id -> the product from now on; None when it goes."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number, from 1, and why it was not used."""
    ignored: Counter[str] = field(default_factory=Counter)
    """Columns the shop has no facet for, and how many rows had them."""


def read_rows(path: Path, dialect: FeedDialect = _PLAIN) -> Iterator[Mapping[str, Any]]:
    """Rows of a file of JSON lines or JSON, or of anything that feeds are written in.

    Args:
        path: the file.
        dialect: how the shop's feed is written.

    Raises:
        FeedError: the file cannot be read as that, or names no products.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from error
    return _json_rows(path) if head in (b"{", b"[") else _feed_rows(path, dialect)


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    if text.lstrip().startswith("["):
        try:
            rows = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{path} is no JSON: {error}.") from error
    else:
        rows = (_json_line(line) for line in text.splitlines() if line.strip())
    for row in rows:
        yield row if isinstance(row, dict) else {}


def _json_line(line: str) -> Any:
    try:
        return json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        return None


def _feed_rows(path: Path, dialect: FeedDialect) -> Iterator[Mapping[str, Any]]:
    feed = read_feed(path)
    names = {key: feed.names.get(key, key) for row in feed.rows for key in row.cells}
    if not any(dialect.field_of(name, ()) == "id" for name in names.values()):
        raise FeedError(
            f"{path} has no column id; it has {', '.join(names.values())[:200] or 'no columns'}."
        )
    for row in feed.rows:
        yield {
            names[key]: list(cell) if isinstance(cell, tuple) else cell
            for key, cell in row.cells.items()
            if cell
        }


def revise(
    catalog: Catalog, rows: Iterable[Mapping[str, Any]], dialect: FeedDialect = _PLAIN
) -> Revision:
    """Work out what the rows make of the catalog; nothing is changed.

    Args:
        catalog: the shop as it is.
        rows: field or column name -> what it says.
        dialect: how the shop's feed is written.
    """
    revision = Revision()
    parents = {
        variant.id: product.id for product in catalog.products for variant in product.variants
    }
    for number, row in enumerate(rows, start=1):
        revision.read += 1
        try:
            _apply(_Shop(catalog, dialect), parents, _fields(row, catalog, dialect), revision)
        except RefusedRow as error:
            revision.refused.append((number, str(error)))
    return revision


@dataclass(frozen=True, slots=True)
class _Shop:
    """What the cells of an update are read with."""

    catalog: Catalog
    dialect: FeedDialect


def _fields(row: Mapping[str, Any], catalog: Catalog, dialect: FeedDialect) -> dict[str, Any]:
    """The row by fields; of two columns for one field the first that says something counts."""
    fields: dict[str, Any] = {}
    for name, cell in row.items():
        key = dialect.field_of(str(name), catalog.facets)
        if fields.get(key) in (None, ""):
            fields[key] = cell
    return fields


def _apply(
    shop: _Shop, parents: Mapping[str, str], row: dict[str, Any], revision: Revision
) -> None:
    row_id = tidy(str(row.get("id") if row.get("id") is not None else ""))
    if not row_id or len(row_id) > LONGEST_ID:
        raise RefusedRow(
            f"a row needs an id of at most {LONGEST_ID} letters; this is no JSON or has none"
        )
    product_id = row_id
    variant_id = ""
    if (
        shop.catalog.position(row_id) is None
        and row_id in parents
        and row_id not in revision.products
    ):
        product_id, variant_id = parents[row_id], row_id
    old = revision.products.get(product_id, shop.catalog.product(product_id))
    deleted = (
        row.get("deleted") not in (None, False, "") and read_flag(str(row["deleted"])) is not False
    )
    if deleted and old is None:
        raise RefusedRow(f"the shop has no product {row_id!r} to remove")
    if deleted and not variant_id:
        revision.products[product_id] = None
        return
    for key in row:
        if key not in OWN and key not in shop.catalog.facets:
            revision.ignored[key] += 1
    if old is None:
        old = _new(product_id, row)
    if variant_id:
        revision.products[product_id] = _with_variant(shop, old, variant_id, row, deleted=deleted)
    else:
        revision.products[product_id] = _changed(shop, old, row)


def _new(product_id: str, row: Mapping[str, Any]) -> Product:
    if not tidy(str(row.get("title") or "")):
        raise RefusedRow(f"the shop has no product {product_id!r}, and a new one needs a title")
    return Product(id=product_id, title="")


def _changed(shop: _Shop, old: Product, row: Mapping[str, Any]) -> Product:
    title = tidy(str(row["title"])) if row.get("title") else old.title
    if len(title) > LONGEST_TITLE:
        raise RefusedRow(
            f"the title has {len(title):,} letters, at most {LONGEST_TITLE} are allowed"
        )
    changes: dict[str, Any] = {"title": title}
    if row.get("description") is not None:
        changes["description"] = plain_text(str(row["description"]))[:LONGEST_DESCRIPTION]
    if row.get("url"):
        changes["url"] = web_address(str(row["url"]))
    if row.get("image_url"):
        changes["image_url"] = picture(str(row["image_url"]))
    stock = _stock(row)
    if stock is not None:
        changes["availability"] = stock
        if old.variants:  # said of the whole product, so of every form of it
            changes["variants"] = tuple(replace(v, availability=stock) for v in old.variants)
    facets = {**old.facets, **_facets(shop, row)}
    price = _price(shop, row)
    if price is not None:
        changes |= {"price": price, "regular_price": None, "sale": None}
        if "price" in shop.catalog.facets:
            facets["price"] = (float(price.amount),)
        forms: tuple[Variant, ...] = changes.get("variants", old.variants)
        if forms:
            changes["variants"] = tuple(_priced(form, price) for form in forms)
    changes["facets"] = {key: values for key, values in facets.items() if values}
    return replace(old, **changes)


def _with_variant(
    shop: _Shop, old: Product, variant_id: str, row: Mapping[str, Any], *, deleted: bool
) -> Product:
    """The product after one of its variants changed; its price and stock follow from all of them."""
    forms: list[Variant] = []
    price, stock = _price(shop, row), _stock(row)
    for form in old.variants:
        if form.id != variant_id:
            forms.append(form)
        elif not deleted:
            priced = _priced(form, price) if price is not None else form
            forms.append(replace(priced, availability=stock) if stock is not None else priced)
    if not forms:
        return replace(old, variants=(), availability=Availability.OUT_OF_STOCK)
    lowest = lowest_price(forms)
    facets = dict(old.facets)
    if lowest is not None and "price" in shop.catalog.facets:
        facets["price"] = (float(lowest.amount),)
    return replace(
        old,
        variants=tuple(forms),
        price=lowest,
        facets=facets,
        availability=best_availability([form.availability for form in forms]),
    )


def _priced(form: Variant, price: Money) -> Variant:
    facets = dict(form.facets)
    if "price" in facets:
        facets["price"] = (float(price.amount),)
    return replace(form, price=price, facets=facets, regular_price=None, sale=None)


def _price(shop: _Shop, row: Mapping[str, Any]) -> Money | None:
    """What is paid: the sale price where it is lower; None when the row says nothing of it."""
    regular, sale = (_amount(shop, row, key) for key in ("price", "sale_price"))
    if regular is not None and (sale is None or not 0 < sale.amount < regular.amount):
        return regular
    return sale


def _amount(shop: _Shop, row: Mapping[str, Any], key: str) -> Money | None:
    cell = row.get(key)
    if cell is None or cell == "":
        return None
    stated, own = str(row.get("currency") or "").upper(), _currency(shop)
    if isinstance(cell, Mapping):
        stated = str(cell.get("currency") or stated).upper()
        cell = cell.get("amount")
    # A number of JSON is no text of the shop's: its mark is always the dot.
    mark = shop.dialect.price_mark if isinstance(cell, str) else "."
    parsed = parse_money(tidy(str(cell)), mark, own)
    if parsed is None:
        raise RefusedRow(f"the price {str(cell)[:40]!r} cannot be read as an amount of money")
    amount, currency = parsed[0], parsed[1] or stated or own
    if amount < 0:
        raise RefusedRow("the price is negative")
    if currency != own:
        raise RefusedRow(f"the price is in {currency}, the shop's prices are in {own}")
    cents = amount.quantize(Decimal("0.01"))
    return Money(amount=cents if cents == amount else amount.normalize(), currency=currency)


def _currency(shop: _Shop) -> str:
    price = shop.catalog.facets.get("price")
    return (price.unit if price is not None else None) or shop.catalog.config.currency


def _stock(row: Mapping[str, Any]) -> Availability | None:
    cell = row.get("stock") if row.get("stock") is not None else row.get("availability")
    if cell is None or cell == "":
        return None
    availability = read_availability(str(cell))
    if availability is Availability.UNKNOWN and str(cell).strip().lower() != "unknown":
        raise RefusedRow(
            f'the stock {str(cell)[:40]!r} cannot be read; give "in stock", "out of stock", '
            '"preorder", "backorder" or a number of pieces'
        )
    return availability


def _facets(shop: _Shop, row: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    """The facets a row states; an empty cell or null takes the value away."""
    nested_cells = row.get("facets")
    cells = {key: cell for key, cell in row.items() if key not in OWN}
    if isinstance(nested_cells, Mapping):
        cells.update({str(key): cell for key, cell in nested_cells.items()})
    facets: dict[str, tuple[Value, ...]] = {}
    for key, cell in cells.items():
        facet = shop.catalog.facets.get(key)
        if facet is None or key == "price":
            continue
        texts: Sequence[Any] = cell if isinstance(cell, list) else [cell]
        values = [value for text in texts for value in _values(facet, text, shop.dialect)]
        facets[key] = tuple(dict.fromkeys(values))
    return facets


def _values(facet: Facet, cell: Any, dialect: FeedDialect) -> list[Value]:
    text = tidy(str(cell)) if cell is not None else ""
    if is_missing(text):
        return []
    if facet.kind is FacetKind.FLAG:
        flag = cell if isinstance(cell, bool) else read_flag(text)
        if flag is None:
            raise RefusedRow(f"{facet.key} takes yes or no, not {text[:40]!r}")
        return [flag]
    if facet.kind is FacetKind.NUMBER:
        return [_number(facet, text, dialect.number_mark if isinstance(cell, str) else ".")]
    known_values = {str(value.value).casefold(): value.value for value in facet.values}
    if text.casefold() in known_values:
        return [known_values[text.casefold()]]
    parts = [part.strip() for part in re.split(r"[,;|/]", text) if part.strip()]
    if len(parts) > 1 and all(part.casefold() in known_values for part in parts):
        return [known_values[part.casefold()] for part in parts]
    return [text]


def _number(facet: Facet, text: str, mark: str) -> float:
    parsed = parse_number(text, mark)
    if parsed is None:
        raise RefusedRow(f"{facet.key} takes a number, not {text[:40]!r}")
    number, unit = parsed
    if unit is None or facet.unit is None:
        return number
    rate = factor(unit, facet.unit)
    if rate is None:
        raise RefusedRow(f"{facet.key} is measured in {facet.unit}, not in {unit[:20]}")
    return round(number * rate, 6)
