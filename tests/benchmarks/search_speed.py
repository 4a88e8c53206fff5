"""Speed and memory of search and of updates: ``python -m tests.benchmarks.search_speed [PRODUCTS] [DIMENSION]``.

The products are multiples of the demo shop's wines: their words, facets and descriptions, put together anew.
Wall time and processor time are both shown, since only the second means something on a busy machine. Brute
force stands beside FAISS, and substring search beside the words, as baselines. Vectors are random, for how
near they are plays no part in how long it takes; a real encoder encodes the queries where one is built.
"""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from assistant.demo import build
from catalog.edit import apply_edit, edit_of
from catalog.ingest.importer import import_feed
from catalog.parsing.text import language
from catalog.search.fields import documents
from catalog.search.inverted_index import WordIndex
from catalog.search.row_map import RowMap
from catalog.search.search import Search
from catalog.search.vector_index import BruteForceIndex, FaissIndex, open_index
from catalog.storage.load import load_catalog
from catalog.store import Catalog
from catalog.types import Money, Product

PREFIX_LENGTHS = 15
T = TypeVar("T")


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def resident() -> float:
    """MB this process holds in memory."""
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def multiples(base: Catalog, size: int) -> Iterator[Product]:
    """``size`` products made of the real ones: halves of two titles, a number, another's description."""
    draw, rows = random.Random(1), base.products
    for number in range(size):
        first = rows[number % len(rows)]
        if number < len(rows):
            yield first
            continue
        second = rows[draw.randrange(len(rows))]
        left, right = first.title.split(), second.title.split()
        half = len(left) // 2
        yield replace(
            first,
            id=f"{first.id}-{number}",
            title=" ".join([*left[:half], *right[half:], str(number)]),
            description=second.description,
        )


def report(name: str, call: Callable[[int], object], times: int = 100) -> None:
    """Time a call and print the median and the 95th percentile."""
    wall, busy = [], []
    for number in range(times):
        began, used = time.perf_counter(), time.process_time()
        call(number)
        wall.append((time.perf_counter() - began) * 1e3)
        busy.append((time.process_time() - used) * 1e3)
    say(
        f"{name:36s} p50 {np.median(wall):9.2f} ms  p95 {np.percentile(wall, 95):9.2f} ms   "
        f"processor p50 {np.median(busy):9.2f}  p95 {np.percentile(busy, 95):9.2f}"
    )


def once(name: str, call: Callable[[], T]) -> T:
    """Time a call that is made once, and what it leaves in memory."""
    before, began, used = resident(), time.perf_counter(), time.process_time()
    made = call()
    wall, busy = time.perf_counter() - began, time.process_time() - used
    say(f"{name:36s} {wall:8.1f} s  processor {busy:8.1f} s   {resident() - before:+8.0f} MB")
    return made


def unit_vectors(size: int, dimension: int) -> np.ndarray:
    """Random vectors of unit length, made by parts to spare memory."""
    draw = np.random.default_rng(2)
    made = np.empty((size, dimension), dtype=np.float32)
    for start in range(0, size, 65_536):
        part = draw.standard_normal((min(65_536, size - start), dimension), dtype=np.float32)
        made[start : start + len(part)] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return made


def meaning(size: int, dimension: int, folder: Path) -> FaissIndex:
    """Build, store and load the vectors as a generation does; then measure them."""
    vectors = unit_vectors(size, dimension)
    allowed = {share: np.random.default_rng(3).random(size) < share for share in (0.001, 0.03, 0.5)}
    brute = BruteForceIndex.build(vectors)
    queries = unit_vectors(64, dimension)
    report("brute force nearest", lambda n: brute.nearest(queries[n % 64], 10), 20)
    built = once("FAISS build", lambda: FaissIndex.build(vectors))
    np.save(folder / "vectors.npy", vectors)
    if built.approximate:
        built.save(folder / "index.faiss")
        del vectors, brute, built
        mapped = np.load(folder / "vectors.npy", mmap_mode="r")
        built = once("FAISS load", lambda: FaissIndex.load(folder / "index.faiss", mapped))
    report("FAISS nearest", lambda n: built.nearest(queries[n % 64], 10), 50)
    for share, mask in allowed.items():
        report(
            f"FAISS nearest of {share:.1%}",
            lambda n, m=mask: built.nearest(queries[n % 64], 10, m),
            30,
        )
    return built


def words(base: Catalog, size: int, folder: Path) -> WordIndex:
    """Build, store and load the words as a generation does."""
    tables, facets = language("en"), list(base.facets.values())
    built = once(
        "words build", lambda: WordIndex.build(documents(multiples(base, size), facets), tables)
    )
    once("words save", partial(built.save, folder))
    del built
    return once("words load", lambda: WordIndex.load(folder, size, tables))  # type: ignore[return-value]


