"""The report of ``assistant simulate``: one HTML file with drawings in it, which needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT, LEFT, TOP = 640, 260, 48, 16
COLOURS = {"ours": "#0b6e4f", "entropy": "#c05621", "fixed": "#6b7280", "random": "#a78bfa"}
NAMES = {
    "ours": "this assistant",
    "entropy": "largest entropy, hard filters",
    "fixed": "fixed order, hard filters",
    "random": "random order, hard filters",
}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2937}
table{border-collapse:collapse}td,th{padding:.25rem .9rem .25rem 0;text-align:right}
td:first-child,th:first-child{text-align:left}svg{width:100%;height:auto}text{font-size:12px;fill:#374151}
@media(prefers-color-scheme:dark){body{background:#111827;color:#e5e7eb}text{fill:#d1d5db}}
"""


def page(summary: dict[str, Any]) -> str:
    """Return the whole page for what ``assistant.cli.simulate.simulate`` returned."""
    names = [name for name in NAMES if name in summary]
    rows = "".join(
        f"<tr><td>{escape(NAMES[name])}</td><td>{summary[name]['success@5']:.3f}</td>"
        f"<td>{summary[name]['success@10']:.3f}</td><td>{summary[name]['mean_questions']:.2f}</td>"
        f"<td>{summary[name]['dialogues']}</td></tr>"
        for name in names
    )
    lines = {name: summary[name]["by_question"] for name in names}
    title = escape(f"Simulated shoppers in {summary['shop']}")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<h1>{title}</h1><p>{summary['products']} products, {summary['dialogues']} shoppers who each"
        f" want one of them, {summary['wrong']:.0%} of their answers wrong,"
        f" {summary['unsure']:.0%} without an opinion; seed {summary['seed']}.</p>"
        "<table><thead><tr><th></th><th>found after 5</th><th>after 10</th><th>questions</th>"
        f"<th>dialogues</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<h2>Found, by question</h2>{curves(lines)}"
        "<h2>Told, by question</h2><p>How many bits surer each question made which product is"
        f" meant.</p>{columns(summary['bits_by_question'])}"
        f"<h2>Asked about</h2>{bars(summary['asked'][:20])}</body></html>\n"
    )


def curves(lines: dict[str, Sequence[float]]) -> str:
    """Draw shares, 0 to 1, by question, a line each."""
    inner_width, inner_height = WIDTH - LEFT - 12, HEIGHT - TOP - 60
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = TOP + inner_height * (1 - share)
        parts.append(
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 12}" y2="{y:.1f}" stroke="#9ca3af"'
            f' stroke-width=".4"/><text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{share:.0%}</text>"
        )
    steps = max((len(line) for line in lines.values()), default=2) - 1
    for step in range(steps + 1):
        x = LEFT + inner_width * step / max(1, steps)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 38}" text-anchor="middle">{step}</text>')
    for place, (name, line) in enumerate(lines.items()):
        points = " ".join(
            f"{LEFT + inner_width * n / max(1, steps):.1f},{TOP + inner_height * (1 - share):.1f}"
            for n, share in enumerate(line)
        )
        colour = COLOURS.get(name, "#000")
        x, y = LEFT + (place % 2) * 300, HEIGHT - 18 + (place // 2) * 15
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
            f'<rect x="{x}" y="{y - 9}" width="12" height="4" fill="{colour}"/>'
            f'<text x="{x + 18}" y="{y}">{escape(NAMES.get(name, name))}</text>'
        )
    return _drawing("".join(parts), HEIGHT)


def columns(numbers: Sequence[float]) -> str:
    """Draw a number for each question as a column; what is below nothing is drawn as nothing."""
    top = max([*numbers, 0.1])
    wide = (WIDTH - LEFT - 12) / max(1, len(numbers))
    parts = []
    for place, number in enumerate(numbers):
        tall = (HEIGHT - TOP - 40) * max(0.0, number) / top
        x, y = LEFT + place * wide, HEIGHT - 24 - tall
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide * 0.7:.1f}" height="{tall:.1f}"'
            f' fill="{COLOURS["ours"]}"/><text x="{x + wide * 0.35:.1f}" y="{y - 4:.1f}"'
            f' text-anchor="middle">{number:.1f}</text><text x="{x + wide * 0.35:.1f}"'
            f' y="{HEIGHT - 8}" text-anchor="middle">{place + 1}</text>'
        )
    return _drawing("".join(parts), HEIGHT)


def bars(counts: Sequence[tuple[str, int]]) -> str:
    """Draw named counts as bars, one below the other."""
    top = max([count for _, count in counts] or [1])
    parts = []
    for place, (name, count) in enumerate(counts):
        y, wide = place * 22 + 4, (WIDTH - 240) * count / top
        parts.append(
            f'<text x="172" y="{y + 13}" text-anchor="end">{escape(name[:28])}</text>'
            f'<rect x="180" y="{y}" width="{wide:.1f}" height="16" fill="{COLOURS["ours"]}"/>'
            f'<text x="{186 + wide:.1f}" y="{y + 13}">{count}</text>'
        )
    return _drawing("".join(parts), 22 * len(counts) + 12)


def _drawing(content: str, height: int) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{content}</svg>'
