"""The published benchmark of conversational recommendation: LastFM and LastFM*.

    uv run python -m tests.benchmarks.lastfm [--star] [--pairs 2000] [--folds]

All items are candidates. The shopper opens with a random attribute of the item they want; each turn then
asks about one attribute or shows ten items, until the item is shown or turn 15 is over. Questions are
valued by ``catalog.ranking.ask_or_show.flag_gains`` (for facts, equal to the information gain that shops use) and
``catalog.ranking.ask_or_show.ask_instead`` decides between asking and showing. The profile is what the user listened
to before: items like it weigh more. ``--folds`` shows how its weight was chosen: on items of the training
pairs that nobody is known to have listened to in the fold, so nothing of the final pairs is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from catalog.ranking.ask_or_show import LIST, ask_instead, flag_gains

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "benchmarks"
TURNS = 15
LIKENESS = (1.0, 4.0)
"""How fast the weight of an item grows with its likeness to everything the user listened to, and to the
five items nearest to it of those; see --folds."""
NEAREST = 5
HEARD = 0.01
"""Weight of an item the user has listened to already: it is new music that is looked for."""
PUBLISHED = {
    # policy: (SR@15, AT) on LastFM, on LastFM*; test pairs, "no" ignored
    "Abs Greedy": ((0.222, 13.48), (0.635, 8.66)),
    "Max Entropy": ((0.283, 13.91), (0.669, 9.33)),
    "EAR": ((0.429, 12.88), (0.595, 10.51)),
    "SCPR": ((0.465, 12.86), (0.709, 8.43)),
    "UNICORN": ((0.535, 11.82), (0.788, 7.58)),
}
PROTOTYPE = {True: ((0.922, 9.47), (1.000, 6.38)), False: ((0.448, 13.30), (0.817, 8.02))}

Decide = Callable[[np.ndarray, np.ndarray, float, float, int, bool], bool]


@dataclass(frozen=True)
class Benchmark:
    """One of the two sets."""

    items: sparse.csr_matrix
    """[items, attributes] 1 where the item has the attribute."""
    train: dict[int, np.ndarray]
    """User -> items listened to."""
    pairs: list[tuple[int, int]]
    """(user, item looked for)."""


def load(folder: Path) -> Benchmark:
    """Read one set."""

    def read(name):
        return json.loads((folder / name).read_text("utf-8"))

    items = read("item_dict.json")
    held = [sorted(set(items[str(n)]["feature_index"])) for n in range(len(items))]
    starts = np.cumsum([0, *map(len, held)])
    columns = np.concatenate([np.array(one, dtype=np.int64) for one in held])
    matrix = sparse.csr_matrix((np.ones(len(columns)), columns, starts))
    train = {int(u): np.array(v, dtype=np.int64) for u, v in read("review_dict_train.json").items()}
    valid = read("review_dict_valid.json")
    return Benchmark(matrix, train, [(int(u), i) for u, found in valid.items() for i in found])


def by_turns(weights, shown, share, _gain, patience, no_counts) -> bool:
    """Ask or show as ``catalog.ranking.ask_or_show`` decides."""
    return ask_instead(weights, shown, share, patience, no_counts=no_counts)


def by_bits(weights, shown, _share, gain, patience, _no_counts) -> bool:
    """Ask or show as the prototype decides: whichever tells more."""
    rest = max(0.0, 1 - weights[shown].sum())
    told = np.append(weights[shown], rest)
    listing = -(told * np.log2(np.maximum(told, 1e-300))).sum()
    return patience > 1 and rest > 0 and gain > listing


def play(
    items: sparse.csr_matrix,
    prior: np.ndarray,
    wanted: int,
    rng: np.random.Generator,
    decide: Decide,
    *,
    no_counts: bool,
) -> int:
    """Return the turn in which the item was shown, one more than ``TURNS`` when it never was."""
    own = items.indices[items.indptr[wanted] : items.indptr[wanted + 1]]
    first = int(rng.choice(own))
    alive = np.flatnonzero(np.asarray(items[:, [first]].todense()).ravel())
    asked = np.zeros(items.shape[1], dtype=bool)
    asked[first] = True
    for turn in range(2, TURNS + 1):
        table = items[alive]
        weights = prior[alive] / prior[alive].sum()
        yes = np.clip(table.T @ weights, 0.0, 1.0)
        yes[asked] = 0.0
        gains = flag_gains(yes, no_counts=no_counts)
        best = int(gains.argmax())
        count = min(LIST, len(alive))
        shown = np.argpartition(-weights, count - 1)[:count]
        if decide(
            weights, shown, float(yes[best]), float(gains[best]), TURNS + 1 - turn, no_counts
        ):
            asked[best] = True
            has = np.asarray(table[:, [best]].todense()).ravel() > 0
            if best in own:
                alive = alive[has]
            elif no_counts:
                alive = alive[~has]
        elif wanted in alive[shown]:
            return turn
        else:
            alive = np.delete(alive, shown)
    return TURNS + 1


class Priors:
    """How likely each item is for each user before anything is said."""

    def __init__(self, items: sparse.csr_matrix, train: dict[int, np.ndarray]) -> None:
        count = np.asarray(items.sum(axis=0)).ravel()
        scaled = items @ sparse.diags(np.log(items.shape[0] / np.maximum(count, 1)))
        norms = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
        self._items = (sparse.diags(1 / np.maximum(norms, 1e-9)) @ scaled).tocsr()
        self._train = train

    def of(self, user: int, likeness: tuple[float, float]) -> np.ndarray:
        """Return [items] the weights for a user; all alike where nothing is known or wanted."""
        heard = self._train.get(user, np.zeros(0, dtype=np.int64))
        if not any(likeness) or not len(heard):
            return np.ones(self._items.shape[0])
        like = (self._items @ self._items[heard].T).toarray()
        like.sort(axis=1)
        logs = np.zeros(len(like))
        for factor, part in zip(likeness, (like, like[:, -NEAREST:]), strict=True):
            mean = part.mean(axis=1)
            logs += factor * mean / max(mean.max(), 1e-9)
        weights = np.exp(logs)
        weights[heard] *= HEARD
        return weights


def play_all(
    bench: Benchmark,
    pairs: Sequence[tuple[int, int]],
    likeness: tuple[float, float],
    how: str,
    no_counts: bool,
) -> list[int]:
    """Play every pair; each has a seed of its own, so that the parts do not depend on the cut."""
    priors = Priors(bench.items, bench.train)
    decide: Decide = by_bits if how == "bits" else by_turns
    turns = []
    for user, wanted in pairs:
        rng = np.random.default_rng((user, wanted))
        prior = priors.of(user, likeness)
        turns.append(play(bench.items, prior, wanted, rng, decide, no_counts=no_counts))
    return turns


def figures(turns: Sequence[int]) -> tuple[float, float, float, float]:
    """SR@5, SR@10, SR@15 and AT."""
    taken = np.array(turns)
    rates = [float((taken <= limit).mean()) for limit in (5, 10, 15)]
    return rates[0], rates[1], rates[2], float(np.minimum(taken, TURNS).mean())


def folds(bench: Benchmark, count: int) -> tuple[Benchmark, list[tuple[int, int]]]:
    """Return training pairs of items held out of everybody's training, each item equally often."""
    rng = np.random.default_rng(0)
    cold = rng.random(bench.items.shape[0]) < 0.2
    train = {user: heard[~cold[heard]] for user, heard in bench.train.items()}
    listeners: dict[int, list[int]] = {}
    for user, heard in bench.train.items():
        for item in heard[cold[heard]]:
            listeners.setdefault(int(item), []).append(user)
    pairs = [(int(rng.choice(users)), item) for item, users in listeners.items()]
    chosen = rng.permutation(len(pairs))[:count]
    return Benchmark(bench.items, train, []), [pairs[n] for n in chosen]


