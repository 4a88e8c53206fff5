"""The question rule beside plain policies, on real catalogs and on the demo shop, and what a turn costs.

    uv run python -m tests.benchmarks.policy [--dialogues 200] [--only NAME ...]     success and questions
    uv run python -m tests.benchmarks.policy --speed [10000 100000 1000000]          time of a turn

Catalogs are imported from ``../shared/data`` into a temporary folder, without a mapping. "true" is how often
the wanted product is shown within ten questions when every answer is true: what nothing tells apart can
only be shown, five a turn. Processor time is given beside wall time, as only the
first means something on a busy machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant.advisor.search_view import CARDS, build_view, next_question
from assistant.advisor.simulation import (
    MOST_QUESTIONS,
    POLICIES,
    SimulatedShopper,
    mean_questions,
    play,
    play_plain,
    success,
)
from assistant.advisor.state import DialogueState
from assistant.advisor.turn import Advisor
from assistant.advisor.types import AskedQuestion
from assistant.advisor.wording import Wording
from catalog.ingest.importer import import_feed
from catalog.storage.load import load_catalog
from catalog.store import Catalog, coded_column, number_column
from catalog.types import (
    Constraint,
    FacetKind,
    Operator,
    Origin,
    Strength,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
WORDING = ROOT / "assistant" / "dialogue" / "wording"
FEEDS = {
    "headphones": "catalogs/headphones/headphones.csv",
    "keyboards": "catalogs/keyboards/keyboard.csv",
    "wine": "catalogs/wine/XWines_Test_100_wines.csv",
    "cars": "catalogs/cars/openintro_cars04.csv",
    "cars.json": "catalogs/cars/cars.json",
    "mpg": "catalogs/cars/ggplot2_mpg.csv",
    "restaurants": "catalogs/restaurants/restaurant_db.json",
    "candy": "catalogs/candy/fivethirtyeight_candy_rankings.csv",
    "trading cards": "feeds/google/trading_cards.xml",
}
SIZES = (10_000, 100_000, 1_000_000)
PLAIN_BUDGET = 300_000


def shops(only: list[str]) -> dict[str, Catalog]:
    """Import every catalog there is, and take the demo shop where it has been built."""
    found = {}
    for name, feed in FEEDS.items():
        if (only and name not in only) or not (DATA / feed).is_file():
            continue
        with tempfile.TemporaryDirectory() as folder:
            import_feed(DATA / feed, Path(folder))
            found[name] = load_catalog(Path(folder))
    demo = ROOT / "shops" / "demo"
    if (demo / "index" / "CURRENT").is_file() and (not only or "demo" in only):
        found["demo"] = load_catalog(demo)
    return found


def table(name: str, catalog: Catalog, dialogues: int) -> None:
    """Print how often and how soon the wanted product was shown."""
    advisor = Advisor(catalog, Wording.load(WORDING, "en"))
    rng = random.Random(1)
    honest = [
        SimulatedShopper(wanted=rng.choice(catalog.products), wrong=0, unsure=0)
        for _ in range(dialogues)
    ]
    true = success(play(advisor, honest, rng), MOST_QUESTIONS)
    for wrong in (0.15, 0.3):
        rng = random.Random(1)
        shoppers = [
            SimulatedShopper(wanted=rng.choice(catalog.products), wrong=wrong, unsure=0.1)
            for _ in range(dialogues)
        ]
        began = time.process_time()
        ours = play(advisor, shoppers, rng)
        spent = time.process_time() - began
        turns = sum(len(one.facets) for one in ours)
        few = shoppers[: max(20, PLAIN_BUDGET // len(catalog))]
        plain = [play_plain(catalog, policy, few, rng) for policy in POLICIES]
        cells = [f"{success(one, 5):.3f} {success(one, 10):.3f}" for one in (ours, *plain)]
        print(
            f"{name:<14}{len(catalog):>6} {wrong:>4.0%}  {true:>7.3f}  {cells[0]:>13}"
            f" {mean_questions(ours):>6.2f}  "
            + "  ".join(f"{cell:>13}" for cell in cells[1:])
            + f"  {mean_questions(plain[0]):>6.2f}  {spent / max(1, turns) * 1000:>6.1f}",
            flush=True,
        )


def multiplied(catalog: Catalog, size: int, rng: np.random.Generator) -> Catalog:
    """Return a catalog of the size with rows of the other, each value now and then from another row.

    The products themselves stand in once, since only columns matter for a turn's arithmetic.
    """
    times = -(-size // len(catalog))
    products = (catalog.products * times)[:size]
    made = Catalog(catalog.config, catalog.facets.values(), products)
    base = rng.integers(0, len(catalog), size)
    for key, facet in catalog.facets.items():
        column = catalog.column(key)
        mixed = np.where(rng.random(size) < 0.2, rng.integers(0, len(catalog), size), base)
        first = np.searchsorted(column.rows, mixed, side="left")
        count = np.searchsorted(column.rows, mixed, side="right") - first
        rows = np.repeat(np.arange(size, dtype=np.int32), count)
        offsets = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count)
        pairs = offsets + np.arange(len(rows))
        if facet.kind is FacetKind.NUMBER:
            made.keep_column(key, number_column(rows, column.numbers[pairs], size))
        else:
            made.keep_column(key, coded_column(rows, column.codes[pairs], column.values, size))
    made.__dict__["available"] = np.ones(size, dtype=bool)
    made.__dict__["_positions"] = {}
    return made


def speed(catalog: Catalog, sizes: list[int], turns: int = 60) -> None:
    """Print what weights, facets, question and ranking of a turn cost, over random conversations."""
    print(
        f"{'products':>10} {'facets':>7} {'wall p50':>9} {'p95 ms':>8} {'cpu p50':>8} {'p95 ms':>8}"
    )
    for size in sizes:
        large = multiplied(catalog, size, np.random.default_rng(1))
        rng = random.Random(1)
        wall, cpu = [], []
        state = DialogueState()
        for number in range(turns + 3):
            began, spent = time.perf_counter(), time.process_time()
            view = build_view(large, state, None, None)
            ranked = next_question(large, state, view)
            view.candidates.best(CARDS)
            if number >= 3:  # the columns are built in the first turns, once for all shoppers
                wall.append((time.perf_counter() - began) * 1000)
                cpu.append((time.process_time() - spent) * 1000)
            state = (
                _answered(state, ranked, rng)
                if ranked and len(state.asked) < 8
                else DialogueState()
            )
        cells = [np.percentile(one, q) for one in (wall, cpu) for q in (50, 95)]
        print(
            f"{size:>10} {len(large.facets):>7} {cells[0]:>9.1f} {cells[1]:>8.1f}"
            f" {cells[2]:>8.1f} {cells[3]:>8.1f}",
            flush=True,
        )


def _answered(state: DialogueState, ranked, rng: random.Random) -> DialogueState:
    """Return the state after one of the answers of the best question."""
    best = ranked[0]
    values = tuple(one.value for one in best.answers if one.value is not None)
    ranges = tuple((one.minimum, one.maximum) for one in best.answers if one.value is None)
    given = rng.choice(best.answers)
    if given.value is not None:
        operator, wanted = Operator.EQ, (given.value,)
    elif given.minimum is None:
        operator, wanted = Operator.LT, (given.maximum,)
    elif given.maximum is None:
        operator, wanted = Operator.GE, (given.minimum,)
    else:
        operator, wanted = Operator.BETWEEN, (given.minimum, given.maximum)
    key = best.facet.key
    wish = Constraint(
        facet=key,
        operator=operator,
        values=wanted,
        strength=Strength.PREFER,
        origin=Origin.ANSWER,
    )
    held = tuple(
        one
        for one in state.constraints
        if one.facet != key or best.facet.kind is FacetKind.CATEGORY
    )
    asked = AskedQuestion(
        facet=key, signature=best.signature, values=values, ranges=ranges, answer="value"
    )
    return DialogueState(constraints=(*held, wish), asked=(*state.asked, asked))


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dialogues", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--speed", nargs="*", type=int)
    options = parser.parse_args()
    found = shops(["cars"] if options.speed is not None else options.only)
    if not found:
        print(f"skipped: there is no {DATA} and no demo shop")
        return 0
    if options.speed is not None:
        for catalog in found.values():
            speed(catalog, options.speed or list(SIZES))
        return 0
    plain = "  ".join(f"{name + ' 5, 10':>13}" for name in POLICIES)
    print(
        f"{'shop':<14}{'size':>6} wrong    true  {'ours 5, 10':>13} {'asked':>6}  {plain}"
        f"  {'asked':>6}  cpu ms"
    )
    for name, catalog in found.items():
        table(name, catalog, options.dialogues)
    return 0


if __name__ == "__main__":
    sys.exit(main())
