"""How well the intents are recognised, as a page: ``python -m nlu.report [--language en] [--out FILE]``.

The test sentences are those of ``tests/nlu/phrases``, which the model is never trained on.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu.acts.features import phrase_tokens
from nlu.acts.model import ActModel, load_model
from nlu.acts.phrases import read_file
from nlu.errors import NluError
from nlu.language import load_wordlists
from nlu.types import TextEncoder

TESTS = Path("tests/nlu/phrases")
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .5rem;text-align:right}
th:first-child,td:first-child{text-align:left}tr:nth-child(even){background:#f4f4f4}
.matrix th.top{writing-mode:vertical-rl;transform:rotate(180deg)}.hit{background:#cfe8cf}.miss{background:#f6c9c2}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A sentence that was taken for something else."""

    text: str
    """As in the test file."""
    intent: str
    """What it is."""
    prediction: str
    """What it was taken for."""
    confidence: float
    """0 to 1."""


@dataclass(slots=True)
class Report:
    """Counts by intent."""

    language: str
    """Two-letter code."""
    table: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(what it is, what it was taken for) -> sentences."""
    misses: list[Miss] = field(default_factory=list)
    """Every sentence that was not recognised."""

    @property
    def intents(self) -> list[str]:
        """All intents, tested or answered."""
        return sorted({name for pair in self.table for name in pair})

    @property
    def total(self) -> int:
        """Sentences tested."""
        return sum(self.table.values())

    @property
    def accuracy(self) -> float:
        """Share that was recognised."""
        return sum(n for (a, b), n in self.table.items() if a == b) / max(self.total, 1)

    def of(self, intent: str) -> tuple[float, float]:
        """Recall and precision of an intent; 1 where nothing was asked or answered."""
        right = self.table[intent, intent]
        sentences = sum(n for (a, _), n in self.table.items() if a == intent)
        predictions = sum(n for (_, b), n in self.table.items() if b == intent)
        return (right / sentences if sentences else 1.0), (
            right / predictions if predictions else 1.0
        )


def measure(
    model: ActModel, language: str, tests: Path, *, encoder: TextEncoder | None = None
) -> Report:
    """Try every sentence of the test files of ``language`` under ``tests``."""
    wordlists = load_wordlists(language)
    report = Report(language=language)
    for path in sorted((tests / language).glob("*.yml")):
        for label, text in read_file(path):
            tokens, asks = phrase_tokens(text, wordlists)
            answer, sure = model.predict(tokens, text, question=asks, encoder=encoder)
            intent = label.split("+")[0]
            prediction = intent if intent in answer.split("+") else answer.split("+")[0]
            report.table[intent, prediction] += 1
            if prediction != intent:
                report.misses.append(
                    Miss(text=text, intent=intent, prediction=prediction, confidence=sure)
                )
    return report


def page(report: Report) -> str:
    """The report as a page that needs nothing else."""
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Intents ({report.language})</title>",
        f"<style>{_STYLE}</style><h1>Recognition of intents, {html.escape(report.language)}</h1>",
        f"<p>{report.total} test sentences, {report.accuracy:.1%} recognised.</p>",
        _intents(report),
        _confusion(report),
        _misses(report),
    ]
    return "\n".join(parts) + "</html>\n"


def _intents(report: Report) -> str:
    rows = ["<tr><th>intent<th>sentences<th>recognised<th>right when said"]
    for intent in report.intents:
        sentences = sum(n for (a, _), n in report.table.items() if a == intent)
        recall, precision = report.of(intent)
        rows.append(
            f"<tr><td>{html.escape(intent)}<td>{sentences}<td>{recall:.0%}<td>{precision:.0%}"
        )
    return f"<h2>By intent</h2><table>{''.join(rows)}</table>"


def _confusion(report: Report) -> str:
    names = report.intents
    head = "".join(f"<th class='top'>{html.escape(name)}" for name in names)
    rows = [f"<tr><th>is \\ taken for{head}"]
    for intent in names:
        cells = []
        for other in names:
            count = report.table[intent, other]
            kind = "hit" if intent == other else "miss"
            cells.append(f"<td class='{kind}'>{count}" if count else "<td>")
        rows.append(f"<tr><td>{html.escape(intent)}{''.join(cells)}")
    return f"<h2>What is taken for what</h2><table class='matrix'>{''.join(rows)}</table>"


def _misses(report: Report) -> str:
    rows = ["<tr><th>sentence<th>is<th>taken for<th>confidence"]
    for miss in sorted(report.misses, key=lambda m: (m.intent, -m.confidence)):
        rows.append(
            f"<tr><td>{html.escape(miss.text)}<td>{html.escape(miss.intent)}"
            f"<td>{html.escape(miss.prediction)}<td>{miss.confidence:.2f}"
        )
    return f"<h2>Not recognised</h2><table>{''.join(rows)}</table>"


def run(
    language: str,
    out: Path,
    *,
    models: Path | None,
    encoder: TextEncoder | None,
    tests: Path = TESTS,
) -> Report:
    """Train or load the model, try the test sentences, write the page.

    Raises:
        NluError: no such language, no test sentences, or phrases that cannot be read.
    """
    if not list((tests / language).glob("*.yml")):
        raise NluError(f"No test sentences in {tests / language}: add one YAML file an intent.")
    model = load_model(load_wordlists(language), encoder=encoder, models=models)
    report = measure(model, language, tests, encoder=encoder)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(report), encoding="utf-8")
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and a summary, by words alone."""
    parser = argparse.ArgumentParser(prog="assistant nlu test", description=__doc__)
    parser.add_argument("--language", default="en")
    parser.add_argument("--out", type=Path, default=Path("models/nlu/report.html"))
    parser.add_argument("--models", type=Path, default=None)
    parser.add_argument("--tests", type=Path, default=TESTS)
    chosen = parser.parse_args(arguments)
    try:
        report = run(
            chosen.language, chosen.out, models=chosen.models, encoder=None, tests=chosen.tests
        )
    except NluError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(summary(report, chosen.out))
    return 0


def summary(report: Report, out: Path) -> str:
    """A few lines for the terminal: the weakest intents and where the page is."""
    weakest = sorted(report.intents, key=lambda name: report.of(name)[0])[:5]
    lines = [f"{report.total} test sentences, {report.accuracy:.1%} recognised."]
    lines += [f"  {name}: {report.of(name)[0]:.0%}" for name in weakest if report.of(name)[0] < 1]
    return "\n".join([*lines, f"The whole report: {out}"]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
