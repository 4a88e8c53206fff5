"""``assistant update``: prices, stock and single products into a shop that is being served."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.console import fail, note

if TYPE_CHECKING:
    from assistant.settings import Settings
    from catalog.ingest.updater import UpdateReport
    from catalog.search.encoder import Encoder


def run(settings: Settings, file: Path, shop: Path, *, as_json: bool) -> None:
    """Update and report; exit code 1 and one line when nothing could be used."""
    from catalog.errors import CatalogError
    from catalog.ingest.updater import update_shop

    if not file.is_file():
        fail(f"There is no file {file}. Give JSON lines or CSV with the column id and what is new.")
    try:
        report = update_shop(shop, file, encoder=_encoder(settings))
    except CatalogError as error:
        fail(str(error))
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), indent=2) + "\n")
        return
    _print(report)


def _encoder(settings: Settings) -> Encoder | None:
    """The encoder, when it is built already; an update is no reason to build it."""
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import Encoder

    try:
        return Encoder.load(settings.models, settings.encoder)
    except EncoderUnavailable:
        return None


def _print(report: UpdateReport) -> None:
    parts = {
        "price or stock": report.offers,
        "described anew": report.changed,
        "added": report.added,
        "removed": report.removed,
        "as before": report.same,
        "rows refused": report.refused,
    }
    counts = ", ".join(f"{count:,} {name}" for name, count in parts.items() if count)
    sys.stdout.write(
        f"{report.read:,} rows: {counts}. The shop has {report.products:,} products.\n"
    )
    for reason, count in report.reasons.items():
        note(f"{count:,} refused: {reason}.")
    if report.ignored:
        note(f"Columns that are no facet of this shop: {', '.join(report.ignored)}.")
