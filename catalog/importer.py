"""From a feed file to a stored catalog: read, understand, build, guard, store."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.clean import tidy
from catalog.columns import (
    Column,
    Roles,
    decimal_mark,
    find_roles,
    names_a_title,
    profile,
)
from catalog.errors import FeedError, IndexBroken, ShopError
from catalog.expand import expand_pairs
from catalog.facets import sum_up
from catalog.feeds import Feed, read_feed
from catalog.feeds.base import column_order
from catalog.generation import (
    Generation,
    index_folder,
    load_generation,
    make_current,
    write_generation,
)
from catalog.infer import Reading, read_column
from catalog.labels import label_of
from catalog.naming import default_config, find_currency
from catalog.products import Builder, Built, Rejection, product_text, said
from catalog.shop import override
from catalog.shop_file import ShopFile, read_shop_file, write_atomically, write_shop_file
from catalog.types import Facet, FacetKind, Product, ShopConfig, Value
from catalog.units import unit_in_name

logger = logging.getLogger(__name__)

Embed = Callable[[list[str]], NDArray[np.float32]]
"""Texts to unit vectors, float32 [n, d]; an attribute ``name`` says which encoder it is."""

_BATCH = 256
_LONGEST_FACET = 120


class Progress(Protocol):
    """Told how far an import is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """``stage`` is "read", "understand", "build", "embed" or "store"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    feed: str
    """File name."""
    format: str
    """As found."""
    read: int
    """Rows in the feed."""
    accepted: int
    """Products in the catalog."""
    variants: int
    """Variants of those products."""
    rejected: int
    """Rows that were refused; see rejected.jsonl."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Reason -> rows, most frequent first."""
    facets: tuple[Facet, ...] = ()
    """As inferred, with shop.yml applied."""
    generation: str = ""
    """Name of the stored generation."""
    embedded: int = 0
    """Texts that were embedded anew; the rest was known."""
    seconds: float = 0.0
    """Time it took."""

    def to_json(self) -> dict[str, object]:
        """For ``--json``: the numbers, and of each facet what the staff decide about."""
        made = asdict(self)
        made["facets"] = [
            {
                "key": facet.key,
                "label": facet.label,
                "kind": str(facet.kind),
                "unit": facet.unit,
                "coverage": facet.coverage,
                "askable": facet.askable,
                "knowable": facet.knowable,
                "values": len(facet.values),
            }
            for facet in self.facets
        ]
        return made


@dataclass(slots=True, kw_only=True)
class _Understood:
    """A feed whose columns are understood."""

    feed: Feed
    columns: dict[str, Column]
    roles: Roles
    readings: dict[str, Reading]
    config: ShopConfig
    mark: str


def import_feed(
    feed: Path,
    shop: Path,
    *,
    format: str = "auto",
    force: bool = False,
    progress: Progress | None = None,
    embed: Embed | None = None,
) -> ImportReport:
    """Import a shop's export into its folder.

    Args:
        feed: the export.
        shop: the shop's folder; made when missing.
        format: one of `catalog.feeds.FORMATS`.
        force: import even when more than half of the last import's products would be gone.
        progress: told how far it is.
        embed: makes the vectors for search by meaning; None stores none.

    Raises:
        FeedError: nothing can be read from the feed, or it would drop more than half of the products.
        ShopError: shop.yml has a mistake, or another import is running.
    """
    began = time.monotonic()
    tell = progress or _silent
    file = read_shop_file(shop)
    last = _last(shop)
    tell("read", 0, 1)
    raw = expand_pairs(read_feed(feed, format))
    tell("understand", 0, 1)
    understood = _understand(raw, feed, file, _chosen(file, last))
    built = _build(understood, tell)
    if not built.products:
        raise FeedError(_nothing(raw, built))
    if last is not None and not force:
        _guard(last, built.products)
    inferred = sum_up(
        built.products, understood.readings, understood.columns, _currency(built, understood)
    )
    facets = override([one.facet for one in inferred], file.facets)
    vectors, hashes, new = _embed(built.products, facets, embed, last, tell)
    tell("store", 0, 1)
    facts = {
        "feed": feed.name,
        "format": raw.format,
        "read": len(raw.rows),
        "rejected": len(built.rejections),
        "columns": _used(understood.roles),
        "encoder": _encoder_name(embed),
    }
    with _alone(shop):
        folder = write_generation(
            shop,
            products=built.products,
            inferred=inferred,
            config=understood.config,
            facts=facts,
            vectors=vectors,
            hashes=hashes,
        )
        write_shop_file(
            shop,
            config=understood.config,
            columns=_used(understood.roles),
            inferred=inferred,
            before={facet.key: facet for facet in last.facets} if last else {},
            before_config=last.config if last else {},
            before_columns=last.manifest.get("columns", {}) if last else {},
        )
        _write_rejected(shop, built.rejections)
        make_current(folder)
    tell("store", 1, 1)
    reasons = Counter(_kind_of(rejection.reason) for rejection in built.rejections)
    return ImportReport(
        feed=feed.name,
        format=raw.format,
        read=len(raw.rows),
        accepted=len(built.products),
        variants=sum(len(product.variants) for product in built.products),
        rejected=len(built.rejections),
        reasons=dict(reasons.most_common()),
        facets=facets,
        generation=folder.name,
        embedded=new,
        seconds=round(time.monotonic() - began, 2),
    )


