"""Which kinds of goods a shop sells, and which of its facets their properties are."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from catalog.errors import KnowledgeError
from catalog.knowledge.read import KindHead, kind_heads, read_knowledge, shipped
from catalog.knowledge.types import Concept, Knowledge, ShopKnowledge
from catalog.parsing.text import Language, language
from catalog.store import Catalog
from catalog.types import Facet, FacetKind
from nlu.lexical.words import words

logger = logging.getLogger(__name__)

SMALLEST_SHARE = 0.1
"""Part of the products that has to be of a kind; a smaller one is more often a word in passing."""
LONGEST_WORD = 3
"""Words of what a kind is recognised by."""


def known_goods(catalog: Catalog, own: Path | None = None) -> tuple[ShopKnowledge, ...]:
    """Return what is known of the goods of a shop, the kind of most products first.

    Args:
        catalog: The shop's products.
        own: Folder of the shop's own knowledge files; one of the same name hides the one shipped.
    """
    tables = language(catalog.config.locale)
    runs = _runs_of_products(catalog, tables)
    nouns = {_joined(noun, tables) for noun in (catalog.config.noun, catalog.config.nouns)}
    found = []
    for head in kind_heads(tables.code, own):
        share = _share(head, runs, len(catalog), nouns, tables)
        knowledge = _read_or_shipped(head, tables.code) if share >= SMALLEST_SHARE else None
        if knowledge is not None:
            facets = facets_of(knowledge, catalog.facets.values())
            found.append(ShopKnowledge(knowledge=knowledge, facets=facets, share=share))
    return tuple(sorted(found, key=lambda kind: (-kind.share, kind.knowledge.kind)))


def _read_or_shipped(head: KindHead, code: str) -> Knowledge | None:
    """Return what a file says; where a shop's own has a mistake, what the one shipped says, if there is one."""
    for path in dict.fromkeys((head.path, shipped(code, head.kind))):
        try:
            return read_knowledge(path)
        except KnowledgeError as error:
            logger.warning("%s", error)
    return None


def _runs_of_products(catalog: Catalog, tables: Language) -> list[frozenset[str]]:
    """Return for every product the runs of words in its title and its type, in the singular.

    Other facets hold the words of other goods: a wine goes with fish, and any shop has things "auf Lager".
    """
    keys = [
        facet.key
        for facet in catalog.facets.values()
        if facet.kind is FacetKind.CATEGORY
        and tables.says_types((facet.key, facet.label, *facet.names))
    ]
    memo: dict[str, frozenset[str]] = {}
    results = []
    for product in catalog.products:
        texts = [product.title]
        for key in keys:
            texts += [str(value) for value in product.facets.get(key, ())]
        found: set[str] = set()
        for text in texts:
            if text not in memo:
                memo[text] = frozenset(_runs(text, tables))
            found |= memo[text]
        results.append(frozenset(found))
    return results


def _runs(text: str, tables: Language) -> Iterable[str]:
    singular = [tables.singular(word) for word in words(text)[:20]]
    for first in range(len(singular)):
        for last in range(first + 1, min(first + LONGEST_WORD, len(singular)) + 1):
            yield " ".join(singular[first:last])


def _joined(text: str, tables: Language) -> str:
    return " ".join(tables.singular(word) for word in words(text))


def _share(
    head: KindHead,
    runs: list[frozenset[str]],
    total: int,
    nouns: set[str],
    tables: Language,
) -> float:
    names = frozenset(_joined(word, tables) for word in head.words)
    if names & nouns:
        return 1.0
    return sum(not names.isdisjoint(found) for found in runs) / max(1, total)


def facets_of(knowledge: Knowledge, facets: Iterable[Facet]) -> dict[str, str]:
    """Return the shop's facet for each concept that has one; the concept's first names decide."""
    named: dict[str, list[Facet]] = {}
    for facet in facets:
        for name in {facet.label, facet.key.replace("_", " "), *facet.names}:
            named.setdefault(" ".join(words(name)), []).append(facet)
    found: dict[str, tuple[int, str]] = {}
    for concept, entry in knowledge.concepts.items():
        for place, name in enumerate(entry.names):
            fits = [f for f in named.get(" ".join(words(name)), ()) if _fits(entry, f)]
            if fits:
                found[concept] = (place, fits[0].key)
                break
    # A facet that two concepts could be is the one it is called by first.
    best: dict[str, tuple[int, str]] = {}
    for concept, (place, key) in found.items():
        if key not in best or place < best[key][0]:
            best[key] = (place, concept)
    return {concept: key for key, (_, concept) in best.items()}


def _fits(concept: Concept, facet: Facet) -> bool:
    return concept.scale is None or facet.kind is FacetKind.NUMBER
