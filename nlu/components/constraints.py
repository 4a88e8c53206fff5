"""Turns claims and numbers into constraints: operator, facet, strength, lasting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from nlu.annotations import Claim, MessageNotes, NumberDraft, resolve_about, take
from nlu.components.base import Component
from nlu.lexical.units import convert
from nlu.lexical.vocabulary import VocabularyFacet
from nlu.text import Word, plain
from nlu.types import ParsedConstraint, Quantity, Value

_SPLIT = frozenset(",.;!?\n")
_AROUND = 0.15
"""Share either way that "around 200" takes in."""
_LIMITS = frozenset({"<", "<=", ">", ">="})
_YEARS = (1800, 2100)
_NEAR = 4
"""Words either way of a number among which one may say of what it is: "35 mpg on the highway"."""


class Wishes(Component):
    """Constraints in the order of the text, and the quantities no facet claimed."""

    name = "shop_wishes"
    assigns = ("constraints", "quantities")
    requires = ("words", "claims", "claim_at", "numbers", "refused", "waived", "critiques")

    def prepare(self) -> None:
        """Compile the words of strength and habit."""
        phrases = self.resources.phrases
        self._prefer, self._must = phrases("prefer"), phrases("must")
        self._lasting, self._am = phrases("lasting"), self.resources.group("am")
        self._or, self._no = self.resources.group("or_words"), self.resources.group("no_words")
        self._than = self.resources.group("than")
        self._more, self._less = phrases("greater"), self.resources.group("lesser")
        group = self.resources.group
        self._links, self._and = group("list_links") | {","}, group("and_words")
        self._self_fillers, self._weak_self = group("self_fillers"), group("weak_self")
        self._ends = _SPLIT | group("wish_breaks")

    def read(self, notes: MessageNotes) -> None:
        """Write constraints and quantities."""
        words = notes.words
        texts = [word.text for word in words]
        drafts: list[tuple[int, int, ParsedConstraint]] = []
        for group, joined in self._grouped(notes, texts):
            drafts.extend(self._constraint(notes, texts, group, joined))
        quantities = []
        for number in notes.numbers:
            facet = self._facet_of(notes, number)
            if facet is None:
                quantity = _quantity(words, self._denied(notes, texts, number))
                of_money = not number.about or "price" in number.about
                quantities.append(replace(quantity, unmeasured=not of_money))
            else:
                drafts.extend(self._bounds(notes, number, facet))
        drafts.sort(key=lambda draft: draft[0])
        notes.constraints = [self._judged(words, texts, draft) for draft in drafts]
        notes.quantities = quantities

    def _denied(
        self, notes: MessageNotes, texts: Sequence[str], number: NumberDraft
    ) -> NumberDraft:
        """Turn a denied limit round: "it must not be over 50" is at most 50; "no, under 50" is no denial."""
        answered = number.first > 0 and texts[number.first - 1] in self._no
        if number.first not in notes.refused or answered or number.operator not in _LIMITS:
            return number
        return replace(number, operator=_opposed(number.operator))

    def _grouped(self, notes: MessageNotes, texts: Sequence[str]) -> list[tuple[list[Claim], bool]]:
        """Value claims, those joined by "or" or a comma list together; True when alternatives."""
        groups: list[tuple[list[Claim], bool]] = []
        for claim in notes.claims:
            if not self._is_value(claim) or claim.first in notes.waived:
                continue
            members_before = [members for members, _ in groups]
            if self._outdone(texts, members_before, claim):
                continue
            at = self._alternative_to(notes, texts, members_before, claim)
            if at is None:
                groups.append(([claim], False))
            else:
                groups[at] = ([*groups[at][0], claim], True)
        return groups

    def _outdone(self, texts: Sequence[str], groups: Sequence[list[Claim]], claim: Claim) -> bool:
        """Whether it only tells what another is preferred to: the pine of "rather oak than pine"."""
        return (
            bool(groups)
            and texts[claim.first - 1] in self._than
            and _shared_by_all(groups[-1], claim)
        )

    def _alternative_to(
        self, notes: MessageNotes, texts: Sequence[str], groups: Sequence[list[Claim]], claim: Claim
    ) -> int | None:
        """Which of ``groups`` the claim is one more alternative of."""
        if not groups:
            return None
        previous = max((members[-1] for members in groups), key=lambda member: member.last)
        refused = previous.first in notes.refused
        if refused != (claim.first in notes.refused):
            return None
        link = texts[previous.last : claim.first]
        links = set(link) - self._links
        either = bool(link) and len(link) <= 3 and links <= self._or
        listed = either or link == [","] or (refused and bool(link) and links <= self._and)
        if not listed:
            return None
        if _shared_by_all(groups[-1], claim):
            return len(groups) - 1
        # "A green sofa or a blue one": what stood before the noun is what there is a choice of.
        noun = groups[-1][0].first
        described = len(groups) > 1 and any(member.last == noun for member in groups[-2])
        if described and links & self._or and _shared_by_all(groups[-2], claim):
            return len(groups) - 2
        return None

    def _is_value(self, claim: Claim) -> bool:
        if not claim.entries:
            return False
        best = claim.entries[0]
        if best.kind == "value":
            return True
        return best.kind == "facet" and self.resources.lexicon.facets[best.facet].kind == "flag"

    def _constraint(
        self,
        notes: MessageNotes,
        texts: Sequence[str],
        group: list[Claim],
        joined: bool,  # noqa: FBT001
    ) -> list[tuple[int, int, ParsedConstraint]]:
        facets = self.resources.lexicon.facets
        facet = _common_facet(group) if joined else group[0].entries[0].facet
        first, last = group[0].first, group[-1].last
        refused = first in notes.refused
        flag = facets[facet].kind == "flag"
        values: list[Any] = []
        for claim in group:
            phrase = " ".join(
                word.text for word in notes.words[claim.first : claim.last] if not word.sign
            )
            for value in _values(claim, facet, phrase):
                final_value = value != claim.denied if flag and isinstance(value, bool) else value
                values.extend(v for v in [final_value] if v not in values)
        before = [" ".join(texts[max(0, first - n) : first]) for n in (1, 2)]
        less = bool(first) and any(phrase in self._less for phrase in before)
        if flag and isinstance(values[0], bool):
            operator, values = "=", [values[0] != (refused or less)]
        elif len(values) > 1:
            operator = "not_in" if refused else "in"
        else:
            operator = "!=" if refused or less else "="
        softened = less or bool(first and self._more.at(texts, first - 1))
        constraint = ParsedConstraint(
            facet=facet,
            operator=operator,
            values=tuple(values),
            unit=None,
            strength="prefer" if softened else "must",
            start=notes.words[first].start,
            end=notes.words[last - 1].end,
            alternatives=self._alternatives(group, facet),
        )
        return [(first, last, constraint)]

    def _alternatives(self, group: Sequence[Claim], facet: str) -> tuple[str, ...]:
        facets = self.resources.lexicon.facets
        shared = [
            {
                e.facet
                for e in claim.entries
                if e.kind == "value" or (e.kind == "facet" and facets[e.facet].kind == "flag")
            }
            for claim in group
        ]
        return tuple(sorted(set.intersection(*shared) - {facet}))

    def _facet_of(self, notes: MessageNotes, number: NumberDraft) -> str | None:
        """The number facet that this number is about; None leaves it to the pending question."""
        facets = self.resources.lexicon.facets
        fitting = [
            key for key, f in facets.items() if f.kind == "number" and self._fits(number, f.unit)
        ]
        named_facets = self._named_beside(notes, number)
        for key in named_facets:
            if key in fitting or (facets[key].unit is None and not number.money):
                return key
        about = self._about(number, fitting)
        if about and (about in fitting or facets[about].unit is None):
            return about
        if number.money:
            return "price" if "price" in facets else (fitting[0] if len(fitting) == 1 else None)
        if number.unit is not None:
            return fitting[0] if len(fitting) == 1 else self._hinted(notes, number, fitting)
        return self._year_facet(number)

    def _about(self, number: NumberDraft, fitting: Sequence[str]) -> str | None:
        """The facet of "longer than" or "wide", one that fits before one that does not."""
        lexicon = self.resources.lexicon
        for word in number.about:
            facet = resolve_about(lexicon, (word,))
            if facet in fitting:
                return facet
        return resolve_about(lexicon, number.about)

    def _hinted(
        self, notes: MessageNotes, number: NumberDraft, fitting: Sequence[str]
    ) -> str | None:
        """Of several facets that fit, the one whose name shares most with the words beside."""
        facets = self.resources.lexicon.facets
        begin, end = max(0, number.first - _NEAR), min(len(notes.words), number.last + _NEAR)
        texts = [word.text for word in notes.words]
        begin, end = _within_sentence(texts, number.first, number.last, begin, end)
        near = {text for text in texts[begin:end] if len(text) > 2}
        near -= self.resources.group("function")
        shared = {
            key: max(len(near & set(name.split())) for name in facets[key].names)
            for key in fitting
            if facets[key].names
        }
        most = max(shared.values(), default=0)
        best = [key for key, words in shared.items() if words == most > 0]
        if len(best) != 1:
            return None
        spoken = {word for name in facets[best[0]].names for word in name.split()} & near
        for position in range(begin, end):  # "on the highway" is no wish of its own
            if texts[position] in spoken and notes.claim_at[position] is None:
                take(notes.claim_at, Claim(position, position + 1, "facet"))
        return best[0]

    def _fits(self, number: NumberDraft, unit: str | None) -> bool:
        if number.unit is None:
            return True
        if number.money:
            return unit is not None and (
                unit.upper() in self.resources.wordlists.currencies.values()
            )
        return (
            unit is not None
            and convert(1.0, number.unit, unit, self.resources.wordlists.units) is not None
        )

    def _named_beside(self, notes: MessageNotes, number: NumberDraft) -> list[str]:
        """Number facets named around the number, nearest first, not across the end of a sentence."""
        texts = [word.text for word in notes.words]
        facets = self.resources.lexicon.facets
        results: list[tuple[int, str]] = []
        for claim in notes.claims:
            inside = number.first <= claim.first and claim.last <= number.last
            before = claim.last <= number.first or inside
            gap = max(0, number.first - claim.last) if before else claim.first - number.last
            between = (
                texts[claim.last : number.first] if before else texts[number.last : claim.first]
            )
            if (
                gap < 0
                or gap > (5 if before else 2)
                or _SPLIT & set(between)
                or self._and & set(between)
            ):
                continue
            results.extend(
                (gap if before else gap - 1, entry.facet)
                for entry in claim.entries
                if entry.kind == "facet" and facets[entry.facet].kind == "number"
            )
        return [facet for _, facet in sorted(results, key=lambda pair: pair[0])]

    def _year_facet(self, number: NumberDraft) -> str | None:
        if not all(_YEARS[0] <= v <= _YEARS[1] and v == int(v) for v in (number.low, number.high)):
            return None
        facets = self.resources.lexicon.facets
        years = [key for key, facet in facets.items() if _counts_years(facet)]
        if len(years) > 1:  # a vintage and "drink until": the one that has such years
            years = [
                key
                for key in years
                if all(
                    (facets[key].minimum or 0) <= year <= (facets[key].maximum or 0)
                    for year in (number.low, number.high)
                )
            ]
        return years[0] if len(years) == 1 else None

    def _bounds(
        self, notes: MessageNotes, number: NumberDraft, key: str
    ) -> list[tuple[int, int, ParsedConstraint]]:
        facet = self.resources.lexicon.facets[key]
        low, high = number.low, number.high
        if not number.money and number.unit and facet.unit:
            spelled = self.resources.wordlists.units
            low = convert(low, number.unit, facet.unit, spelled) or low
            high = convert(high, number.unit, facet.unit, spelled) or high
        number = _aged(number, facet)
        low, high = (low, high) if number.unit else (number.low, number.high)
        refused = number.first in notes.refused
        pairs: list[tuple[str, tuple[float, ...]]]
        if number.operator == "~":
            pairs = [("between", (_tidy(low * (1 - _AROUND)), _tidy(low * (1 + _AROUND))))]
        elif number.operator == "between" or (
            number.operator in ("range", "either") and key == "price"
        ):
            pairs = [("between", (low, high))]
        elif number.operator == "either" and key != "price":
            pairs = [("in", (low, high))]
        elif number.operator in ("range", "either"):
            pairs = [(">=", (low,)), ("<=", (high,))]
        elif number.operator:
            pairs = [(_opposed(number.operator) if refused else number.operator, (low,))]
        elif refused:
            pairs = [("!=", (low,))]
        else:
            pairs = [("<=" if key == "price" else "=", (low,))]
        template = ParsedConstraint(
            facet=key,
            operator="=",
            values=(),
            unit=facet.unit,
            strength="must",
            start=notes.words[number.first].start,
            end=notes.words[number.last - 1].end,
        )
        return [
            (number.first, number.last, replace(template, operator=operator, values=values))
            for operator, values in pairs
        ]

    def _judged(
        self, words: Sequence[Word], texts: Sequence[str], draft: tuple[int, int, ParsedConstraint]
    ) -> ParsedConstraint:
        """Add strength and whether it lasts, from the words of the same part of the sentence."""
        first, last, constraint = draft
        begin, end = _segment(texts, first, last, self._ends)
        soft = self._prefer.anywhere(texts, begin, end) >= 0
        if not soft and end < len(texts) and texts[end] == ",":
            stop = _segment(texts, end + 1, end + 1, self._ends)[1]
            length = self._prefer.at(texts, end + 1) if end + 1 < len(texts) else 0
            soft = bool(length) and end + 1 + length == stop
        hard = self._must.anywhere(texts, begin, end) >= 0
        strength = constraint.strength if not soft else ("must" if hard else "prefer")
        begin, _ = _segment(texts, first, last, frozenset(".;!?\n"))
        lasting = self._lasting.anywhere(texts, begin, last) >= 0 or self._says_of_self(
            texts, first
        )
        return replace(constraint, strength=strength, lasting=lasting)

    def _says_of_self(self, texts: Sequence[str], first: int) -> bool:
        skipped = first
        while skipped and texts[skipped - 1] in self._self_fillers:
            skipped -= 1
        phrases = {
            " ".join(texts[skipped - 1 : skipped]),
            " ".join(texts[max(0, skipped - 2) : skipped]),
        }
        return bool(skipped and phrases & (self._am - self._weak_self))


def _segment(texts: Sequence[str], first: int, last: int, ends: frozenset[str]) -> tuple[int, int]:
    while first and texts[first - 1] not in ends:
        first -= 1
    while last < len(texts) and texts[last] not in ends:
        last += 1
    return first, last


def _counts_years(facet: VocabularyFacet) -> bool:
    return (
        facet.kind == "number"
        and facet.minimum is not None
        and facet.maximum is not None
        and _YEARS[0] <= facet.minimum
        and facet.maximum <= _YEARS[1]
    )


_AGE = "age"
"""Among the facets a comparison may be about, the one that tells "older" from "longer"."""
_OLDEST = 200
"""A number up to this is how old something is, a larger one the year it is from."""


def _aged(number: NumberDraft, facet: VocabularyFacet) -> NumberDraft:
    """Read "older than 10 years" of a vintage as the year it then was, and of an age the other way round."""
    if _AGE not in number.about:
        return number
    if not _counts_years(facet):
        return replace(number, operator={"<": ">", ">": "<"}.get(number.operator, number.operator))
    if number.low > _OLDEST:
        return number
    year = date.today().year
    return replace(number, low=year - number.high, high=year - number.low, unit=None)


def _within_sentence(
    texts: Sequence[str], first: int, last: int, begin: int, end: int
) -> tuple[int, int]:
    """The part of begin to end that no full stop or comma parts from first to last."""
    before = [at + 1 for at in range(begin, first) if texts[at] in _SPLIT]
    after = [at for at in range(last, min(end, len(texts))) if texts[at] in _SPLIT]
    return max(before, default=begin), min(after, default=end)


def _shared_by_all(members: Sequence[Claim], claim: Claim) -> bool:
    return all(_shared(member, claim) for member in members)


def _values(claim: Claim, facet: str, phrase: str) -> list[Value]:
    """What a claim means in a facet: the value spelled as said, else all that share the phrase ("auto")."""
    entries = [entry for entry in claim.entries if entry.facet == facet]
    if entries[0].kind == "facet":
        return [True]
    values = [entry.value for entry in entries if entry.kind == "value"]
    if isinstance(values[0], bool):
        return values[:1]
    spelled = [plain(str(value)) for value in values]
    if phrase not in spelled:
        return values
    # What holds the phrase is of its kind ("dark blue" is blue); what only shares a synonym is not.
    exact = spelled.index(phrase)
    kinds = [value for value, text in zip(values, spelled, strict=True) if _holds(text, phrase)]
    return [values[exact], *(value for value in kinds if value != values[exact])]


def _holds(text: str, phrase: str) -> bool:
    return f" {phrase} " in f" {text} "


def _shared(one: Claim, other: Claim) -> bool:
    return bool({e.facet for e in one.entries if e.facet} & {e.facet for e in other.entries})


def _common_facet(group: Sequence[Claim]) -> str:
    shared = set.intersection(*({e.facet for e in claim.entries} for claim in group))
    return next((e.facet for e in group[0].entries if e.facet in shared), group[0].entries[0].facet)


def _opposed(operator: str) -> str:
    return {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!="}.get(operator, operator)


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def _quantity(words: Sequence[Word], number: NumberDraft) -> Quantity:
    low: float | None = number.low
    high: float | None = number.high
    inclusive = number.operator in ("<=", "range", "either", "=", "")
    if number.operator in ("<", "<="):
        low = None
    elif number.operator in (">", ">="):
        high = None
    elif number.operator == "~":
        low, high = _tidy(number.low * (1 - _AROUND)), _tidy(number.low * (1 + _AROUND))
    return Quantity(
        minimum=low,
        maximum=high,
        unit=number.unit,
        start=words[number.first].start,
        end=words[number.last - 1].end,
        inclusive=inclusive,
    )
