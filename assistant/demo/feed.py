"""Writes the demo shop to disk: the CSV feed, the pictures and the settings of the shop."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from assistant.demo.labels import draw_bottle
from assistant.demo.wines import Wine, make_wines

SHOP_FILE = Path(__file__).parent / "shop.yml"
COLUMNS = [
    "id",
    "name",
    "description",
    "price",
    "currency",
    "type",
    "grapes",
    "country",
    "region",
    "appellation",
    "body",
    "sweetness",
    "acidity",
    "tannin",
    "alcohol",
    "oak",
    "food",
    "aromas",
    "vintage",
    "drink_until",
    "bottle_size",
    "closure",
    "organic",
    "biodynamic",
    "vegan",
    "serving_temperature",
    "stock",
    "availability",
    "image",
]


def write_feed(folder: Path, *, seed: int) -> Path:
    """Write ``feed.csv``, ``images/<id>.svg`` and, unless there is one, ``shop.yml``; return the feed."""
    wines = make_wines(seed)
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for wine in wines:
        (images / f"{wine.id}.svg").write_text(draw_bottle(wine), encoding="utf-8")
    if not (folder / "shop.yml").exists():
        shutil.copyfile(SHOP_FILE, folder / "shop.yml")
    feed = folder / "feed.csv"
    with feed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(to_row(wine) for wine in wines)
    return feed


def to_row(wine: Wine) -> dict[str, str]:
    """Spell one wine as the cells of the feed."""
    return {
        "id": wine.id,
        "name": wine.title,
        "description": wine.description,
        "price": str(wine.price),
        "currency": "EUR",
        "type": ", ".join(wine.types),
        "grapes": ", ".join(wine.grapes),
        "country": wine.country,
        "region": wine.region,
        "appellation": wine.appellation or "",
        "body": wine.body,
        "sweetness": wine.sweetness,
        "acidity": wine.acidity,
        "tannin": wine.tannin or "",
        "alcohol": _number(wine.alcohol),
        "oak": wine.oak,
        "food": ", ".join(wine.food),
        "aromas": ", ".join(wine.aromas),
        "vintage": _number(wine.vintage),
        "drink_until": _number(wine.drink_until),
        "bottle_size": wine.bottle_size,
        "closure": wine.closure,
        "organic": _flag(wine.organic),
        "biodynamic": _flag(wine.biodynamic),
        "vegan": _flag(wine.vegan),
        "serving_temperature": str(wine.serving_temperature),
        "stock": str(wine.stock),
        "availability": "in_stock" if wine.stock else "out_of_stock",
        "image": f"{wine.id}.svg",
    }


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _flag(flag: bool | None) -> str:  # noqa: FBT001 - spells a flag
    return "" if flag is None else "yes" if flag else "no"
