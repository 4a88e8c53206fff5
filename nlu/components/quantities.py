"""Reads one amount: digits or number words, with a unit or money around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nlu.annotations import PhraseSet, Resources
from nlu.lexical.numbers import read_decimal
from nlu.lexicon import Lexicon
from nlu.text import Word

LARGEST = 1e12
"""Numbers beyond are nonsense."""
_FOOT, _INCH = "ft", "in"


class SpokenAmount(NamedTuple):
    """A number with what stands directly around it."""

    value: float
    unit: str | None
    money: bool
    last: int
    """Past the last word."""


class AmountReader:
    """Reads amounts in the words of a language; pounds and the like as the shop means them."""

    def __init__(self, resources: Resources) -> None:
        self._lists = resources.wordlists
        self._lexicon: Lexicon = resources.lexicon
        self._units, self._money = PhraseSet(self._lists.units), PhraseSet(self._lists.currencies)
        self._behind = PhraseSet((*self._lists.after, *self._lists.adjectives))
        self._half_more = resources.phrases("half_more")
        self._groups = self._lists.groups

    def read(self, words: Sequence[Word], texts: Sequence[str], at: int) -> SpokenAmount | None:
        """The amount that begins at ``at``; None when none does."""
        prefix = self._money.at(texts, at)
        code = self._lists.currencies[" ".join(texts[at : at + prefix])] if prefix else ""
        if self.is_ordinal(words, at):
            return None
        if prefix and (at + prefix >= len(texts) or not (words[at].sign or len(code) == 3)):
            return None
        number = self._number(words, texts, at + prefix)
        if number is None:
            return None
        value, last, spelled = number
        unit: str | None = code or None
        money = bool(prefix)
        if not money and last < len(texts):
            unit, money, value, last = self._unit(words, texts, value, last)
        if spelled and value <= 1 and unit is None:
            return None
        if money and words[at + prefix].number:
            value = self._thousands(texts[at + prefix], value)
        return SpokenAmount(value, unit, money, last)

    def is_ordinal(self, words: Sequence[Word], at: int) -> bool:
        """Whether digits name a place in a row, "my 50th", and measure nothing."""
        if at + 1 >= len(words) or not words[at].number:
            return False
        ending = words[at + 1]
        return ending.start == words[at].end and ending.text in self._groups["ordinal_endings"]

    def _thousands(self, text: str, value: float) -> float:
        """1.000 euros are a thousand in every language; a price has no three decimals."""
        whole, _, rest = text.partition(".")
        grouped = self._lists.decimal == "." and len(rest) == 3 and 1 <= len(whole) <= 3
        return value * 1000 if grouped and rest.isdigit() and whole != "0" else value

    def _unit(
        self, words: Sequence[Word], texts: Sequence[str], value: float, at: int
    ) -> tuple[str | None, bool, float, int]:
        lists = self._lists
        links = self._groups["unit_links"]
        if texts[at] in links and at + 1 < len(texts) and self._units.at(texts, at + 1):
            at += 1
        length = self._units.at(texts, at)
        unit = lists.units[" ".join(texts[at : at + length])] if length else None
        paid = self._money.at(texts, at)
        code = lists.currencies[" ".join(texts[at : at + paid])] if paid else ""
        if paid and (unit is None or self._is_money(code, unit.dimension)):
            return (code, True, *_cents(words, texts, value, at + paid))
        if unit is None:
            if texts[at] == "'" and at + 1 < len(texts) and words[at + 1].number:
                return self._feet(texts, value, at)
            if texts[at] == "-" and at + 1 < len(texts) and self._units.at(texts, at + 1):
                return self._unit(words, texts, value, at + 1)
            return None, False, value, at
        if texts[at] in self._groups["units_also_words"] and not self._ends_amount(
            words, texts, at
        ):
            return None, False, value, at
        if unit.symbol == _FOOT and at + 1 < len(texts) and words[at + 1].number:
            return self._feet(texts, value, at)
        return unit.symbol, False, value, at + length

    def _ends_amount(self, words: Sequence[Word], texts: Sequence[str], at: int) -> bool:
        """Whether "in" is inches: written to the digits, or nothing but "max" and the like behind."""
        following = at + 1
        return (
            words[at].start == words[at - 1].end
            or following >= len(texts)
            or words[following].sign
            or bool(self._behind.at(texts, following))
        )

    def _is_money(self, code: str, dimension: str) -> bool:
        """Pounds weigh where prices are not in sterling and something is weighed in them."""
        lexicon, units = self._lexicon, self._lists.units
        weighed = any(
            (unit := units.get((facet.unit or "").lower())) and unit.dimension == dimension
            for facet in lexicon.facets.values()
        )
        return code == lexicon.currency or not weighed

    def _feet(self, texts: Sequence[str], feet: float, at: int) -> tuple[str, bool, float, int]:
        inches = float(read_decimal(texts[at + 1], self._lists.decimal) or 0)
        last = at + 2
        unit = self._lists.units.get(texts[last]) if last < len(texts) else None
        if unit is not None and unit.symbol == _INCH:
            last += 1
        return _INCH, False, feet * 12 + inches, last

    def _number(
        self, words: Sequence[Word], texts: Sequence[str], at: int
    ) -> tuple[float, int, bool] | None:
        if at >= len(words):
            return None
        if words[at].number:
            amount = read_decimal(texts[at], self._lists.decimal)
            if amount is None:
                return None
            value, last = self._scaled(texts, float(amount), at + 1)
            return (value, last, False) if value <= LARGEST else None
        return self._spelled(texts, at)

    def _scaled(self, texts: Sequence[str], value: float, at: int) -> tuple[float, int]:
        scales = self._lists.scales
        half = self._half_more.at(texts, at) if at < len(texts) else 0
        if half:
            return value + 0.5, at + half
        while at < len(texts) and texts[at] in scales and value < LARGEST:
            value, at = value * scales[texts[at]], at + 1
        return value, at

    def _spelled(self, texts: Sequence[str], at: int) -> tuple[float, int, bool] | None:
        """Read "twenty five", "a hundred and fifty", "a couple of hundred", "half a"."""
        lists = self._lists
        begin, current = at, 0.0
        if texts[at] in self._groups["number_one"]:
            following = texts[at + 1] if at + 1 < len(texts) else ""
            if following in lists.few:
                return self._few(texts, at + 1)
            if following not in lists.scales and following not in self._groups["number_counted"]:
                return None
            begin, current = at + 1, float(following in lists.scales)
        elif texts[at] in lists.few:
            return self._few(texts, at)
        value, last = self._sum(texts, begin, current)
        if last == begin:
            return None
        if last == at + 1 and texts[at] in lists.scales and not texts[at].endswith("s"):
            return None
        return value, last, True

    def _sum(self, texts: Sequence[str], at: int, current: float) -> tuple[float, int]:
        lists = self._lists
        total, last, position = 0.0, at, at
        while position < len(texts):
            word, has_words = texts[position], last > at
            if word in lists.numbers and not (
                has_words and lists.numbers[word] >= 20 and current % 100
            ):
                current += lists.numbers[word]
            elif word in lists.scales and (current or not has_words):
                current = (current or 1.0) * lists.scales[word]
                if lists.scales[word] >= 1000:
                    total, current = total + current, 0.0
            elif not (has_words and self._continues(texts, position)):
                break
            position += 1
            last = position
        return total + current, last

    def _continues(self, texts: Sequence[str], at: int) -> bool:
        """Whether "and" stands inside a number: "a hundred and fifty"."""
        lists = self._lists
        following = texts[at + 1] if at + 1 < len(texts) else ""
        joins = texts[at] in self._groups["number_and"]
        return joins and texts[at - 1] in lists.scales and following in lists.numbers

    def _few(self, texts: Sequence[str], at: int) -> tuple[float, int, bool] | None:
        position = at + 1
        if position < len(texts) and texts[position] in self._groups["number_of"]:
            position += 1
        scale = self._lists.scales.get(texts[position]) if position < len(texts) else None
        if scale is None:
            return None
        return self._lists.few[texts[at]] * scale, position + 1, True


def _cents(words: Sequence[Word], texts: Sequence[str], value: float, at: int) -> tuple[float, int]:
    """The 50 of "20€50"; a following number with a space is something else."""
    written = at < len(words) and words[at].number and len(texts[at]) == 2
    if written and words[at].start == words[at - 1].end:
        return value + float(texts[at]) / 100, at + 1
    return value, at
