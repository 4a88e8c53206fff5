"""A feed's columns understood: what each is for, how it is read, what the shop is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from catalog.errors import FeedError, ShopError
from catalog.feeds import Feed, RawRow
from catalog.feeds.rows import Rows
from catalog.inference.askability import says_nothing
from catalog.inference.brands import has_maker_column
from catalog.inference.column_roles import (
    counts_rows,
    find_roles,
    names_a_kind,
    names_a_title,
    names_an_id,
)
from catalog.inference.columns import FeedColumn, cell_text, decimal_mark, profile
from catalog.inference.derived import find_facts, with_facts
from catalog.inference.readings import ColumnReading, read_column
from catalog.inference.shop_defaults import default_config, find_currency
from catalog.parsing.column_units import unit_in_name
from catalog.parsing.labels import label_of, value_text
from catalog.roles import Roles
from catalog.storage.shop_file import ShopFile
from catalog.types import FacetKind, ShopConfig, Value
from nlu.lexical.units import UnitSystem, unit_symbols, units

_LONGEST_FACET = 120
"""Letters of a column's cells on average up to which they can be values; longer ones are prose."""
_MOST_SHARED = 0.5
"""Different item numbers a row below which they number something else than products."""
_TOLD = 0.8
"""Share of a column's texts that a fact is read out of."""


@dataclass(slots=True, kw_only=True)
class FeedSchema:
    """A feed whose columns are understood."""

    feed: Feed
    """Its rows, grouped."""
    columns: dict[str, FeedColumn]
    """Every column."""
    roles: Roles
    """Which column holds the title, the price and so on."""
    readings: dict[str, ColumnReading]
    """How each column that is a facet is read."""
    config: ShopConfig
    """Name, currency and nouns as the feed tells them."""
    mark: str
    """Decimal mark of the feed."""
    currency_stated: bool
    """The feed says which currency its prices are in, or has none."""
    notes: Mapping[str, str]
    """Facets that no column states -> how they are read."""

    def price_mark(self) -> str:
        """The decimal mark of the prices, which may differ from that of the rest."""
        column = self.columns.get(self.roles.price)
        return decimal_mark([column]) if column and _marked(column) else self.mark

    def title_of(self) -> Callable[[Mapping[str, tuple[Value, ...]]], str] | None:
        """What makes the titles of products that have no name; None when a column holds them."""
        return None if self.roles.title else _composer(self)


def roles_in_use(roles: Roles) -> dict[str, object]:
    """The roles that have a column, as shop.yml shows them."""
    columns_of_roles: dict[str, object] = {}
    for role, value in asdict(roles).items():
        if isinstance(value, tuple):
            if value:
                columns_of_roles[role] = value[0] if len(value) == 1 else list(value)
        elif value:
            columns_of_roles[role] = value
    return columns_of_roles


def understand(feed: Feed, path: Path, file: ShopFile, chosen: Mapping[str, object]) -> FeedSchema:
    """Decide what every column of a feed is.

    Args:
        feed: as read.
        path: its file, whose name may say what is sold.
        file: shop.yml.
        chosen: column roles the staff decided.

    Raises:
        FeedError: the feed has too few columns.
        ShopError: shop.yml names a column that the feed does not have.
    """
    columns = profile(feed.rows, feed.names, feed.whole)
    keys = list(columns)
    roles = find_roles(columns, chosen, feed.technical)
    if len(keys) < 2 and not any(map(names_a_title, keys)):
        raise FeedError(
            f"The feed has only the column {', '.join(keys) or '(none)'}. "
            "A feed needs a column of titles and some that describe the products."
        )
    for role, key in roles_in_use(roles).items():
        for column_key in key if isinstance(key, list) else [key]:
            if role in chosen and column_key not in columns:
                raise ShopError(
                    f"shop.yml says {role} is column {column_key!r}, which the feed does not have. "
                    f"Allowed: {', '.join(keys[:40])}."
                )
    if "id" not in chosen and counts_rows(roles.id):
        roles = replace(roles, id=_item_number(feed.rows, columns, roles) or roles.id)
    feed = _in_groups(feed, columns, roles)
    mark = decimal_mark(columns.values())
    apart = {key: column_key.apart for key, column_key in file.facets.items()}
    readings = {
        key: read_column(column, mark, apart.get(key, ()))
        for key, column in columns.items()
        if key not in roles.used()
        and key not in feed.technical
        and key != "price"
        and _may_be_facet(column)
    }
    if "price" in columns and not roles.price:  # "cheap", "moderate": words, not money
        readings["price"] = read_column(columns["price"], mark)
    default = file.config.get("currency", "")
    off = {key for key, column_key in file.facets.items() if column_key.from_text is False}
    facts = find_facts(feed.rows, columns, roles, readings, off)
    if facts:
        rows, fact_columns = with_facts(feed.rows, facts, feed.names)
        feed = replace(feed, rows=rows)
        columns |= fact_columns
        readings |= {
            key: read_column(column, mark, apart.get(key, ()))
            for key, column in fact_columns.items()
        }
        for fact in facts:
            if fact.alone and fact_columns[fact.key].filled >= _TOLD * columns[fact.source].filled:
                readings[fact.source].covered_by_facts = True
    _without_metric_guesses(readings)
    currency, stated = find_currency(columns, roles.price, roles.currency, default)
    config = default_config(path, feed.title, columns, currency)
    return FeedSchema(
        feed=feed,
        columns=columns,
        roles=roles,
        readings=readings,
        config=config,
        mark=mark,
        currency_stated=stated or not roles.price,
        notes={fact.key: fact.note for fact in facts},
    )


