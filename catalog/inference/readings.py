"""How a column is read: number, yes/no or words; in which unit; as one value or a list.

A reading is decided over all texts of the column, because one text alone is often ambiguous:
"15,25" is a range among ranges and a decimal number among prices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from catalog.inference.columns import FeedColumn
from catalog.inference.value_spellings import fold
from catalog.parsing.clean import plain_text, tidy
from catalog.parsing.column_units import MEASURES, unit_in_name
from catalog.parsing.labels import label_of, spelled_out
from catalog.parsing.values import (
    bracketed,
    is_missing,
    parse_number,
    parse_pair,
    parse_span,
    parse_year,
    plainer,
)
from catalog.types import FacetKind, Value
from nlu.lexical.flags import flag_words, read_flag
from nlu.lexical.money import parse_money
from nlu.lexical.units import factor
from nlu.lexical.usual_units import usual_unit

MOSTLY = 0.9
"""Share of the texts that must fit a reading."""
_ALONE = 0.8
"""Share of the parts that must be values by themselves where the separator is a weak one."""
LEAST_UNIT_SHARE = 0.25
"""Share of the cells that must write a unit for it to be the column's; the rest may leave it out."""
ODD_FLAGS = 0.05
"""Share of the cells of a yes-or-no column that may say neither, as of rows out of step."""
FEWEST_FLAGS = 20
"""Cells below which one that says neither makes the column one of words."""
LONGEST_VALUE = 300
"""Letters of the longest text that is kept as a value."""

_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_NUMBERS = Mapping[str, tuple[Value, ...]]


@dataclass(slots=True, kw_only=True)
class ColumnReading:
    """What the texts of one column mean."""

    kind: FacetKind
    values: dict[str, tuple[Value, ...]]
    """Text -> its values; a text that means nothing is absent."""
    unit: str | None = None
    """Of numbers."""
    unit_assumed: bool = False
    """The unit is what is usual for the column's name; neither name nor cells say it."""
    form: str = "plain"
    """How it was written: plain, list, packed range, date, time or code."""
    covered_by_facts: bool = False
    """Facets read out of these texts say what is in nearly all of them."""
    merged: dict[str, list[str]] = field(default_factory=dict)
    """Value -> other spellings of it that were found."""
    unread: list[str] = field(default_factory=list)
    """Some texts that could not be read."""


def read_column(column: FeedColumn, mark: str, apart: Collection[str] = ()) -> ColumnReading:
    """Decide how a column is read.

    Args:
        column: its texts.
        mark: decimal mark of the feed.
        apart: spellings that are not folded into others.
    """
    texts = Counter({text: n for text, n in column.counts.items() if len(text) <= 20_000})
    unit, _ = unit_in_name(column.name)
    pixels = _pixels(texts)
    if pixels is not None:
        return _words(pixels, texts, "plain", apart)
    reading = _single(texts, column, mark, unit)
    if reading is not None:
        if reading.kind is FacetKind.NUMBER and reading.unit is None and reading.form == "plain":
            numbers = {float(value) for values in reading.values.values() for value in values}
            reading.unit = usual_unit(spelled_out(label_of(column.name), "en"), numbers)
            reading.unit_assumed = reading.unit is not None
        return reading
    parts = None if column.whole else _lists(texts, column)
    if parts is None:
        return _words(
            {text: (text,) for text in texts}, texts, "list" if column.listed else "plain", apart
        )
    elements = Counter[str]()
    for text, entries in parts.items():
        elements.update(dict.fromkeys(entries, texts[text]))
    inner = _single(elements, column, mark, unit)
    if inner is None:
        return _words(parts, texts, "list", apart)
    inner.values = {
        text: tuple(
            dict.fromkeys(value for entry in entries for value in inner.values.get(entry, ()))
        )
        for text, entries in parts.items()
    }
    inner.form = "list"
    return inner


def _single(
    texts: Counter[str], column: FeedColumn, mark: str, unit: str | None
) -> ColumnReading | None:
    """The reading as flag, date or number; None for words."""
    if not texts:
        return None
    return (
        _flags(texts, column)
        or _dates(texts)
        or _pairs(texts, column, mark, unit)
        or _numbers(texts, mark, unit)
        or _moneys(texts, mark)
    )


