"""How well search finds what is asked: ``python -m tests.benchmarks.search_quality``.

Sixty queries written by hand for the demo wine shop, each with what a fitting wine is. Beside ours stand a
plain substring search, and plain BM25 over the same texts without forgiveness, facets or numbers.
Shown per kind of query: how often the first hit fits, the share of the first five that fit, and how often
nothing is found.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.demo import build
from catalog.errors import EncoderUnavailable
from catalog.ingest.importer import import_feed
from catalog.live.live_shop import LiveShop
from catalog.search.encoder import Encoder, ensure
from catalog.store import Catalog
from catalog.types import Product
from nlu.lexical.words import fold, words

MODELS = Path(__file__).resolve().parents[2] / "models"
Fits = Callable[[Product], bool]
Finds = Callable[[str], Sequence[Product]]


def has(**wanted: str | bool) -> Fits:
    """Every named facet has the value."""
    return lambda p: all(value in p.facets.get(key, ()) for key, value in wanted.items())


def title(*parts: str) -> Fits:
    """Every part stands in the title, whatever its accents."""
    return lambda p: all(fold(part) in fold(p.title) for part in parts)


def number(key: str, low: float, high: float, fits: Fits = lambda _: True) -> Fits:
    """A number is between the ends, ends included."""
    return lambda p: any(low <= v <= high for v in p.facets.get(key, ())) and fits(p)


QUERIES: tuple[tuple[str, str, Fits], ...] = (
    ("plain", "barolo", title("barolo")),
    ("plain", "red wine from spain", has(type="red", country="Spain")),
    ("plain", "organic riesling", has(grapes="Riesling", organic=True)),
    ("plain", "dry white from germany", has(type="white", country="Germany", sweetness="dry")),
    ("plain", "champagne", has(region="Champagne")),
    ("plain", "port", has(appellation="Port")),
    ("plain", "pinot noir burgundy", has(grapes="Pinot Noir", region="Burgundy")),
    ("plain", "chianti classico", has(appellation="Chianti Classico")),
    ("plain", "full-bodied red with lamb", has(type="red", body="full-bodied", food="lamb")),
    ("plain", "magnum", has(bottle_size="magnum")),
    ("plain", "vegan orange wine", has(type="orange", vegan=True)),
    ("plain", "screw cap sauvignon blanc", has(grapes="Sauvignon Blanc", closure="screw cap")),
    ("typo", "reisling", has(grapes="Riesling")),
    ("typo", "chardonay", has(grapes="Chardonnay")),
    ("typo", "temprannillo", has(grapes="Tempranillo")),
    ("typo", "proseco", has(appellation="Prosecco")),
    ("typo", "bordaux red", has(region="Bordeaux", type="red")),
    ("typo", "gewurtraminer", has(grapes="Gewürztraminer")),
    ("typo", "souvignon blanc", has(grapes="Sauvignon Blanc")),
    ("typo", "merlto", has(grapes="Merlot")),
    ("typo", "cabrenet sauvignon", has(grapes="Cabernet Sauvignon")),
    ("typo", "portugese red", has(country="Portugal", type="red")),
    ("typo", "full boddied red", has(body="full-bodied", type="red")),
    ("typo", "sparkeling rose", has(type="sparkling")),
    ("joined", "pinotnoir", has(grapes="Pinot Noir")),
    ("joined", "chardon nay", has(grapes="Chardonnay")),
    ("joined", "offdry riesling", has(sweetness="off-dry", grapes="Riesling")),
    ("joined", "full bodied", has(body="full-bodied")),
    ("joined", "lightbodied red", has(body="light-bodied", type="red")),
    ("joined", "half-bottle", has(bottle_size="half bottle")),
    ("plural", "rieslings", has(grapes="Riesling")),
    ("plural", "champagnes", has(region="Champagne")),
    ("plural", "barolos", title("barolo")),
    ("plural", "sparkling wines", has(type="sparkling")),
    ("plural", "strawberries", has(aromas="strawberry")),
    ("synonym", "bubbly", has(type="sparkling")),
    ("synonym", "shiraz", has(grapes="Syrah")),
    ("synonym", "wine for steak", has(food="beef")),
    ("synonym", "no oak chardonnay", has(grapes="Chardonnay", oak="unoaked")),
    ("synonym", "californian cabernet", has(country="USA", grapes="Cabernet Sauvignon")),
    ("synonym", "garnacha", has(grapes="Grenache")),
    ("synonym", "seafood white", has(type="white", food="shellfish")),
    ("synonym", "without alcohol", has(type="alcohol-free")),
    ("accents", "rose provence", has(type="rosé", region="Provence")),
    ("accents", "cotes du rhone", title("côtes du rhône")),
    ("accents", "GRUNER VELTLINER", has(grapes="Grüner Veltliner")),
    ("accents", "chateauneuf du pape", title("châteauneuf-du-pape")),
    ("numbers", "red under 10", number("price", 0, 10, has(type="red"))),
    ("numbers", "champagne under 40 euros", number("price", 0, 40, has(region="Champagne"))),
    ("numbers", "rioja between 10 and 20", number("price", 10, 20, has(region="Rioja"))),
    ("numbers", "barolo over 60", number("price", 60, 1e9, title("barolo"))),
    ("numbers", "white wine less than 12%", number("alcohol", 0, 12, has(type="white"))),
    ("numbers", "€15-20 chardonnay", number("price", 15, 20, has(grapes="Chardonnay"))),
    ("numbers", "red 14.5%", number("alcohol", 14.2, 14.8, has(type="red"))),
    ("numbers", "vintage port 2017", number("vintage", 2017, 2017, has(appellation="Port"))),
    ("numbers", "riesling 2023", number("vintage", 2023, 2023, has(grapes="Riesling"))),
    ("unfinished", "sauvig", has(grapes="Sauvignon Blanc")),
    ("unfinished", "ries dry", has(grapes="Riesling", sweetness="dry")),
    ("unfinished", "tusc red", has(region="Tuscany", type="red")),
    ("item", "W1025", lambda p: p.id == "W1025"),
    ("item", "w-1033", lambda p: p.id == "W1033"),
)


def texts(catalog: Catalog) -> list[str]:
    """What a plain search would look at: title, values, description."""
    return [
        " ".join(
            (
                p.id,
                p.title,
                *(str(v) for values in p.facets.values() for v in values),
                p.description,
            )
        )
        for p in catalog.products
    ]


def substring(catalog: Catalog) -> Finds:
    """All words of the query somewhere in the text, in the order of the shop."""
    plain = [text.lower() for text in texts(catalog)]

    def find(query: str) -> list[Product]:
        parts = query.lower().split()
        return [
            p
            for p, text in zip(catalog.products, plain, strict=True)
            if all(x in text for x in parts)
        ]

    return find


def bm25(catalog: Catalog) -> Finds:
    """BM25 with the usual constants over the words as they stand."""
    bags = [Counter(words(text)) for text in texts(catalog)]
    holds = Counter(word for bag in bags for word in bag)
    usual = sum(bag.total() for bag in bags) / len(bags)

    def score(bag: Counter[str], asked: Sequence[str]) -> float:
        norm = 1.2 * (0.25 + 0.75 * bag.total() / usual)
        return sum(
            math.log1p((len(bags) - holds[w] + 0.5) / (holds[w] + 0.5))
            * bag[w]
            * 2.2
            / (bag[w] + norm)
            for w in asked
        )

    def find(query: str) -> list[Product]:
        asked = words(query)
        scored = [(score(bag, asked), row) for row, bag in enumerate(bags)]
        return [
            catalog.products[row] for s, row in sorted(scored, key=lambda x: (-x[0], x[1])) if s
        ]

    return find


def ours(view_of: LiveShop) -> Finds:
    """``catalog.search.search``."""
    search = view_of.view.search
    return lambda query: [hit.product for hit in search.search(query, {}, 20).hits]


def measure(find: Finds) -> dict[str, tuple[float, float, float]]:
    """Kind -> (first hit fits, share of the first five that fit, nothing found); "all" for all."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for kind, query, fits in QUERIES:
        hits = list(find(query))[:5]
        good = [fits(product) for product in hits]
        row = (float(good[:1] == [True]), sum(good) / max(len(good), 1), float(not hits))
        rows.setdefault(kind, []).append(row)
        rows.setdefault("all", []).append(row)
    return {kind: tuple(np.mean(one, axis=0)) for kind, one in rows.items()}  # type: ignore[misc]


