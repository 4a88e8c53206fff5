"""Amounts hidden in sentences: "6.7 inches, 1440 x 3216 px, 120 Hz" holds a size, a resolution and a frequency.

A text column is looked through for numbers with a unit. An amount becomes a facet when it recurs
over the catalog, stands once in a text (or is told from its like by the word beside it: "8 GB RAM,
256 GB storage"), differs between products, and no column says it already.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.parsing.wordlist import words
from nlu.lexical.numbers import read_decimal
from nlu.lexical.units import factor, unit_symbols, units

LEAST_SHARE = 0.3
"""Share of the products that must have the amount."""
LEAST_PRODUCTS = 10
"""Products below which nothing is evidence."""
LEAST_VALUES = 3
"""Different amounts that must occur."""
_LONGEST = 1500
"""Letters of a text that are looked through, so that a manual costs no more than a description."""
_ONCE = 0.9
"""Share of the texts that must have an amount just once for its unit alone to tell it."""

QUANTITIES: dict[str, str] = {
    **dict.fromkeys(("mm", "cm", "m", "in", "ft"), "size"),
    "km": "distance",
    **dict.fromkeys(("mg", "g", "kg", "oz", "lb"), "weight"),
    **dict.fromkeys(("ml", "cl", "l"), "volume"),
    **dict.fromkeys(("KB", "MB", "GB", "TB"), "memory"),
    "Hz": "refresh rate",
    **dict.fromkeys(("kHz", "MHz", "GHz"), "speed"),
    **dict.fromkeys(("mAh", "Wh"), "capacity"),
    **dict.fromkeys(("W", "kW"), "power"),
    "V": "voltage",
    "MP": "resolution",
    "px": "resolution",
    "dpi": "resolution",
    "ppi": "pixel density",
    "lm": "brightness",
    "rpm": "speed",
    "hp": "power",
    "PS": "power",
    "dB": "loudness",
    "Ohm": "impedance",
    "mph": "speed",
    "km/h": "speed",
    "pcs": "pieces",
    "kcal": "energy",
}
"""Unit -> what such an amount is called where no word beside it names it."""

_LETTERS = frozenset({"g", "l", "v", "w", "m", '"'})
"""Units of one letter that stand in sentences; others are sizes and grades."""


@cache
def _units() -> dict[str, str]:
    """Spelling -> symbol of the units whose amounts are looked for."""
    return {
        spelling: unit
        for spelling, unit in unit_symbols().items()
        if unit in QUANTITIES and (len(spelling) > 1 or spelling in _LETTERS)
    }


_FIGURE = r"\d{1,3}(?:[,.]\d{3})+(?![\d.,]*\d)|\d{1,6}(?:[.,]\d{1,3})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,\-x\u00d7])(?<!\d/)(?<![x\u00d7] )({_FIGURE})(?:\s*[x\u00d7]\s*({_FIGURE}))?\s?-?"
    r"([^\W\d_]{1,14}(?:/h)?|''|[\"\u2033\u201d])(?![\w\u00b2\u00b3]|-\d|/(?!\d))"
    r"(?=\s+([^\W\d_][\w\-]{2,20})(?:\s+([^\W\d_][\w\-]{2,20}))?|)"
)
_PIXELS = re.compile(
    r"(?<![\d.,x\u00d7])(\d{3,4})\s?[x\u00d7*]\s?(\d{3,4})(?![\d.,]*\d|\s?(?:[x\u00d7*]|[mc]?m\b|in\b|px|pixel|\"))"
)
"""A resolution whose unit goes without saying: "Full HD 1920x1080"."""
_DISKS = frozenset({"GB", "TB"})
_MARK = ","
"""Decimal mark of a lone comma in a sentence: "1,5 TB"; no disk has thousands."""
_SILENT = words("and with for the und mit von per in of at or on to auf bei aus each plus")
_NEXT = re.compile(r"[^\W\d_]{2,20}$")


@dataclass(frozen=True, slots=True)
class _Seen:
    figure: str
    unit: str
    word: str
    """The word behind it, lower case; empty where there is none."""
    phrase: str
    """That word and the next: "fast charging"."""
    pair: bool
    """Two figures: "1440 x 3216 px"."""
    place: int
    """0 for the first amount of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An amount that recurs in the texts of one column."""

    key: str
    """Facet key."""
    name: str
    """As a column would be called."""
    source: str
    """Column it is read from."""
    unit: str
    """Symbol."""
    word: str = ""
    """The word that stands behind it; empty when the unit alone tells it."""
    first: bool = False
    """The text begins with it."""
    pair: bool = False
    """Two figures, kept as text."""

    def of(self, text: str) -> str:
        """The amount in one text as a cell, "120 Hz"; empty where it is not there or not clear."""
        amounts = _in_one_unit(_amounts(text), self.unit)
        mine = [amount for amount in amounts if _is(self, amount)]
        if any(amount.unit == self.unit and amount.pair != self.pair for amount in amounts):
            return ""
        figures = {(amount.figure, amount.unit) for amount in mine}
        if len(figures) != 1:
            return ""
        return mine[0].figure if self.pair else f"{mine[0].figure} {mine[0].unit}"


def find_amounts(
    source: str, texts: Sequence[str], taken: Iterable[str], units: Iterable[str], *, alone: bool
) -> list[Measurement]:
    """The amounts that recur in a column.

    Args:
        source: key of the column.
        texts: its text in each product, empty where there is none.
        taken: facet keys that exist.
        units: units in which other columns already state numbers.
        alone: whether the column is about one thing ("display"), which then names the facet.
    """
    amounts_by_text = [_amounts(text) for text in texts]
    total = len(texts)
    counts = _by_unit(amounts_by_text)
    if counts["GB"] and counts["TB"]:
        amounts_by_text = [_in_one_unit(amounts, "GB") for amounts in amounts_by_text]
    if total < LEAST_PRODUCTS or sum(map(bool, amounts_by_text)) < LEAST_SHARE * total:
        return []
    column_units, keys = set(units), set(taken)
    results: list[Measurement] = []
    for unit, count in sorted(
        _by_unit(amounts_by_text).items(), key=lambda pair: (-pair[1], pair[0])
    ):
        if count < LEAST_SHARE * total or (not alone and _stated(unit, column_units)):
            continue
        for amount in _of_unit(source, unit, amounts_by_text, total, alone=alone):
            same = any(
                measurement.name == amount.name for measurement in results
            )  # "1.8 kg, 3.97 lbs"
            if amount.key not in keys and not same:
                keys.add(amount.key)
                results.append(amount)
    return results


def _amounts(text: str) -> list[_Seen]:
    results: list[_Seen] = []
    for match in _AMOUNT.finditer(text[:_LONGEST]):
        first, second, spelling, *following = match.groups()
        unit = _units().get(spelling.lower())
        if unit is None:
            continue
        beside, after = ((word or "").lower() for word in following)
        if beside in _SILENT or not _NEXT.match(beside):
            beside = after = ""
        phrase = f"{beside} {after}" if _NEXT.match(after) and after not in _SILENT else beside
        results.append(
            _Seen(
                figure=f"{first} x {second}" if second else first,
                unit=unit,
                word=beside,
                phrase=phrase,
                pair=bool(second),
                place=len(results),
            )
        )
    for match in _PIXELS.finditer(text[:_LONGEST]):
        figure = " x ".join(match.groups())
        results.append(
            _Seen(figure=figure, unit="px", word="", phrase="", pair=True, place=len(results))
        )
    return results


def _in_one_unit(amounts: list[_Seen], unit: str) -> list[_Seen]:
    """The amounts, those of disks in the unit: "1 TB" beside "512 GB"; other sizes are told apart by their unit."""
    if unit not in _DISKS:
        return amounts
    return [
        replace(amount, figure=f"{float(number) * (factor(amount.unit, unit) or 1):g}", unit=unit)
        if amount.unit in _DISKS - {unit}
        and not amount.pair
        and (number := read_decimal(amount.figure, _MARK)) is not None
        else amount
        for amount in amounts
    ]


def _by_unit(seen: Sequence[Sequence[_Seen]]) -> Counter[str]:
    return Counter(
        unit for amounts in seen for unit in dict.fromkeys(amount.unit for amount in amounts)
    )


def _stated(unit: str, known: set[str]) -> bool:
    """Whether a column has such amounts; inches beside centimetres are another size, that of a screen."""
    return any(
        factor(unit, other) is not None and units()[unit].system is units()[other].system
        for other in known
        if other in units()
    )


def _of_unit(
    source: str, unit: str, seen: Sequence[Sequence[_Seen]], total: int, *, alone: bool
) -> list[Measurement]:
    mine = [[amount for amount in amounts if amount.unit == unit] for amounts in seen]
    pairs = sum(any(amount.pair for amount in amounts) for amounts in mine)
    present = sum(map(bool, mine))
    if pairs > 0.5 * present:
        pair = [_amount(source, unit, alone=alone, pair=True)] if unit == "px" else []
        return _checked(pair, seen, total)  # "51 x 51 cm" are two sizes, and neither has a name
    words = Counter(
        word
        for amounts in mine
        for word in dict.fromkeys(amount.word for amount in amounts if amount.word)
    )
    once = sum(len({amount.figure for amount in amounts}) == 1 for amounts in mine)
    if once >= _ONCE * present:
        word, most = words.most_common(1)[0] if words else ("", 0)
        label = _phrase(word, mine) if most >= 0.7 * present else ""
        return _checked([_amount(source, unit, alone=alone, label=label)], seen, total)
    by_word = [
        _amount(source, unit, alone=alone, label=_phrase(word, mine), word=word)
        for word, count in words.most_common(3)
        if count >= LEAST_SHARE * total
    ]
    apart = _checked(by_word, seen, total)
    leading = sum(any(amount.place == 0 for amount in amounts) for amounts in mine)
    if alone and leading >= _ONCE * present and len(apart) < 2:
        apart += _checked([_amount(source, unit, alone=alone, first=True)], seen, total)
    return apart


def _phrase(word: str, mine: Sequence[Sequence[_Seen]]) -> str:
    """The word, with the next one where that nearly always follows."""
    phrases = Counter(
        amount.phrase for amounts in mine for amount in amounts if amount.word == word
    )
    phrase, most = phrases.most_common(1)[0]
    return phrase if most >= 0.8 * phrases.total() else word


def _amount(
    source: str,
    unit: str,
    *,
    alone: bool,
    label: str = "",
    word: str = "",
    first: bool = False,
    pair: bool = False,
) -> Measurement:
    stem = source.replace("_", " ") if alone else ""
    label_words = [part for part in label.split() if part not in stem.split()]
    key = ""
    if stem and not label_words and stem.endswith(QUANTITIES[unit]):
        name, key = stem, f"{stem} {unit}"  # "weight" read out of the texts of "weight"
    elif label and stem and set(stem.split()) & set(label.split()) and label_words:
        name = label  # "front camera"
    elif label_words:
        name = f"{stem} {' '.join(label_words)}".strip()
    else:
        name = f"{stem} {QUANTITIES[unit]}".strip()
    return Measurement(
        key=re.sub(r"\W+", "_", (key or name).lower()).strip("_"),
        name=name,
        source=source,
        unit=unit,
        word=word,
        first=first,
        pair=pair,
    )


def _checked(
    amounts: list[Measurement], seen: Sequence[Sequence[_Seen]], total: int
) -> list[Measurement]:
    """Those that enough products have in enough different sizes."""
    measurements = []
    for amount in amounts:
        values: Counter[str] = Counter()
        for found_amounts in seen:
            figures = {entry.figure for entry in found_amounts if _is(amount, entry)}
            if len(figures) == 1:
                values.update(figures)
        if values.total() >= max(LEAST_SHARE * total, LEAST_PRODUCTS) and (
            len(values) >= LEAST_VALUES and values.most_common(1)[0][1] <= 0.95 * values.total()
        ):
            measurements.append(amount)
    return measurements


def _is(amount: Measurement, seen: _Seen) -> bool:
    return (
        seen.unit == amount.unit
        and (not amount.word or seen.word == amount.word)
        and (not amount.first or seen.place == 0)
        and amount.pair == seen.pair
    )
