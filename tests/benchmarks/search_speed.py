"""Speed and memory of search: ``python tests/benchmarks/search_speed.py [PRODUCTS]``.

Wall time and processor time are both shown, since only the second means something on a busy machine. The
brute-force index stands beside FAISS as the baseline.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from catalog.encoder import Encoder, ensure
from catalog.index import BruteForceIndex, FaissIndex
from catalog.search import Search
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Product, ShopConfig
from catalog.vocabulary import build_vocabulary

MODELS = Path(__file__).resolve().parents[2] / "models"
WORDS = (
    "oak",
    "steel",
    "linen",
    "round",
    "large",
    "folding",
    "garden",
    "kitchen",
    "lamp",
    "table",
    "chair",
)
COLORS = ("red", "blue", "green", "black", "white", "grey")


def shop(size: int) -> Catalog:
    draw = np.random.default_rng(1)
    products = [
        Product(
            id=f"P{number}",
            title=" ".join(draw.choice(WORDS, 3)) + f" {number}",
            description="Made to last, easy to clean, delivered in one parcel.",
            facets={"color": (str(draw.choice(COLORS)),), "price": (float(draw.integers(5, 900)),)},
        )
        for number in range(size)
    ]
    values = tuple(FacetValue(value=one, label=one, count=size // 6) for one in COLORS)
    facets = [
        Facet(key="color", label="color", kind=FacetKind.CATEGORY, values=values),
        Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR"),
    ]
    return Catalog(ShopConfig(name="benchmark", currency="EUR"), facets, products)


def report(name: str, call: Callable[[int], object], times: int = 100) -> None:
    wall, busy = [], []
    for number in range(times):
        began, used = time.perf_counter(), time.process_time()
        call(number)
        wall.append((time.perf_counter() - began) * 1e3)
        busy.append((time.process_time() - used) * 1e3)
    sys.stdout.write(
        f"{name:28s} p50 {np.median(wall):8.2f} ms  p95 {np.percentile(wall, 95):8.2f} ms  "
        f"processor {np.median(busy):8.2f} ms\n"
    )


def memory(name: str) -> None:
    sys.stdout.write(f"{name:28s} {psutil.Process().memory_info().rss / 1e6:8.0f} MB resident\n")


def main(size: int) -> None:
    memory("python and numpy")
    catalog = shop(size)
    texts = [f"{p.title}. {p.description} color: {p.facets['color'][0]}" for p in catalog.products]
    encode = ensure(MODELS).encode
    report("encode 256 documents", lambda n: encode(texts[n * 256 :][:256]), 3)
    draw = np.random.default_rng(2)
    encoder = Encoder.load(MODELS)
    vectors = draw.standard_normal((size, encoder.dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    allowed = draw.random(size) < 0.3
    for index in (BruteForceIndex.build(vectors), FaissIndex.build(vectors)):
        name = type(index).__name__
        report(f"{name} nearest", lambda n, i=index: i.nearest(vectors[n], 10))
        report(f"{name} nearest, 30 %", lambda n, i=index: i.nearest(vectors[n], 10, allowed))
    search = Search(catalog, FaissIndex.build(vectors), encoder)
    report("building search", lambda _: search.warm_up(), 1)
    report(
        "encode a new query", lambda n: encoder.encode_query(f"something round for the hall {n}")
    )
    report("meaning of a new wish", lambda n: search.meaning(f"cosy corner number {n}"))
    report("search", lambda n: search.search(f"red oak tabel {n}", {"price": ["<500"]}, 10))
    report("suggest", lambda n: search.suggest("oak gar"[: 1 + n % 7], 10))
    report(
        "mentioned", lambda n: search.mentioned(f"tell me about the {catalog.products[n].title}")
    )
    report("vocabulary", lambda _: build_vocabulary(catalog), 3)
    memory("everything")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000)
