"""Collects what is left of a wish when values, numbers and shopping talk are taken away."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.annotations import MessageNotes
from nlu.components.base import Component
from nlu.text import Word

_WISHES = frozenset(
    {"inform", "critique", "gift", "catalog_question", "remember", "more_options", "deny"}
)


class Meaning(Component):
    """Writes (meaning, unwanted): content words of wishes and of refusals that nothing claimed."""

    name = "shop_meaning"
    assigns = ("meaning",)
    requires = ("words", "claim_at", "refused", "clauses")

    def prepare(self) -> None:
        """Note the words that say nothing of a thing."""
        groups = self.resources.wordlists.groups
        nouns = groups["thing_nouns"] | groups["generic_nouns"]
        self._plain = groups["function"] | groups["carrier"] | nouns
        self._negators = self.resources.phrases("negators")
        self._articles, self._along = groups["articles"], groups["brings_along"]

    def read(self, notes: MessageNotes) -> None:
        """Write the pair of texts."""
        wanted: list[str] = []
        unwanted: list[str] = []
        for clause in notes.clauses:
            if not _WISHES & set(clause.acts):
                continue
            wanted.extend(self._runs(notes, clause.first, clause.last, refused=False))
            unwanted.extend(self._runs(notes, clause.first, clause.last, refused=True))
        notes.meaning = (" ".join(wanted), " ".join(unwanted))

    def _runs(self, notes: MessageNotes, first: int, last: int, *, refused: bool) -> list[str]:
        words = notes.words
        texts = [word.text for word in words]
        refusing = {  # "can't stand" says nothing of a thing
            position + more
            for position in range(first, last)
            for more in range(self._negators.at(texts, position))
        }
        content = [
            position
            for position in range(first, last)
            if notes.claim_at[position] is None
            and position not in refusing
            and (position in notes.refused) == refused
            and self._says_something(words, position)
        ]
        runs: list[list[int]] = []
        for position in content:
            if runs and self._close(notes, words, runs[-1][-1], position):
                runs[-1].append(position)
            else:
                runs.append([position])
        return [
            notes.text[
                words[self._opening(words, run[0], first, refused)].start : words[run[-1]].end
            ]
            for run in runs
        ]

    def _says_something(self, words: Sequence[Word], position: int) -> bool:
        word = words[position]
        if word.sign or word.number or word.text in self._plain or len(word.text) < 2:
            return False
        people = self.resources.group("people") | self.resources.group("headcount")
        if word.text in people or (word.text.endswith("s") and word.text[:-1] in people):
            return False
        return any(char.isalpha() for char in word.text)

    def _close(self, notes: MessageNotes, words: Sequence[Word], one: int, other: int) -> bool:
        between = range(one + 1, other)
        return len(between) <= 2 and all(
            notes.claim_at[p] is None and not words[p].sign and words[p].text in self._plain
            for p in between
        )

    def _opening(self, words: Sequence[Word], begin: int, first: int, refused: bool) -> int:  # noqa: FBT001
        """Take "for a" or "with" before the run along."""
        if refused:
            return begin
        at = begin
        while at > first and words[at - 1].text in self._articles:
            at -= 1
        return at - 1 if at > first and words[at - 1].text in self._along else begin
