"""Understands lines: ``python -m actions.parse`` reads ``{"text": ...}`` a line and writes a ParsedMessage a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from actions.services import Understands, load_encoder
from assistant.settings import Settings
from assistant.settings import load as load_settings


def load_parser(settings: Settings) -> Understands:
    """Build the parser of the shop that is served, and nothing else."""
    from catalog.knowledge.recognition import known_goods
    from catalog.storage.load import load_catalog
    from catalog.vocabulary import build_vocabulary
    from nlu.parser import Parser

    catalog = load_catalog(settings.shop)
    return Parser.load(
        build_vocabulary(catalog, known_goods(catalog, settings.shop / "knowledge")),
        language=catalog.config.locale[:2].lower(),
        encoder=load_encoder(settings),
        models=settings.models,
    )


def parse_lines(parser: Understands, lines: Iterable[str], out: TextIO) -> None:
    """Write one line of JSON for each line read; a line that is no message gets ``{"error": ...}``."""
    from nlu.serialize import parsed_to_json

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, problem = _text_of(line)
        answer: dict[str, Any] = {"error": f"line {number}: {problem}"}
        if not problem:
            answer = parsed_to_json(parser.parse(text))
        out.write(json.dumps(answer) + "\n")
        out.flush()


def _text_of(line: str) -> tuple[str, str]:
    """Return the text of a line, and what is wrong with it."""
    try:
        data = json.loads(line)
    except ValueError as error:
        return "", f"no JSON ({error})"
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        return "", 'expected an object with a string "text"'
    return text, ""


def main() -> int:
    """Parse standard input until it ends."""
    from catalog.errors import CatalogError
    from nlu.errors import NluError

    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        parser = load_parser(load_settings())
    except (CatalogError, NluError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    parse_lines(parser, sys.stdin, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