def _without_metric_guesses(readings: Mapping[str, ColumnReading]) -> None:
    """Take no unit for usual where the feed measures in the other system: 178 is no length in cm beside mpg."""
    table = units()
    stated = {reading.unit or "" for reading in readings.values() if not reading.unit_assumed}
    stated -= _WORLDWIDE
    if not any(table[unit].system is UnitSystem.IMPERIAL for unit in stated if unit in table):
        return
    for reading in readings.values():
        unit = table.get(reading.unit or "")
        if reading.unit_assumed and unit is not None and unit.symbol in _METRIC_ALONE:
            reading.unit, reading.unit_assumed = None, False


_WORLDWIDE = frozenset({"in", "hp"})
"""Units of the other system that metric shops use too: of screens and engines."""
_METRIC_ALONE = frozenset({"cm", "mm", "m", "kg", "g", "l", "ml", "km/h"})
"""Units for which a shop that counts in miles and pounds has another one."""


def _may_be_facet(column: FeedColumn) -> bool:
    listed = sum(text[:1] == "[" for text in column.counts) > 0.6 * len(column.counts)
    return bool(column.counts) and (column.mean_length <= _LONGEST_FACET or listed)


def _in_groups(feed: Feed, columns: Mapping[str, FeedColumn], roles: Roles) -> Feed:
    """The feed with the forms of one product in one group."""
    if roles.group:
        return replace(feed, rows=Rows(_grouped(feed.rows, roles.group)))
    if roles.id and columns[roles.id].uniqueness < 1:
        repeated, clashing = _repeated(feed.rows, roles)
        repeated -= clashing
        return replace(feed, rows=Rows(_grouped(feed.rows, roles.id, repeated)))
    return feed


def _item_number(rows: Rows, columns: Mapping[str, FeedColumn], roles: Roles) -> str:
    """An item number some rows share, where they then share the title too; empty where there is none."""
    for key, column in columns.items():
        if (
            names_an_id(key)
            and column.coverage == 1
            and _MOST_SHARED < column.uniqueness < 1
            and roles.title
            and not _repeated(rows, replace(roles, id=key))[1]
        ):
            return key
    return ""


def _repeated(rows: Iterable[RawRow], roles: Roles) -> tuple[set[str], set[str]]:
    """Ids of several rows with one title, as of one thing in other colours or categories; and with different ones."""
    titles: dict[str, str] = {}
    repeated: set[str] = set()
    clashing: set[str] = set()
    for row in rows:
        cell = cell_text(row, roles.id)
        if not cell:
            continue
        title = " ".join(cell_text(row, key) for key in roles.title).casefold()
        if cell in titles:
            (repeated if titles[cell] == title else clashing).add(cell)
        titles.setdefault(cell, title)
    return repeated, clashing


def _grouped(
    rows: Iterable[RawRow], key: str, only: Collection[str] | None = None
) -> Iterator[RawRow]:
    """Rows that name the same group are forms of one product; of all groups or only of some."""
    for row in rows:
        cell = row.cells.get(key)
        if (
            isinstance(cell, str)
            and cell.strip()
            and not row.group
            and (only is None or cell.strip() in only)
        ):
            yield replace(row, group=cell.strip())
        else:
            yield row


def _marked(column: FeedColumn) -> bool:
    return any(re.search(r"[.,]\d{1,2}\D*$", text) for text in column.counts)


def _title_label(key: str, understood: FeedSchema) -> str:
    """What stands behind a value in a title: "Ideal cut", but "Ultrabook" and "Peru"."""
    texts = understood.columns[key].counts
    label = label_of(unit_in_name(understood.columns[key].name)[1])
    if understood.readings[key].kind is FacetKind.NUMBER:
        return "" if label.lower() in unit_symbols() else label
    short = sum(n for text, n in texts.items() if len(text) <= 3) > 0.3 * texts.total()
    names_kind = has_maker_column([key]) or names_a_kind(key) or " " in label
    wordy = sum(" " in text for text in texts) > 0.5 * len(texts)
    return "" if not short and (names_kind or wordy) else label


def _composer(understood: FeedSchema) -> Callable[[Mapping[str, tuple[Value, ...]]], str] | None:
    """Titles for products that have no name: "0.23 carat, Ideal cut, E color"."""
    kinds = {
        key: reading.kind
        for key, reading in understood.readings.items()
        if reading.kind is not FacetKind.FLAG
        and understood.columns[key].uniqueness < 0.9
        and not says_nothing(key)
    }
    words = [key for key, kind in kinds.items() if kind is FacetKind.CATEGORY][:4]
    if not words:
        return None
    numbers = [key for key, kind in kinds.items() if kind is FacetKind.NUMBER][:1]
    keys = [key for key in kinds if key in {*words, *numbers}]
    labels = {key: _title_label(key, understood) for key in keys}

    def compose(facets: Mapping[str, tuple[Value, ...]]) -> str:
        parts = []
        for key in keys:
            if key in facets:
                unit = understood.readings[key].unit
                amount = f"{value_text(facets[key][0])}{' ' + unit if unit else ''}"
                parts.append(f"{amount} {labels[key]}".strip())
        return ", ".join(parts)

    return compose
