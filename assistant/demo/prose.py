"""Descriptions of the demo wines: sentence frames from ``tables/phrases.yml`` filled with the facts of one wine."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.demo.wines import Wine

KINDS = {
    "alcohol-free": "alcohol-free wine",
    "dessert": "dessert wine",
    "fortified": "fortified wine",
}
LONG_LIFE = 2033
"""A wine that lasts until this year or later is worth keeping."""


def describe(
    wine: Wine, entry: Mapping[str, Any], count: int, phrases: Mapping[str, Any], rng: random.Random
) -> str:
    """Compose three or four sentences about a wine, all of them true of its row.

    Args:
        wine: the row.
        entry: its line in the tables, for what is true of the origin and the cellar.
        count: which wine of the entry it is; the entry's facts take turns.
        phrases: ``tables/phrases.yml``.
        rng: the wine's own random stream.
    """
    words = _words(wine, entry, phrases, rng)
    facts: Sequence[str] = entry["facts"]
    taste = rng.choice(phrases["taste"])
    middle = [taste.format(**words)]
    if count < len(facts):
        opening = facts[count]
    else:
        opening = rng.choice(phrases["opening"]["pure" if len(wine.grapes) == 1 else "blend"])
        if "cellar" in entry:
            middle.append(rng.choice(phrases["cellar"]))
        elif wine.organic:
            middle.append(rng.choice(phrases["biodynamic" if wine.biodynamic else "organic"]))
    body = [opening, *middle]
    if rng.random() < 0.3:
        body = [*middle, opening] if count < len(facts) else body
    ending = "aperitif" if "aperitif" in wine.food and rng.random() < 0.5 else "serve"
    sentences = [*body, rng.choice(phrases[ending])]
    if wine.drink_until and rng.random() < 0.45:
        sentences.append(rng.choice(phrases["keep"][_life(wine.drink_until)]))
    return " ".join(sentence.format(**words) for sentence in sentences)


def _life(until: int) -> str:
    return "young" if until <= 2027 else "long" if until >= LONG_LIFE else "now"


def _place(wine: Wine) -> str:
    """The appellation, unless it repeats the grape: "Arneis from Piedmont", not "from Roero Arneis"."""
    origin = wine.appellation or wine.region
    return wine.region if any(grape in origin for grape in wine.grapes) else origin


def _words(
    wine: Wine, entry: Mapping[str, Any], phrases: Mapping[str, Any], rng: random.Random
) -> dict[str, str]:
    """What the frames may name; a name with a capital begins a sentence."""
    tannins = f" and {wine.tannin} tannins" if wine.tannin else ""
    dishes = [rng.choice(phrases["dishes"][food]) for food in wine.food if food != "aperitif"][:2]
    first, *rest = wine.aromas
    words = {
        "aromas": join(wine.aromas),
        "first": first,
        "rest": join(rest),
        "body": wine.body,
        "sweetness": wine.sweetness,
        "structure": f"{wine.acidity} acidity{tannins}",
        "kind": KINDS.get(
            wine.types[0], wine.types[0] if wine.types[0] == "rosé" else f"{wine.types[0]} wine"
        ),
        "finish": rng.choice(phrases["finish"][wine.sweetness]),
        "grapes": join(wine.grapes),
        "place": _place(wine),
        "cellar": rng.choice(entry.get("cellar", [""])),
        "dishes": join(dishes),
        "temperature": str(wine.serving_temperature),
        "until": str(wine.drink_until),
    }
    return words | {key.capitalize(): value[:1].upper() + value[1:] for key, value in words.items()}


def join(items: Sequence[str]) -> str:
    """Join as in a sentence: "a, b and c"."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)
