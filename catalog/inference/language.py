"""Which language a catalog is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.inference.columns import FeedColumn
from nlu.lexical.languages import language_of_catalog

_SAMPLE = 1500
"""Texts of a column that are looked at; the language does not change behind them."""
_SENTENCE = 12
"""Letters on average from which a column holds sentences and not names."""
_LONGEST = 1000
"""Letters of a text that are looked at."""


def tongue_of(columns: Mapping[str, FeedColumn]) -> str:
    """Two-letter code of the language; "en" where the evidence is thin or divided."""
    return language_of_catalog(
        (column.name for column in columns.values()), _texts(columns.values())
    )


def _texts(columns: Iterable[FeedColumn]) -> Iterable[str]:
    for column in columns:
        if column.mean_length >= _SENTENCE:
            for text, _ in zip(column.counts, range(_SAMPLE), strict=False):
                yield text[:_LONGEST]
