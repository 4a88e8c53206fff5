"""From a feed file to a stored catalog: read, understand, build, guard, store."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from catalog.errors import FeedError, IndexBroken, ShopError
from catalog.feeds import Feed, RawRow, read_feed
from catalog.inference.columns import FeedColumn
from catalog.inference.facets import Tally
from catalog.inference.packed import expand_pairs
from catalog.inference.schema import FeedSchema, roles_in_use, understand
from catalog.inferred import InferredFacet
from catalog.ingest.build_products import Rejection, builder_of
from catalog.ingest.embed import Embed, Embedded, ImportProgress, embed_products, encoder_name
from catalog.ingest.embedding_journal import Journal
from catalog.ingest.findings import Finding
from catalog.ingest.lint import lint, to_json, to_text
from catalog.ingest.open_questions import OpenQuestion, open_questions
from catalog.parsing.clean import tidy
from catalog.parsing.text import language
from catalog.search.fields import documents
from catalog.search.inverted_index import WordIndex
from catalog.storage.change_log import import_lock
from catalog.storage.files import write_atomically
from catalog.storage.generation import (
    Generation,
    index_folder,
    load_generation,
    make_current,
    write_generation,
)
from catalog.storage.load import override
from catalog.storage.product_lines import ProductFile
from catalog.storage.shop_file import ShopFile, keep_shop_file, served_shop_file, write_shop_file
from catalog.types import Availability, Facet

logger = logging.getLogger(__name__)


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
    findings: tuple[Finding, ...] = ()
    """What hurts the shop, the most severe first; also in lint.json and lint.txt."""
    open_questions: tuple[OpenQuestion, ...] = ()
    """What the staff should say, the gravest first; also at the head of lint.txt."""
    sold_out: bool = False
    """Whether no product of the feed can be bought."""
    shop_file_mistake: str = ""
    """What is wrong with shop.yml, which was left as it is; empty when nothing is."""
    embedded: int = 0
    """Texts that were embedded anew; the rest was known."""
    seconds: float = 0.0
    """Time it took."""

    def to_json(self) -> dict[str, object]:
        """For ``--json``: the numbers, and of each facet what the staff decide about."""
        data = asdict(self)
        data["facets"] = [
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
        return data


def import_feed(
    feed: Path,
    shop: Path,
    *,
    format: str = "auto",
    force: bool = False,
    progress: ImportProgress | None = None,
    embed: Embed | None = None,
    currency: str = "",
    ask_currency: Callable[[str], str] | None = None,
) -> ImportReport:
    """Import a shop's export into its folder.

    Args:
        feed: the export.
        shop: the shop's folder; made when missing.
        format: one of `catalog.feeds.FORMATS`.
        force: import even when more than half of the last import's products would be gone.
        progress: told how far it is.
        embed: makes the vectors for search by meaning; None stores none.
        currency: ISO code of prices for which the feed states none.
        ask_currency: asked for it, with what would be taken, where nothing says it; None asks nobody.

    Raises:
        FeedError: nothing can be read from the feed, or it would drop more than half of the products.
        ShopError: shop.yml has a mistake and no version before, or another import is running.
    """
    began = time.monotonic()
    tell = progress or _silent
    served = served_shop_file(shop)
    last = _last(shop)
    tell("read", 0, 1)
    raw = expand_pairs(read_feed(feed, format))
    tell("understand", 0, 1)
    file = served.file
    if currency:
        file = replace(file, config={**file.config, "currency": currency})
    schema = understand(raw, feed, file, _chosen(file, last))
    assumed = _settle_currency(schema, file, last, currency, ask_currency)
    build = _build(schema, tell)
    if not build.products:
        raise FeedError(_nothing(raw, build.rejections))
    if last is not None and not force:
        _guard(last, build.ids)
    inferred = _inferred(schema, build, file)
    facets = override([entry.facet for entry in inferred], file.facets)
    with Journal(index_folder(shop), encoder_name(embed)) as journal:
        embedded = embed_products(build.products, facets, embed, last, tell, journal)
    tell("check", 0, 1)
    draft = _Draft(
        feed=raw,
        schema=schema,
        build=build,
        inferred=inferred,
        embedded=embedded,
        encoder=encoder_name(embed),
        assumed_currency=assumed,
        findings=lint(
            build.products,
            facets=facets,
            inferred=inferred,
            columns=schema.columns,
            titles=schema.roles.title,
            empty=_empty(raw, schema.columns),
            repairs=raw.repairs,
            assumed_currency=assumed,
        ),
        questions=open_questions(inferred, facets, assumed_currency=assumed),
    )
    tell("store", 0, 1)
    with import_lock(index_folder(shop)):
        folder = _store(shop, feed.name, draft, last, writes_shop_file=not served.mistake)
        journal.done()
    tell("store", 1, 1)
    reasons = Counter(_kind_of(rejection.reason) for rejection in build.rejections)
    return ImportReport(
        feed=feed.name,
        format=raw.format,
        read=len(raw.rows),
        accepted=len(build.products),
        variants=build.variants,
        rejected=len(build.rejections),
        reasons=dict(reasons.most_common()),
        facets=facets,
        generation=folder.name,
        findings=tuple(draft.findings),
        open_questions=tuple(draft.questions),
        sold_out=not build.buyable,
        shop_file_mistake=served.mistake,
        embedded=embedded.new,
        seconds=round(time.monotonic() - began, 2),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An import before it is stored."""

    feed: Feed
    schema: FeedSchema
    build: _BuildResult
    inferred: list[InferredFacet]
    embedded: Embedded
    encoder: str
    assumed_currency: str
    """Taken because nothing says it; empty where something does."""
    findings: list[Finding]
    questions: list[OpenQuestion]


