"""Looks through what is known of a shop's goods for mistakes, clashes and gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import KnowledgeError
from catalog.knowledge.read import read_knowledge
from catalog.knowledge.types import ShopKnowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeReport:
    """What was found; mistakes have to be mended, the rest is for staff to judge."""

    kinds: tuple[str, ...]
    """One line a kind the shop sells, with the facets it was given."""
    mistakes: tuple[str, ...]
    """Files of the shop that cannot be read: file, line, what is allowed."""
    clashes: tuple[str, ...]
    """Facets two kinds claim as different things, and words that mean different things."""
    gaps: tuple[str, ...]
    """Properties that matter for a use and that the shop has no facet for."""


def check_knowledge(goods: Sequence[ShopKnowledge], own: Path) -> KnowledgeReport:
    """Check the kinds a shop sells and its own files.

    Args:
        goods: The kinds that were recognised.
        own: Folder of the shop's own files; it need not exist.
    """
    return KnowledgeReport(
        kinds=tuple(map(_described, goods)),
        mistakes=tuple(_mistakes(own)),
        clashes=tuple((*_claimed_twice(goods), *_said_twice(goods))),
        gaps=tuple(_gaps(goods)),
    )


def _described(kind: ShopKnowledge) -> str:
    facets = ", ".join(f"{concept} = {facet}" for concept, facet in kind.facets.items())
    return f"{kind.knowledge.kind} ({kind.share:.0%} of the products): {facets or 'no facet'}"


def _mistakes(own: Path) -> Iterator[str]:
    for path in sorted(own.glob("*.yml")):
        try:
            read_knowledge(path)
        except KnowledgeError as error:
            yield str(error)


def _claimed_twice(goods: Sequence[ShopKnowledge]) -> Iterator[str]:
    claims: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind in goods:
        for concept, facet in kind.facets.items():
            claims[facet][concept].append(kind.knowledge.kind)
    for facet, concepts in claims.items():
        if len(concepts) > 1:
            texts = [f"{name} ({', '.join(kinds)})" for name, kinds in concepts.items()]
            yield f"The facet {facet!r} is {' and '.join(texts)}."


def _said_twice(goods: Sequence[ShopKnowledge]) -> Iterator[str]:
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    for kind in goods:
        for word, wishes in kind.knowledge.words.items():
            facets = sorted(kind.facets.get(wish.concept, "") for wish in wishes)
            meanings[word][kind.knowledge.kind] = " ".join(filter(None, facets))
    for word, kinds in meanings.items():
        named = {facet: kind for kind, facet in kinds.items() if facet}
        if len(named) > 1:
            texts = [f"{facet} ({kind})" for facet, kind in named.items()]
            yield f"{word!r} means {' and '.join(texts)}."


def _gaps(goods: Sequence[ShopKnowledge]) -> Iterator[str]:
    for kind in goods:
        missing: dict[str, list[str]] = defaultdict(list)
        for use in kind.knowledge.uses.values():
            for reason in use.wants:
                if reason.wish.concept not in kind.facets:
                    missing[reason.wish.concept].append(use.name)
        for concept, uses in missing.items():
            yield f"{kind.knowledge.kind}: no facet for {concept}, which matters for {', '.join(uses)}."
