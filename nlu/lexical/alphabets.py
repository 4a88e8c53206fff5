"""The letters that languages are written with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("tables") / "alphabets.yml"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The letters of one language."""

    language: str
    """Its English name."""
    letters: frozenset[str]
    """Lower case, beyond a to z."""
    encodings: tuple[str, ...]
    """8-bit encodings its texts come in, the likelier first."""


@cache
def alphabets() -> tuple[Alphabet, ...]:
    """The alphabets of ``tables/alphabets.yml``, read once."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return tuple(
        Alphabet(language, frozenset(entry["letters"]), tuple(entry["encodings"]))
        for language, entry in table.items()
    )
