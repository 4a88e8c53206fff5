"""Rows to products: every field read from its row, variants gathered under their product, bad rows set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from catalog.feeds.base import Cell, RawRow, text_of
from catalog.inference.column_roles import names_a_kind
from catalog.inference.columns import cell_text
from catalog.inference.readings import ColumnReading
from catalog.inference.schema import FeedSchema
from catalog.ingest.shifted_rows import ShiftDetector
from catalog.parsing.clean import plain_text, slug, tidy
from catalog.parsing.labels import value_text
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
from catalog.parsing.values import bracketed, is_missing
from catalog.roles import Roles
from catalog.sales import price_at
from catalog.types import Availability, Money, Product, Sale, Value, Variant
from nlu.lexical.dates import read_interval, read_moment
from nlu.lexical.money import currency_of, money_in

_Facets = dict[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a row is not in the catalog."""

    row: int
    """Row number as `catalog.feeds.RawRow` counts."""
    field: str
    """The column at fault; empty when it is the whole row."""
    value: str
    """What stands there, cut to 200 letters."""
    reason: str
    """In plain words."""


@dataclass(slots=True, kw_only=True)
class _Item:
    """One readable row."""

    row: RawRow
    id: str
    title: str
    description: str
    price: Money | None
    regular_price: Money | None
    sale: Sale | None
    availability: Availability
    url: str
    image: str
    facets: _Facets


_AMISS = {1: "too many", -1: "missing"}
"""What is wrong with the separators of a row whose cells stand too far to the right or left."""


