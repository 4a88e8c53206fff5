"""What numbers are measured in by common knowledge, where neither their column nor their cells say so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

TABLE = Path(__file__).with_name("tables") / "usual_units.yml"
LEAST_NUMBERS = 3
"""Different numbers below which a column says too little of its range."""


@dataclass(frozen=True, slots=True)
class UsualUnit:
    """The unit of numbers in a range, under some names."""

    names: frozenset[str]
    """Lower case, words apart by blanks."""
    unit: str
    """Its symbol."""
    smallest: float
    """The middle of the numbers lies at or above it."""
    largest: float
    """And at or below this."""


@cache
def usual_units() -> tuple[UsualUnit, ...]:
    """The entries of ``tables/usual_units.yml``, read once."""
    from ruamel.yaml import YAML

    entries = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return tuple(
        UsualUnit(
            names=frozenset(entry["names"]),
            unit=entry["unit"],
            smallest=float(entry["from"]),
            largest=float(entry["to"]),
        )
        for entry in entries
    )


def usual_unit(name: str, numbers: Collection[float]) -> str | None:
    """The unit that numbers of a column of this name are measured in.

    Args:
        name: of the column, in any spelling: "Screen_Size".
        numbers: its different values.

    Returns:
        None where nothing is usual, or the numbers are not those of the usual unit.
    """
    plain = " ".join(name.replace("_", " ").replace("-", " ").lower().split())
    if len(numbers) < LEAST_NUMBERS:
        return None
    middle = median(numbers)
    fitting = [
        entry.unit
        for entry in usual_units()
        if plain in entry.names and entry.smallest <= middle <= entry.largest
    ]
    return fitting[0] if len(fitting) == 1 else None