def _settle_currency(
    schema: FeedSchema,
    file: ShopFile,
    last: Generation | None,
    currency: str,
    ask: Callable[[str], str] | None,
) -> str:
    """Ask for the currency where nothing says it; return the one that was taken without an answer, else ""."""
    if currency or not _is_assumed(schema, file, last):
        return ""
    usual = schema.config.currency
    answer = ask(usual) if ask is not None else ""
    schema.config = replace(schema.config, currency=answer or usual)
    return "" if answer else usual


def _inferred(schema: FeedSchema, build: _BuildResult, file: ShopFile) -> list[InferredFacet]:
    """The facets as the feed tells them, with how those were read that no column states."""
    facets = build.tally.sum_up(
        schema.readings,
        schema.columns,
        build.currency or schema.config.currency,
        file.config.get("locale", schema.config.locale),
    )
    return [replace(entry, note=schema.notes.get(entry.facet.key, "")) for entry in facets]


def _store(
    shop: Path, feed_name: str, draft: _Draft, last: Generation | None, *, writes_shop_file: bool
) -> Path:
    """Write the generation, shop.yml and the reports, and serve it; returns the generation's folder."""
    schema, build = draft.schema, draft.build
    columns = roles_in_use(schema.roles)
    folder = write_generation(
        shop,
        products=build.products.lines(),
        inferred=draft.inferred,
        config=schema.config,
        facts={
            "feed": feed_name,
            "format": draft.feed.format,
            "read": len(draft.feed.rows),
            "rejected": len(build.rejections),
            "columns": columns,
            "marks": {"price": schema.price_mark(), "numbers": schema.mark},
            "encoder": draft.encoder,
            "currency_assumed": bool(draft.assumed_currency),
        },
        vectors=draft.embedded.vectors,
        hashes=draft.embedded.hashes,
        words=WordIndex.build(
            documents(build.products, [entry.facet for entry in draft.inferred]),
            language(schema.config.locale),
        ),
    )
    if writes_shop_file:
        write_shop_file(
            shop,
            config=schema.config,
            columns=columns,
            inferred=draft.inferred,
            before={facet.key: facet for facet in last.facets} if last else {},
            before_config=last.config if last else {},
            before_columns=last.manifest.get("columns", {}) if last else {},
        )
        keep_shop_file(shop)
    _write_rejected(shop, build.rejections)
    write_atomically(shop / "lint.json", to_json(draft.findings))
    write_atomically(shop / "lint.txt", to_text(draft.findings, draft.questions))
    make_current(folder)
    return folder


