"""Word lists of a language, read from the YAML files beside this module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from nlu.errors import NluError
from nlu.lexical.languages import compound_joints
from nlu.lexical.money import spoken_currencies
from nlu.lexical.numbers import decimal_mark
from nlu.lexical.units import Unit, spoken_units
from nlu.text import plain

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparative:
    """A word of comparison and what it is about."""

    direction: int
    """-1 for less, +1 for more."""
    about: tuple[str, ...]
    """Words that name the facets it may mean, best first; empty when it must be said ("less")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordlists:
    """Everything the parser knows about a language before it has seen a shop."""

    language: str
    """Two-letter code."""
    suffixes: tuple[tuple[str, str], ...]
    """Endings and what they become, first match wins."""
    equivalents: dict[str, str]
    """Other spellings of a word ("colour": "color")."""
    opposites: dict[str, str]
    """A word that denies another ("wired": "wireless")."""
    contractions: dict[str, tuple[str, ...]]
    """"dont": "do", "not"."""
    opposite_prefixes: tuple[str, ...]
    """"un": "unoaked" denies "oaked"."""
    spelled_out: dict[str, str]
    """Two letters typed for one, and that one without its accent ("ue": "u"); empty where nobody does."""
    compounds: tuple[str, ...]
    """What may stand between the parts of a compound ("s"); empty where words are not joined."""
    decimal: str
    """The sign before decimals, "." or ","."""
    few: dict[str, float]
    """Words for a small number of hundreds ("couple")."""
    groups: dict[str, frozenset[str]]
    """Named sets of words and phrases ("negators", "function", ...)."""
    operators: dict[str, str]
    """Phrases before a number ("less than") and the operator they mean."""
    after: dict[str, str]
    """Phrases after a number ("or less") and the operator they mean."""
    numbers: dict[str, float]
    """Number words below a hundred, and halves."""
    scales: dict[str, float]
    """Multipliers ("hundred", "k")."""
    ordinals: dict[str, int]
    """"first": 1, "last": -1."""
    comparatives: dict[str, Comparative]
    """"cheaper" and the like."""
    superlatives: dict[str, Comparative]
    """"cheapest" and the like."""
    adjectives: dict[str, Comparative]
    """"expensive" and the like, as in "too expensive"."""
    units: Mapping[str, Unit]
    """Spellings of units."""
    currencies: dict[str, str]
    """Signs and words for money; "" where any currency is meant ("bucks")."""
    facet_names: dict[str, tuple[str, ...]]
    """More names for facets that many shops have, by facet key."""
    ordinary: frozenset[str] = field(repr=False)
    """Common words, never taken for a misspelt value."""

    def rejoined(self, word: str) -> str:
        """``word`` with letters that were spelled out as one again ("gruen": "grun"), known or not."""
        for digraph, letter in self.spelled_out.items():
            word = word.replace(digraph, letter)
        return word

    def said(self) -> frozenset[str]:
        """Every word of the lists, those in phrases too."""
        tables = (
            self.contractions,
            self.operators,
            self.after,
            self.numbers,
            self.scales,
            self.few,
        )
        compared = (
            self.comparatives,
            self.superlatives,
            self.adjectives,
            self.ordinals,
            self.units,
        )
        phrases = chain(*tables, *compared, *self.groups.values())
        return self.ordinary | {word for phrase in phrases for word in phrase.split()}

    def canon(self, word: str) -> str:
        """The form under which a word is compared: one spelling, no plural ending."""
        word = self.equivalents.get(word, word)
        if len(word) > 3:
            for ending, into in self.suffixes:
                if word.endswith(ending):
                    stem = word[: len(word) - len(ending)] + into
                    return self.equivalents.get(stem, stem)
        return word


