"""Splits a message into clauses, each of which does one thing."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.annotations import Clause, MessageNotes
from nlu.components.base import Component
from nlu.text import Word

_ENDS = frozenset(".;!?\n")
_MOST = 12
"""Clauses of a message; what comes after is read as one."""


class Clauses(Component):
    """Sentences, then what is said before ("no, ...") and after ("... and does it come in blue")."""

    name = "shop_clauses"
    assigns = ("clauses",)
    requires = ("words", "claim_at", "refused")

    def prepare(self) -> None:
        """Compile openings and joints."""
        self._leads, self._starters = (
            self.resources.phrases("leads"),
            self.resources.phrases("starters"),
        )
        self._idioms = self.resources.phrases("idioms")
        self._joints, self._courtesies = (self.resources.group(n) for n in ("joints", "courtesies"))
        self._alone, self._no, self._nots = (
            self.resources.group(n) for n in ("answers_alone", "no_words", "nots")
        )

    def read(self, notes: MessageNotes) -> None:
        """Write the clauses in order; every word belongs to one at most."""
        words = notes.words
        texts = [word.text for word in words]
        clauses: list[Clause] = []
        for first, last in _sentences(words):
            begin = self._lead(notes, words, texts, first, last)
            if begin > first:
                clauses.append(Clause(first, begin))
            clauses.extend(self._joined(notes, texts, _skip_signs(words, begin, last), last))
        clauses = [c for c in clauses if any(not words[p].sign for p in range(c.first, c.last))]
        if len(clauses) > _MOST:
            clauses = [
                *clauses[: _MOST - 1],
                Clause(clauses[_MOST - 1].first, clauses[-1].last),
            ]
        notes.clauses = clauses

    def _lead(
        self,
        notes: MessageNotes,
        words: Sequence[Word],
        texts: Sequence[str],
        first: int,
        last: int,
    ) -> int:
        """End of a greeting, yes, no or thanks that something follows; ``first`` when there is none."""
        length = self._leads.at(texts, first)
        end = first + length
        idiom = self._idioms.at(texts, first)
        if not length or any(notes.claim_at[first:end]) or idiom > length:
            return first
        rest = [word.text for word in words[end:last] if not word.sign]
        if self._courtesies.issuperset(rest):  # "stop please"
            return first
        if not words[end].sign:
            refuses = texts[end - 1] in self._no and end in notes.refused
            refuses = refuses or texts[end] in self._nots  # "definitely not"
            following = texts[end] in self._joints or bool(self._starters.at(texts, end))
            if refuses or not (
                following or notes.claim_at[end] is not None or texts[first] in self._alone
            ):
                return first
        return end

    def _joined(
        self, notes: MessageNotes, texts: Sequence[str], first: int, last: int
    ) -> list[Clause]:
        results: list[Clause] = []
        begin, position = first, first + 1
        while position < last - 1:
            joint = texts[position] in self._joints or texts[position] in (",", "-")
            after = position + 1
            while joint and after < last - 1 and texts[after] in self._joints:
                after += 1
            if joint and notes.claim_at[position] is None and self._starters.at(texts, after):
                results.append(Clause(begin, position))
                begin, position = after, after
            position += 1
        results.append(Clause(begin, last))
        return results


def _sentences(words: Sequence[Word]) -> list[tuple[int, int]]:
    results: list[tuple[int, int]] = []
    first = 0
    for position, word in enumerate(words):
        if word.sign and word.text in _ENDS:
            if position > first:
                results.append((first, position + 1))
            elif results:
                results[-1] = (results[-1][0], position + 1)
            first = position + 1
    if first < len(words):
        results.append((first, len(words)))
    return results


def _skip_signs(words: Sequence[Word], first: int, last: int) -> int:
    while first < last and words[first].sign and words[first].text in ",-:":
        first += 1
    return first