def _is_assumed(understood: FeedSchema, file: ShopFile, last: Generation | None) -> bool:
    """Whether nobody said which currency the prices are in: the feed does not, and the staff did not either."""
    if understood.currency_stated:
        return False
    written = file.config.get("currency", "")
    if not written:
        return True
    inferred = last is not None and last.config.get("currency") == written
    return bool(inferred and last is not None and last.manifest.get("currency_assumed"))


def _silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody watching."""


def _last(shop: Path) -> Generation | None:
    try:
        return load_generation(shop, with_products=False)
    except ShopError:
        return None
    except IndexBroken as error:
        logger.warning("%s", error)
        return None


def _chosen(file: ShopFile, last: Generation | None) -> dict[str, object]:
    """The column roles the staff decided: those that are not just what the last import wrote."""
    inferred = last.manifest.get("columns", {}) if last else {}
    return {role: key for role, key in file.columns.items() if inferred.get(role) != key}


@dataclass(slots=True, kw_only=True)
class _BuildResult:
    """The products of a feed and what is known of them."""

    products: ProductFile = field(default_factory=ProductFile)
    tally: Tally = field(default_factory=Tally)
    ids: set[str] = field(default_factory=set)
    variants: int = 0
    buyable: int = 0
    currency: str = ""
    rejections: list[Rejection] = field(default_factory=list)


def _build(understood: FeedSchema, tell: ImportProgress) -> _BuildResult:
    builder = builder_of(understood)
    build = _BuildResult(rejections=builder.rejections)
    rows = understood.feed.rows

    def passing() -> Iterator[RawRow]:
        for count, row in enumerate(rows):
            if count % 2000 == 0:
                tell("build", count, len(rows))
            yield row

    for product in builder.products(passing(), _last_rows(rows)):
        build.products.add(product)
        build.tally.add(product)
        build.ids.add(product.id)
        build.variants += len(product.variants)
        build.buyable += product.availability is not Availability.OUT_OF_STOCK
        if product.price and not build.currency:
            build.currency = product.price.currency
    return build


def _empty(feed: Feed, columns: Mapping[str, FeedColumn]) -> list[str]:
    """Names of columns without a value; only of plain tables, whose columns are all their own."""
    if feed.format not in {"csv", "google", "json"} or "additional_attributes" in feed.names:
        return []
    return [
        tidy(name)[:80]
        for key, name in feed.names.items()
        if key not in feed.technical and not (key in columns and columns[key].filled)
    ]


def _last_rows(rows: Iterable[RawRow]) -> dict[str, int]:
    """Group -> how many rows into the feed its last row stands."""
    return {row.group: position for position, row in enumerate(rows, start=1) if row.group}


def _nothing(feed: Feed, rejections: Sequence[Rejection]) -> str:
    first = rejections[0] if rejections else None
    why = f" Row {first.row}: {first.reason}." if first else ""
    columns = ", ".join(tidy(name)[:30] for name in list(feed.names.values())[:8])
    return (
        f"None of the {len(feed.rows):,} rows is a product.{why} The columns found are: {columns}."
    )


def _guard(last: Generation, ids: set[str]) -> None:
    before = list(last.ids())
    drop_count = sum(product_id not in ids for product_id in before)
    if drop_count * 2 > len(before):
        raise FeedError(
            f"This feed would drop {drop_count:,} of the {len(before):,} products of the last import, "
            "more than half; nothing was changed. Use --force if that is meant."
        )


def _kind_of(reason: str) -> str:
    """The reason without its numbers, for counting."""
    return re.sub(r"\d[\d,]*", "N", reason) if len(reason) < 200 else reason[:200]


def _write_rejected(shop: Path, rejections: Sequence[Rejection]) -> None:
    lines = (
        json.dumps(asdict(rejection), ensure_ascii=False) + "\n"
        for rejection in sorted(rejections, key=lambda rejection: rejection.row)
    )
    write_atomically(shop / "rejected.jsonl", "".join(lines))


__all__ = ["Embed", "ImportProgress", "ImportReport", "import_feed"]
