"""Cuts the message into words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nlu.annotations import MessageNotes
from nlu.components.base import Component
from nlu.text import Word, words

if TYPE_CHECKING:
    from spacy.tokens import Doc


_SHORTEST, _LONGEST, _MOST_PARTS = 6, 40, 3
"""Letters of a compound, and cuts in it."""


class WordTokenizer(Component):
    """Folded words with their offsets; everything after works on them."""

    name = "shop_words"
    assigns = ("text", "words")
    requires = ()

    def __call__(self, doc: Doc) -> Doc:
        """Cut ``doc.text``."""
        doc._.text = doc.text
        tokens = words(doc.text)
        if self.resources.wordlists.spelled_out:
            tokens = [self._spelled(word) for word in tokens]
        if self.resources.wordlists.compounds:
            tokens = [part for word in tokens for part in self._parts(word)]
        doc._.words = tokens
        return doc

    def prepare(self) -> None:
        """Collect the words of the language."""
        self._said = self.resources.wordlists.said()

    def _spelled(self, word: Word) -> Word:
        """Read "gruen" and "moechte" as "grün" and "möchte" where only those are words."""
        text = self.resources.wordlists.rejoined(word.text)
        if text == word.text or self._known(word.text) or not self._known(text):
            return word
        return word._replace(text=text)

    def _known(self, text: str) -> bool:
        canon = self.resources.wordlists.canon(text)
        lexicon = self.resources.lexicon
        return text in self._said or canon in lexicon.known_words or self._cuts(text) is not None

    def _parts(self, word: Word) -> Iterator[Word]:
        """The parts of a compound of the shop's words ("Rotweinglas"), else the word."""
        cuts = self._cuts(word.text) if self._may_be_compound(word) else None
        # A letter that counts as two would shift the offsets; then the parts stand for the whole.
        whole = word.end - word.start != len(word.text)
        if cuts is None:
            yield word
            return
        for first, last in cuts:
            start, end = (0, word.end - word.start) if whole else (first, last)
            yield word._replace(
                text=word.text[first:last], start=word.start + start, end=word.start + end
            )

    def _may_be_compound(self, word: Word) -> bool:
        lists, lexicon = self.resources.wordlists, self.resources.lexicon
        return (
            _SHORTEST <= len(word.text) <= _LONGEST
            and word.text.isalpha()
            and not lexicon.lookup(lists.canon(word.text))
            and word.text not in lists.groups["function"]
            and word.text not in lists.groups["carrier"]
        )

    def _cuts(self, text: str, at: int = 0, depth: int = 0) -> list[tuple[int, int]] | None:
        """Where the parts of text[at:] begin and end, each said by the shop; None when it cannot be cut."""
        lists, lexicon = self.resources.wordlists, self.resources.lexicon
        for last in range(len(text), at + 2, -1):
            part = text[at:last]
            free = at > 0 and last == len(text) and part in lists.groups["free_words"]
            if last - at == len(text) or not (free or lexicon.lookup(lists.canon(part))):
                continue
            if last == len(text):
                return [(at, last)]
            for joint in lists.compounds if depth < _MOST_PARTS else ():
                if text.startswith(joint, last):
                    rest = self._cuts(text, last + len(joint), depth + 1)
                    if rest:
                        return [(at, last), *rest]
        return None

    def read(self, notes: MessageNotes) -> None:
        """Nothing is read from other components."""