def _flags(texts: Counter[str], column: FeedColumn) -> ColumnReading | None:
    flags = {text: read_flag(text) for text in texts}
    odd = [text for text, flag in flags.items() if flag is None]
    total = texts.total()
    if sum(texts[text] for text in odd) > (ODD_FLAGS * total if total >= FEWEST_FLAGS else 0):
        return None
    spelled = {text.strip().lower() for text in texts if text not in odd}
    measured = MEASURES & set(column.key.split("_"))
    both = len(set(flags.values()) - {None}) == 2
    worded = bool(spelled & flag_words())
    marked = spelled <= {"x", "\u2713", "\u2714"} or (
        spelled == {"1"} and column.coverage < 0.6 and not measured
    )
    if not both and not worded and not marked:
        return None
    return ColumnReading(
        kind=FacetKind.FLAG,
        values={text: (flag,) for text, flag in flags.items() if flag is not None},
        unread=odd[:5],
    )


def _dates(texts: Counter[str]) -> ColumnReading | None:
    years = {text: parse_year(text) for text in texts}
    if _share(texts, {text for text, year in years.items() if year is not None}) < MOSTLY:
        return None
    timed = any(re.search(r"\d[T ]\d{2}:\d{2}", text) for text in texts)
    return ColumnReading(
        kind=FacetKind.NUMBER,
        values={text: (year,) for text, year in years.items() if year is not None},
        form="time" if timed else "date",
    )


_PIXELS = re.compile(r"\s*(\d{3,5})\s*,\s*(\d{3,5})\s*")
_LONG_SECOND = 0.5
"""Share of the cells whose second number has four figures or more: a thousand and its decimals have not."""


def _pixels(texts: Counter[str]) -> dict[str, tuple[str, ...]] | None:
    """Widths and heights packed as "2560,1440", as people write them; None where the comma may mean thousands."""
    pairs = {text: match.groups() for text in texts if (match := _PIXELS.fullmatch(text))}
    if not pairs or _share(texts, set(pairs)) < MOSTLY:
        return None
    longer = sum(texts[text] for text, (_, second) in pairs.items() if len(second) > len("000"))
    if longer < _LONG_SECOND * texts.total():
        return None
    return {text: (f"{first} x {second}",) for text, (first, second) in pairs.items()}


def _pairs(
    texts: Counter[str], column: FeedColumn, mark: str, unit: str | None
) -> ColumnReading | None:
    """Two numbers packed as "15,25"; refused where the comma may be a decimal or thousands mark."""
    pairs = {text: pair for text in texts if (pair := parse_pair(text))}
    if _share(texts, set(pairs)) < MOSTLY:
        return None
    seconds = [text.split(",")[1].strip() for text in pairs]
    if all(re.fullmatch(r"\d{3}", second) for second in seconds):
        return None
    dotted = any("." in text for text in pairs)
    zeros = any(re.match(r"0\d", second) for second in seconds)
    ordered = sum(low <= high for low, high in pairs.values()) / len(pairs)
    names_range = bool(re.search(r"range|response|min_?max|from_to", column.key))
    if not dotted and (zeros or (not names_range and (mark == "," or ordered < 0.8))):
        return None
    return ColumnReading(
        kind=FacetKind.NUMBER,
        values={text: tuple(dict.fromkeys(pair)) for text, pair in pairs.items()},
        unit=unit,
        form="packed range",
        unread=[text for text in texts if text not in pairs][:5],
    )


