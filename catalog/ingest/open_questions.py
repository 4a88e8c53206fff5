"""What an import is unsure of, as questions to the staff, each with the line of shop.yml that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.inference.value_spellings import suspicious
from catalog.inferred import InferredFacet
from catalog.parsing.column_units import MEASURES
from catalog.types import Facet, FacetKind

_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôû")
_SHORTEST_WORD = 2
"""Letters of a label's word from which it needs a vowel to be one."""
MOST_PAIRS = 3
"""Pairs of spellings asked about in one facet; of more, the feed is better put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """Something only the staff know."""

    text: str
    """The question, and what was taken meanwhile."""
    line: str
    """What to write into shop.yml, its keys joined by dots: "facets.weight.unit: kg"."""


def open_questions(
    inferred: Sequence[InferredFacet],
    facets: Sequence[Facet],
    *,
    assumed_currency: str = "",
) -> list[OpenQuestion]:
    """Ask about everything that was guessed and that shoppers would hear, the gravest first.

    Args:
        inferred: the facets as the feed tells them.
        facets: the same with shop.yml applied; what it answers is asked no more.
        assumed_currency: taken because nothing says it; empty where something does.
    """
    questions = []
    if assumed_currency:
        text = f"Which currency are the prices in? Nothing says it; {assumed_currency} was taken."
        questions.append(OpenQuestion(text=text, line=f"currency: {assumed_currency}"))
    served = {facet.key: facet for facet in facets}
    askable = [entry for entry in inferred if served[entry.facet.key].askable]
    for kind in (_of_unit, _of_label, _of_spellings):
        for entry in askable:
            questions += kind(entry, served[entry.facet.key])
    return questions


def _of_unit(entry: InferredFacet, served: Facet) -> list[OpenQuestion]:
    facet = entry.facet
    if facet.kind is not FacetKind.NUMBER or served.unit != facet.unit:
        return []
    line = f"facets.{facet.key}.unit: "
    if entry.unit_assumed:
        text = f"What is {facet.label!r} measured in? Nothing says it; {facet.unit} was taken."
        return [OpenQuestion(text=text, line=f"{line}{facet.unit}")]
    if facet.unit is None and _MEASURED & {*facet.key.split("_"), *facet.label.split()}:
        text = f"What is {facet.label!r} measured in? Nothing says it, so no unit is said."
        return [OpenQuestion(text=text, line=f"{line}...")]
    return []


_MEASURED = MEASURES - {"rating", "stars", "quantity", "count", "number", "pieces", "size"}
"""Words of a name that announce something with a unit."""


def _of_label(entry: InferredFacet, served: Facet) -> list[OpenQuestion]:
    facet = entry.facet
    if served.label != facet.label or not any(map(_is_no_word, facet.label.split())):
        return []
    text = f"What does {facet.label!r} mean? Shoppers are asked about it by that name."
    return [OpenQuestion(text=text, line=f"facets.{facet.key}.label: ...")]


def _is_no_word(word: str) -> bool:
    """Whether a word of a label is an abbreviation that nothing spelled out; capitals are names: "RAM"."""
    letters = word.lower()
    return (
        word.isalpha()
        and not word.isupper()
        and len(word) >= _SHORTEST_WORD
        and letters.isascii()
        and not set(letters) & _VOWELS
        and letters not in _UNITS
    )


_UNITS = frozenset({"mpg", "mph", "hp", "px", "dpi", "ppi", "rpm", "kg", "cm", "mm", "gb", "tb"})
"""Units that stay in a label, as it says too little without."""


def _of_spellings(entry: InferredFacet, served: Facet) -> list[OpenQuestion]:
    facet = entry.facet
    if facet.kind is not FacetKind.CATEGORY:
        return []
    synonyms: Mapping[str, set[str]] = {
        str(value.value): {name.casefold() for name in value.synonyms} for value in served.values
    }
    pairs = [
        (first, second)
        for first, second in suspicious((value.label, value.count) for value in facet.values)
        if second.casefold() not in synonyms.get(first, ())
        and first.casefold() not in synonyms.get(second, ())
    ]
    return [
        OpenQuestion(
            text=f"Are {first!r} and {second!r} of {facet.label!r} the same?",
            line=f"facets.{facet.key}.synonyms: {{{first}: [{second}]}}",
        )
        for first, second in pairs[:MOST_PAIRS]
    ]
