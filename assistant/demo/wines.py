"""The wines of the demo shop: drawn from tables of facts by a seeded script, so every run gives the same feed.

Grapes, regions, styles and prices in ``tables/`` are facts; producers are invented. Each wine has its own
random stream named after its producer and label, so editing one line of a table changes that wine alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from assistant.demo.prose import describe

TABLES = Path(__file__).parent / "tables"
THIS_YEAR = 2026
"""The year in which the shop's stock was counted; vintages in the tables are those on sale then."""
SIZES = {"half bottle": 0.56, "standard bottle": 1.0, "magnum": 2.15}
"""Bottle sizes and what they cost beside a standard bottle."""

PINK_AROMAS = ["strawberry", "redcurrant", "raspberry", "pink grapefruit", "watermelon"]

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wine:
    """One row of the feed, and what its label needs; None leaves a cell empty."""

    producer: str
    label: str
    """What stands on the bottle below the producer: "Chablis"."""
    kind: str
    """Key of ``tables/styles.yml``."""
    shape: str
    """Of the drawn bottle: bordeaux, burgundy, flute, sparkling or port."""
    description: str = ""
    price: Decimal
    types: tuple[str, ...]
    grapes: tuple[str, ...]
    country: str
    region: str
    appellation: str | None
    body: str
    sweetness: str
    acidity: str
    tannin: str | None
    alcohol: float | None
    oak: str
    food: tuple[str, ...]
    aromas: tuple[str, ...]
    vintage: int | None
    drink_until: int | None
    bottle_size: str = "standard bottle"
    closure: str
    organic: bool
    biodynamic: bool
    vegan: bool | None
    serving_temperature: int
    stock: int
    id: str = ""

    @property
    def title(self) -> str:
        """Producer, label, vintage, and the size where it is not the usual one."""
        size = "" if self.bottle_size == "standard bottle" else f"({self.bottle_size})"
        return " ".join(
            str(part) for part in (self.producer, self.label, self.vintage, size) if part
        )


def read_table(name: str) -> Any:
    """Read one file of ``tables/``."""
    return YAML(typ="safe").load(TABLES / name)


def origins() -> Iterator[tuple[str, str, Table]]:
    """Every region of the tables as (country, region, its facts)."""
    for path in sorted((TABLES / "origins").glob("*.yml")):
        tables = read_table(f"origins/{path.name}")
        for table in tables if isinstance(tables, list) else [tables]:
            for region, facts in table["regions"].items():
                yield table["country"], region, facts


def make_wines(seed: int = 7) -> list[Wine]:
    """Draw the whole range of the shop, shuffled and numbered; the same seed gives the same wines."""
    grapes, styles, phrases = (
        read_table(f"{name}.yml") for name in ("grapes", "styles", "phrases")
    )
    wines: dict[str, Wine] = {}
    for country, region, facts in origins():
        for entry in facts["wines"]:
            cask = _Cask(seed, country, region, facts, styles[entry["style"]] | entry, grapes)
            for count in range(entry["n"]):
                wine, rng = cask.draw(count, taken=wines)
                wine = replace(wine, description=describe(wine, cask.entry, count, phrases, rng))
                for size in _sizes(cask.entry, rng):
                    bottle = _bottled(wine, size, phrases["size"], rng)
                    wines[bottle.title] = bottle
    ordered = list(wines.values())
    order = _stream(seed, "order")
    order.shuffle(ordered)
    # Real feeds have holes, so this one has some too.
    for number in order.sample(range(len(ordered)), 3):
        ordered[number] = replace(ordered[number], alcohol=None)
    return [replace(wine, id=f"W{1001 + number}") for number, wine in enumerate(ordered)]


