"""Conversion between units of one dimension."""

from __future__ import annotations

from nlu.language import Unit, Wordlists


def find_unit(wordlists: Wordlists, said: str) -> Unit | None:
    """The unit spelled ``said`` ("inches", "cm", '"'); None when it is unknown."""
    said = said.strip().lower()
    return wordlists.units.get(said) or wordlists.units.get(said.rstrip("."))


def convert(wordlists: Wordlists, value: float, source: str, target: str) -> float | None:
    """``value`` of ``source`` in ``target``; None when they do not measure the same thing."""
    if source.lower() == target.lower():
        return value
    one, other = find_unit(wordlists, source), find_unit(wordlists, target)
    if one is None or other is None or one.dimension != other.dimension:
        return None
    return float(f"{value * one.factor / other.factor:.10g}")