def _numbers(texts: Counter[str], mark: str, named_unit: str | None) -> ColumnReading | None:
    parsed: dict[str, tuple[tuple[float, ...], str | None]] = {}
    for text in texts:
        plain = tidy(text)
        number = parse_number(plain, mark) or parse_number(plainer(plain), mark)
        span = None if number else parse_span(plain, mark)
        if number:
            parsed[text] = ((number[0],), number[1])
        elif span:
            parsed[text] = ((span[0], span[1]), span[2])
    if _share(texts, set(parsed)) < MOSTLY or _are_codes(texts):
        return None
    units = Counter[str]()
    for text, (_, written_unit) in parsed.items():
        if written_unit:
            units[written_unit] += texts[text]
    # "10 S" among bare sizes is no second: a unit few cells write is none of the column's.
    written = units.total() >= LEAST_UNIT_SHARE * texts.total()
    unit = units.most_common(1)[0][0] if units and written else named_unit
    values: dict[str, tuple[Value, ...]] = {}
    for text, (numbers, written_unit) in parsed.items():
        times = (
            factor(written_unit, unit)
            if written_unit and unit
            else None
            if written_unit and not written
            else 1.0
        )
        if times is not None:
            values[text] = tuple(
                round(number * times, 6) if times != 1 else number for number in numbers
            )
    if _share(texts, set(values)) < MOSTLY:
        return None
    return ColumnReading(
        kind=FacetKind.NUMBER,
        values=values,
        unit=unit,
        unread=[text for text in texts if text not in values][:5],
    )


def _moneys(texts: Counter[str], mark: str) -> ColumnReading | None:
    """Further prices, with their currency: "\u20b9 54,999"; only where nearly all state the same one."""
    parsed = {text: parse_money(tidy(text), mark) for text in texts}
    amounts = {text: money for text, money in parsed.items() if money and money[1]}
    codes = Counter[str]()
    for text, (_, code) in amounts.items():
        codes[code or ""] += texts[text]
    if not codes or codes.most_common(1)[0][1] < MOSTLY * texts.total():
        return None
    unit = codes.most_common(1)[0][0]
    return ColumnReading(
        kind=FacetKind.NUMBER,
        values={text: (float(amount),) for text, (amount, code) in amounts.items() if code == unit},
        unit=unit,
        unread=[text for text in texts if text not in amounts or amounts[text][1] != unit][:5],
    )


def _are_codes(texts: Counter[str]) -> bool:
    """Digits that are names, not amounts: leading zeros, or long numbers of one length."""
    digits = [text for text in texts if text.strip().isdigit()]
    if not digits:
        return False
    zeros = sum(len(text.strip()) > 1 and text.strip()[0] == "0" for text in digits)
    lengths = Counter(len(text.strip()) for text in digits)
    length, most = lengths.most_common(1)[0]
    return zeros > 0.1 * len(digits) or (length >= 8 and most > 0.8 * len(digits))


def _share(texts: Counter[str], good: set[str]) -> float:
    return sum(texts[text] for text in good) / texts.total()


# ---- lists ----

_PATH = re.compile(r"\s+>{1,2}\s+|\s*>>+\s*|\s*\u203a\s*")
_SEPARATORS: tuple[tuple[str, float, bool], ...] = (
    (r"\s*\|\s*", 0.0, True),
    (r"\s*\n\s*", 0.0, True),
    (_PATH.pattern, 0.0, True),
    (r"\s*;\s*", 0.3, False),
    (r"\s+/\s+", 0.4, False),
    (r"\s*,\s+", 0.4, False),
    (r",", 0.5, False),
)
_LOOSE_SEPARATORS = (r"\s*/\s*", r"\s+(?:&|and|und)\s+|\s*\+\s*")
"""Believed only where the parts are values by themselves: "Black/Red" beside "Black" and "Red"."""
"""Pattern, the share of parts that must recur, and whether one text alone is evidence enough."""


def _lists(texts: Counter[str], column: FeedColumn) -> dict[str, tuple[str, ...]] | None:
    """Text -> its entries, where the column holds lists."""
    lists = {text: bracketed(text) for text in texts if text.lstrip()[:1] == "["}
    if lists and _share(texts, set(lists)) > 0.6:
        listed = {text: tuple(lists.get(text) or (text,)) for text in texts}
        return _paths(listed) or listed
    plain = {text: plain_text(text) for text in texts}
    for pattern, needed, strong in _SEPARATORS:
        separator = re.compile(pattern)
        parts = {
            text: tuple(part for part in separator.split(clean) if part)
            for text, clean in plain.items()
        }
        several = [entries for entries in parts.values() if len(entries) > 1]
        if len(several) < (1 if strong else 2) or not _are_entries(several, strong=strong):
            continue
        frequency = Counter(part.casefold() for entries in parts.values() for part in set(entries))
        again = [frequency[part.casefold()] > 1 for entries in several for part in entries]
        if sum(again) >= needed * len(again) or (
            column.key in _PLURALS and sum(again) >= 0.1 * len(again)
        ):
            return _without_root(parts) if ">" in pattern else parts
    return _loose(plain)


