"""Units of measure: what they measure, how they are spelled, and what one is in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("tables") / "units.yml"
_DIGITS = 12
"""Figures of a factor that count: 1000 times 0.001 is 1, whatever floats make of it."""


class UnitUse(StrEnum):
    """Where the spellings of a unit are safe from meaning something else."""

    EVERYWHERE = "everywhere"
    CELLS = "cells"
    """In the cells of a feed: "4 pieces" in a message counts products."""
    MESSAGES = "messages"
    """In what people write: "10 S" in a feed is a size."""


class UnitSystem(StrEnum):
    """Feeds often state one thing in both: "1.8 kg (3.97 lb)"."""

    METRIC = "metric"
    IMPERIAL = "imperial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of measure."""

    symbol: str
    """As shown and stored: "cm", "GB"."""
    dimension: str
    """What it measures; only units of one dimension convert."""
    factor: float
    """Its size in the base unit of the dimension."""
    system: UnitSystem
    """Whether it is one of the second figures that stand beside metric ones."""
    use: UnitUse
    """Where it is recognised."""
    spellings: tuple[str, ...]
    """Lower case, in feeds and in messages of every language."""
    spoken: Mapping[str, tuple[str, ...]]
    """Language -> lower-case spellings in its messages alone."""


@cache
def units() -> Mapping[str, Unit]:
    """Symbol -> unit, from ``tables/units.yml``, read once."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return {
        symbol: _unit(symbol, dimension, entry)
        for dimension, entries in table.items()
        for symbol, entry in entries.items()
    }


def _unit(symbol: str, dimension: str, entry: Mapping[str, Any]) -> Unit:
    bare = (symbol.lower(),) if entry.get("bare", True) else ()
    return Unit(
        symbol=symbol,
        dimension=dimension,
        factor=float(entry["factor"]),
        system=UnitSystem(entry.get("system", UnitSystem.METRIC)),
        use=UnitUse(entry.get("where", UnitUse.EVERYWHERE)),
        spellings=(*bare, *entry.get("all", ())),
        spoken={language: tuple(entry[language]) for language in ("en", "de") if language in entry},
    )


@cache
def unit_symbols() -> Mapping[str, str]:
    """Lower-case spelling in a feed -> symbol of the unit."""
    return {
        spelling: unit.symbol
        for unit in units().values()
        if unit.use is not UnitUse.MESSAGES
        for spelling in unit.spellings
    }


@cache
def spoken_units(language: str) -> Mapping[str, Unit]:
    """Spelling in messages of a language -> unit.

    Args:
        language: two-letter code; of one without words of its own the common spellings are known.
    """
    return {
        spelling: unit
        for unit in units().values()
        if unit.use is not UnitUse.CELLS
        for spelling in (*unit.spellings, *unit.spoken.get(language, ()))
    }


@cache
def factor(source: str, target: str) -> float | None:
    """What a number in one unit is multiplied with to be in the other; None where they do not convert.

    Args:
        source: symbol of the unit it is in.
        target: symbol of the unit it should be in.
    """
    if source == target:
        return 1.0
    first, second = units().get(source), units().get(target)
    if first is None or second is None or first.dimension != second.dimension:
        return None
    return float(f"{first.factor / second.factor:.{_DIGITS}g}")


def convert(
    value: float, source: str, target: str, spelled: Mapping[str, Unit] | None = None
) -> float | None:
    """An amount in another unit; None when they do not measure the same thing.

    Args:
        value: the amount.
        source: spelling or symbol of its unit.
        target: that of the unit it should be in.
        spelled: spellings that count, `spoken_units` of a language; those of feeds without it.
    """
    symbols = [_symbol(text, spelled) for text in (source, target)]
    if symbols[0] == symbols[1]:
        return value
    times = factor(*symbols)
    return None if times is None else float(f"{value * times:.10g}")


def _symbol(text: str, spelled: Mapping[str, Unit] | None) -> str:
    word = text.strip().lower()
    if text in units():
        return text
    if spelled is None:
        return unit_symbols().get(word) or unit_symbols().get(word.rstrip("."), word)
    unit = spelled.get(word) or spelled.get(word.rstrip("."))
    return unit.symbol if unit else word