def _silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody watching."""


def _last(shop: Path) -> Generation | None:
    try:
        return load_generation(shop)
    except ShopError:
        return None
    except IndexBroken as error:
        logger.warning("%s", error)
        return None


def _chosen(file: ShopFile, last: Generation | None) -> dict[str, object]:
    """The column roles the staff decided: those that are not just what the last import wrote."""
    inferred = last.manifest.get("columns", {}) if last else {}
    return {role: key for role, key in file.columns.items() if inferred.get(role) != key}


def _understand(
    feed: Feed, path: Path, file: ShopFile, chosen: Mapping[str, object]
) -> _Understood:
    keys = column_order(feed.rows)
    columns = profile(feed.rows, keys, feed.names)
    roles = find_roles(columns, chosen, feed.technical)
    if len(keys) < 2 and not any(map(names_a_title, keys)):
        raise FeedError(
            f"The feed has only the column {', '.join(keys) or '(none)'}. "
            "A feed needs a column of titles and some that describe the products."
        )
    for role, key in _used(roles).items():
        for one in key if isinstance(key, list) else [key]:
            if role in chosen and one not in columns:
                raise ShopError(
                    f"shop.yml says {role} is column {one!r}, which the feed does not have. "
                    f"Allowed: {', '.join(keys[:40])}."
                )
    if roles.group:
        _group(feed, roles.group)
    mark = decimal_mark(columns.values())
    readings = {
        key: read_column(column, mark)
        for key, column in columns.items()
        if key not in roles.used()
        and key not in feed.technical
        and key != "price"
        and _may_be_facet(column)
    }
    if "price" in columns and not roles.price:  # "cheap", "moderate": words, not money
        readings["price"] = read_column(columns["price"], mark)
    default = file.config.get("currency", "USD")
    currency = find_currency(columns, roles.price, roles.currency, default)
    config = default_config(path, feed.title, columns, currency)
    return _Understood(
        feed=feed, columns=columns, roles=roles, readings=readings, config=config, mark=mark
    )


def _may_be_facet(column: Column) -> bool:
    listed = sum(text[:1] == "[" for text in column.counts) > 0.6 * len(column.counts)
    return bool(column.counts) and (column.mean_length <= _LONGEST_FACET or listed)


def _group(feed: Feed, key: str) -> None:
    """Rows that name the same group are forms of one product."""
    for row in feed.rows:
        cell = row.cells.get(key)
        if isinstance(cell, str) and cell.strip() and not row.group:
            row.group = cell.strip()


def _build(understood: _Understood, tell: Progress) -> Built:
    rows = understood.feed.rows
    column = understood.columns.get(understood.roles.price)
    builder = Builder(
        roles=understood.roles,
        readings=understood.readings,
        currency=understood.config.currency,
        mark=decimal_mark([column]) if column and _marked(column) else understood.mark,
        title_of=None if understood.roles.title else _composer(understood),
    )
    return builder.build(rows, lambda done: tell("build", done, len(rows)))


def _marked(column: Column) -> bool:
    return any(re.search(r"[.,]\d{1,2}\D*$", text) for text in column.counts)


def _composer(understood: _Understood) -> Callable[[Mapping[str, tuple[Value, ...]]], str] | None:
    """Titles for products that have no name: "0.23 carat, Ideal cut, E color"."""
    kinds = {
        key: reading.kind
        for key, reading in understood.readings.items()
        if reading.kind is not FacetKind.FLAG and understood.columns[key].uniqueness < 0.9
    }
    words = [key for key, kind in kinds.items() if kind is FacetKind.CATEGORY][:4]
    if not words:
        return None
    numbers = [key for key, kind in kinds.items() if kind is FacetKind.NUMBER][:1]
    keys = [key for key in kinds if key in {*words, *numbers}]
    labels = {key: label_of(unit_in_name(understood.columns[key].name)[1]) for key in keys}

    def compose(facets: Mapping[str, tuple[Value, ...]]) -> str:
        parts = []
        for key in keys:
            if key in facets:
                unit = understood.readings[key].unit
                parts.append(f"{said(facets[key][0])} {unit + ' ' if unit else ''}{labels[key]}")
        return ", ".join(parts)

    return compose


def _currency(built: Built, understood: _Understood) -> str:
    return next(
        (product.price.currency for product in built.products if product.price),
        understood.config.currency,
    )


def _used(roles: Roles) -> dict[str, object]:
    """The roles that have a column, as shop.yml shows them."""
    made: dict[str, object] = {}
    for role, value in asdict(roles).items():
        if isinstance(value, tuple):
            if value:
                made[role] = value[0] if len(value) == 1 else list(value)
        elif value:
            made[role] = value
    return made


def _nothing(feed: Feed, built: Built) -> str:
    first = built.rejections[0] if built.rejections else None
    why = f" Row {first.row}: {first.reason}." if first else ""
    columns = ", ".join(tidy(name)[:30] for name in list(feed.names.values())[:8])
    return (
        f"None of the {len(feed.rows):,} rows is a product.{why} The columns found are: {columns}."
    )


def _guard(last: Generation, products: Sequence[Product]) -> None:
    ids = {product.id for product in products}
    gone = sum(product.id not in ids for product in last.products)
    if gone * 2 > len(last.products):
        raise FeedError(
            f"This feed would drop {gone:,} of the {len(last.products):,} products of the last import, "
            "more than half; nothing was changed. Use --force if that is meant."
        )


def _embed(
    products: Sequence[Product],
    facets: Sequence[Facet],
    embed: Embed | None,
    last: Generation | None,
    tell: Progress,
) -> tuple[NDArray[np.float32] | None, list[str], int]:
    """A vector for each product; those of texts that did not change come from the last generation."""
    if embed is None:
        return None, [], 0
    by_key = {facet.key: facet for facet in facets}
    texts = [product_text(product, by_key) for product in products]
    hashes = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    known = _known_vectors(last, _encoder_name(embed))
    wanted = list(dict.fromkeys(index for index, one in enumerate(hashes) if one not in known))
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        tell("embed", start, len(wanted))
        made = np.asarray(embed([texts[index] for index in batch]), dtype=np.float32)
        for index, vector in zip(batch, made, strict=True):
            known[hashes[index]] = vector
    widths = {vector.shape for vector in known.values()}
    if len(widths) > 1:  # another encoder than last time
        return _embed(products, facets, embed, None, tell)
    return np.stack([known[one] for one in hashes]), hashes, len(wanted)


def _encoder_name(embed: Embed | None) -> str:
    return str(getattr(embed, "name", ""))


def _known_vectors(last: Generation | None, encoder: str) -> dict[str, NDArray[np.float32]]:
    vectors = last.vectors() if last else None
    if last is None or vectors is None or last.manifest.get("encoder", "") != encoder:
        return {}
    return dict(zip(last.text_hashes(), np.asarray(vectors), strict=False))


def _kind_of(reason: str) -> str:
    """The reason without its numbers, for counting."""
    return re.sub(r"\d[\d,]*", "N", reason) if len(reason) < 200 else reason[:200]


def _write_rejected(shop: Path, rejections: Sequence[Rejection]) -> None:
    lines = (
        json.dumps(asdict(one), ensure_ascii=False) + "\n"
        for one in sorted(rejections, key=lambda one: one.row)
    )
    write_atomically(shop / "rejected.jsonl", "".join(lines))


@contextmanager
def _alone(shop: Path) -> Iterator[None]:
    """Only one import writes into a shop at a time."""
    index = index_folder(shop)
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = (index / ".lock").open("w")
    except OSError as error:
        raise ShopError(
            f"The shop folder {shop} cannot be written: {error.strerror}. Check path and permissions."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ShopError(
                f"Another import into {shop} is running. Wait until it has ended."
            ) from error
        yield


__all__ = ["Embed", "ImportReport", "Progress", "import_feed"]