def _paths(listed: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]] | None:
    """The levels of paths that stand in lists: ["Shoes >> Boots >> Ankle boots"]; None where there are none."""
    levels = {
        text: tuple(dict.fromkeys(part for entry in entries for part in _PATH.split(entry) if part))
        for text, entries in listed.items()
    }
    longer = sum(len(levels[text]) > len(entries) for text, entries in listed.items())
    return _without_root(levels) if longer > 0.6 * len(listed) else None


def _loose(plain: Mapping[str, str]) -> dict[str, tuple[str, ...]] | None:
    whole = {text.casefold() for text in plain.values()}
    for pattern in _LOOSE_SEPARATORS:
        parts = {
            text: tuple(part for part in re.split(pattern, clean) if part)
            for text, clean in plain.items()
        }
        several = [entries for entries in parts.values() if len(entries) > 1]
        entries = [part.casefold() for parts_of_text in several for part in parts_of_text]
        alone = sum(part in whole for part in entries)
        if len(several) >= 2 and alone >= _ALONE * len(entries):
            return {
                text: entries
                if all(part.casefold() in whole for part in entries)
                else (plain[text],)
                for text, entries in parts.items()
            }
    return None


_PLURALS = frozenset(
    {
        "tags",
        "categories",
        "colors",
        "colours",
        "materials",
        "features",
        "keywords",
        "labels",
        "collections",
    }
)


def _are_entries(several: list[tuple[str, ...]], *, strong: bool) -> bool:
    entries = [part for parts in several for part in parts]
    mean = sum(map(len, entries)) / len(entries)
    words = sum(len(part.split()) for part in entries) / len(entries)
    return (mean <= 60 and words <= 8) if strong else (mean <= 28 and words <= 3.5)


def _without_root(parts: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Levels that every path goes through say nothing, nor does the product's own name at the end of its path."""
    frequency = Counter(entry for entries in parts.values() for entry in set(entries))
    own = sum(frequency[entries[-1]] == 1 for entries in parts.values() if entries)
    if len(parts) > 10 and own > 0.5 * len(parts):
        shared_levels = {
            text: tuple(entry for entry in entries if frequency[entry] > 1)
            for text, entries in parts.items()
        }
        parts = {text: shared_levels[text] or entries for text, entries in parts.items()}
    shared = set.intersection(*(set(entries) for entries in parts.values()))
    if any(set(entries) <= shared for entries in parts.values()):
        return parts
    return {
        text: tuple(entry for entry in entries if entry not in shared)
        for text, entries in parts.items()
    }


# ---- words ----


def _words(
    parts: Mapping[str, tuple[str, ...]], texts: Counter[str], form: str, apart: Collection[str]
) -> ColumnReading:
    clean = {
        text: tuple(
            dict.fromkeys(
                entry
                for raw in entries
                if (entry := tidy(raw))
                and not is_missing(entry)
                and len(entry) <= LONGEST_VALUE
                and not _SCRIPT.match(entry)
            )
        )
        for text, entries in parts.items()
    }
    counts = Counter[str]()
    for text, entries in clean.items():
        for entry in entries:
            counts[entry] += texts[text]
    spelling = fold(counts, apart)
    merged: dict[str, list[str]] = {}
    for entry, chosen in spelling.items():
        if entry != chosen:
            merged.setdefault(chosen, []).append(entry)
    values: dict[str, tuple[Value, ...]] = {
        text: tuple(dict.fromkeys(spelling[entry] for entry in entries))
        for text, entries in clean.items()
        if entries
    }
    return ColumnReading(kind=FacetKind.CATEGORY, values=values, form=form, merged=merged)