def _read(folder: Path, name: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load((folder / f"{name}.yml").read_text(encoding="utf-8"))


def _number_words(table: dict[str, Any]) -> dict[str, float]:
    """The words as they stand, and those a language writes together ("einundzwanzig", "zweihundert")."""
    words = {_spelling(word): float(value) for word, value in table["words"].items()}
    joined = table.get("joined")
    if joined is None:
        return words
    small = {_spelling(word): float(value) for word, value in joined["ones"].items()}
    tens = {word: words[word] for word in map(_spelling, joined["tens"])}
    below = {
        f"{unit}{joined['and']}{ten}": a + b for unit, a in small.items() for ten, b in tens.items()
    }
    whole = {**words, **below}
    for scale, factor in joined["scales"].items():
        for unit, value in {**small, "": 1.0}.items():
            whole[f"{unit}{scale}"] = value * factor
            if factor == 100:
                more = {**words, **below}.items()
                whole.update(
                    {f"{unit}{scale}{w}": value * factor + v for w, v in more if 1 <= v < 100}
                )
    return whole


def _phrase_map(table: dict[str, list[str]]) -> dict[str, str]:
    return {_spelling(phrase): meaning for meaning, phrases in table.items() for phrase in phrases}


def _spelling(said: object) -> str:
    return plain(str(said)) or str(said)


def _compare(
    table: dict[str, dict[str, Any]], endings: Sequence[str] = ()
) -> dict[str, Comparative]:
    listed, inflected = {}, {}
    for entry in table.values():
        for sign, key in ((-1, "less"), (1, "more")):
            comparative = Comparative(direction=sign, about=tuple(entry.get("about", ())))
            for word in map(_spelling, entry.get(key, ())):
                listed[word] = comparative
                inflected.update(dict.fromkeys(_inflected(word, endings), comparative))
    return {**inflected, **listed}


def _inflected(word: str, endings: Sequence[str]) -> Iterator[str]:
    """What endings make of a word: "breiter", "breiteres"; phrases stay as they are."""
    if " " not in word:
        stem = word.removesuffix("e")
        yield from (f"{stem}{ending}" for ending in endings)


def has_wordlists(language: str) -> bool:
    """Whether there are lists of ``language``."""
    return language.isalpha() and (FOLDER / language / "words.yml").is_file()


@lru_cache(maxsize=8)
def load_wordlists(language: str) -> Wordlists:
    """Read the lists of ``language``; raises ``NluError`` when there are none."""
    folder = FOLDER / language
    if not has_wordlists(language):
        languages = sorted(path.name for path in FOLDER.iterdir() if (path / "words.yml").is_file())
        raise NluError(
            f"No word lists for language {language!r}; there are lists for {', '.join(languages)}. "
            f"Set the shop's locale to one of them or add nlu/language/{language}/."
        )
    words, numbers = (_read(folder, name) for name in ("words", "numbers"))
    comparisons = _read(folder, "comparisons")
    endings = tuple(comparisons.get("endings", ()))
    comparatives = _compare(comparisons["comparatives"], endings)
    adjectives = _compare(comparisons["adjectives"], endings)
    common = (folder / "ordinary.txt").read_text(encoding="utf-8").split("\n")
    return Wordlists(
        language=language,
        suffixes=tuple((ending, into) for ending, into in words["suffixes"]),
        equivalents={
            _spelling(form): canon
            for canon, forms in words["equivalents"].items()
            for form in forms
        },
        opposites={_spelling(a): _spelling(b) for a, b in words["opposites"].items()},
        spelled_out=dict(words.get("spelled_out", {})),
        compounds=compound_joints(language),
        contractions={
            _spelling(contraction): tuple(_spelling(full).split())
            for contraction, full in words["contractions"].items()
        },
        groups={
            name: frozenset(_spelling(phrase) for phrase in phrases)
            for name, phrases in {**words["groups"], **numbers["groups"]}.items()
        },
        operators=_phrase_map(numbers["before"]),
        after=_phrase_map(numbers["after"]),
        opposite_prefixes=tuple(words.get("opposite_prefixes", ())),
        decimal=decimal_mark(language),
        few={_spelling(word): float(value) for word, value in numbers["few"].items()},
        numbers=_number_words(numbers),
        scales={_spelling(word): float(value) for word, value in numbers["scales"].items()},
        ordinals={_spelling(word): int(value) for word, value in numbers["ordinals"].items()},
        comparatives=comparatives,
        superlatives=_compare(comparisons["superlatives"], endings),
        # "Günstiger" is more often "cheaper" than "a cheap one".
        adjectives={word: about for word, about in adjectives.items() if word not in comparatives},
        units={_spelling(name): unit for name, unit in spoken_units(language).items()},
        currencies={_spelling(name): code for name, code in spoken_currencies(language).items()},
        facet_names={key: tuple(names) for key, names in words["facet_names"].items()},
        ordinary=frozenset(word for word in common if word and not word.startswith("#")),
    )
