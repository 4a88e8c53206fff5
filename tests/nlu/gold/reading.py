"""Reads the gold messages: "color = red; price < 80" beside the text they mean.

A part of a meaning is one of

    color = red             a wish; = != < <= > >= between in not_in, several values as a|b, yes and no for flags
    color = red ~           the same as a mere preference
    gender = men ?          may be found or not
    critique price -        relative to what is shown
    ref superlative price - a pointer to a product, by the facet it is ordered by
    act dont_care           must be among the acts
    about color             a facet named without a value
    quantity 200..400       a number no facet claims, "<" or "<=" before one bound
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nlu.lexical.vocabulary import Vocabulary, VocabularyFacet, VocabularyValue

FOLDER = Path(__file__).parent
_WISH = re.compile(r"(\w+) (=|!=|<=|<|>=|>|between|in|not_in) (.+?)( ~)?( \?)?$")


@dataclass(frozen=True, slots=True)
class Wish:
    """A constraint in the form in which two are compared."""

    facet: str
    operator: str
    values: tuple
    prefer: bool = False
    optional: bool = False

    def same(self, other: Wish, *, strictly: bool = False) -> bool:
        """Whether facet, operator and values agree, and the strength too."""
        return (
            (self.facet, self.operator) == (other.facet, other.operator)
            and len(self.values) == len(other.values)
            and all(_equal(a, b) for a, b in zip(self.values, other.values, strict=True))
            and (not strictly or self.prefer == other.prefer)
        )


@dataclass(frozen=True, slots=True)
class Message:
    """A text and what it means."""

    text: str
    wishes: tuple[Wish, ...]
    others: tuple[str, ...]
    """The parts that are no wishes, as written."""

    @property
    def negated(self) -> bool:
        """Whether it refuses something."""
        return any(w.operator == "!=" or w.values == (False,) for w in self.wishes)

    @property
    def priced(self) -> bool:
        """Whether it is about money."""
        return any(w.facet == "price" for w in self.wishes) or any(
            " price" in part or part.startswith("quantity") for part in self.others
        )


@dataclass(frozen=True, slots=True)
class Shop:
    """A vocabulary and messages to its shop."""

    name: str
    vocabulary: Vocabulary
    develop: tuple[Message, ...]
    report: tuple[Message, ...]


def load_shops(folder: Path = FOLDER) -> list[Shop]:
    """Every file beside this module."""
    from ruamel.yaml import YAML

    found = []
    for path in sorted(folder.glob("*.yml")):
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        found.append(
            Shop(
                name=path.stem,
                vocabulary=read_vocabulary(data["shop"]),
                develop=tuple(_message(*entry) for entry in data["develop"]),
                report=tuple(_message(*entry) for entry in data["report"]),
            )
        )
    return found


def read_vocabulary(data) -> Vocabulary:
    """The vocabulary of a shop written by hand."""
    return Vocabulary(
        language=data.get("language", "en"),
        currency=data["currency"],
        facets=tuple(_facet(str(key), entry) for key, entry in data["facets"].items()),
        nouns=tuple(data["nouns"]),
        titles=tuple((str(key), title) for key, title in data.get("titles", ())),
    )


def _facet(key, entry) -> VocabularyFacet:
    names = tuple(entry["names"])
    low, high = entry.get("range", (None, None))
    values, kind = (), "number"
    if entry.get("flag"):
        kind = "flag"
        values = (
            VocabularyValue(value=True, phrases=names, count=20),
            VocabularyValue(value=False, phrases=(f"non {names[0]}",), count=20),
        )
    elif "values" in entry:
        kind = "category"
        values = tuple(
            VocabularyValue(value=str(value), phrases=(str(value).lower(), *more), count=40 - place)
            for place, (value, more) in enumerate(entry["values"].items())
        )
    return VocabularyFacet(
        key=key,
        kind=kind,
        unit=entry.get("unit"),
        names=names,
        values=values,
        minimum=low,
        maximum=high,
    )


def _message(text: str, means: str) -> Message:
    wishes: list[Wish] = []
    others = []
    for part in filter(None, (piece.strip() for piece in means.split(";"))):
        found = _WISH.match(part)
        if found is None:
            others.append(part)
            continue
        facet, operator, values, prefer, optional = found.groups()
        read = tuple(_value(value) for value in values.split("|"))
        wishes.extend(normal(Wish(facet, operator, read, bool(prefer), bool(optional))))
    return Message(text, tuple(wishes), tuple(others))


def normal(wish: Wish) -> list[Wish]:
    """Refusals one by one, alternatives in order."""
    if wish.operator in ("!=", "not_in"):
        return [Wish(wish.facet, "!=", (v,), wish.prefer, wish.optional) for v in wish.values]
    if wish.operator == "in":
        values = tuple(sorted(wish.values, key=str))
        return [Wish(wish.facet, "in", values, wish.prefer, wish.optional)]
    return [wish]


def _value(text: str):
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return float(text)
    except ValueError:
        return text


def _equal(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 0.002 * max(abs(one), abs(other), 0.5)
    return str(one).lower() == str(other).lower()
