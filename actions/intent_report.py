"""Tests the recognition of intents as the action server does it: ``python -m actions.intent_report``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from actions.services import load_encoder
from assistant.settings import ROOT, load


def main() -> int:
    """Write the report of a language with the encoder that is served."""
    from nlu.errors import NluError
    from nlu.report import run, summary

    parser = argparse.ArgumentParser(prog="assistant nlu test")
    parser.add_argument("--language", default="en")
    parser.add_argument("--out", type=Path, default=None)
    chosen = parser.parse_args()
    settings = load()
    out = chosen.out or settings.models / "nlu" / f"report-{chosen.language}.html"
    try:
        report = run(
            chosen.language,
            out,
            models=settings.models,
            encoder=load_encoder(settings),
            tests=ROOT / "tests" / "nlu" / "phrases",
        )
    except NluError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(summary(report, out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
