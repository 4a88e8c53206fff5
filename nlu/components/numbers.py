"""Finds amounts and ranges: digits and words, money, units, "under", "between", "or less", "60 cm wide"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from nlu.annotations import Claim, MessageNotes, NumberDraft, PhraseSet, free, take
from nlu.components.base import Component
from nlu.components.quantities import AmountReader, SpokenAmount
from nlu.text import Word

_STRONGER = frozenset({"<=", "<", ">=", "between", "~"})
"""Said behind another operator ("I have about 20"), these decide."""
_JOINED = frozenset({"between", "either"})


class Numbers(Component):
    """Every number that no value of the shop has claimed."""

    name = "shop_numbers"
    assigns = ("numbers",)
    requires = ("words", "claim_at", "references")

    def prepare(self) -> None:
        """Compile the phrases around numbers."""
        lists = self.resources.wordlists
        self._before, self._after = PhraseSet(lists.operators), PhraseSet(lists.after)
        self._comparatives = PhraseSet(lists.comparatives)
        self._dimensions = PhraseSet(lists.adjectives)
        self._amounts = AmountReader(self.resources)
        self._fillers = lists.groups["number_fillers"]
        self._than, self._loosely = lists.groups["than"], lists.groups["joins_loosely"]

    def read(self, notes: MessageNotes) -> None:
        """Write the numbers in the order of the text."""
        words = notes.words
        texts = [word.text for word in words]
        drafts: list[NumberDraft] = []
        position = 0
        while position < len(words):
            if notes.claim_at[position] is None and self._amounts.is_ordinal(words, position):
                take(notes.claim_at, Claim(position, position + 2, "number"))
            draft = self._draft(notes.claim_at, words, texts, position)
            if draft is None:
                position += 1
                continue
            self._measured(notes.claim_at, texts, draft)
            drafts.append(draft)
            take(notes.claim_at, Claim(draft.first, draft.last, "number"))
            position = draft.last
        self._share_units(texts, drafts)
        notes.numbers = drafts

    def _draft(
        self, claim_at: Sequence[Claim | None], words: Sequence[Word], texts: Sequence[str], at: int
    ) -> NumberDraft | None:
        if claim_at[at] is not None:
            return None
        operator, begin, about = self._operator(texts, at)
        if operator:
            for skipped in range(3):
                position = begin + skipped
                if position >= len(texts) or (
                    skipped and not self._passes(claim_at, texts, position - 1)
                ):
                    break
                amount = self._amounts.read(words, texts, position)
                if amount and _readable(claim_at, position, amount.last):
                    return self._ranged(claim_at, words, texts, (at, operator, about), amount)
            return None
        amount = self._amounts.read(words, texts, at)
        if amount is None or not _readable(claim_at, at, amount.last):
            return None
        return self._ranged(claim_at, words, texts, (at, "", ()), amount)

    def _passes(self, claim_at: Sequence[Claim | None], texts: Sequence[str], at: int) -> bool:
        """Whether the word may stand between "from" and its number: "from the vintage 2010"."""
        claim = claim_at[at]
        return texts[at] in self._fillers or (claim is not None and claim.kind == "facet")

    def _share_units(self, texts: Sequence[str], drafts: Sequence[NumberDraft]) -> None:
        """Read "at least 1 and at most 2 m wide" as metres of width both."""
        for draft, other in pairwise(drafts):
            ends = draft.operator in (">", ">=") and other.operator in ("<", "<=")
            beside = set(texts[draft.last : other.first]) <= self._loosely | {","}
            if ends and beside and not draft.money and draft.unit in (None, other.unit):
                draft.unit, draft.money = other.unit, other.money
                draft.about = draft.about or other.about

    def _operator(self, texts: Sequence[str], at: int) -> tuple[str, int, tuple[str, ...]]:
        lists = self.resources.wordlists
        length = self._before.at(texts, at)
        if length:
            operator = lists.operators[" ".join(texts[at : at + length])]
            further = self._before.at(texts, at + length) if at + length < len(texts) else 0
            further_phrase = " ".join(texts[at + length : at + length + further])
            if further and lists.operators[further_phrase] in _STRONGER:
                return lists.operators[further_phrase], at + length + further, ()
            return operator, at + length, ()
        length = self._comparatives.at(texts, at)
        if length and at + length < len(texts) and texts[at + length] in self._than:
            comparative = lists.comparatives[" ".join(texts[at : at + length])]
            return "<" if comparative.direction < 0 else ">", at + length + 1, comparative.about
        return "", at, ()

    def _ranged(
        self,
        claim_at: Sequence[Claim | None],
        words: Sequence[Word],
        texts: Sequence[str],
        opening: tuple[int, str, tuple[str, ...]],
        low: SpokenAmount,
    ) -> NumberDraft:
        first, operator, about = opening
        length = self._after.at(texts, low.last) if low.last < len(texts) else 0
        phrase = " ".join(texts[low.last : low.last + length])
        suffix_operator = self.resources.wordlists.after[phrase] if length else ""
        if suffix_operator in _JOINED:
            behind = low.last + length
            high = self._amounts.read(words, texts, behind) if behind < len(texts) else None
            if high and free(claim_at, low.last, high.last):
                joined = self._joined(texts, opening, low, high, suffix_operator)
                if joined is not None:
                    return joined
            suffix_operator = ""
        last = low.last
        if suffix_operator and not operator:
            operator, last = suffix_operator, low.last + length
        elif not operator:
            operator, last = self._behind_the_facet(claim_at, texts, last)
        if operator == "between":
            operator = ""
        return NumberDraft(first, last, operator, low.value, low.value, low.unit, low.money, about)

    def _behind_the_facet(
        self, claim_at: Sequence[Claim | None], texts: Sequence[str], at: int
    ) -> tuple[str, int]:
        """The "at least" of "8 hours battery at least", and where it ends; "" and ``at`` where none is."""
        end = at
        while end < len(texts) and (claim := claim_at[end]) and claim.kind == "facet":
            end = claim.last
        length = self._after.at(texts, end) if at < end < len(texts) else 0
        phrase = " ".join(texts[end : end + length])
        operator = self.resources.wordlists.after[phrase] if length else ""
        return ("", at) if not operator or operator in _JOINED else (operator, end + length)

    def _joined(
        self,
        texts: Sequence[str],
        opening: tuple[int, str, tuple[str, ...]],
        low: SpokenAmount,
        high: SpokenAmount,
        said: str,
    ) -> NumberDraft | None:
        """Both ends of "20 to 50", or the two of "43 or 44"; None when they are separate numbers."""
        first, operator, _ = opening
        loosely = texts[low.last] in self._loosely
        joins = operator in ("between", ">=") or not loosely or (said == "either" and not operator)
        alike = low.unit is None or high.unit is None or low.unit == high.unit
        if not joins or high.value <= low.value * 1e-3 or (loosely and not alike):
            return None
        small, large = _spread(low, high)
        kind = "between" if operator == "between" else ("either" if said == "either" else "range")
        unit, money = high.unit or low.unit, low.money or high.money
        return NumberDraft(first, high.last, kind, small, large, unit, money)

    def _measured(
        self, claim_at: Sequence[Claim | None], texts: Sequence[str], draft: NumberDraft
    ) -> None:
        """Add the "wide" of "60 inches wide", which names what is measured."""
        length = self._dimensions.at(texts, draft.last) if draft.last < len(texts) else 0
        if draft.about or not length or not free(claim_at, draft.last, draft.last + length):
            return
        if draft.money or draft.unit is None:
            return
        phrase = " ".join(texts[draft.last : draft.last + length])
        draft.about = self.resources.wordlists.adjectives[phrase].about
        draft.last += length


def _readable(claim_at: Sequence[Claim | None], first: int, last: int) -> bool:
    """Whether no value stands in an amount; a facet's name may be its unit: "300 horsepower"."""
    claims = (claim_at[position] for position in range(first, min(last, len(claim_at))))
    return all(claim is None or claim.kind == "facet" for claim in claims)


def _spread(low: SpokenAmount, high: SpokenAmount) -> tuple[float, float]:
    """Order both ends; "2-3k" means 2,000 to 3,000."""
    small, large = low.value, high.value
    if large >= 1000 and small < 100 and large / 1000 > small and math.fmod(large, 1000) == 0:
        small *= 1000
    return min(small, large), max(small, large)
