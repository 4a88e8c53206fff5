"""The shop's words, indexed: phrases to facets and values, misspellings to words, titles to products."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from nlu.language import Wordlists
from nlu.lexical.slips import SlipIndex
from nlu.lexical.vocabulary import Vocabulary, VocabularyFacet
from nlu.text import words
from nlu.types import Value

_LONGEST_PHRASE = 8
"""Words; longer values are sentences nobody says."""
_TITLE_SHARE = 200
"""Products up to which a word of their titles points to them."""


class Entry(NamedTuple):
    """What a phrase of the shop means."""

    kind: str
    """"value", "facet" (its name) or "noun" (what the shop sells)."""
    facet: str
    """Facet key; empty for nouns."""
    value: Value
    """Of values; "" for the other kinds."""
    products: int
    """How many products have the value."""
    surface: str
    """The phrase as the vocabulary spells it."""


@dataclass(slots=True)
class Lexicon:
    """Built once per vocabulary; read-only afterwards."""

    wordlists: Wordlists
    facets: dict[str, VocabularyFacet]
    """By key, in the vocabulary's order."""
    currency: str
    """ISO code of the shop's prices."""
    phrases: dict[str, list[Entry]] = field(default_factory=dict)
    """Canonical words joined by a space -> what they mean."""
    longest: dict[str, int] = field(default_factory=dict)
    """First canonical word -> words of the longest phrase beginning with it."""
    known_words: set[str] = field(default_factory=set)
    """Every canonical word of every phrase."""
    slips: SlipIndex = field(default_factory=lambda: SlipIndex(()))
    """Finds the known words that a misspelled one may have been."""
    titles: dict[str, list[int]] = field(default_factory=dict)
    """Canonical title word -> positions in ``ids``; words of too many titles are left out."""
    ids: list[str] = field(default_factory=list)
    """Product ids."""
    title_words: list[tuple[str, ...]] = field(default_factory=list)
    """Canonical words of each title."""

    def lookup(self, key: str) -> list[Entry]:
        """What a canonical phrase means; empty when nothing."""
        return self.phrases.get(key, [])

    def corrections(self, word: str) -> list[str]:
        """Known words one typing slip away from ``word``; empty for short or ordinary words."""
        if word in self.wordlists.ordinary or word in self.known_words:
            return []
        return self.slips.near(word)


def build_lexicon(vocabulary: Vocabulary, wordlists: Wordlists) -> Lexicon:
    """Index a vocabulary; about 20 microseconds a phrase."""
    lexicon = Lexicon(
        wordlists=wordlists,
        facets={facet.key: facet for facet in vocabulary.facets},
        currency=vocabulary.currency,
    )
    for facet in vocabulary.facets:
        _add_facet(lexicon, facet)
    for noun in vocabulary.nouns:
        _add(lexicon, noun, Entry("noun", "", "", 0, noun))
    _add_titles(lexicon, vocabulary.titles)
    lexicon.slips = SlipIndex(lexicon.known_words)
    return lexicon


def _add_facet(lexicon: Lexicon, facet: VocabularyFacet) -> None:
    generic = lexicon.wordlists.facet_names.get(facet.key, ())
    for name in dict.fromkeys((*facet.names, *generic)):
        _add(lexicon, name, Entry("facet", facet.key, "", _products(facet), name))
    for value in facet.values:
        for phrase in value.phrases:
            entry = Entry("value", facet.key, value.value, value.count, phrase)
            _add(lexicon, phrase, entry)


def _products(facet: VocabularyFacet) -> int:
    return sum(value.count for value in facet.values if value.value is not False)


def canonical(wordlists: Wordlists, text: str) -> list[str]:
    """The canonical words of a phrase, signs left out."""
    return [wordlists.canon(word.text) for word in words(text) if not word.sign]


def _add(lexicon: Lexicon, phrase: str, entry: Entry) -> None:
    keys = canonical(lexicon.wordlists, phrase)[:_LONGEST_PHRASE]
    if not keys:
        return
    _store(lexicon, keys, entry)
    if len(keys) == 2 and len("".join(keys)) >= 6 and all(key.isalpha() for key in keys):
        _store(lexicon, ["".join(keys)], entry)
    lexicon.known_words.update(keys)


def _store(lexicon: Lexicon, keys: list[str], entry: Entry) -> None:
    entries = lexicon.phrases.setdefault(" ".join(keys), [])
    if not any(e[:3] == entry[:3] for e in entries):
        entries.append(entry)
    lexicon.longest[keys[0]] = max(len(keys), lexicon.longest.get(keys[0], 0))
    if len(keys) == 1:
        lexicon.known_words.add(keys[0])


def _add_titles(lexicon: Lexicon, titles: tuple[tuple[str, str], ...]) -> None:
    positions: dict[str, list[int]] = defaultdict(list)
    for position, (product, title) in enumerate(titles):
        keys = tuple(dict.fromkeys(canonical(lexicon.wordlists, title)))
        lexicon.ids.append(product)
        lexicon.title_words.append(keys)
        for key in keys:
            positions[key].append(position)
    for key, title_positions in positions.items():
        if len(title_positions) <= _TITLE_SHARE:
            lexicon.titles[key] = title_positions
