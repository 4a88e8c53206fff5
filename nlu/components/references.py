"""Finds pointers to products: "the second one", "the last two", "the cheapest", "that one", a title."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.annotations import Claim, MessageNotes, PhraseSet, free, resolve_about, take
from nlu.components.base import Component
from nlu.language import Comparative
from nlu.text import Word
from nlu.types import Reference

_PLACES = frozenset("123456789")
"""Digits of the places that a list of products has; "the 12th" is a day."""
_MOST_COUNTED = 5
"""In words: "The first five": as many cards as are ever shown."""


class References(Component):
    """Ordinals, superlatives, demonstratives and unmistakable titles."""

    name = "shop_references"
    assigns = ("references",)
    requires = ("words", "claims", "claim_at")

    def prepare(self) -> None:
        """Compile the superlatives."""
        self._superlatives = PhraseSet(self.resources.wordlists.superlatives)
        self._demonstratives = self.resources.phrases("demonstratives")
        group = self.resources.group
        self._indefinite, self._definite = group("indefinite"), group("definite")
        self._at, self._links = group("at_words"), group("comparison_links")
        self._numbering, self._no = group("numbered"), group("no_words")
        self._points_back, self._pairs = group("points_back"), group("pairs")

    def read(self, notes: MessageNotes) -> None:
        """Write the references in the order of the text."""
        words = notes.words
        texts = [word.text for word in words]
        results: list[tuple[int, int, Reference]] = []
        self._titles(notes, words, texts, results)
        position = 0
        while position < len(words):
            length = 0
            if notes.claim_at[position] is None:
                length = (
                    self._ordinal(words, texts, position, results)
                    or self._numbered(words, texts, position, results)
                    or self._superlative(notes, texts, position, results)
                    or self._demonstrative(notes, texts, position, results)
                )
            position += length or 1
        results.sort(key=lambda item: item[0])
        for first, end, reference in results:
            kind = "superlative" if reference.kind == "superlative" else "reference"
            last = end
            # "Least sugar": the facet's name is claimed already, the word before it is not.
            while last > first and not free(notes.claim_at, last - 1, last):
                last -= 1
            if last > first and free(notes.claim_at, first, last):
                take(notes.claim_at, Claim(first, last, kind))
        notes.references = [reference for _, _, reference in results]

    def _ordinal(
        self,
        words: Sequence[Word],
        texts: Sequence[str],
        at: int,
        references: list[tuple[int, int, Reference]],
    ) -> int:
        value = self.resources.wordlists.ordinals.get(texts[at])
        begin = at
        if value is None and self._is_digit_ordinal(words, at):  # "the 2nd one"
            value, at = int(texts[at]), at + 1
        if value is None or (begin and texts[begin - 1] in self._indefinite):
            return 0
        following = texts[at + 1] if at + 1 < len(texts) else ""
        count = self._count(following)
        pointed = (
            not following
            or words[at + 1].sign
            or following in self.resources.group("thing_nouns")
            or following in self.resources.group("after_ordinal")
            or self._is_noun(following)
        )
        if not (pointed or count):
            return 0
        if not following and at == 0 and texts[at] in self.resources.group("alone_no_ordinal"):
            count = 0
        picks = range(value, value + max(count, 1)) if value > 0 else range(-max(count, 1), 0)
        last = at + 1 + bool(count or following in self.resources.group("thing_nouns"))
        for pick in picks:
            references.append((begin, last, _reference(words, begin, last, "ordinal", pick)))
        return last - begin

    def _is_digit_ordinal(self, words: Sequence[Word], at: int) -> bool:
        if at + 1 >= len(words) or words[at].text not in _PLACES:
            return False
        ending = words[at + 1]
        touches = ending.start == words[at].end
        return touches and ending.text in self.resources.group("ordinal_endings")

    def _count(self, text: str) -> int:
        """How many "two", "3" or a "couple" are, up to a handful; 0 for other words."""
        if text in self._pairs:
            return 2
        spoken_number = self.resources.wordlists.numbers.get(text, 0.0)
        number = int(text) if text.isdecimal() and len(text) == 1 else int(spoken_number)
        return number if 2 <= number <= _MOST_COUNTED else 0

    def _is_noun(self, text: str) -> bool:
        canon = self.resources.wordlists.canon(text)
        return any(entry.kind == "noun" for entry in self.resources.lexicon.lookup(canon))

    def _numbered(
        self,
        words: Sequence[Word],
        texts: Sequence[str],
        at: int,
        references: list[tuple[int, int, Reference]],
    ) -> int:
        if texts[at] not in self._numbering or at + 1 >= len(texts):
            return 0
        following = texts[at + 1]
        number = int(following) if following.isdecimal() and len(following) <= 2 else 0
        if not number and texts[at] not in self._no:
            number = int(self.resources.wordlists.numbers.get(following, 0))
        if not 1 <= number <= 20:
            return 0
        references.append((at, at + 2, _reference(words, at, at + 2, "ordinal", number)))
        return 2

    def _superlative(
        self,
        notes: MessageNotes,
        texts: Sequence[str],
        at: int,
        references: list[tuple[int, int, Reference]],
    ) -> int:
        length = self._superlatives.at(texts, at)
        if not length or (at and texts[at - 1] in self._at):
            return 0
        phrase = " ".join(texts[at : at + length])
        superlative: Comparative = self.resources.wordlists.superlatives[phrase]
        last, facet = at + length, None
        if superlative.about:
            facet = resolve_about(self.resources.lexicon, superlative.about)
            if facet is None and not (at and texts[at - 1] in self._definite):
                return 0
        else:
            ordering = self._ordered_by(notes, texts, last)
            if ordering is None:
                return 0
            facet, last = ordering
        words = notes.words
        reference = Reference(
            kind="superlative",
            value=phrase,
            start=words[at].start,
            end=words[last - 1].end,
            facet=facet,
            direction=superlative.direction,
        )
        references.append((at, last, reference))
        return last - at

    def _ordered_by(
        self, notes: MessageNotes, texts: Sequence[str], at: int
    ) -> tuple[str, int] | None:
        """The number facet behind "least" or "lowest in", and past its last word."""
        facets = self.resources.lexicon.facets
        for position in range(at, min(at + 3, len(texts))):
            claim: Claim | None = notes.claim_at[position]
            if claim is not None:
                keys = [e.facet for e in claim.entries if e.kind == "facet"]
                number = next((key for key in keys if facets[key].kind == "number"), None)
                return (number, claim.last) if number else None
            if texts[position] not in self._links:
                return None
        return None

    def _demonstrative(
        self,
        notes: MessageNotes,
        texts: Sequence[str],
        at: int,
        references: list[tuple[int, int, Reference]],
    ) -> int:
        length = self._demonstratives.at(texts, at)
        if not length:
            return 0
        last = at + length
        if length == 1:
            claim = notes.claim_at[last] if last < len(texts) else None
            if claim is None or claim.kind != "noun":
                return 0
            last = claim.last
        references.append((at, last, _reference(notes.words, at, last, "last", 1)))
        return last - at

    def _titles(
        self,
        notes: MessageNotes,
        words: Sequence[Word],
        texts: Sequence[str],
        references: list[tuple[int, int, Reference]],
    ) -> None:
        lexicon = self.resources.lexicon
        keys = [self.resources.wordlists.canon(text) for text in texts]
        position = 0
        while position < len(keys):
            ids, last = set(lexicon.titles.get(keys[position], ())), position + 1
            while ids and last < len(keys):
                if words[last].sign:
                    break
                narrower = ids.intersection(lexicon.titles.get(keys[last], ()))
                if not narrower:
                    break
                ids, last = narrower, last + 1
            if len(ids) == 1 and self._unmistakable(keys, texts, position, last, next(iter(ids))):
                self._point(notes, position, last, lexicon.ids[next(iter(ids))], references)
                position = last
            else:
                position += 1

    def _unmistakable(
        self, keys: Sequence[str], texts: Sequence[str], first: int, last: int, title: int
    ) -> bool:
        lexicon, ordinary = self.resources.lexicon, self.resources.wordlists.ordinary
        spoken_keys = set(keys[first:last])
        if len(spoken_keys) > 1 and spoken_keys.issuperset(lexicon.title_words[title]):
            return True
        return any(
            len(texts[position]) > 3
            and keys[position] not in lexicon.known_words
            and texts[position] not in ordinary
            and texts[position].isalpha()
            for position in range(first, last)
        )

    def _point(
        self,
        notes: MessageNotes,
        first: int,
        last: int,
        product: str,
        references: list[tuple[int, int, Reference]],
    ) -> None:
        covered = [c for c in notes.claims if c.first < last and c.last > first]
        if any(
            c.first < first or c.last > last or c.last - c.first >= last - first for c in covered
        ):
            return
        for claim in covered:
            notes.claims.remove(claim)
            for position in range(claim.first, claim.last):
                notes.claim_at[position] = None
        references.append((first, last, _reference(notes.words, first, last, "id", product)))
        take(notes.claim_at, Claim(first, last, "title"))


def _reference(
    words: Sequence[Word], first: int, last: int, kind: str, value: str | int
) -> Reference:
    return Reference(kind=kind, value=value, start=words[first].start, end=words[last - 1].end)