class Builder:
    """Builds the products of one feed.

    Args:
        roles: which column holds what.
        readings: column key -> how its texts are read; only facets.
        currency: ISO code for prices that state none, and the only one allowed.
        mark: decimal mark of prices.
        columns: keys of all columns in the order of the feed; rows out of step with them are refused.
        title_of: makes a title where no column holds one; None rejects such rows.
        now: the moment whose prices are taken, in the time of the shop; None is this one.
    """

    def __init__(
        self,
        *,
        roles: Roles,
        readings: Mapping[str, ColumnReading],
        currency: str,
        mark: str,
        columns: Sequence[str] = (),
        title_of: Callable[[Mapping[str, tuple[Value, ...]]], str] | None = None,
        now: datetime | None = None,
    ) -> None:
        self._roles = roles
        self._readings = readings
        self._currency = currency
        self._mark = mark
        self._shifts = ShiftDetector(columns, readings)
        self._title_of = title_of
        self._now = now or datetime.now().astimezone()
        self._slugs: Counter[str] = Counter()
        self._amounts: dict[str, tuple[Decimal, str | None] | None] = {}
        self._rejections: list[Rejection] = []
        self._taken: set[str] = set()

    @property
    def rejections(self) -> list[Rejection]:
        """The rows refused so far."""
        return self._rejections

    def products(self, rows: Iterable[RawRow], last: Mapping[str, int]) -> Iterator[Product]:
        """Products in the order their first rows have in the feed, each as soon as it is complete.

        Args:
            rows: the feed.
            last: group -> how many rows into the feed its last row stands, counted from 1.
        """
        open_groups: dict[str, list[_Item]] = {}
        for position, row in enumerate(rows, start=1):
            item = self._item(row)
            if item is not None:
                open_groups.setdefault(row.group or f"\x00{row.number}", []).append(item)
            while open_groups:
                group = next(iter(open_groups))
                if last.get(group, 0) > position:
                    break
                product = self._product(group, open_groups.pop(group))
                if product is not None:
                    yield product

    def _reject(self, row: RawRow, where: str, value: str, reason: str) -> None:
        self._rejections.append(
            Rejection(row=row.number, field=where, value=tidy(value[:400])[:200], reason=reason)
        )

    # ---- one row ----

    def _item(self, row: RawRow) -> _Item | None:
        roles = self._roles
        if row.problem:
            self._reject(row, "", "", row.problem)
            return None
        if shift := self._shifts.shift(row):
            side = "right" if shift > 0 else "left"
            reason = f"its cells stand one column too far to the {side}"
            self._reject(row, "", "", f"{reason}; a separator is {_AMISS[shift]} in this row")
            return None
        priced = self._price(row)
        if isinstance(priced, str):
            return None
        regular, sale = priced
        price = price_at(regular, sale, self._now)
        planned = sale if sale is not None and (sale.starts or sale.ends) else None
        facets = self._facets(row)
        if price is not None:
            facets["price"] = (float(price.amount),)
        title = _joined([tidy(cell_text(row, key)) for key in roles.title])
        if not title and self._title_of is not None:
            title = self._title_of(facets)
        if not title and not row.group:
            self._reject(
                row, roles.title[0] if roles.title else "title", "", "the product has no title"
            )
            return None
        if len(title) > LONGEST_TITLE:
            reason = f"the title has {len(title):,} letters, at most {LONGEST_TITLE} are allowed"
            self._reject(row, roles.title[0] if roles.title else "title", title, reason)
            return None
        return _Item(
            row=row,
            id=tidy(cell_text(row, roles.id))[:LONGEST_ID],
            title=title,
            description=plain_text(cell_text(row, roles.description))[:LONGEST_DESCRIPTION],
            price=price,
            regular_price=regular if planned else None,
            sale=planned,
            availability=read_availability(cell_text(row, roles.availability)),
            url=web_address(_first(row.cells.get(roles.url))),
            image=picture(_first(row.cells.get(roles.image))),
            facets=facets,
        )

    def _price(self, row: RawRow) -> tuple[Money | None, Sale | None] | str:
        """The regular price and the sale; the reason as text when the row was rejected for it."""
        roles = self._roles
        regular = self._money(row, roles.price, cell_text(row, roles.price))
        if isinstance(regular, str):
            return regular
        text = cell_text(row, roles.sale_price)
        amount = self._money(row, roles.sale_price, text) if text else None
        if not isinstance(amount, Money) or regular is None or not amount.amount > 0:
            return regular, None
        starts, ends = self._sale_dates(row)
        return regular, Sale(price=amount, starts=starts, ends=ends)

    def _sale_dates(self, row: RawRow) -> tuple[datetime | None, datetime | None]:
        """When the sale begins and ends; a sale whose dates cannot be read never begins."""
        first, last = (
            cell_text(row, key) for key in (self._roles.sale_starts, self._roles.sale_ends)
        )
        zone = self._now.tzinfo or UTC
        stretch = read_interval(first, zone)
        if stretch is not None:
            return stretch
        starts, ends = read_moment(first, zone), read_moment(last, zone, end=True)
        unread = (first and starts is None) or (last and ends is None)
        return (datetime.max.replace(tzinfo=UTC), None) if unread else (starts, ends)

    def _money(self, row: RawRow, key: str, text: str) -> Money | str | None:
        if not text:
            return None
        if text not in self._amounts:
            self._amounts[text] = money_in(tidy(text), self._currency, self._mark)
        parsed = self._amounts[text]
        if parsed is None:
            reason = "the price cannot be read as an amount of money"
        elif parsed[0] < 0:
            reason = "the price is negative"
        else:
            stated = (
                parsed[1] or currency_of(cell_text(row, self._roles.currency)) or self._currency
            )
            if stated == self._currency:
                return Money(amount=_plain(parsed[0]), currency=stated)
            reason = f"the price is in {stated}, the shop's prices are in {self._currency}"
        self._reject(row, key, text, reason)
        return reason

    def _facets(self, row: RawRow) -> _Facets:
        facets: _Facets = {}
        for key, cell in row.cells.items():
            reading = self._readings.get(key)
            if reading is None:
                continue
            if isinstance(cell, str):
                values = reading.values.get(cell, ())
            else:
                values = tuple(
                    dict.fromkeys(value for text in cell for value in reading.values.get(text, ()))
                )
            if values:
                facets[key] = values
        return facets

    # ---- one product ----

    def _product(self, group: str, items: list[_Item]) -> Product | None:
        parents = [item for item in items if item.row.parent]
        forms = [item for item in items if not item.row.parent]
        if not parents and (head := _head_of(group, forms)) is not None:
            parents, forms = [head], [form for form in forms if form is not head]
        title_item = next((item for item in [*parents, *items] if item.title), None)
        if title_item is None:
            for item in items:
                self._reject(item.row, "title", "", "the product has no title")
            return None
        single = group.startswith("\x00") or (len(items) == 1 and not group)
        product_id = (
            (title_item.id or self._slug(title_item.title)) if single else group[:LONGEST_ID]
        )
        if product_id in self._taken:
            for item in items:
                self._reject(
                    item.row, self._roles.id, product_id, "another row before it has the same id"
                )
            return None
        self._taken.add(product_id)
        variants, accepted_forms = (
            self._variants(product_id, forms) if len(forms) > 1 else ((), forms)
        )
        return _merge(product_id, title_item, parents, accepted_forms, variants)

    def _variants(
        self, product_id: str, forms: list[_Item]
    ) -> tuple[tuple[Variant, ...], list[_Item]]:
        differing = _differing(forms)
        if differing and all(map(names_a_kind, differing)):
            return (), forms  # one thing in several departments
        ids: set[str] = set()
        variants: list[Variant] = []
        accepted_forms: list[_Item] = []
        for number, item in enumerate(forms, start=1):
            variant_id = item.id or f"{product_id}-{number}"
            if variant_id in ids and any(item.facets == other.facets for other in accepted_forms):
                self._reject(
                    item.row, self._roles.id, variant_id, "another row before it has the same id"
                )
                continue
            if variant_id in ids:  # one item number for several colours: told apart by place
                variant_id = f"{variant_id}-{number}"
            ids.add(variant_id)
            accepted_forms.append(item)
            facets = {key: item.facets[key] for key in differing if key in item.facets}
            labels = [
                value_text(value)
                for key, values in facets.items()
                if key != "price"
                for value in values
            ]
            variants.append(
                Variant(
                    id=variant_id,
                    title=" / ".join(labels[:4]) or item.title or variant_id,
                    price=item.price,
                    regular_price=item.regular_price,
                    sale=item.sale,
                    availability=item.availability,
                    facets=facets,
                    image_url=item.image,
                )
            )
        return tuple(variants), accepted_forms

    def _slug(self, title: str) -> str:
        stem = slug(title) or "product"
        self._slugs[stem] += 1
        candidate = stem if self._slugs[stem] == 1 else f"{stem}-{self._slugs[stem]}"
        while candidate in self._taken:
            self._slugs[stem] += 1
            candidate = f"{stem}-{self._slugs[stem]}"
        return candidate