def typing(titles: Sequence[str]) -> list[str]:
    """What is typed on the way to some titles."""
    return [title[:size].lower() for title in titles for size in range(1, PREFIX_LENGTHS)]


def searching(search: Search, catalog: Catalog, titles: Sequence[str]) -> None:
    """Measure every kind of request."""
    keys = typing(titles[:40])
    report("suggest, each key", lambda n: search.suggest(keys[n % len(keys)], 8), len(keys))
    wrong = [title[:3] + title[4:12] for title in titles]
    report("suggest, misspelt", lambda n: search.suggest(wrong[n % len(wrong)], 8))
    report("search, title", lambda n: search.search(" ".join(titles[n % 99].split()[:3]), {}, 10))
    report("search, misspelt", lambda n: search.search(wrong[n % len(wrong)], {}, 10))
    common = ("red wine", "full bodied dry red", "white from france under 20", "organic red wine")
    report("search, common words", lambda n: search.search(common[n % 4], {}, 10), 40)
    report("search, filtered", lambda n: search.search("red", {"price": [f"<{9 + n}"]}, 10), 40)
    report("mentioned", lambda n: search.mentioned(f"tell me about the {titles[n % 99]}"))
    plain = [product.title.lower() for product in catalog.products]
    report("substring over titles", lambda n: [t for t in plain if titles[n % 99].lower() in t], 10)


def updating(search: Search, catalog: Catalog) -> None:
    """Measure what a turn pays for an update that came in before it."""
    for key in catalog.facets:
        catalog.column(key)
    state = {"catalog": catalog}

    def price(number: int) -> None:
        old = state["catalog"].products[number * 7]
        money = Money(amount=Decimal(number + 1), currency="EUR")
        new = replace(old, price=money, facets={**old.facets, "price": (float(number + 1),)})
        state["catalog"] = apply_edit(state["catalog"], edit_of(state["catalog"], {old.id: new}))

    report("update: one price", price, 20)
    state["catalog"] = catalog

    def added(number: int) -> None:
        new = replace(catalog.products[0], id=f"new{number}", title=f"Quetzal {number}")
        now = apply_edit(catalog, edit_of(catalog, {new.id: new}))
        of = np.arange(len(now), dtype=np.int32)
        renewed = search.renewed(now, RowMap.placed(of, len(now)), (new,))
        if not renewed.search("quetzal", {}, 1).total:
            raise RuntimeError("a new product is not found")

    report("update: one product in, searched", added, 10)


def loaded(folder: Path, size: int) -> None:
    """In a process of its own: load a stored index, use it, and say what it takes."""
    before = resident()
    index = open_index(folder)
    found = WordIndex.load(folder, size, language("en"))
    if found is None or index is None:
        raise RuntimeError("nothing is stored")
    for number, query in enumerate(unit_vectors(200, index.dimension)):
        index.nearest(query, 100)
        found.match(f"full bodied red chatea {number}")
    facts = psutil.Process().memory_info()
    say(
        f"{'index, in a fresh process':36s} {resident() - before:8.0f} MB resident, of which "
        f"{facts.shared / 1e6:.0f} MB are pages of files"
    )


def main(size: int, dimension: int) -> None:
    """Measure one size."""
    say(f"{size:,} products, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        import_feed(build(folder / "shop"), folder / "shop")
        base = load_catalog(folder / "shop")
        index = meaning(size, dimension, folder)
        found = words(base, size, folder)
        command = [sys.executable, "-m", __spec__.name, str(size), str(folder)]
        subprocess.run(command, check=True)
        catalog = once(
            "products in memory",
            lambda: Catalog(base.config, base.facets.values(), multiples(base, size)),
        )
        search = Search(catalog, words=found)
        once("type-ahead", lambda: search.suggest("a", 1))
        once("titles", lambda: search.mentioned("a"))
        once("columns, item numbers, first search", lambda: search.search("red", {}, 1))
        titles = [product.title for product in catalog.products[5 : 40 * 100 : 40]]
        searching(search, catalog, (titles * 99)[:99])
        updating(search, catalog)
        report(
            "FAISS cosine with all", lambda n: index.similarities(unit_vectors(1, dimension)[0]), 5
        )
        say(f"{'everything':36s} {resident():8.0f} MB resident, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    if len(sys.argv) > 2 and not sys.argv[2].isdigit():
        loaded(Path(sys.argv[2]), wanted)
    else:
        main(wanted, int(sys.argv[2]) if len(sys.argv) > 2 else 384)
