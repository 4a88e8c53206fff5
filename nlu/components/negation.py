"""Finds what is refused: "not red", "anything but red or blue", "without strings", "nut free"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.annotations import Claim, MessageNotes, PhraseSet
from nlu.components.base import Component
from nlu.text import Word

_HARD = frozenset(".;!?\n)(")
_MAX_UNKNOWN = 3
"""Unknown words between "no" and what it refuses; further away it belongs to something else."""


class Negation(Component):
    """Marks the words in the scope of a refusal."""

    name = "shop_negation"
    assigns = ("refused", "waived")
    requires = ("words", "claims", "claim_at", "numbers")

    def prepare(self) -> None:
        """Compile negators and the idioms that only look like them."""
        phrases = self.resources.phrases
        self._negators, self._idioms = phrases("negators"), phrases("idioms")
        group = self.resources.group
        self._weak = group("weak_negators")
        self._pass, self._stops = group("scope_pass"), group("scope_stops")
        self._or, self._and = group("or_words"), group("and_words")
        self._no, self._allergies = group("no_words"), group("allergies")
        self._free = group("free_words") - group("negators")
        self._than = group("than")
        self._waivers, self._waived_after = phrases("waivers"), phrases("waived_after")
        self._answered = (group("function") | group("carrier")) - {"any", "more", "too", "very"}

    def read(self, notes: MessageNotes) -> None:
        """Write the positions of refused words."""
        words = notes.words
        texts = [word.text for word in words]
        refused: set[int] = set()
        waived: set[int] = set()
        position = 0
        while position < len(words):
            waiver = self._waivers.at(texts, position) if notes.claim_at[position] is None else 0
            if waiver:
                self._scope(notes, texts, position + waiver, waived, True)  # noqa: FBT003
                position += waiver
                continue
            length = self._negator(notes.claim_at, words, texts, position)
            if length < 0:
                position -= length
                continue
            if length:
                weak = length == 1 and texts[position] in self._weak
                self._scope(notes, texts, position + length, refused, weak)
            position += length or 1
        self._free_from(notes.claims, texts, refused)
        self._ailing(notes.claim_at, texts, refused)
        self._not_needed(notes.claims, texts, refused, waived)
        notes.refused, notes.waived = refused, waived

    def _negator(
        self, claim_at: Sequence[Claim | None], words: Sequence[Word], texts: Sequence[str], at: int
    ) -> int:
        """Words of the negator at ``at``; minus the words of an idiom; 0 for neither."""
        if claim_at[at] is not None:
            return 0
        length = self._negators.at(texts, at)
        idiom = self._idioms.at(texts, at)
        if idiom >= max(length, 1) and not self._about_number(claim_at, at, idiom):
            return -idiom
        if length == 1 and texts[at] in self._no and self._is_answer(claim_at, words, texts, at):
            return -1
        return length

    def _about_number(self, claim_at: Sequence[Claim | None], at: int, length: int) -> bool:
        """Whether "don't want to spend" goes on with a number, which is then refused."""
        last = min(at + length + 1, len(claim_at))
        return any((claim := claim_at[p]) and claim.kind == "number" for p in range(at, last))

    def _not_needed(
        self, claims: Sequence[Claim], texts: Sequence[str], refused: set[int], waived: set[int]
    ) -> None:
        """Read "No 5G needed" waives it."""
        for claim in claims:
            after = self._waived_after.at(texts, claim.last) if claim.last < len(texts) else 0
            negated = claim.first in refused or after > 1
            if after and negated:
                waived.update(range(claim.first, claim.last))
                refused.difference_update(range(claim.first, claim.last))

    def _is_answer(
        self, claim_at: Sequence[Claim | None], words: Sequence[Word], texts: Sequence[str], at: int
    ) -> bool:
        """Whether this "no" answers a question and refuses nothing: "no, red", "no I want red"."""
        if at + 1 >= len(texts) or words[at + 1].sign:
            return True
        return claim_at[at + 1] is None and texts[at + 1] in self._answered

    def _scope(  # noqa: C901 - one pass over the words of the scope
        self,
        notes: MessageNotes,
        texts: Sequence[str],
        first: int,
        refused: set[int],
        weak: bool,  # noqa: FBT001
    ) -> None:
        claim_at, words = notes.claim_at, notes.words
        position, unknown, target = first, 0, None
        joined = True
        while position < len(words):
            claim: Claim | None = claim_at[position]
            text = texts[position]
            if claim is not None and claim.kind in ("value", "facet", "number", "noun"):
                if target is not None and not self._goes_on(target, claim, texts, position, joined):
                    break
                refused.update(range(claim.first, claim.last))
                target = claim if claim.kind != "noun" or target is None else target
                position, joined = claim.last, False
                continue
            if words[position].sign:
                if text in _HARD or (
                    text == "," and not self._list_goes_on(notes, texts, position, target)
                ):
                    break
                joined = True
            elif text in self._or or text in self._and:
                joined = joined or target is not None
            elif text in self._stops and target is None and text in self._pass:
                pass
            elif text in self._stops:
                break
            elif text not in self._pass:
                if target is not None:
                    break
                unknown += 1
                if weak or unknown > _MAX_UNKNOWN:
                    self._mark(refused, first, position, texts)
                    return
                refused.add(position)
            elif target is not None and not joined:
                break
            position += 1

    def _mark(self, refused: set[int], first: int, last: int, texts: Sequence[str]) -> None:
        refused.update(p for p in range(first, last) if texts[p] not in self._pass)

    def _goes_on(
        self,
        target: Claim,
        claim: Claim,
        texts: Sequence[str],
        at: int,
        joined: bool,  # noqa: FBT001
    ) -> bool:
        if not joined:
            return claim.first == target.last or claim.kind == "noun"
        if texts[at - 1] in self._or or (at > 1 and texts[at - 2] in self._or):
            return True
        return bool(_facets(target) & _facets(claim))

    def _list_goes_on(
        self, notes: MessageNotes, texts: Sequence[str], comma: int, target: Claim | None
    ) -> bool:
        """Whether "not red, white or rosé" refuses beyond this comma."""
        claim_at = notes.claim_at
        following = claim_at[comma + 1] if comma + 1 < len(texts) else None
        if target is None or following is None or not _facets(target) & _facets(following):
            return False
        position: int = following.last
        while position < len(texts):
            if texts[position] in self._or:
                return True
            claim = claim_at[position]
            if claim is None and texts[position] != ",":
                return False
            position = claim.last if claim is not None else position + 1
        return False

    def _free_from(self, claims: Sequence[Claim], texts: Sequence[str], refused: set[int]) -> None:
        words = self.resources.phrases("free_words")
        for claim in claims:
            length = words.at(texts, claim.last) if claim.last < len(texts) else 0
            behind = claim.last + length
            # "Rot nicht", but not "rot, nicht weiss" and "rot nicht mehr als 20".
            ends = (
                behind >= len(texts)
                or not texts[behind].isalpha()
                or texts[claim.last] in self._free
            )
            # "Chairs less than 150" compares a number; only "nut less" leaves something out.
            compares = behind < len(texts) and texts[behind] in self._than
            if length and ends and not compares:
                refused.update(range(claim.first, claim.last))

    def _ailing(
        self, claim_at: Sequence[Claim | None], texts: Sequence[str], refused: set[int]
    ) -> None:
        """Read "a nut allergy" refuses nuts."""
        for position, text in enumerate(texts):
            if text not in self._allergies or not position:
                continue
            claim = claim_at[position - 1]
            refused.update(range(claim.first, claim.last) if claim else (position - 1,))


def _facets(claim: Claim) -> set[str]:
    return {entry.facet for entry in claim.entries if entry.facet}


__all__ = ["Negation", "PhraseSet"]
