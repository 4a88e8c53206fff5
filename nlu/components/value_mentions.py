"""Finds the shop's values, facet names and nouns: inflected, split, joined or with one typing slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product

from nlu.annotations import Claim, MessageNotes, PhraseSet, take
from nlu.components.base import Component
from nlu.lexicon import Entry
from nlu.text import Word, breaks, plain


class Values(Component):
    """Longest phrase wins; a value several facets share goes to the facet named beside it, else to the most common."""

    name = "shop_values"
    assigns = ("claims", "claim_at")
    requires = ("words",)

    def prepare(self) -> None:
        """Note which facets are flags: naming one is already a wish."""
        facets = self.resources.lexicon.facets
        lists = self.resources.wordlists
        self._degrees = frozenset((*lists.comparatives, *lists.superlatives))
        self._compared = PhraseSet((*lists.comparatives, *lists.operators))
        self._flags = {key for key, facet in facets.items() if facet.kind == "flag"}

    def read(self, notes: MessageNotes) -> None:
        """Write the claims in the order of the text."""
        words = notes.words
        sayings = self._sayings(words)
        candidates = [pair for pair in self._candidates(words) if pair[0].first not in sayings]
        core = self._bare_answer(words)
        claim_at: list[Claim | None] = [None] * len(words)
        claims: list[Claim] = []
        weak: list[Claim] = []
        for claim, _ in sorted(
            candidates, key=lambda pair: (pair[0].first - pair[0].last, pair[1], pair[0].first)
        ):
            if any(claim_at[position] for position in range(claim.first, claim.last)):
                continue
            if self._is_weak(words, claim) and (claim.first, claim.last) != core:
                weak.append(claim)
                continue
            claims.append(claim)
            take(claim_at, claim)
        self._strengthen(words, claim_at, claims, weak)
        claims.sort(key=lambda claim: claim.first)
        for claim in claims:
            claim.entries = self._ranked(words, claim, claims)
            claim.kind = claim.entries[0].kind
        notes.claims = claims
        notes.claim_at = claim_at

    def _sayings(self, words: Sequence[Word]) -> set[int]:
        """Positions in sayings whose words name nothing: no white is meant in "weiß ich nicht"."""
        texts = [word.text for word in words]
        phrases = self.resources.phrases("sayings")
        return {at + n for at in range(len(texts)) for n in range(phrases.at(texts, at))}

    def _candidates(self, words: Sequence[Word]) -> list[tuple[Claim, int]]:
        content = [position for position, word in enumerate(words) if not word.sign]
        keys = [self._keys(words[position].text) for position in content]
        results: list[tuple[Claim, int]] = []
        for start in range(len(content)):
            self._phrases_from(words, content, keys, start, results)
            self._opposite(words, content[start], results)
            if start + 1 < len(content):
                self._joined(words, content[start], content[start + 1], results)
        return results

    def _keys(self, text: str) -> list[str]:
        lexicon = self.resources.lexicon
        canon = self.resources.wordlists.canon(text)
        if (
            canon in lexicon.known_words
            or not canon.isalpha()
            or text in self.resources.wordlists.ordinary
        ):
            return [canon]
        return [canon, *(word for word in lexicon.corrections(canon) if word != canon)]

    def _phrases_from(
        self,
        words: Sequence[Word],
        content: Sequence[int],
        keys: Sequence[list[str]],
        start: int,
        found: list[tuple[Claim, int]],
    ) -> None:
        lexicon = self.resources.lexicon
        longest = max((lexicon.longest.get(key, 0) for key in keys[start]), default=0)
        for length in range(min(longest, len(content) - start), 0, -1):
            first, last = content[start], content[start + length - 1] + 1
            spelled = keys[start : start + length]
            options = (
                product(*spelled)
                if any(len(k) > 1 for k in spelled)
                else [tuple(k[0] for k in spelled)]
            )
            for option in options:
                entries = lexicon.lookup(" ".join(option))
                signs = {w.text for w in words[first:last] if breaks(w)} if entries else set()
                if signs:
                    entries = [e for e in entries if all(sign in e.surface for sign in signs)]
                slips = sum(a != b[0] for a, b in zip(option, spelled, strict=True))
                if length == 1 and words[first].text in self._degrees:
                    # "Breiter" compares; only "Breite" names the facet.
                    entries = [e for e in entries if e.kind != "facet"]
                if entries and slips <= 1:
                    found.append((Claim(first, last, "value", tuple(entries)), slips))

    def _joined(
        self, words: Sequence[Word], first: int, second: int, found: list[tuple[Claim, int]]
    ) -> None:
        a, b = words[first].text, words[second].text
        if second != first + 1 or len(a) + len(b) < 6 or not (a.isalpha() and b.isalpha()):
            return
        function = self.resources.group("function")
        if a in function and b in function:
            return
        entries = self.resources.lexicon.lookup(self.resources.wordlists.canon(a + b))
        if entries:
            found.append((Claim(first, second + 1, "value", tuple(entries)), 0))

    def _is_measured(self, words: Sequence[Word], claim: Claim) -> bool:
        """Whether a number or a comparison shows that "heel" in "heel below 2 inches" is a measure."""
        facets = self.resources.lexicon.facets
        if not any(e.kind == "facet" and facets[e.facet].kind == "number" for e in claim.entries):
            return False
        texts = [word.text for word in words]
        following = words[claim.last : claim.last + 6]
        paid = any(word.text in self.resources.wordlists.currencies for word in following)
        number = any(word.number for word in following[:5]) and not paid
        behind = claim.last < len(texts) and bool(self._compared.at(texts, claim.last))
        before = claim.first > 0 and texts[claim.first - 1] in self._compared
        return (behind and number) or before or words[min(claim.last, len(words) - 1)].number

    def _denied(self, text: str) -> str | None:
        """The word that ``text`` denies: "wired" wireless, "unoaked" oaked."""
        lists = self.resources.wordlists
        opposite = lists.opposites.get(text)
        if opposite is not None:
            return opposite
        for prefix in lists.opposite_prefixes:
            rest = text.removeprefix(prefix)
            if len(rest) > 3 and rest != text:
                return rest
        return None

    def _opposite(
        self, words: Sequence[Word], position: int, found: list[tuple[Claim, int]]
    ) -> None:
        lexicon = self.resources.lexicon
        text = words[position].text
        other = self._denied(text)
        if other is None or lexicon.lookup(self.resources.wordlists.canon(text)):
            return
        entries = lexicon.lookup(self.resources.wordlists.canon(other))
        flags = tuple(e for e in entries if e.facet and lexicon.facets[e.facet].kind == "flag")
        if flags:
            found.append((Claim(position, position + 1, "value", flags, denied=True), 0))

    def _is_weak(self, words: Sequence[Word], claim: Claim) -> bool:
        if claim.last - claim.first > 1:
            return False
        word = words[claim.first]
        return (
            word.number or len(word.text) == 1 or word.text in self.resources.group("weak_values")
        )

    def _bare_answer(self, words: Sequence[Word]) -> tuple[int, int]:
        """The words that remain of "make it 4, please"; yes and no are left to the acts."""
        first, last = 0, len(words)
        texts = [word.text for word in words]
        before, after = (
            self.resources.phrases("frames_before"),
            self.resources.group("frames_after"),
        )
        negators = self.resources.phrases("negators")
        while first < last - 1:
            framed = (
                1 if words[first].sign else before.at(texts, first) or negators.at(texts, first)
            )
            if not framed:
                break
            first += min(framed, last - 1 - first)
        while last > first + 1:
            if words[last - 1].sign or texts[last - 1] in after:
                last -= 1
            elif " ".join(texts[last - 2 : last]) in after and last - 2 > first:
                last -= 2
            else:
                break
        bare = last - first == 1 and texts[first] not in self.resources.group("plain_answers")
        return (first, last) if bare else (-1, -1)

    def _strengthen(
        self,
        words: Sequence[Word],
        claim_at: list[Claim | None],
        claims: list[Claim],
        weak: Sequence[Claim],
    ) -> None:
        """A weak value counts when the name of its facet stands beside it ("type e", "size one")."""
        names = [c for c in claims if any(e.kind == "facet" for e in c.entries)]
        for claim in weak:
            for name in names:
                gap = (
                    claim.first - name.last if claim.first >= name.last else name.first - claim.last
                )
                keys = {e.facet for e in name.entries if e.kind == "facet"}
                entries = tuple(e for e in claim.entries if e.kind == "value" and e.facet in keys)
                if (
                    0 <= gap <= 1
                    and entries
                    and not words[claim.first].number
                    and claim_at[claim.first] is None
                ):
                    claim.entries = entries
                    claims.append(claim)
                    take(claim_at, claim)

    def _ranked(
        self, words: Sequence[Word], claim: Claim, claims: Sequence[Claim]
    ) -> tuple[Entry, ...]:
        nearby = {
            entry.facet
            for other in claims
            if other is not claim and _near(claim, other)
            for entry in other.entries
            if entry.kind == "facet"
        }
        kinds = {"value": 0, "noun": 2, "facet": 1}
        # A part names many values; the facet it means is the one in which they cover most products.
        covered: Counter[tuple[str, str]] = Counter()
        phrase = " ".join(word.text for word in words[claim.first : claim.last] if not word.sign)
        whole = [entry for entry in claim.entries if plain(str(entry.value)) == phrase]
        for entry in whole or claim.entries:
            covered[entry.kind, entry.facet] += entry.products
        measured = self._is_measured(words, claim)

        def rank(entry: Entry) -> tuple[bool, bool, bool, int, int, int]:
            counts_as_value = entry.kind == "value" or (
                entry.kind == "facet" and entry.facet in self._flags
            )
            return (
                measured and entry.kind != "facet",
                entry.facet not in nearby,
                not counts_as_value,
                kinds[entry.kind],
                -covered[entry.kind, entry.facet],
                -entry.products,
            )

        return tuple(sorted(claim.entries, key=rank))


def _near(claim: Claim, other: Claim) -> bool:
    return 0 <= other.first - claim.last <= 2 or 0 <= claim.first - other.last <= 2