def builder_of(schema: FeedSchema) -> Builder:
    """What makes products of the rows of an understood feed."""
    return Builder(
        roles=schema.roles,
        readings=schema.readings,
        currency=schema.config.currency,
        mark=schema.price_mark(),
        columns=tuple(schema.columns),
        title_of=schema.title_of(),
    )


def _head_of(group: str, forms: list[_Item]) -> _Item | None:
    """The row that carries the id of its group and tells none of what its variants differ in."""
    heads = [form for form in forms if form.id == group]
    variants = [form for form in forms if form.id != group]
    if len(heads) != 1 or not variants:
        return None
    told_apart = {key for form in variants for key in form.facets} - {"price"}
    own = set(heads[0].facets)
    shared = {key for key in told_apart if all(key in form.facets for form in variants)}
    return heads[0] if shared and not shared & own else None


def _differing(forms: list[_Item]) -> list[str]:
    """Facets with several values; one that only the first row states is the product's."""
    keys = dict.fromkeys(key for item in forms for key in item.facets)
    return [
        key for key in keys if len({item.facets[key] for item in forms if key in item.facets}) > 1
    ]


def _merge(
    product_id: str,
    named: _Item,
    parents: list[_Item],
    forms: list[_Item],
    variants: tuple[Variant, ...],
) -> Product:
    if not parents and len(forms) == 1:
        return _alone(product_id, forms[0])
    items = [*parents, *forms]
    price = lowest_price(forms) or lowest_price(parents)
    facets: _Facets = {}
    for item in items:
        for key, values in item.facets.items():
            facets[key] = tuple(dict.fromkeys((*facets.get(key, ()), *values)))
    facets.pop("price", None)
    if price is not None:
        facets["price"] = (float(price.amount),)
    images = [item.image for item in items if item.image]
    return Product(
        id=product_id,
        title=named.title,
        description=next((item.description for item in items if item.description), ""),
        price=price,
        availability=best_availability([item.availability for item in forms or parents]),
        url=next((item.url for item in items if item.url), ""),
        image_url=images[0] if images else "",
        facets=facets,
        variants=variants,
    )


def _alone(product_id: str, item: _Item) -> Product:
    """The product of a single row, which most are."""
    return Product(
        id=product_id,
        title=item.title,
        description=item.description,
        price=item.price,
        regular_price=item.regular_price,
        sale=item.sale,
        availability=item.availability,
        url=item.url,
        image_url=item.image,
        facets=item.facets,
    )


def _joined(parts: list[str]) -> str:
    """The parts of a title as one; a maker that the next part names again is said once."""
    distinct_parts = [
        part
        for part, following in zip(parts, (*parts[1:], ""), strict=False)
        if part and not f"{following} ".casefold().startswith(f"{part} ".casefold())
    ]
    return " ".join(distinct_parts)


def _first(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip()[:1] == "[":
        cell = bracketed(cell) or ""
    text = cell if isinstance(cell, str) else next((part for part in cell if part), "")
    if not isinstance(cell, str) or "," not in text:
        return text.strip()
    return re.split(r"[,|]\s*(?=https?://)", text)[0].strip()


def _plain(amount: Decimal) -> Decimal:
    """The amount with two places, or with as many as it needs."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount.normalize()


def without_facets(product: Product, dropped: frozenset[str]) -> Product:
    """The product without some facets."""
    return replace(
        product,
        facets={key: values for key, values in product.facets.items() if key not in dropped},
    )


def is_blank(cell: Cell | None) -> bool:
    """Whether a cell says nothing."""
    return is_missing(text_of(cell))
