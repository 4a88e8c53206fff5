"""``assistant simulate``: how soon shoppers find what they want in this shop, before anybody real tries."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from assistant.advisor.simulation import (
    MOST_QUESTIONS,
    POLICIES,
    Played,
    SimulatedShopper,
    mean_questions,
    play,
    play_plain,
    success,
)
from assistant.advisor.turn import Advisor
from assistant.advisor.wording import Wording
from assistant.cli import prepare
from assistant.cli.console import doing, fail, note
from assistant.cli.simulate_report import page
from assistant.settings import ROOT

PLAIN_BUDGET = 600_000
"""Products times dialogues that a plain policy plays at most, so that it never takes the longest."""


def run(
    shop: Path,
    *,
    dialogues: int,
    wrong: float,
    unsure: float,
    seed: int,
    as_json: bool,
    report: Path | None,
) -> None:
    """Play the dialogues, print the figures, and write the report beside the shop."""
    if dialogues < 1 or not (0 <= wrong <= 1 and 0 <= unsure <= 1):
        fail(
            f"--dialogues {dialogues} --wrong {wrong} --unsure {unsure}: at least one dialogue,"
            " and chances from 0 to 1."
        )
    summary = simulate(shop, dialogues=dialogues, wrong=wrong, unsure=unsure, seed=seed)
    target = report or shop / "simulation.html"
    target.write_text(page(summary), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
    else:
        sys.stdout.write(table(summary))
    note(f"Report: {target}")


def simulate(
    shop: Path, *, dialogues: int, wrong: float, unsure: float, seed: int
) -> dict[str, Any]:
    """Play simulated shoppers against the shop's advisor and against plain policies.

    Returns:
        Plain JSON: for "ours" and each plain policy ``success@5``, ``success@10``,
        ``mean_questions`` and ``by_question``; what was asked, and what each question told.
    """
    from catalog.errors import CatalogError
    from catalog.storage.load import load_catalog

    shop = prepare.checked_shop(shop)
    try:
        catalog = load_catalog(shop)
    except CatalogError as error:
        fail(error)
    if not len(catalog):
        fail(f"{shop} has no products to look for: import a feed first.")
    language = catalog.config.locale.partition("-")[0]
    folder = ROOT / "assistant" / "dialogue" / "wording"
    locale = language if (folder / f"{language}.yml").is_file() else "en"
    advisor = Advisor(catalog, Wording.load(folder, locale))
    rng = random.Random(seed)  # noqa: S311  simulated shoppers, no secrets
    shoppers = [
        SimulatedShopper(wanted=rng.choice(catalog.products), wrong=wrong, unsure=unsure)
        for _ in range(dialogues)
    ]
    with doing(f"{dialogues} shoppers in {catalog.config.name}") as step:
        began = time.perf_counter()
        ours = play(advisor, shoppers, rng, progress=lambda n: step.detail(f"{n}/{dialogues}"))
        seconds = time.perf_counter() - began
    fewer = shoppers[: max(20, PLAIN_BUDGET // len(catalog))]
    out: dict[str, Any] = {
        "shop": catalog.config.name,
        "products": len(catalog),
        "dialogues": dialogues,
        "wrong": wrong,
        "unsure": unsure,
        "seed": seed,
        "seconds": round(seconds, 2),
        "ours": _figures(ours),
    }
    with doing("The same shoppers with plain questions"):
        for policy in POLICIES:
            out[policy] = _figures(play_plain(catalog, policy, fewer, rng))
    labels = {key: facet.label for key, facet in catalog.facets.items()} | {"": "show me more"}
    out["asked"] = _asked(ours, labels)
    out["bits_by_question"] = _bits(ours)
    return out


def table(summary: dict[str, Any]) -> str:
    """Return the figures as a text table."""
    lines = [
        f"{summary['shop']}: {summary['products']} products, {summary['dialogues']} shoppers,"
        f" {summary['wrong']:.0%} wrong and {summary['unsure']:.0%} unsure answers",
        "",
        f"{'':<10}{'found after 5':>15}{'after 10':>10}{'questions':>11}{'dialogues':>11}",
    ]
    for name in ("ours", *POLICIES):
        figures = summary[name]
        lines.append(
            f"{name:<10}{figures['success@5']:>15.3f}{figures['success@10']:>10.3f}"
            f"{figures['mean_questions']:>11.2f}{figures['dialogues']:>11}"
        )
    lines += ["", "Asked most: " + ", ".join(f"{n} {c}" for n, c in summary["asked"][:8])]
    bits = " ".join(f"{gain:.1f}" for gain in summary["bits_by_question"])
    lines.append(f"Bits told by question 1, 2, ...: {bits}")
    rate = summary["dialogues"] / max(summary["seconds"], 1e-9) * 60
    lines.append(f"{summary['seconds']:.1f} s, {rate:,.0f} dialogues a minute")
    return "\n".join(lines) + "\n"


def _figures(played: list[Played]) -> dict[str, Any]:
    return {
        "success@5": round(success(played, 5), 3),
        "success@10": round(success(played, MOST_QUESTIONS), 3),
        "mean_questions": round(mean_questions(played), 2),
        "by_question": [round(success(played, n), 3) for n in range(MOST_QUESTIONS + 1)],
        "dialogues": len(played),
    }


def _asked(played: list[Played], labels: dict[str, str]) -> list[tuple[str, int]]:
    counts = Counter(facet for dialogue in played for facet in dialogue.facets)
    return [(labels[key], count) for key, count in counts.most_common()]


def _bits(played: list[Played]) -> list[float]:
    """Mean bits told by the first question, the second, and so on, over the dialogues that got there."""
    means = []
    for place in range(MOST_QUESTIONS):
        gains = [dialogue.bits[place] for dialogue in played if len(dialogue.bits) > place]
        if gains:
            means.append(round(sum(gains) / len(gains), 3))
    return means
