"""The tables of a language: plurals, spellings and what carries no wish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlu.lexical.languages import compound_joints
from nlu.lexical.words import words

TABLES = Path(__file__).parents[1] / "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of a language; every table may be empty."""

    code: str
    """Two letters."""
    function_words: frozenset[str] = frozenset()
    """Words that carry no wish."""
    empty_values: frozenset[str] = frozenset()
    """Cells that mean nothing is known."""
    degree_words: frozenset[str] = frozenset()
    """Values that say how much and not of what."""
    generic_words: frozenset[str] = frozenset()
    """Words of a column's name that name nothing alone."""
    facet_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column name -> what people call it."""
    spellings: tuple[tuple[str, ...], ...] = ()
    """Words that are the same word."""
    opposites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a yes/no property -> words for its absence."""
    absent_before: tuple[str, ...] = ()
    """Put before the name of a yes/no property to deny it: "non"."""
    absent_after: tuple[str, ...] = ()
    """Put after it: "free"."""
    adjective_endings: tuple[str, ...] = ()
    """Words that end so have no plural."""
    plurals: tuple[tuple[str, str], ...] = ()
    """Plural ending -> singular ending, in the order they are tried."""
    unchanging: frozenset[str] = frozenset()
    """Words that have one form."""
    irregular: Mapping[str, str] = field(default_factory=dict)
    """Singular -> plural."""
    at_most: tuple[str, ...] = ()
    """Before a number that is the most: "under"."""
    at_least: tuple[str, ...] = ()
    """Before a number that is the least: "over"."""
    about: tuple[str, ...] = ()
    """Before a number that is not meant exactly."""
    between: tuple[str, ...] = ()
    """Before two numbers."""
    range_words: tuple[str, ...] = ()
    """Between two numbers: "to"."""
    sizes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Letters for sizes, lower case -> how they are said: "l" -> "large"."""
    type_names: frozenset[str] = frozenset()
    """Names of facets that say what kind of thing something is."""
    opening_names: frozenset[str] = frozenset()
    """Names of facets that a seller asks about first."""
    copulas: tuple[str, ...] = ()
    """What may stand between the name of a facet and its value: "the size would be M"."""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    """How column names shorten words: "hwy" -> "highway"."""
    counted_people: tuple[str, ...] = ()
    """Behind a number these say that it counts people: "five of us"."""
    counting_people: tuple[str, ...] = ()
    """Before a number these say the same: "we are eight"."""

    def singular(self, word: str) -> str:
        """Return the singular of a word, or the word when it has none of its own."""
        for singular_form, plural_form in self.irregular.items():
            if word == plural_form:
                return singular_form
        if word in self.unchanging or len(word) < 4:
            return word
        for ending, replacement in self.plurals:
            if word.endswith(ending) and len(word) - len(ending) >= 2:
                return word[: len(word) - len(ending)] + replacement
        return word

    def plural(self, word: str) -> str:
        """Return the plural of a word, or the word when it has none or is one already."""
        if word in self.irregular:
            return self.irregular[word]
        if word in self.unchanging or not word.isalpha() or self.singular(word) != word:
            return word
        if len(word) < 5 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
            return word  # too short for ``singular``, but "ids" is no singular either
        if not self.plurals or (len(word) > 4 and word.endswith(self.adjective_endings)):
            return word
        for ending, replacement in self.plurals:
            fits = bool(replacement) and replacement != "f" and word.endswith(replacement)
            if fits and not (replacement == "y" and word[-2:-1] in "aeiou"):
                return word[: len(word) - len(replacement)] + ending
        return word + "s"

    def inflected(self, phrase: str) -> tuple[str, ...]:
        """Return the phrase with its last word in singular and plural, without the phrase itself."""
        head, _, last = phrase.rpartition(" ")
        if len(last) < 3 or not last.isalpha():
            return ()
        forms = (self.singular(last), self.plural(last))
        return tuple(dict.fromkeys(f"{head} {form}".strip() for form in forms if form != last))

    def says_types(self, names: Iterable[str]) -> bool:
        """Whether a facet of these names says what kind of thing something is: "product type", "Weinart"."""
        last = [tokens[-1] for name in names if (tokens := words(name))]
        known = {token for name in self.type_names for token in words(name)[-1:]}
        if not known.isdisjoint((*last, *map(self.singular, last))):
            return True
        return bool(compound_joints(self.code)) and any(one.endswith(tuple(known)) for one in last)

    def respelled(self, phrase: str) -> tuple[str, ...]:
        """Return the phrase with each word in its other spellings, without the phrase itself."""
        variants: list[str] = []
        for group in self.spellings:
            for spelling in group:
                pattern = rf"(?<!\w){re.escape(spelling)}(?!\w)"
                if spelling in phrase and re.search(pattern, phrase):
                    variants += [
                        re.sub(pattern, other, phrase) for other in group if other != spelling
                    ]
        return tuple(dict.fromkeys(variant for variant in variants if variant != phrase))

    def content(self, tokens: Iterable[str]) -> list[str]:
        """Drop function words; all stay when nothing else is there."""
        tokens = list(tokens)
        return [token for token in tokens if token not in self.function_words] or tokens


@lru_cache(maxsize=8)
def language(code: str) -> Language:
    """Load the tables of a language; one without tables gets empty ones.

    Args:
        code: Two letters or a locale such as "en_GB"; only the letters before "-" or "_" count.
    """
    short = re.split(r"[-_]", code.lower())[0]
    path = TABLES / f"{short}.yml"
    if not short.isalpha() or not path.is_file():
        return Language(code=short)
    from ruamel.yaml import YAML

    raw: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return Language(
        code=short,
        function_words=frozenset(str(raw["function_words"]).split()),
        empty_values=frozenset(raw["empty_values"]),
        degree_words=frozenset(raw["degree_words"]),
        generic_words=frozenset(raw["generic_words"]),
        facet_names={key: tuple(names) for key, names in raw["facet_names"].items()},
        spellings=tuple(tuple(group) for group in raw["spellings"]),
        opposites={key: tuple(names) for key, names in raw["opposites"].items()},
        absent_before=tuple(raw["absent_before"]),
        absent_after=tuple(raw["absent_after"]),
        adjective_endings=tuple(raw["adjective_endings"]),
        plurals=tuple((ending, replacement) for ending, replacement in raw["plurals"]),
        unchanging=frozenset(raw["unchanging"]),
        irregular=dict(raw["irregular"]),
        at_most=tuple(raw["at_most"]),
        at_least=tuple(raw["at_least"]),
        about=tuple(raw["about"]),
        between=tuple(raw["between"]),
        range_words=tuple(raw["range_words"]),
        abbreviations=dict(raw["abbreviations"]),
        counted_people=tuple(raw["counted_people"]),
        counting_people=tuple(raw["counting_people"]),
        sizes={str(size): tuple(names) for size, names in raw["sizes"].items()},
        copulas=tuple(raw["copulas"]),
        type_names=frozenset(raw["type_names"]),
        opening_names=frozenset((*raw["type_names"], *raw["opening_names"])),
    )
