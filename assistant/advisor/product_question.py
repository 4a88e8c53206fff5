"""What a question about a product asks for, and the answer the catalog gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.advisor import product_facts, variant_answers
from assistant.advisor.text_match import holds, plain
from catalog.parsing.text import Language, language
from catalog.types import (
    Availability,
    Constraint,
    Facet,
    FacetKind,
    Operator,
    Product,
)
from nlu.lexical.words import words

if TYPE_CHECKING:
    from assistant.advisor.context import Context

FACTS_TOLD = 6
"""Facts told of a product that somebody asks about in general."""
PLACES_TOLD = 2
"""Facts told of a product when somebody asks where it is."""
NAMED = 2
"""So many words of a question are repeated when the catalog has no answer; more would be an echo."""
STOCK = {
    Availability.IN_STOCK: "product.stock_yes",
    Availability.OUT_OF_STOCK: "product.stock_no",
    Availability.PREORDER: "product.stock_order",
    Availability.BACKORDER: "product.stock_order",
    Availability.UNKNOWN: "product.stock_unsaid",
}
"""What is said of each state of the stock."""


def answer_about(context: Context, product: Product) -> None:
    """Answer a question about one product: what it names, else what it is about, else the main facts.

    A question the catalog has no answer to is told so before anything else is.
    """
    message = context.message
    spoken_text = plain(message.text) if message is not None else " "
    if variant_answers.answer(
        context, product, price_asked=_mentions(context, spoken_text, "ask.price")
    ):
        return
    facets = _facets_asked(context, spoken_text)
    if facets:
        _tell_of(context, product, facets)
        return
    if _mentions(context, spoken_text, "ask.stock"):
        context.say(STOCK[product.availability], title=product.title)
        return
    coded = context.mentioned is not None and context.mentioned.by_code
    wanted = [] if coded else _wanted(context, product)
    if wanted:
        sentence = _described(product, wanted, language(context.catalog.config.locale))
        if sentence:
            context.say("product.described", title=product.title, text=sentence)
            return
        names = context.wording.say("list_comma").join(wanted)
        key = "product.silent_on" if len(wanted) <= NAMED else "product.silent"
        context.say(key, title=product.title, words=names)
    _tell_all(context, product, known=bool(wanted))


def _facets_asked(context: Context, said: str) -> list[Facet]:
    """Return the facets a question names, by name, by a value, or in other words ("how much")."""
    catalog, message = context.catalog, context.message
    keys: list[str] = []
    if message is not None:
        keys = list(dict.fromkeys([*(c.facet for c in message.constraints), *message.facets]))
    keys = keys or _known_questions(context, said)
    if not keys and _mentions(context, said, "ask.price"):
        keys = ["price"]
    if not keys and _mentions(context, said, "ask.place"):
        keys = _places(context)
    return [catalog.facets[key] for key in keys if key in catalog.facets]


def _known_questions(context: Context, said: str) -> list[str]:
    """Return the facet that people ask for in the words of the longest question known: "how heavy" the weight."""
    found = [
        (len(question), facet)
        for kind in context.goods
        for concept, facet in kind.facets.items()
        for question in kind.knowledge.concepts[concept].asked
        if holds(said, question)
    ]
    return [max(found)[1]] if found else []


def _places(context: Context) -> list[str]:
    """Return the facets that say where something is, the most exact first."""
    called = {facet.label.casefold(): key for key, facet in context.catalog.facets.items()}
    called |= {key: key for key in context.catalog.facets}
    keys = [called[word] for word in context.wording.every("ask.places") if word in called]
    return list(dict.fromkeys(keys))[:PLACES_TOLD]


def _mentions(context: Context, said: str, key: str) -> bool:
    return any(holds(said, phrase) for phrase in context.wording.every(key))


def _tell_of(context: Context, product: Product, asked: list[Facet]) -> None:
    """Tell the facts asked for; several that need no yes or no are told in one sentence."""
    facets = [fact for fact in asked if fact.key != "price"]
    texts = [product_facts.fact_text(context, product, fact) for fact in facets]
    verdicts = {_verdict(context, product, fact) for fact in facets}
    if (
        len(facets) < len(asked)
        or len(facets) < 2
        or not all(texts)
        or verdicts != {"product.told"}
    ):
        for facet in asked:
            _tell(context, product, facet)
        return
    context.say("product.facts", title=product.title, facts="; ".join(texts))


def _tell(context: Context, product: Product, facet: Facet) -> None:
    text = product_facts.fact_text(context, product, facet)
    if not text:
        context.say("product.unsaid", label=facet.label, title=product.title)
    elif facet.key == "price":
        context.say("product.costs", title=product.title, price=text)
    else:
        context.say(_verdict(context, product, facet), title=product.title, fact=text)


def _verdict(context: Context, product: Product, facet: Facet) -> str:
    """Return the wording of the answer: yes or no where the question named a value."""
    wishes = context.message.constraints if context.message else ()
    facet_wishes = [wish for wish in wishes if wish.facet == facet.key]
    row = context.catalog.position(product.id)
    if row is None or not (facet_wishes or facet.kind is FacetKind.FLAG):
        return "product.told"
    wish = Constraint(facet=facet.key, operator=Operator.EQ, values=(True,))
    if facet_wishes:
        operator = Operator(facet_wishes[0].operator)
        wish = Constraint(facet=facet.key, operator=operator, values=facet_wishes[0].values)
    return "product.yes" if bool(context.catalog.matches(wish)[row]) else "product.no"


def _tell_all(context: Context, product: Product, *, known: bool) -> None:
    """Tell the main facts; ``known`` leaves the description out, which was searched already."""
    price = product_facts.price_text(context, product)
    facts = [price] if price else []
    if product.availability is Availability.OUT_OF_STOCK:
        facts.append(context.wording.say("product.out_of_stock"))
    facets = [
        facet for facet in context.catalog.facets.values() if facet.askable and facet.key != "price"
    ]
    # What a thing is and has comes before all that it is not.
    facets.sort(key=lambda one: product.facets.get(one.key) == (False,))
    texts = (product_facts.fact_text(context, product, facet) for facet in facets)
    facts += [text for text in texts if text][: FACTS_TOLD + 1 - len(facts)]
    if facts:
        key = "product.says" if known else "product.facts"
        context.say(key, title=product.title, facts="; ".join(facts))
    if product.description and not known:
        context.sentences.append(first_sentences(product.description))


def _wanted(context: Context, product: Product) -> list[str]:
    """Return the words of a question that say what it asks, without those that point at the product."""
    message = context.message
    if message is None or (message.intent.name == "out_of_scope" and "?" not in message.text):
        return []
    text = message.text
    for reference in message.references:
        text = (
            text[: reference.start]
            + " " * (reference.end - reference.start)
            + text[reference.end :]
        )
    tables = language(context.catalog.config.locale)
    config = context.catalog.config
    idle = {
        *tables.function_words,
        *words(" ".join(context.wording.every("ask.general"))),
        *words(f"{config.noun} {config.nouns}"),
        *words(product.title),
    }
    return list(dict.fromkeys(word for word in words(text) if word not in idle))


def _described(product: Product, wanted: list[str], tables: Language) -> str:
    """Return the sentence of the description that holds most of the words; empty when none holds any."""
    stems = {tables.singular(word) for word in wanted}
    best, most = "", 0
    for sentence in re.split(r"(?<=[.!?])\s+", product.description):
        hits = len(stems & {tables.singular(word) for word in words(sentence)})
        if hits > most:
            best, most = sentence.strip(), hits
    return first_sentences(best)


def first_sentences(text: str, most: int = 280) -> str:
    """Return the beginning of a text, cut at the end of a sentence where there is one."""
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    return cut[: end + 1] if end > most // 3 else cut.rsplit(" ", 1)[0] + " …"
