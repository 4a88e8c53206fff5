"""What it costs to understand a message: time by kind of message, size and build time by vocabulary.

    uv run python -m tests.benchmarks.understanding [--sizes 5000 200000] [--retrain]

The vocabularies are made of invented words. The baseline beside each row is spaCy's blank English tokenizer on
the same messages in the same run, so that the ratio holds on a slower machine. Messages "by words" need no
sentence vector; messages "by meaning" do, and stand only where an encoder has been built.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from assistant.settings import load
from catalog.errors import EncoderUnavailable
from catalog.search.encoder import Encoder
from nlu.lexical.vocabulary import Vocabulary
from nlu.parser import Parser
from tests.nlu.shops import category, wine_vocabulary

SIZES = (5_000, 200_000)
BY_WORDS = [
    "{}", "{} please", "under 25 euros", "between 20 and 40", "not {}", "{} or {}", "I don't mind",
    "at least 13% alcohol", "cheaper", "the second one", "yes", "no", "show me more",
    "{} but not {} under 30", "around 50 euros, ideally {}", "hello", "thanks", "undo", "why",
]  # fmt: skip
BY_MEANING = [
    "could you possibly find me something my grandmother would be delighted with at her party",
    "i was rather hoping that this evening turns out to be a little special for the two of us",
    "well that is not quite what I had in mind when I walked in here to be honest",
    "do you happen to know whether people usually take these along when they travel by train",
    "we are moving house in the autumn and everything we own has to fit into half the space,"
    " so whatever it is should not take up much room",
]


def invented(count: int, rng: random.Random) -> list[str]:
    """Words that can be spoken and are in no dictionary."""
    starts, middles, ends = (
        ["bl", "cr", "d", "f", "gr", "k", "l", "m", "n", "p", "st", "t", "v", "z"],
        ["a", "e", "i", "o", "u"],
        ["lt", "n", "r", "sk", "x"],
    )
    syllables = [a + b + c for a, b, c in itertools.product(starts, middles, ends)]
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.sample(syllables, 3))] = None
    return list(found)


def vocabulary(size: int, rng: random.Random) -> Vocabulary:
    """The wine shop's facets and ``size`` more values, spread over five facets."""
    words = invented(size, rng)
    facets = tuple(category(f"trait_{n}", (f"trait {n}",), words[n::5]) for n in range(5))
    shop = wine_vocabulary()
    return replace(shop, facets=(*shop.facets, *facets))


def messages(frames: list[str], shop: Vocabulary, count: int, rng: random.Random) -> list[str]:
    """Frames in turn, filled with values of the shop."""
    values = [
        str(v.value) for facet in shop.facets for v in facet.values if v.value not in (True, False)
    ]
    return [
        frame.format(*rng.choices(values, k=frame.count("{}")))
        for frame in itertools.islice(itertools.cycle(frames), count)
    ]


def milliseconds(call, texts: list[str]) -> tuple[float, float]:
    """Median and 95th percentile of a call."""
    spent = []
    for text in texts:
        began = time.perf_counter()
        call(text)
        spent.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(spent, 50)), float(np.percentile(spent, 95))


def encoder() -> Encoder | None:
    """The encoder of this checkout; None where none has been built."""
    settings = load()
    try:
        return Encoder.load(settings.models, settings.encoder)
    except EncoderUnavailable:
        return None


def main() -> int:
    """Print the table."""
    import spacy

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--retrain", action="store_true", help="also train the act model anew")
    options = parser.parse_args()
    rng = random.Random(1)
    vectors, blank, process = encoder(), spacy.blank("en"), psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        models = load().models if (load().models / "nlu").is_dir() else Path(folder)
        Parser.load(wine_vocabulary(), encoder=vectors, models=models)  # trains what is not trained
        print(
            f"{'values':>8} {'built in s':>10} {'MB':>5}  {'kind':<11} {'p50 ms':>7} {'p95 ms':>7} {'x tokenizer':>11}"
        )
        for size in options.sizes:
            shop = vocabulary(size, rng)
            before, began = process.memory_info().rss, time.perf_counter()
            built = Parser.load(shop, encoder=vectors, models=models)
            seconds, memory = time.perf_counter() - began, process.memory_info().rss - before
            kinds = [("by words", BY_WORDS, 600), ("by meaning", BY_MEANING, 60 if vectors else 0)]
            for kind, frames, count in kinds:
                texts = messages(frames, shop, count, rng)
                if not texts:
                    continue
                milliseconds(built.parse, texts[:20])
                half, most = milliseconds(built.parse, texts)
                base, _ = milliseconds(blank, texts)
                cells = f"{kind:<11} {half:>7.2f} {most:>7.2f} {half / base:>11.1f}"
                print(f"{size:>8} {seconds:>10.2f} {memory / 1e6:>5.0f}  {cells}", flush=True)
        if options.retrain:
            began = time.perf_counter()
            Parser.load(wine_vocabulary(), encoder=vectors, models=Path(folder))
            first = time.perf_counter() - began
            for model in (Path(folder) / "nlu").glob("acts-*"):
                model.unlink()
            began = time.perf_counter()
            Parser.load(wine_vocabulary(), encoder=vectors, models=Path(folder))
            again = time.perf_counter() - began
            print(
                f"act model: first training {first:.1f} s, after a change of phrases {again:.1f} s"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