class _Cask:
    """One entry of the tables, from which its wines are drawn."""

    def __init__(
        self,
        seed: int,
        country: str,
        region: str,
        facts: Table,
        entry: dict[str, Any],
        grapes: Table,
    ) -> None:
        self.seed, self.country, self.region, self.facts = seed, country, region, facts
        self.entry, self.grapes = entry, grapes
        self.names: list[str] = entry.get("names") or [entry["name"]]
        self.producers: list[str] = entry.get("producers") or facts["producers"]

    def draw(self, count: int, *, taken: Mapping[str, Wine]) -> tuple[Wine, random.Random]:
        """Draw the entry's wine number ``count``, other than those taken, with its random stream."""
        start = _stream(self.seed, self.names[0]).randrange(60)
        for step in range(200):
            turn = start + count + step
            name = self.names[turn % len(self.names)]
            producer = self._pick("producers", turn, self.producers, turn // len(self.names))
            rng = _stream(self.seed, producer, name, str(count), str(step))
            wine = self._make(producer, name, turn, rng)
            if wine.title not in taken:
                return wine, rng
        raise ValueError(
            f"{self.names[0]} has too few producers and vintages for {self.entry['n']} wines"
        )

    def _pick(self, key: str, turn: int, options: list[Any], otherwise: int) -> Any:
        """Take the option that belongs to the name, or the one whose turn it is."""
        paired = self.entry.get("paired") and len(options) == len(self.names)
        return options[(turn if paired else otherwise) % len(options)]

    def _make(self, producer: str, name: str, turn: int, rng: random.Random) -> Wine:
        entry = self.entry
        blend = self._pick("blends", turn, entry["blends"], rng.randrange(99))
        appellation = entry.get("appellation")
        if appellation is None:
            appellation = entry.get("appellations", self.names)[turn % len(self.names)]
        region = (
            entry.get("region")
            or (appellation if self.facts.get("by_appellation") else "")
            or self.region
        )
        vintage = None if entry["years"] == "NV" else rng.randint(*entry["years"])
        keep = None if vintage is None or "keep" not in entry else rng.randint(*entry["keep"])
        estate = _stream(self.seed, producer)
        habit = estate.random()
        organic: bool = habit < (entry.get("organic") or self.facts["organic"])
        fined = rng.random() < entry["fining"] * (0.4 if organic else 1)
        return Wine(
            producer=producer,
            label=name,
            kind=entry["style"],
            shape=entry["shape"],
            price=_price(entry["price"], rng),
            types=tuple(entry["type"].split(", ")),
            grapes=tuple(
                dict.fromkeys(self.grapes[grape].get("same_as", grape) for grape in blend)
            ),
            country=self.country,
            region=region,
            appellation=appellation if appellation and appellation != region else None,
            body=entry["body"],
            sweetness=entry["sweetness"],
            acidity=entry["acidity"],
            tannin=entry.get("tannin"),
            alcohol=_alcohol(entry, self.facts["climate"], rng),
            oak=entry["oak"],
            food=tuple([entry["food"][0], *rng.sample(entry["food"][1:], rng.randint(2, 3))]),
            aromas=self._aromas(blend, rng),
            vintage=vintage,
            drink_until=None
            if vintage is None or keep is None
            else max(vintage + keep, THIS_YEAR + 1),
            closure=_closure(entry, rng),
            organic=organic,
            biodynamic=organic and habit < 0.12,
            vegan=None if rng.random() < 0.04 else not fined,
            serving_temperature=entry["temperature"],
            stock=0 if rng.random() < 0.05 else _stock(entry["price"], rng),
        )

    def _aromas(self, blend: list[str], rng: random.Random) -> tuple[str, ...]:
        extra = self.entry.get("extra", [])
        if "rosé" in self.entry["type"] or "Rosé" in self.names[0]:
            # Pink wine smells of red fruit, whatever its grapes smell of in red wine.
            return tuple(dict.fromkeys(extra + rng.sample(PINK_AROMAS, 3 - len(extra[:2]))))
        if "red" not in self.entry["type"]:
            # Pressed off their skins, black grapes leave the scent to the white ones.
            blend = sorted(blend, key=lambda grape: str(self.grapes[grape]["colour"]) == "red")
        first, *others = self.entry.get("aromas") or self.grapes[blend[0]]["aromas"]
        if "aromas" not in self.entry:
            others += [aroma for grape in blend[1:2] for aroma in self.grapes[grape]["aromas"][:1]]
        chosen = [first, rng.choice(others), *rng.sample(extra, min(len(extra), 2))]
        return tuple(dict.fromkeys(chosen))


def _stream(seed: int, *names: str) -> random.Random:
    """A random stream of its own for whatever the names stand for."""
    return random.Random(":".join((str(seed), *names)))  # noqa: S311 - a demo, not a secret


def _price(span: list[float], rng: random.Random) -> Decimal:
    """Draw from the span, mostly from its lower half, with an ending that shops use."""
    low, high = span
    drawn = low + (high - low) * rng.random() ** 1.3
    steps = {15: (0.5, 0.9), 30: (0.0, 0.5, 0.9), 60: (0.0, 0.0, 0.5), math.inf: (0.0,)}
    endings = next(endings for below, endings in steps.items() if drawn < below)
    price = math.floor(drawn) + rng.choice(endings)
    return Decimal(f"{min(max(price, low), high):.2f}")


def _alcohol(entry: Table, climate: str, rng: random.Random) -> float:
    """Label alcohol, in steps of a half as the law has it: low in the span where it is cool."""
    low, high = entry["alcohol"]
    half = (high - low) / 2
    climate = entry.get("climate", climate)
    if climate == "cool":
        high -= half
    elif climate == "warm":
        low += half
    return round(rng.uniform(low, high) * 2) / 2


def _closure(entry: Table, rng: random.Random) -> str:
    return "screw cap" if rng.random() < entry["screw_cap"] else "cork"


def _stock(span: list[float], rng: random.Random) -> int:
    """Many bottles of what is cheap, few of what is dear."""
    most = 120 if span[0] < 12 else 48 if span[0] < 30 else 12
    return rng.randint(1, most)


def _sizes(entry: Table, rng: random.Random) -> list[str]:
    """The sizes in which a wine is sold; most come in the standard bottle alone."""
    if entry.get("only_half"):
        return ["half bottle"]
    others = {"half bottle": entry.get("half", 0), "magnum": entry.get("magnum", 0)}
    return ["standard bottle", *(size for size, chance in others.items() if rng.random() < chance)]


def _bottled(wine: Wine, size: str, sentences: Table, rng: random.Random) -> Wine:
    """The same wine in another size, at its price."""
    if size == "standard bottle":
        return wine
    price = Decimal(math.ceil(float(wine.price) * SIZES[size])) - Decimal("0.10")
    return replace(
        wine,
        bottle_size=size,
        price=price.quantize(Decimal("0.01")),
        stock=rng.randint(0, 9),
        closure="cork" if wine.closure == "screw cap" else wine.closure,
        description=f"{wine.description} {sentences[size]}",
    )
