"""Days and spans of time as people say them: "until 3 March", "every six weeks", "alle 14 Tage"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from nlu.lexical.dates import read_day
from nlu.lexical.numbers import decimal_mark, read_decimal
from nlu.lexical.units import Unit, spoken_units
from nlu.lexical.words import fold

TABLE = Path(__file__).with_name("tables") / "dates.yml"
REMEMBERED = 1024
"""Words of which it is known whether they are months; those before a year repeat."""
LONGEST = 60
"""Letters of the longest phrase that is read as one day or span."""
SHORTEST_MONTH = 3
"""Letters by which a month is known: "mar"; two would be ambiguous."""
MOST = 1000
"""Largest count of a span; nobody means "every 5000 weeks"."""
DAYS = "days"
"""Symbol of the unit that spans are counted in where a number of days is wanted."""
_DAY_FIRST = re.compile(
    r"^(?:the )?(\d{1,2})(?:\.|st|nd|rd|th)?(?: of)?\s+([^\W\d_]{3,10})\.?(?:,?\s+(\d{4}))?$"
)
_MONTH_FIRST = re.compile(r"^([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$")
_SHORT_GERMAN = re.compile(r"^(\d{1,2})\.(\d{1,2})\.$")
_COUNTED = re.compile(r"^(\S+)\s+(\S+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time."""

    count: float
    """How many."""
    unit: str
    """Symbol of the unit: "weeks"."""
    repeated: bool
    """Whether it comes again and again: "every 6 weeks"."""

    @property
    def days(self) -> float:
        """Its length in days; a month has a twelfth of a year."""
        units = spoken_units("")
        return self.count * _size(units, self.unit) / _size(units, DAYS)


def _size(units: Mapping[str, Unit], symbol: str) -> float:
    return units[symbol.lower()].factor


@cache
def _tables() -> Mapping[str, Any]:
    from ruamel.yaml import YAML

    table: Mapping[str, Any] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return table


@cache
def _table(language: str) -> Mapping[str, Any]:
    entry = _tables().get(language, _tables()["en"])
    return {
        name: {fold(word): value for word, value in words.items()}
        if isinstance(words, dict)
        else tuple(fold(word) for word in words)
        for name, words in entry.items()
    }


@lru_cache(maxsize=REMEMBERED)
def is_month(word: str) -> bool:
    """Whether a word, with or without its end, is a month in any language of the table."""
    return any(month_number(word, language) is not None for language in _tables())


@lru_cache(maxsize=REMEMBERED)
def month_number(word: str, language: str) -> int | None:
    """The number of a month, "mar" and "März" are 3; None for any other word.

    Args:
        word: the word, with or without its end.
        language: two-letter code.
    """
    table, stem = _table(language), fold(word).rstrip(".")
    if stem in table["also"]:
        return int(table["also"][stem])
    months = [number for number, name in enumerate(table["months"], 1) if name.startswith(stem)]
    return months[0] if len(stem) >= SHORTEST_MONTH and len(months) == 1 else None


def read_spoken_day(text: str, today: date, language: str) -> date | None:
    """A day as people say it, "until 3 March", "bis zum 3.5.": without a year the next such day from today on.

    Args:
        text: the phrase, a word such as "until" before it or not.
        today: the day it is said on.
        language: two-letter code.

    Returns:
        None when the phrase is no day, or one that does not exist.
    """
    phrase = " ".join(fold(text.strip()[:LONGEST]).split())
    for word in sorted(_table(language)["until"], key=len, reverse=True):
        phrase = phrase.removeprefix(f"{word} ")
    written = read_day(phrase)
    if written is not None:
        return written[0] if not written[1].strip() else None
    if match := _SHORT_GERMAN.match(phrase):
        return _next(int(match[2]), int(match[1]), None, today)
    if match := _DAY_FIRST.match(phrase):
        day, word, year = match.groups()
    elif match := _MONTH_FIRST.match(phrase):
        word, day, year = match.groups()
    else:
        return None
    month = month_number(word, language)
    return None if month is None else _next(month, int(day), int(year) if year else None, today)


def _next(month: int, day: int, year: int | None, today: date) -> date | None:
    """The day in its year; without one the first from today on, at most a leap year's gap away."""
    for number in (year,) if year else range(today.year, today.year + 9):
        try:
            moment = date(number, month, day)
        except ValueError:
            continue
        if year or moment >= today:
            return moment
    return None


def read_span(text: str, language: str) -> Span | None:
    """A span, "six weeks", or a rhythm, "every 6 weeks", "monthly", "every other week"; None for anything else.

    Args:
        text: the phrase alone.
        language: two-letter code.
    """
    phrase = " ".join(fold(text.strip()[:LONGEST]).split())
    table = _table(language)
    if phrase in table["often"]:
        return _fixed(table["often"][phrase], repeated=True)
    for word in sorted(table["every"], key=len, reverse=True):
        if phrase.startswith(f"{word} "):
            return _counted(phrase.removeprefix(f"{word} "), language, repeated=True)
    return _counted(phrase, language, repeated=False)


def _fixed(entry: str, *, repeated: bool, times: float = 1) -> Span:
    count, unit = entry.split()
    return Span(count=float(count) * times, unit=unit, repeated=repeated)


def _counted(phrase: str, language: str, *, repeated: bool) -> Span | None:
    table = _table(language)
    match = _COUNTED.match(phrase)
    if match is None and not repeated:
        return None
    number, noun = match.groups() if match else ("1", phrase)
    counted = table["numbers"].get(number) or (table["other"].get(number) if repeated else None)
    count = counted or (
        read_decimal(number, decimal_mark(language)) if number[0].isdigit() else None
    )
    if count is None or not 0 < count <= MOST:
        return None
    plain = noun.removesuffix("s")
    if spans := table["also_spans"].get(noun) or table["also_spans"].get(plain):
        return _fixed(spans, repeated=repeated, times=float(count))
    unit = _units_of_time(language).get(noun)
    return Span(count=float(count), unit=unit, repeated=repeated) if unit else None


@cache
def _units_of_time(language: str) -> Mapping[str, str]:
    return {
        fold(spelling): unit.symbol
        for spelling, unit in spoken_units(language).items()
        if unit.dimension == "time" and len(spelling) >= SHORTEST_MONTH
    }
