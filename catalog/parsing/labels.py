"""Words for shoppers made from column and file names: labels, singulars, plurals."""

from __future__ import annotations

import re
from functools import cache

from catalog.parsing.text import language
from catalog.parsing.wordlist import words
from catalog.types import Value
from nlu.lexical.usual_units import usual_units

_GLUED = re.compile(r"^([a-z]{3,})(percent|range|hours|bookings)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_COUNT = re.compile(r"^(?:num(?: of)?|no of|nr of|n of) (?=[a-z]\w+)", re.IGNORECASE)
_PREFIXES = re.compile(r"^(google shopping|meta|variant|product|pa)\s+(?=\w)", re.IGNORECASE)


def label_of(name: str, locale: str = "en") -> str:
    """A column name as said to a shopper: "Weight_in_lbs" -> "weight", "RegionName" -> "region".

    Units are cut off first (`catalog.parsing.column_units.unit_in_name` finds them). In German the name keeps its
    capitals, and its last word, the noun, gets one: "farbe" -> "Farbe".
    """
    words = re.sub(r"[\W_]+", " ", _CAMEL.sub(" ", name.replace("%", " percent "))).strip()
    words = _COUNT.sub("number of ", _PREFIXES.sub("", words))
    shouted = name.isupper() and len(name) > 4
    if locale[:2] == "de":
        first, _, noun = words.rpartition(" ")
        noun = noun.capitalize() if shouted else noun[:1].upper() + noun[1:]
        return f"{first} {noun}".strip() or name
    parts = [
        part if part.isupper() and 2 <= len(part) <= 4 and not shouted else part.lower()
        for part in words.split()
    ]
    if len(parts) > 1 and parts[-1].lower() in {"name", "value", "values"}:
        parts.pop()
    if len(parts) == 1 and (glued := _GLUED.match(parts[0])):
        parts = [glued.group(1), glued.group(2)]
    return " ".join(parts) or name


LEAST_LETTERS_LEFT = 0.6
"""Share of a word's letters that must be left for it to be recognised cut short: "horsepwr"."""
SHORTEST_CUT_SHORT = 5
"""Letters of such a word; shorter ones are abbreviations, which the language lists."""


def spelled_out(label: str, locale: str) -> str:
    """A label without abbreviations: "hwy mpg" -> "highway mpg", "ncyl" -> "number of cylinders".

    What the language's tables do not list is recognised where it leaves letters out of exactly one word that
    measures goods. Units and words that are none of these stay as they are.
    """
    parts = [_spelled_out(part, locale) for part in label.split()]
    return " ".join(parts)


def _spelled_out(part: str, locale: str) -> str:
    short = part.lower().rstrip(".")
    table = language(locale).abbreviations
    if short in table:
        return table[short]
    if short[:1] == "n" and short[1:] in table and locale[:2] == "en":
        return f"number of {plural(singular(table[short[1:]]))}"
    measured = _measure_words(locale)
    if len(short) < SHORTEST_CUT_SHORT or short in measured:
        return part
    fitting = [word for word in measured if _is_cut_short(short, word)]
    return fitting[0] if len(fitting) == 1 else part


def _is_cut_short(short: str, word: str) -> bool:
    """Whether letters inside the word are all that is left out."""
    if not LEAST_LETTERS_LEFT * len(word) <= len(short) < len(word) or short in word:
        return False
    letters = iter(word)
    return (
        short[0] == word[0] and short[-1] == word[-1] and all(letter in letters for letter in short)
    )


@cache
def _measure_words(locale: str) -> tuple[str, ...]:
    """Words of the names that numbers and other facets of goods usually have."""
    tables = language(locale)
    names = [*tables.facet_names, *tables.opening_names, *tables.abbreviations.values()]
    names += [name for many in tables.facet_names.values() for name in many]
    names += [name for entry in usual_units() for name in entry.names]
    return tuple(
        sorted({word.lower() for name in names for word in re.split(r"[\W_]+", name) if word})
    )


_IRREGULAR = {
    "shoe": "shoes",
    "watch": "watches",
    "dish": "dishes",
    "knife": "knives",
    "shelf": "shelves",
}
_ALWAYS_PLURAL = words(
    "headphones earphones glasses sunglasses trousers jeans scissors pants shorts clothes "
    "binoculars goods leggings"
)


def singular(word: str) -> str:
    """An English noun in the singular, by rule."""
    lower = word.lower()
    for singular_form, plural_form in _IRREGULAR.items():
        if lower.endswith(plural_form):
            return word[: len(word) - len(plural_form)] + singular_form
    if lower in _ALWAYS_PLURAL or len(lower) < 4:
        return word
    if lower.endswith(("ss", "us", "is")) or not lower.endswith("s"):
        return word
    if lower.endswith("ies") and len(lower) > 4:
        return word[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """An English noun in the plural, by rule."""
    lower = word.lower()
    if lower in _ALWAYS_PLURAL:
        return word
    for singular_form, plural_form in _IRREGULAR.items():
        if lower.endswith(singular_form):
            return word[: len(word) - len(singular_form)] + plural_form
    if lower.endswith("y") and lower[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    if lower.endswith(("s", "x", "ch", "sh", "z")):
        return word + "es"
    return word + "s"


def value_text(value: Value) -> str:
    """A facet value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
