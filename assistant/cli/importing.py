"""``assistant import``: a feed in, a catalog and a report out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.cli import prepare
from assistant.cli.console import doing, fail, note
from assistant.settings import Settings
from catalog.feeds.download import is_address
from nlu.lexical.money import currency_of

if TYPE_CHECKING:
    from rich.console import Console

    from catalog.ingest.importer import ImportReport


def run(
    settings: Settings,
    feed: str,
    shop: Path,
    file_format: str,
    *,
    as_json: bool,
    force: bool,
    currency: str = "",
    inside: bool = False,
) -> None:
    """Import and report; exit code 1 and one line when nothing could be imported."""
    path = Path(feed)
    if not is_address(feed) and not path.is_file():
        fail(f"There is no file {feed}. Give the path or the address of your shop system's export.")
    code = currency_of(currency) if currency else ""
    if code is None:
        fail(f"{currency!r} is no currency. Give an ISO code such as EUR, USD or CHF.")
    with TemporaryDirectory() as folder:
        if is_address(feed):
            path = _fetched(feed, Path(folder), inside=inside)
        report = prepare.feed_into(
            path,
            shop,
            settings,
            file_format=file_format,
            force=force,
            currency=code,
            ask=sys.stdin.isatty() and sys.stderr.isatty() and not as_json,
        )
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), indent=2, default=str) + "\n")
        return
    _print(report, shop)


def _fetched(url: str, folder: Path, *, inside: bool) -> Path:
    """The file at a web address."""
    from catalog.errors import FeedError
    from catalog.feeds.download import download

    try:
        with doing("Fetching the feed") as step:
            return download(
                url,
                folder,
                progress=lambda done, total: step.detail(prepare.megabytes(done, total)),
                inside=inside,
            )
    except FeedError as error:
        fail(error)


SHOWN_FINDINGS = 10
"""Findings printed; the rest stands in lint.txt."""


SHOWN_QUESTIONS = 8
"""Questions printed; the rest stands in lint.txt."""


def _print_questions(report: ImportReport, console: Console, shop: Path) -> None:
    """What only the staff know, each with the line that says it."""
    questions = report.open_questions
    if not questions:
        return
    console.print(f"Not sure about, please answer in {shop / 'shop.yml'}:", markup=False)
    for question in questions[:SHOWN_QUESTIONS]:
        console.print(f"  - {question.text}\n      {question.line}", markup=False)
    if len(questions) > SHOWN_QUESTIONS:
        note(f"{len(questions) - SHOWN_QUESTIONS} more questions are in {shop / 'lint.txt'}.")


def _print_findings(report: ImportReport, console: Console, shop: Path) -> None:
    """What hurts the shop: the worst of it here, the rest in a file."""
    from rich.markup import escape
    from rich.table import Table

    if not report.findings:
        return
    table = Table(title="Worth a look in the feed", title_justify="left")
    for column in ("", "Count", "What", "Such as"):
        table.add_column(column, justify="right" if column == "Count" else "left")
    for finding in report.findings[:SHOWN_FINDINGS]:
        such = escape("; ".join(finding.examples[:2])[:60])
        table.add_row(finding.severity, f"{finding.count:,}", escape(finding.problem), such)
    console.print(table)
    note(f"All {len(report.findings)} findings, with what to do about each: {shop / 'lint.txt'}.")


def _print(report: ImportReport, shop: Path) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if report.shop_file_mistake:
        note(report.shop_file_mistake)
    if report.sold_out:
        console.print(
            f"All {report.accepted:,} products are sold out. Check the feed's stock column if that is not so.",
            markup=False,
        )
    _print_questions(report, console, shop)
    table = Table(title=escape(f"{report.feed} ({report.format})"), title_justify="left")
    table.add_column("Rows")
    table.add_column("", justify="right")
    table.add_row("read", f"{report.read:,}")
    table.add_row("accepted", f"{report.accepted:,}")
    if report.variants:
        table.add_row("  with variants", f"{report.variants:,}")
    table.add_row("rejected", f"{report.rejected:,}")
    for reason, count in report.reasons.items():
        table.add_row(escape(f"  {reason}"), f"{count:,}")
    console.print(table)
    labels = [facet.label for facet in report.facets if facet.askable]
    console.print(f"Questions will be about: {', '.join(labels) or 'nothing yet'}.", markup=False)
    _print_findings(report, console, shop)
    if report.rejected:
        note(f"Every rejected row, with its reason, is in {shop / 'rejected.jsonl'}.")
    note(f"Wording, weights and units can be changed in {shop / 'shop.yml'}.")
    note(f"Start it with: assistant up --shop {shop}")
