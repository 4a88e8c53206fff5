"""What a word means: the shop's glossary, what is known of the goods, else what the catalog knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.advisor import presentation
from assistant.advisor.text_match import holds, plain
from catalog.types import Constraint, Facet, FacetKind, FacetValue, Operator

if TYPE_CHECKING:
    from assistant.advisor.context import Context

VALUES_NAMED = 6
"""Values named to show what a facet is about."""


def explain(context: Context, text: str) -> None:
    """Explain a word, or the pending question; what neither the shop nor the catalog explains is not made up."""
    spoken_text = plain(text)
    glossary = context.catalog.config.glossary
    term = max((entry for entry in glossary if holds(spoken_text, entry)), key=len, default="")
    if term:
        context.say("explain.term", term=term[:1].upper() + term[1:], text=glossary[term])
        return
    known = _known_term(context, spoken_text)
    if known:
        context.say("explain.known", text=known)
        return
    facets = context.catalog.facets.values()
    names = {entry.key: max(_named(spoken_text, entry), key=len, default="") for entry in facets}
    facet = max(facets, key=lambda entry: len(names[entry.key]), default=None)
    valued = [
        (entry, value)
        for entry in facets
        for value in entry.values
        if _is_said(spoken_text, entry, value)
    ]
    best = max(valued, key=lambda pair: len(pair[1].label), default=None)
    pending = context.catalog.facets.get(context.state.pending) if _asks_back(context) else None
    if facet is not None and names[facet.key]:
        _explain_facet(context, facet)
    elif best is not None:
        _explain_value(context, *best)
    elif pending is not None:
        _explain_question(context, pending)
    else:
        context.say("explain.unknown")


def _known_term(context: Context, said: str) -> str:
    """Return the explanation of the longest term that was named, by any of its names; "" when none was."""
    best, text = "", ""
    for kind in context.goods:
        known = kind.knowledge
        for term, explanation in known.terms.items():
            names = (term, *known.also.get(term, ()))
            said_names = [name for name in names if holds(said, name)]
            longest = max(said_names, key=len, default="")
            if len(longest) > len(best):
                best, text = longest, explanation
    return text


def _asks_back(context: Context) -> bool:
    """Whether no word was asked about, but what was said last: "what do you mean?"."""
    message = context.message
    return message is not None and any(reference.kind == "last" for reference in message.references)


def _named(said: str, facet: Facet) -> list[str]:
    return [name for name in (facet.label, *facet.names) if holds(said, name)]


def _is_said(said: str, facet: Facet, value: FacetValue) -> bool:
    return facet.kind is FacetKind.CATEGORY and holds(said, str(value.label))


def _explain_facet(context: Context, facet: Facet) -> None:
    if facet.kind is not FacetKind.FLAG:
        _tell_values(context, facet, "facet")
        return
    wish = Constraint(facet=facet.key, operator=Operator.EQ, values=(True,))
    count = int((context.catalog.matches(wish) & context.catalog.available).sum())
    text = presentation.wish_text(context.wording, context.catalog, wish)
    context.say("explain.flag", label=facet.label, wish=text, count=context.wording.count(count))


def _explain_question(context: Context, facet: Facet) -> None:
    if facet.kind is FacetKind.FLAG:
        context.say("explain.question_flag", label=facet.label)
    else:
        _tell_values(context, facet, "question")


def _tell_values(context: Context, facet: Facet, key: str) -> None:
    """Say from where to where the numbers run, or what values there are; ``key`` is the wording's."""
    if facet.kind is FacetKind.NUMBER and facet.minimum is not None:
        low = context.wording.value(facet.minimum, facet)
        high = context.wording.value(facet.maximum or 0.0, facet)
        context.say(f"explain.{key}_number", label=facet.label, low=low, high=high)
    else:
        values = [value.label for value in facet.values[:VALUES_NAMED]]
        context.say(f"explain.{key}", label=facet.label, values=context.wording.join(values))


def _explain_value(context: Context, facet: Facet, value: FacetValue) -> None:
    wish = Constraint(facet=facet.key, operator=Operator.EQ, values=(value.value,))
    count = int((context.catalog.matches(wish) & context.catalog.available).sum())
    others = [other.label for other in facet.values if other is not value][: VALUES_NAMED - 1]
    context.say(
        "explain.value" if others else "explain.only_value",
        value=value.label,
        label=facet.label,
        count=context.wording.count(count),
        others=context.wording.join(others),
    )
