"""``assistant knowledge check``: what is known of a shop's goods, and what is wrong or missing in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

from assistant.cli.console import fail, note


def run(shop: Path, *, as_json: bool) -> None:
    """Print the report; exit code 1 when a file of the shop has a mistake."""
    from catalog.errors import CatalogError
    from catalog.knowledge.check import check_knowledge
    from catalog.knowledge.recognition import known_goods
    from catalog.storage.load import load_catalog

    own = shop / "knowledge"
    try:
        report = check_knowledge(known_goods(load_catalog(shop), own), own)
    except CatalogError as error:
        fail(error)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        sections = {
            "Kinds of goods": report.kinds or ("none that is known; values and names still work",),
            "Mistakes": report.mistakes,
            "Clashes": report.clashes,
            "Gaps": report.gaps,
        }
        for title, lines in sections.items():
            if lines:
                note(f"{title}:")
            for line in lines:
                note(f"  {line}")
    if report.mistakes:
        raise typer.Exit(1)
