"""What the components of the pipeline write down about a message while it is being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nlu.language import Wordlists
from nlu.lexicon import Entry, Lexicon
from nlu.text import Word
from nlu.types import Critique, ParsedConstraint, Quantity, Reference

EXTENSIONS = (
    "text",
    "words",
    "claims",
    "claim_at",
    "numbers",
    "references",
    "critiques",
    "refused",
    "waived",
    "constraints",
    "quantities",
    "clauses",
    "meaning",
)
"""Attributes under ``doc._`` that the components assign, in that order."""


@dataclass(slots=True)
class Claim:
    """Words that one component has understood; ``first`` and ``last`` count words, last exclusive."""

    first: int
    last: int
    kind: str
    """"value", "facet", "noun", "number", "reference", "critique"."""
    entries: tuple[Entry, ...] = ()
    """Of values, facets and nouns: what the phrase may mean, most likely first."""
    denied: bool = False
    """True for an opposite ("wired" where the shop knows "wireless")."""


@dataclass(slots=True)
class NumberDraft:
    """A number or range as said, before a facet claims it."""

    first: int
    last: int
    operator: str
    """"=", "<", "<=", ">", ">=", "~", "between" or "range" (both ends meant)."""
    low: float
    high: float
    """Equal to ``low`` unless a range."""
    unit: str | None = None
    """Unit or currency as the word lists spell it."""
    money: bool = False
    about: tuple[str, ...] = ()
    """Of "bigger than 20": words that name the facets it may mean."""


@dataclass(slots=True)
class Clause:
    """A part of the message that does one thing."""

    first: int
    last: int
    acts: tuple[str, ...] = ()
    confidence: float = 0.0
    wish: bool = True
    """False when what it names is asked about, not wished for."""
    leans: bool = False
    """True when it is about whatever the clause beside it is about ("Why?", "Can you help?")."""


class PhraseSet:
    """Phrases that are found at a position, longest first."""

    def __init__(self, phrases: Iterable[str] | Mapping[str, object]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            parts = tuple(phrase.split(" "))
            self._by_first.setdefault(parts[0], []).append(parts)
        for candidates in self._by_first.values():
            candidates.sort(key=len, reverse=True)

    def __contains__(self, phrase: str) -> bool:
        """Whether this very phrase is in the set."""
        parts = tuple(phrase.split(" "))
        return parts in self._by_first.get(parts[0], ())

    def at(self, texts: Sequence[str], position: int) -> int:
        """Words of the longest phrase that begins at ``position``; 0 when none does."""
        for parts in self._by_first.get(texts[position], ()):
            length = len(parts)
            if length == 1 or tuple(texts[position : position + length]) == parts:
                return length
        return 0

    def anywhere(self, texts: Sequence[str], first: int, last: int) -> int:
        """Position of the first phrase inside [first, last); -1 when there is none."""
        for position in range(first, last):
            length = self.at(texts, position)
            if length and position + length <= last:
                return position
        return -1


@dataclass(slots=True)
class Resources:
    """What the components share: the shop's words and the language's."""

    lexicon: Lexicon
    wordlists: Wordlists
    sets: dict[str, PhraseSet] = field(default_factory=dict)

    def phrases(self, name: str) -> PhraseSet:
        """The group ``name`` of the word lists, ready for matching."""
        if name not in self.sets:
            self.sets[name] = PhraseSet(self.wordlists.groups[name])
        return self.sets[name]

    def group(self, name: str) -> frozenset[str]:
        """The group ``name`` of the word lists."""
        return self.wordlists.groups[name]


class MessageNotes(Protocol):
    """What is known of a message while it is read: the extensions of a spaCy document, ``doc._``.

    Each component writes the ones it names in ``assigns``; before that they are None.
    """

    text: str
    """As received."""
    words: list[Word]
    """Folded words with their offsets."""
    claims: list[Claim]
    """What the shop's words in it mean, in the order of the text."""
    claim_at: list[Claim | None]
    """For each word the claim that covers it."""
    references: list[Reference]
    """Products pointed to."""
    numbers: list[NumberDraft]
    """Numbers before a facet claims them."""
    refused: set[int]
    """Words that are denied."""
    waived: set[int]
    """Words of wishes that are taken back."""
    critiques: list[Critique]
    """Relative wishes."""
    clauses: list[Clause]
    """Its parts, each with what it does."""
    constraints: list[ParsedConstraint]
    """Wishes."""
    quantities: list[Quantity]
    """Numbers no facet claimed."""
    meaning: tuple[str, str]
    """What is left of its wishes, and of its refusals, in free words."""


def free(claim_at: Sequence[Claim | None], first: int, last: int) -> bool:
    """Whether no claim covers a word of [first, last)."""
    return all(claim_at[position] is None for position in range(first, min(last, len(claim_at))))


def take(claim_at: list[Claim | None], claim: Claim) -> None:
    """Mark the words of ``claim``."""
    for position in range(claim.first, claim.last):
        claim_at[position] = claim


def resolve_about(lexicon: Lexicon, about: Sequence[str]) -> str | None:
    """The number facet that words such as "price" or "weight" name here; None when none fits."""
    for word in about:
        for facet in lexicon.facets.values():
            if facet.kind != "number":
                continue
            if facet.key == word or any(
                word in name.split() for name in (facet.key.replace("_", " "), *facet.names)
            ):
                return facet.key
    return None
