"""Finds amounts and ranges: digits and words, money, units, "under", "between", "or less"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from nlu.components.base import Component
from nlu.reading import Claim, NumberDraft, PhraseSet, free, take
from nlu.text import Word

_FILLERS = frozenset(
    {"a", "the", "of", "about", "like", "price", "say", "maybe", "is", "to", "for"}
)
_LARGEST = 1e12


class Amount(NamedTuple):
    """A number with what stands directly around it."""

    value: float
    unit: str | None
    money: bool
    last: int


class Numbers(Component):
    """Every number that no value of the shop has claimed."""

    name = "shop_numbers"
    assigns = ("numbers",)
    requires = ("words", "taken", "references")

    def prepare(self) -> None:
        """Compile the phrases around numbers."""
        lists = self.resources.wordlists
        self._before, self._after = PhraseSet(lists.operators), PhraseSet(lists.after)
        self._units, self._money = PhraseSet(lists.units), PhraseSet(lists.currencies)
        self._comparatives = PhraseSet(lists.comparatives)

    def read(self, notes: Any) -> None:
        """Write the numbers in the order of the text."""
        words: list[Word] = notes.words
        texts = [word.text for word in words]
        drafts: list[NumberDraft] = []
        position = 0
        while position < len(words):
            draft = self._draft(notes.taken, words, texts, position)
            if draft is None:
                position += 1
                continue
            drafts.append(draft)
            take(notes.taken, Claim(draft.first, draft.last, "number"))
            position = draft.last
        notes.numbers = drafts

    def _draft(
        self, taken: Sequence[Claim | None], words: Sequence[Word], texts: Sequence[str], at: int
    ) -> NumberDraft | None:
        if taken[at] is not None:
            return None
        operator, begin, about = self._operator(texts, at)
        if operator:
            for skipped in range(3):
                position = begin + skipped
                if position >= len(texts) or (skipped and texts[position - 1] not in _FILLERS):
                    break
                amount = self._amount(words, texts, position)
                if amount and free(taken, position, amount.last):
                    return self._ranged(taken, words, texts, at, operator, amount, about)
            return None
        amount = self._amount(words, texts, at)
        if amount is None or not free(taken, at, amount.last):
            return None
        return self._ranged(taken, words, texts, at, "", amount, ())

    def _operator(self, texts: Sequence[str], at: int) -> tuple[str, int, tuple[str, ...]]:
        lists = self.resources.wordlists
        length = self._before.at(texts, at)
        if length:
            operator = lists.operators[" ".join(texts[at : at + length])]
            further = self._before.at(texts, at + length) if at + length < len(texts) else 0
            said = " ".join(texts[at + length : at + length + further])
            if further and lists.operators[said] in ("<=", "<", ">=", "between"):
                return lists.operators[said], at + length + further, ()
            return operator, at + length, ()
        length = self._comparatives.at(texts, at)
        if length and texts[at + length : at + length + 1] in (["than"], ["then"]):
            meant = lists.comparatives[" ".join(texts[at : at + length])]
            return "<" if meant.direction < 0 else ">", at + length + 1, meant.about
        return "", at, ()

    def _ranged(
        self,
        taken: Sequence[Claim | None],
        words: Sequence[Word],
        texts: Sequence[str],
        first: int,
        operator: str,
        low: Amount,
        about: tuple[str, ...],
    ) -> NumberDraft:
        length = self._after.at(texts, low.last) if low.last < len(texts) else 0
        said = (
            self.resources.wordlists.after[" ".join(texts[low.last : low.last + length])]
            if length
            else ""
        )
        unit, money, last = low.unit, low.money, low.last
        if said == "between" or (operator in (">=", "") and said == "between"):
            high = (
                self._amount(words, texts, low.last + length)
                if low.last + length < len(texts)
                else None
            )
            joins = operator in ("between", ">=") or texts[low.last] not in ("and", "&")
            if (
                high
                and joins
                and free(taken, low.last, high.last)
                and high.value > low.value * 1e-3
            ):
                small, large = _spread(low, high)
                kind = "between" if operator == "between" else "range"
                return NumberDraft(
                    first, high.last, kind, small, large, high.unit or unit, money or high.money
                )
            said = ""
        if said and not operator:
            operator, last = said, low.last + length
        if operator == "between":
            operator = ""
        return NumberDraft(first, last, operator, low.value, low.value, unit, money, about)

    def _amount(self, words: Sequence[Word], texts: Sequence[str], at: int) -> Amount | None:
        prefix = self._money.at(texts, at)
        code = (
            self.resources.wordlists.currencies[" ".join(texts[at : at + prefix])] if prefix else ""
        )
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
        return Amount(value, unit, money, last)

    def _unit(
        self, words: Sequence[Word], texts: Sequence[str], value: float, at: int
    ) -> tuple[str | None, bool, float, int]:
        lists = self.resources.wordlists
        if texts[at] in ("a", "of") and at + 1 < len(texts) and self._units.at(texts, at + 1):
            at += 1
        length = self._units.at(texts, at)
        unit = lists.units[" ".join(texts[at : at + length])] if length else None
        paid = self._money.at(texts, at)
        code = lists.currencies[" ".join(texts[at : at + paid])] if paid else ""
        if paid and (unit is None or self._is_money(code, unit.dimension)):
            return (code, True, *self._cents(words, texts, value, at + paid))
        if unit is None:
            if texts[at] == "'" and at + 1 < len(texts) and words[at + 1].number:
                return self._feet(texts, value, at)
            if texts[at] == "-" and at + 1 < len(texts) and self._units.at(texts, at + 1):
                return self._unit(words, texts, value, at + 1)
            return None, False, value, at
        if texts[at] == "in" and words[at].start != words[at - 1].end:
            return None, False, value, at
        if texts[at] in ("ft", "foot", "feet") and at + 1 < len(texts) and words[at + 1].number:
            return self._feet(texts, value, at)
        return unit.name, False, value, at + length

    def _is_money(self, code: str, dimension: str) -> bool:
        """Pounds weigh where prices are not in sterling and something is weighed in them."""
        lexicon, units = self.resources.lexicon, self.resources.wordlists.units
        weighed = any(
            (unit := units.get((facet.unit or "").lower())) and unit.dimension == dimension
            for facet in lexicon.facets.values()
        )
        return code == lexicon.currency or not weighed

    def _cents(
        self, words: Sequence[Word], texts: Sequence[str], value: float, at: int
    ) -> tuple[float, int]:
        """The 50 of "20€50"; a following number with a space is something else."""
        if (
            at < len(words)
            and words[at].number
            and words[at].start == words[at - 1].end
            and len(texts[at]) == 2
        ):
            return value + float(texts[at]) / 100, at + 1
        return value, at

    def _feet(self, texts: Sequence[str], feet: float, at: int) -> tuple[str, bool, float, int]:
        inches = _digits(texts[at + 1]) or 0.0
        last = at + 2
        if last < len(texts) and texts[last] in ('"', "in", "inch", "inches"):
            last += 1
        return "in", False, feet * 12 + inches, last

    def _number(
        self, words: Sequence[Word], texts: Sequence[str], at: int
    ) -> tuple[float, int, bool] | None:
        if at >= len(words):
            return None
        if words[at].number:
            value = _digits(texts[at])
            if value is None:
                return None
            value, last = self._scaled(texts, value, at + 1)
            return (value, last, False) if value <= _LARGEST else None
        return self._spelled(texts, at)

    def _scaled(self, texts: Sequence[str], value: float, at: int) -> tuple[float, int]:
        scales = self.resources.wordlists.scales
        if at + 2 < len(texts) and texts[at : at + 2] == ["and", "a"] and texts[at + 2] == "half":
            return value + 0.5, at + 3
        while at < len(texts) and texts[at] in scales and value < _LARGEST:
            value, at = value * scales[texts[at]], at + 1
        return value, at

    def _spelled(  # noqa: C901 - one pass over the words of a number
        self, texts: Sequence[str], at: int
    ) -> tuple[float, int, bool] | None:
        """Read "twenty five", "a hundred and fifty", "a couple of hundred", "half a"."""
        lists = self.resources.wordlists
        total, current, last, seen = 0.0, 0.0, at, False
        position = at
        if texts[at] in ("a", "an") and at + 1 < len(texts):
            if texts[at + 1] in lists.scales or texts[at + 1] in ("dozen", "half"):
                current, position = 1.0, at + 1
                if texts[at + 1] not in lists.scales:
                    current = 0.0
            elif texts[at + 1] in ("couple", "few"):
                return self._few(texts, at + 1)
            else:
                return None
        elif texts[at] in ("couple", "few", "several"):
            return self._few(texts, at)
        while position < len(texts):
            word = texts[position]
            if word in lists.numbers and not (seen and lists.numbers[word] >= 20 and current % 100):
                current += lists.numbers[word]
            elif word in lists.scales and (current or not seen):
                current = (current or 1.0) * lists.scales[word]
                if lists.scales[word] >= 1000:
                    total, current = total + current, 0.0
            elif not (word == "and" and seen and self._continues(texts, position)):
                break
            position += 1
            seen, last = True, position
        if not seen or (
            texts[at] in lists.scales and not texts[at].endswith("s") and last == at + 1
        ):
            return None
        return total + current, last, True

    def _continues(self, texts: Sequence[str], at: int) -> bool:
        """Whether "and" stands inside a number: "a hundred and fifty"."""
        lists = self.resources.wordlists
        following = texts[at + 1] if at + 1 < len(texts) else ""
        return texts[at - 1] in lists.scales and following in lists.numbers

    def _few(self, texts: Sequence[str], at: int) -> tuple[float, int, bool] | None:
        position = at + 1
        if position < len(texts) and texts[position] == "of":
            position += 1
        scale = (
            self.resources.wordlists.scales.get(texts[position]) if position < len(texts) else None
        )
        if scale is None:
            return None
        count = 2.0 if texts[at] == "couple" else 3.0
        return count * scale, position + 1, True


def _spread(low: Amount, high: Amount) -> tuple[float, float]:
    """Order both ends; "2-3k" means 2,000 to 3,000."""
    small, large = low.value, high.value
    if large >= 1000 and small < 100 and large / 1000 > small and math.fmod(large, 1000) == 0:
        small *= 1000
    return min(small, large), max(small, large)


def _digits(text: str) -> float | None:
    """Read 1,299.99 and 1.299,99 and 1,5; None for what is no number or absurdly long."""
    if not text or not text[0].isdigit() or len(text) > 20:
        return None
    comma, dot = text.rfind(","), text.rfind(".")
    if comma > dot:
        thousands = len(text) - comma == 4 and text[:comma].replace(",", "").isdigit()
        text = text.replace(",", "") if thousands else text.replace(".", "").replace(",", ".")
    else:
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None