def _run(pool, bench, pairs, likeness, how, no_counts):
    halves = [pairs[0::2], pairs[1::2]]
    parts = [pool.submit(play_all, bench, half, likeness, how, no_counts) for half in halves]
    return figures([turn for part in parts for turn in part.result()])


def _line(name: str, rates: Sequence[float]) -> str:
    return f"  {name:<46}" + "".join(f"{one:>9.3f}" for one in rates[:-1]) + f"{rates[-1]:>9.2f}"


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--star", action="store_true", help="LastFM*, 8,438 attributes")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--folds", action="store_true", help="how the profile's weight was chosen")
    options = parser.parse_args()
    folder = DATA / ("lastfm_star" if options.star else "lastfm")
    if not folder.is_dir():
        print(f"skipped: there is no {folder}")
        return 0
    bench = load(folder)
    if options.folds:
        bench, pairs = folds(bench, options.pairs)
        choices = ((0.0, 0.0), (4.0, 0.0), (3.0, 3.0), (2.0, 3.0), (1.0, 4.0), (0.0, 5.0))
        variants = [(f"profile x {one}", one, "turns") for one in choices]
    else:
        order = np.random.default_rng(1).permutation(len(bench.pairs))[: options.pairs]
        pairs = [bench.pairs[n] for n in order]
        variants = [
            ("prototype's choice (bits), same pairs", (0.0, 0.0), "bits"),
            ("ours, no profile", (0.0, 0.0), "turns"),
            ("ours", LIKENESS, "turns"),
        ]
    print(
        f"{folder.name}: {bench.items.shape[0]} items, {bench.items.shape[1]} attributes, {len(pairs)} pairs"
    )
    with ProcessPoolExecutor(max_workers=2) as pool:
        for no_counts in (True, False):
            print(f'"no" {"counts" if no_counts else "is ignored"}:')
            print(f"  {'':<46}{'SR@5':>9}{'SR@10':>9}{'SR@15':>9}{'AT':>9}")
            if not no_counts and not options.folds:
                for name, both in PUBLISHED.items():
                    rate, turns = both[options.star]
                    print(
                        f"  {name + ' (published, test pairs)':<46}{'':>18}{rate:>9.3f}{turns:>9.2f}"
                    )
            if not options.folds:
                rate, turns = PROTOTYPE[no_counts][options.star]
                print(f"  {'prototype (as reported)':<46}{'':>18}{rate:>9.3f}{turns:>9.2f}")
            for name, likeness, how in variants:
                print(_line(name, _run(pool, bench, pairs, likeness, how, no_counts)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
