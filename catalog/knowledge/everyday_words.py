"""Adds to what a shop calls its facets and values what people in general call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from catalog.knowledge.types import Knowledge, KnownWish, ShopKnowledge, WishKind
from nlu.lexical.vocabulary import VocabularyFacet, VocabularyValue

NEARLY_ALL = 0.9
"""Part of the products that are of a kind from which its noun names whatever the shop sells."""


def with_known_words(
    facets: Sequence[VocabularyFacet],
    goods: Sequence[ShopKnowledge],
    nouns: Sequence[str] = (),
) -> tuple[VocabularyFacet, ...]:
    """Return the facets with the everyday names of the known goods added.

    A word that the shop itself uses keeps the shop's meaning: nothing is added that names a facet or a value
    already, nor what names everything it sells: among keyboards "keyboard" is no wish.

    Args:
        facets: As the shop names them.
        goods: What is known of what it sells.
        nouns: What the things it sells are called.
    """
    if not goods:
        return tuple(facets)
    own = {name for facet in facets for name in facet.names}
    own |= {phrase for f in facets for value in f.values for phrase in value.phrases}
    own |= {*nouns, *nouns_of([kind for kind in goods if kind.share >= NEARLY_ALL])}
    groups = tuple(group for kind in goods for group in _same_names(kind.knowledge))
    broader = tuple(pair for kind in goods for pair in kind.knowledge.includes.items())
    return tuple(
        replace(
            facet,
            names=_distinct((*facet.names, *(n for n in _names(facet.key, goods) if n not in own))),
            values=tuple(
                _with_names(value, mine, broader, _meant(facet.key, value, goods), own)
                for value, mine in _with_groups(facet.values, groups)
            ),
        )
        for facet in facets
    )


def nouns_of(goods: Sequence[ShopKnowledge]) -> Iterable[str]:
    """Yield what the known goods are called, one and several of them."""
    for kind in goods:
        yield from (kind.knowledge.noun.lower(), kind.knowledge.nouns.lower())


def known_names(goods: Sequence[ShopKnowledge]) -> Iterable[str]:
    """Yield what the known properties that a shop has facets for are called."""
    for kind in goods:
        for concept in kind.facets:
            yield from kind.knowledge.concepts[concept].names


def _same_names(knowledge: Knowledge) -> Iterable[tuple[str, ...]]:
    for name, others in knowledge.also.items():
        yield (name, *others)


def _with_groups(
    values: Sequence[VocabularyValue], groups: Sequence[tuple[str, ...]]
) -> Iterable[tuple[VocabularyValue, list[tuple[str, ...]]]]:
    """Yield each value with the groups of names that are its own.

    Where a value is called by one of the names, the others are its alone: "cab sav" is Cabernet Sauvignon and,
    for all that they share the Cabernet, no Cabernet Franc.
    """
    called = {value.phrases[0] for value in values}
    whole = {group: not called.isdisjoint(group) for group in groups}
    for value in values:
        phrases = {*value.phrases}
        yield (
            value,
            [
                group
                for group in groups
                if not phrases.isdisjoint(group) and (value.phrases[0] in group or not whole[group])
            ],
        )


def _names(key: str, goods: Sequence[ShopKnowledge]) -> Iterable[str]:
    """Yield what people call a facet, by every kind that has it."""
    for kind in goods:
        for concept, facet in kind.facets.items():
            if facet == key:
                yield from kind.knowledge.concepts[concept].names


def _meant(key: str, value: VocabularyValue, goods: Sequence[ShopKnowledge]) -> list[str]:
    """Return the everyday words that mean a value of a facet: "for kids" the rider "Children"."""
    found = []
    for kind in goods:
        for word, wishes in kind.knowledge.words.items():
            if len(wishes) == 1 and kind.facets.get(wishes[0].concept) == key:
                found += [word] if _is_meant(wishes[0], value) else []
    return found


def _is_meant(wish: KnownWish, value: VocabularyValue) -> bool:
    if isinstance(value.value, bool):
        return value.value is (wish.kind is WishKind.YES) and wish.kind in (
            WishKind.YES,
            WishKind.NO,
        )
    return wish.kind is WishKind.WORDS and not {*wish.words}.isdisjoint(value.phrases)


def _with_names(
    value: VocabularyValue,
    groups: Sequence[tuple[str, ...]],
    broader: Sequence[tuple[str, tuple[str, ...]]],
    meant: Sequence[str],
    own: set[str],
) -> VocabularyValue:
    phrases = {*value.phrases}
    added: dict[str, None] = dict.fromkeys(meant)
    for group in groups:
        added |= dict.fromkeys(group)
    for word, narrower in broader:
        if not (phrases | added.keys()).isdisjoint(narrower):
            added[word] = None
    return replace(
        value, phrases=(*value.phrases, *(name for name in added if name not in own | phrases))
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
