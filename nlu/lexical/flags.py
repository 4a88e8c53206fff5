"""Yes and no as cells, filters and files spell them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("tables") / "flags.yml"


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    from ruamel.yaml import YAML

    table: Mapping[str, Mapping[str, list[str]]] = YAML(typ="safe").load(
        TABLE.read_text(encoding="utf-8")
    )
    return table


@cache
def _flags() -> Mapping[str, bool]:
    return {
        str(word): answer == "yes"
        for answer, groups in _table().items()
        for group in groups.values()
        for word in group
    }


@cache
def flag_words() -> frozenset[str]:
    """Spellings that say yes or no whatever the column: "yes", "nein", not "1"."""
    return frozenset(str(word) for groups in _table().values() for word in groups["worded"])


def read_flag(text: str) -> bool | None:
    """Yes or no; None for anything else.

    Args:
        text: the cell, the filter or the setting; case and white space around it do not matter.
    """
    return _flags().get(text.strip().lower())
