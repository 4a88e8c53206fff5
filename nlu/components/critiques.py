"""Finds wishes relative to what is shown: "cheaper", "less sweet", "too heavy", "something cheap"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.annotations import Claim, MessageNotes, PhraseSet, free, resolve_about, take
from nlu.components.base import Component
from nlu.language import Comparative
from nlu.types import Critique


class Critiques(Component):
    """Comparatives and "too ..." on number facets; "less oaky" of a value is left to the wishes."""

    name = "shop_critiques"
    assigns = ("critiques",)
    requires = ("words", "claim_at", "refused", "numbers")

    def prepare(self) -> None:
        """Compile the words of comparison."""
        lists = self.resources.wordlists
        self._comparatives = PhraseSet(lists.comparatives)
        self._adjectives = PhraseSet(lists.adjectives)
        self._excess, self._how = lists.groups["excess"], lists.groups["how_words"]
        self._links = lists.groups["comparison_links"]

    def read(self, notes: MessageNotes) -> None:
        """Write the critiques in the order of the text."""
        texts = [word.text for word in notes.words]
        results: list[Critique] = []
        position = 0
        while position < len(texts):
            claim = self._comparative(notes, texts, position, results) or self._adjective(
                notes, texts, position, results
            )
            if claim is None:
                position += 1
                continue
            take(notes.claim_at, claim)
            position = max(claim.last, position + 1)
        notes.critiques = results

    def _comparative(
        self, notes: MessageNotes, texts: Sequence[str], at: int, critiques: list[Critique]
    ) -> Claim | None:
        length = self._comparatives.at(texts, at)
        if not length or not free(notes.claim_at, at, at + length):
            return None
        comparative: Comparative = self.resources.wordlists.comparatives[
            " ".join(texts[at : at + length])
        ]
        last = at + length
        facet_claim = self._named(notes, texts, last)
        if facet_claim is not None and (facet := self._number_facet(facet_claim)):
            return self._found(notes, critiques, at, facet_claim.last, facet, comparative.direction)
        behind = self._adjectives.at(texts, last) if last < len(texts) else 0
        if not comparative.about and behind and free(notes.claim_at, last, last + behind):
            return self._degree(notes, texts, (at, last, last + behind), comparative, critiques)
        if not comparative.about:
            return None
        facet = resolve_about(self.resources.lexicon, comparative.about) or (
            "price" if "price" in comparative.about else None
        )
        if facet is None:
            return None
        return self._found(notes, critiques, at, last, facet, comparative.direction)

    def _degree(
        self,
        notes: MessageNotes,
        texts: Sequence[str],
        span: tuple[int, int, int],
        comparative: Comparative,
        critiques: list[Critique],
    ) -> Claim | None:
        """Read "Less sweet", "not as deep": the adjective says of what, the word before it which way."""
        first, middle, last = span
        adjective = self.resources.wordlists.adjectives[" ".join(texts[middle:last])]
        facet = resolve_about(self.resources.lexicon, adjective.about)
        if facet is None:
            return None
        return self._found(
            notes, critiques, first, last, facet, comparative.direction * adjective.direction
        )

    def _named(self, notes: MessageNotes, texts: Sequence[str], at: int) -> Claim | None:
        for position in range(at, at + 3):
            if position < len(texts):
                claim: Claim | None = notes.claim_at[position]
                if claim is not None:
                    return claim
                if texts[position] not in self._links:
                    return None
        return None

    def _number_facet(self, claim: Claim) -> str | None:
        facets = self.resources.lexicon.facets
        for entry in claim.entries:
            if entry.kind == "facet" and facets[entry.facet].kind == "number":
                return entry.facet
        return None

    def _adjective(
        self, notes: MessageNotes, texts: Sequence[str], at: int, critiques: list[Critique]
    ) -> Claim | None:
        excess = texts[at] in self._excess
        start = at + 1 if excess else at
        if start >= len(texts) or notes.claim_at[at] is not None:
            return None
        length = self._adjectives.at(texts, start)
        if not length:
            return None
        adjective: Comparative = self.resources.wordlists.adjectives[
            " ".join(texts[start : start + length])
        ]
        price = "price" in adjective.about
        if not excess and not price:
            return None
        if not excess and (
            (at and texts[at - 1] in self._how) or not free(notes.claim_at, start, start + length)
        ):
            return None
        facet = resolve_about(self.resources.lexicon, adjective.about) or (
            "price" if price else None
        )
        if facet is None:
            return None
        direction = (
            -adjective.direction if excess or start in notes.refused else adjective.direction
        )
        return self._found(notes, critiques, at, start + length, facet, direction)

    def _found(
        self,
        notes: MessageNotes,
        critiques: list[Critique],
        first: int,
        last: int,
        facet: str,
        direction: int,
    ) -> Claim:
        words = notes.words
        critiques.append(
            Critique(
                facet=facet, direction=direction, start=words[first].start, end=words[last - 1].end
            )
        )
        return Claim(first, last, "critique")
