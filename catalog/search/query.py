"""Numbers in a search: "red dress 38 under 50", "40 inch table", "oak desk 120-140 cm up to 2 kg".

Words stay words, for the index knows them; a number is looked for in the facets that are measured so. One
that no facet can mean stays a word too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from catalog.parsing.text import Language
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator
from nlu.lexical.money import currency_of, currency_signs, currency_words, money_table
from nlu.lexical.numbers import decimal_mark, read_decimal
from nlu.lexical.units import factor, unit_symbols
from nlu.lexical.words import fold

NEAR = 0.02
"""A size in another unit, or "40 inch", is met by what is this near, since sizes are rounded."""
ABOUT = 0.10
"""Share either way that "about 50" takes in where the unit says nothing finer."""
_BARE = re.compile(r"\d{1,5}(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryReading:
    """What the numbers of a query ask for."""

    text: str
    """The query without what was understood."""
    wishes: tuple[tuple[Constraint, ...], ...] = ()
    """Each is met by any of its constraints, such as a size that may be width or depth."""


@dataclass(frozen=True, slots=True)
class _Number:
    low: float | None
    high: float | None
    unit: str
    """As typed, lower case; empty when there is none."""
    money: str
    """Currency from a sign; empty when there is none."""
    exact: bool
    """A size that is named and not bounded."""
    near: float


class QueryReader:
    """Reads the numbers of queries to one shop.

    Args:
        catalog: The products.
        tables: Of the shop's language.
        is_word: Says whether the shop's texts have a word, so that "7up" and "2016" stay words.
    """

    def __init__(self, catalog: Catalog, tables: Language, is_word: Callable[[str], bool]) -> None:
        self._catalog = catalog
        self._is_word = is_word
        self._numbers = [f for f in catalog.facets.values() if f.kind is FacetKind.NUMBER]
        self._pattern = _pattern(tables)
        self._most, self._least = frozenset(tables.at_most), frozenset(tables.at_least)
        self._about = frozenset(tables.about)
        self._mark = decimal_mark(tables.code)

    def read(self, query: str) -> QueryReading:
        """Take the numbers out of a query."""
        if not self._numbers or not any(char.isdigit() for char in query):
            return QueryReading(text=query)
        text, wishes = fold(query), []
        pieces, at = [], 0
        for match in self._pattern.finditer(text):
            number = self._number(match)
            constraints = self._meant(number, text) if number is not None else ()
            if constraints:
                pieces.append(text[at : match.start()])
                at = match.end()
                wishes.append(tuple(constraints))
        if not wishes:
            return QueryReading(text=query)
        rest = self._without_names(" ".join([*pieces, text[at:]]), wishes)
        return QueryReading(text=" ".join(rest.split()), wishes=tuple(wishes))

    def _without_names(self, text: str, wishes: Iterable[Iterable[Constraint]]) -> str:
        """Leave out the names of facets that were understood: they are no word of a product."""
        keys = {constraint.facet for wish in wishes for constraint in wish}
        for name in (name for key in keys for name in self._catalog.facets[key].names):
            text = re.sub(rf"(?<!\w){re.escape(fold(name))}(?!\w)", " ", text)
        return text

    def _number(self, match: re.Match[str]) -> _Number | None:
        before = " ".join((match["before"] or "").split())
        first = read_decimal(match["one"], self._mark)
        second = read_decimal(match["two"], self._mark) if match["two"] else None
        if first is None or (match["two"] and second is None):
            return None
        value, other = float(first), None if second is None else float(second)
        unit = (match["unit"] or match["unit1"] or "").strip()
        money = currency_of(match["sign"] or match["sign2"] or "") or _currency(unit)
        low: float | None = value
        high: float | None = value
        exact, near = False, 0.0
        if other is not None:
            low, high = min(value, other), max(value, other)
        elif before in self._most:
            low = None
        elif before in self._least:
            high = None
        elif before in self._about:
            near = ABOUT
        elif money:  # "50 euros": nobody minds paying less
            low = None
        else:
            exact, near = True, NEAR
            if not unit and (not _BARE.fullmatch(match["one"]) or self._is_word(match["one"])):
                return None
        return _Number(low, high, unit, money, exact, near)

    def _meant(self, number: _Number, text: str) -> list[Constraint]:
        if number.money:
            facets = [f for f in self._numbers if (f.unit or "").upper() in money_table().codes]
            priced = [f for f in facets if f.key == "price"] or facets[:1]
            return [_constraint(facet, number, 1.0) for facet in priced]
        unit = unit_symbols().get(number.unit, "")
        if number.unit and not unit:
            return []
        named_facets = [f for f in self._numbers if any(_has(text, name) for name in f.names)]
        if unit:
            fit = [(f, factor(unit, f.unit)) for f in self._numbers if f.unit]
            measured = [(f, rate) for f, rate in fit if rate is not None]
            chosen = [pair for pair in measured if pair[0] in named_facets] or measured
            return [_constraint(facet, number, rate) for facet, rate in chosen if rate]
        if not number.exact:
            chosen_facets = named_facets or [f for f in self._numbers if f.key == "price"]
            return [_constraint(facet, number, 1.0) for facet in chosen_facets[:1]]
        bare = [
            f
            for f in named_facets or self._numbers
            if f.unit is None and self._has_value(f, number)
        ]
        return [_constraint(facet, number, 1.0) for facet in bare]

    def _has_value(self, facet: Facet, number: _Number) -> bool:
        return bool(np.any(self._catalog.column(facet.key).numbers == number.low))


def _constraint(facet: Facet, number: _Number, rate: float) -> Constraint:
    low = None if number.low is None else number.low * rate * (1 - number.near)
    high = None if number.high is None else number.high * rate * (1 + number.near)
    if number.exact and facet.unit is None:
        return _wish(facet, Operator.EQ, (float(number.low or 0.0),))
    if low is None:
        return _wish(facet, Operator.LE, (float(high or 0.0),))
    if high is None:
        return _wish(facet, Operator.GE, (low,))
    return _wish(facet, Operator.BETWEEN, (low, high))


def _wish(facet: Facet, operator: Operator, values: tuple[float, ...]) -> Constraint:
    rounded = tuple(round(value, 4) for value in values)
    return Constraint(facet=facet.key, operator=operator, values=rounded, unit=facet.unit)


def _pattern(tables: Language) -> re.Pattern[str]:
    before = _any([*tables.at_most, *tables.at_least, *tables.about, *tables.between])
    between = _any(tables.range_words)
    sign = "[" + re.escape("".join(sorted(currency_signs()))) + "]"
    units = _any([*unit_symbols(), *currency_words()])
    number = r"\d+(?:[.,]\d+)*"
    unit = rf"\s*(?:{units})(?![\w])"
    middle = rf"\s*(?:-|–|\.\.|{between})\s*" if between else r"\s*(?:-|–|\.\.)\s*"
    return re.compile(
        rf"(?:(?<!\w)(?P<before>{before or '(?!)'})\s+)?(?P<sign>{sign})?(?<![\w.,])(?P<one>{number})"
        rf"(?:(?P<unit1>{unit})?{middle}{sign}?(?P<two>{number}))?(?P<unit>{unit})?\s?(?P<sign2>{sign})?"
        r"(?![\w])"
    )


def _any(words: Iterable[str]) -> str:
    listed: Sequence[str] = sorted({fold(word) for word in words}, key=lambda word: -len(word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in listed)


def _currency(unit: str) -> str:
    return (currency_of(unit) or "") if unit in currency_words() else ""


def _has(text: str, name: str) -> bool:
    stem = fold(name)
    return bool(re.search(rf"(?<!\w){re.escape(stem)}(?!\w)", text))