def missed(find: Finds) -> list[str]:
    """Queries whose first hit does not fit."""
    out = []
    for _, query, fits in QUERIES:
        hits = list(find(query))[:1]
        if not hits or not fits(hits[0]):
            out.append(f"{query} -> {hits[0].title if hits else 'nothing'}")
    return out


def main() -> None:
    """Print a table for each way of searching."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        feed = build(shop)
        try:
            encoder: Encoder | None = ensure(MODELS)
        except EncoderUnavailable:
            encoder = None
        import_feed(feed, shop, embed=encoder)
        by_words = LiveShop(shop)
        ways: dict[str, Finds] = {
            "substring": substring(by_words.view.catalog),
            "BM25": bm25(by_words.view.catalog),
            "ours, words": ours(by_words),
        }
        if encoder is not None:
            ways["ours, words and meaning"] = ours(LiveShop(shop, encoder))
        results = {name: measure(find) for name, find in ways.items()}
        write = sys.stdout.write
        write(
            f"{'first fits / five fit / nothing':32s}" + "".join(f"{n:>26s}" for n in ways) + "\n"
        )
        for kind in dict.fromkeys([kind for kind, _, _ in QUERIES] + ["all"]):
            count = sum(kind in ("all", one) for one, _, _ in QUERIES)
            cells = (results[name][kind] for name in ways)
            line = "".join(f"{a:12.2f} /{b:5.2f} /{c:5.2f}" for a, b, c in cells)
            write(f"{kind:26s}{count:6d}{line}\n")
        for name in list(ways)[2:]:
            write(f"\n{name}, first hit does not fit:\n")
            write("".join(f"  {line}\n" for line in missed(ways[name])))


if __name__ == "__main__":
    main()
