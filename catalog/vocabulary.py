"""Everything shoppers can name in a shop, as phrases: handed to language understanding and speech."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from catalog.knowledge.everyday_words import known_names, nouns_of, with_known_words
from catalog.knowledge.types import ShopKnowledge
from catalog.parsing.text import Language, language
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, FacetValue, Value
from nlu.lexical.languages import compound_joints
from nlu.lexical.units import spoken_units, unit_symbols
from nlu.lexical.vocabulary import Vocabulary, VocabularyFacet, VocabularyValue
from nlu.lexical.words import fold

_ADDRESS = re.compile(r"\s*(https?://|www\.)|\S+@\S+\.\w+\s*$", re.IGNORECASE)
"""Addresses in the net are not said."""
MOST_NAMES = 6
"""Names of a facet that are put beside its values; the rest are rare."""
LONGEST_INFLECTED = 3
"""Words; longer values are names and titles, which have no plural."""
MOST_DIVIDED = 2_000
"""Values of a facet whose parts name them; more are names of their own."""
LONGEST_DIVIDED = 6
"""Words of such values; longer ones are sentences."""
SHORTEST_PART = 4
"""Letters of a word that only one value holds; shorter ones are too often something else."""
SHORTEST_MODIFIER = 3
"""Letters of what begins a compound: the "rot" of Rotwein."""
SHORTEST_HEAD = 4
"""Letters of what ends a compound: its "wein"."""
COMPOUNDS = 3
"""Values of a facet that share an end before it counts as the head of compounds."""
_SENTENCE_ENDS = (".", "!", "?")
LONGEST_PHRASE = 80
"""Longer values are sentences; nobody says them word for word."""


def build_vocabulary(catalog: Catalog, goods: Sequence[ShopKnowledge] = ()) -> Vocabulary:
    """Collect the names of the shop's facets, values and products.

    Phrases are lower case, the value's own text first. Values that cannot be told from ordinary words or
    bare numbers by themselves ("M", "4", "other") are only named together with their facet
    ("size m", "4 cylinders").

    Args:
        catalog: The shop.
        goods: What is known of its goods: other names of its facets and values.
    """
    tables = language(catalog.config.locale)
    spoken = Counter(
        _plain(str(value.value)) for facet in catalog.facets.values() for value in facet.values
    )
    shared = frozenset(text for text, facets in spoken.items() if facets > 1) | tables.degree_words
    owned = {name: facet.key for facet in catalog.facets.values() for name in _own_names(facet)}
    nouns = _nouns(catalog, tables)
    # What names the goods or a property of them in general is no part of a value, for all that it stands in one.
    general = frozenset({*nouns, *known_names(goods)})
    things = frozenset(fold(noun) for noun in (*nouns, *nouns_of(goods)))
    facets = tuple(
        _facet(facet, owned, shared, _elsewhere(facet, spoken, general), things, tables)
        for facet in catalog.facets.values()
    )
    return Vocabulary(
        language=tables.code,
        currency=catalog.config.currency,
        facets=with_known_words(facets, goods, nouns),
        nouns=nouns,
        titles=tuple((product.id, product.title.lower()) for product in catalog.products),
    )


def _nouns(catalog: Catalog, tables: Language) -> tuple[str, ...]:
    nouns = [catalog.config.noun.lower(), catalog.config.nouns.lower()]
    return _distinct([*nouns, *(form for noun in nouns for form in tables.inflected(noun))])


def _own_names(facet: Facet) -> tuple[str, ...]:
    """Return the names the shop itself gave the facet."""
    names = [facet.label, facet.key.replace("_", " "), *facet.names]
    return _distinct([*(name.lower().strip() for name in names), *(_plain(name) for name in names)])


def _elsewhere(facet: Facet, spoken: Mapping[str, int], general: frozenset[str]) -> frozenset[str]:
    """Return what values of other facets are called, and what is general but no value of this facet."""
    own = Counter(_plain(str(value.value)) for value in facet.values)
    other_values = frozenset(text for text, facets in spoken.items() if facets > own[text])
    return other_values | (general - own.keys())


def _facet(
    facet: Facet,
    owned: Mapping[str, str],
    shared: frozenset[str],
    others: frozenset[str],
    things: frozenset[str],
    tables: Language,
) -> VocabularyFacet:
    # What people may call a facet gives way to what another facet is called by the shop.
    names = tuple(
        name for name in facet_names(facet, tables) if owned.get(name, facet.key) == facet.key
    )
    if facet.kind is FacetKind.NUMBER:
        values: tuple[VocabularyValue, ...] = ()
    elif facet.kind is FacetKind.FLAG:
        values = _flag_values(facet, names, tables)
    else:
        values = _category_values(facet, names, shared, others, things, tables)
    return VocabularyFacet(
        key=facet.key,
        kind=str(facet.kind),
        unit=facet.unit,
        names=names,
        values=values,
        minimum=facet.minimum,
        maximum=facet.maximum,
    )


def facet_names(facet: Facet, tables: Language) -> tuple[str, ...]:
    """Return the words that name a facet: "enclosure_type" -> enclosure type, enclosure, ..."""
    spoken = _plain(facet.key.replace("_", " "))
    shorter = [_shortened(name, tables) for name in (_plain(facet.label), spoken)]
    base = _distinct([*_own_names(facet), *shorter])
    base = tuple(name for name in base if _nameable(name, tables) or name == spoken)
    built_in: list[str] = []
    for name in base:
        for spelling in (name, *tables.respelled(name), tables.singular(name)):
            built_in += tables.facet_names.get(spelling, ())
    return _widened([*base, *built_in], tables)


def _shortened(name: str, tables: Language) -> str:
    """Drop generic words at both ends: "is vegan" -> "vegan", "tannin level" -> "tannin"."""
    parts = name.split()
    while len(parts) > 1 and parts[-1] in tables.generic_words:
        parts.pop()
    while len(parts) > 1 and parts[0] in tables.generic_words:
        parts.pop(0)
    return "" if len(parts) == 1 and parts[0] in tables.generic_words else " ".join(parts)


def _category_values(
    facet: Facet,
    names: tuple[str, ...],
    shared: frozenset[str],
    others: frozenset[str],
    things: frozenset[str],
    tables: Language,
) -> tuple[VocabularyValue, ...]:
    own = {_plain(str(value.value)) for value in facet.values}
    own |= {str(value.value).lower().strip() for value in facet.values}
    results = []
    parts = _parts(facet, own, others | {*names} | shared, things, tables)
    for facet_value in facet.values:
        if _ADDRESS.match(str(facet_value.value)):
            continue
        phrases = _distinct(
            (*_phrases(facet_value, names, shared, tables), *parts.get(facet_value.value, ()))
        )
        kinds = {*parts.get(facet_value.value, ())}
        # "reds" may be derived from "red", but not when the shop has a value "reds" of its own.
        mine = {_plain(str(facet_value.value)), str(facet_value.value).lower().strip()}
        valid_phrases = tuple(
            phrase for phrase in phrases if phrase in mine | kinds or phrase not in own
        )
        if valid_phrases:
            results.append(
                VocabularyValue(
                    value=facet_value.value, phrases=valid_phrases, count=facet_value.count
                )
            )
    return tuple(results)


def _parts(
    facet: Facet,
    own: Collection[str],
    reserved: Collection[str],
    things: Collection[str],
    tables: Language,
) -> dict[Value, tuple[str, ...]]:
    """Value -> the parts that name its kind: "intel", "core i7", "i7" of "Intel Core i7 7700HQ".

    A part is a run of words that several values share or that holds a number; a single word counts where
    the values are labels rather than sentences. What a value of another facet or a facet is called is no
    part, nor what begins or ends with an ordinary word. What is a value of this facet or the head of one covers
    only the values it is the head of: "guitar" the electric ones and no guitar strings, "blue" what ends with it,
    "Android" the one with a version behind it.
    """
    if len(facet.values) > MOST_DIVIDED:
        return {}
    runs = {entry.value: _runs(str(entry.value)) for entry in facet.values}
    frequency = Counter(run for found in runs.values() for run in set(found))
    ordinary = tables.function_words | tables.generic_words | tables.degree_words
    compounds = _compound_parts(facet, reserved, things, tables)
    units = {fold(name) for name in (*spoken_units(tables.code), *unit_symbols())}
    heads = {_stem(text, tables) for text in own}
    heads |= {_stem(run, tables) for value in runs for run in _heads(str(value), tables)}

    def names(run: str, value: str) -> bool:
        words = run.split()
        recurs = frequency[run] > 1 or any(map(str.isdigit, run))
        return (
            run not in reserved
            and (_stem(run, tables) not in heads or _is_head(run, value, tables))
            and not ordinary & {words[0], words[-1]}
            and not _is_amount(run, units)
            and _nameable(run, tables)
            and (recurs or (len(words) == 1 and len(run) >= SHORTEST_PART))
        )

    return {
        value: _distinct(
            (*(run for run in found if names(run, str(value))), *compounds.get(value, ()))
        )
        for value, found in runs.items()
    }


def _heads(value: str, tables: Language) -> Iterable[str]:
    """Yield what a value of several words is one of: what it ends with, and each thing it lists."""
    words = _plain(value).split()
    if 2 <= len(words) <= LONGEST_DIVIDED:
        yield from (" ".join(words[first:]) for first in range(1, len(words)))
        yield from map(_plain, _listed(value))


def _listed(value: str) -> list[str]:
    """Return the things that a value lists: "Sofas & armchairs"; none where it lists nothing."""
    listed = re.split(r"\s*[&/,+;|]\s*", value)
    return listed if len(listed) > 1 else []


def _stem(run: str, tables: Language) -> str:
    head, _, last = run.rpartition(" ")
    return f"{head} {tables.singular(last)}".strip()


def _is_head(run: str, value: str, tables: Language) -> bool:
    """Whether a value is of the kind that the run names: it ends with it, lists it or adds a version."""
    words, head = _plain(value).split(), run.split()
    behind = words[len(head)] if len(words) > len(head) else ""
    if words[: len(head)] == head and any(map(str.isdigit, behind)):
        return True
    stem = _stem(run, tables)
    return any(_stem(one, tables) == stem for one in _heads(value, tables))


def _runs(text: str) -> list[str]:
    """Return the runs of words within a value, the whole left out; of a sentence, none."""
    words = _plain(text).split()
    if not 2 <= len(words) <= LONGEST_DIVIDED or text.rstrip().endswith(_SENTENCE_ENDS):
        return []
    return [
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
        if last - first < len(words)
    ]


def _is_amount(run: str, units: Collection[str]) -> bool:
    """Whether a run is nothing but numbers and units, which are read as such: the "8 gb" of a card."""
    return all(word in units or word.isdecimal() for word in run.split())


def _compound_parts(
    facet: Facet, reserved: Collection[str], things: Collection[str], tables: Language
) -> dict[Value, tuple[str, ...]]:
    """Value -> what stands before the end it shares with others: the "rot" of Rotwein beside Weißwein.

    Only in languages that join words, and only where the end is a thing that is sold or the facet says kinds of
    things: England and Finland are no kinds of "land".
    """
    if not compound_joints(tables.code):
        return {}
    of_kinds = tables.says_types((facet.label, facet.key, *facet.names))
    words = {
        fold(str(entry.value)): entry.value
        for entry in facet.values
        if isinstance(entry.value, str) and entry.value.isalpha()
    }
    ends = Counter(
        word[at:]
        for word in words
        for at in range(SHORTEST_MODIFIER, len(word) - SHORTEST_HEAD + 1)
    )
    found: dict[Value, tuple[str, ...]] = {}
    for word, value in words.items():
        for at in range(SHORTEST_MODIFIER, len(word) - SHORTEST_HEAD + 1):
            modifier, head = word[:at], word[at:]
            if head in things or (of_kinds and ends[head] >= COMPOUNDS):
                if modifier not in reserved and _nameable(modifier, tables):
                    found[value] = (modifier,)
                break
    return found


def _phrases(
    facet_value: FacetValue, names: tuple[str, ...], shared: frozenset[str], tables: Language
) -> tuple[str, ...]:
    text = re.sub(r"\s+", " ", str(facet_value.value)).strip().lower()
    if len(text) > LONGEST_PHRASE or text in tables.empty_values:
        text = ""
    label = facet_value.label.strip().lower()
    label = "" if label in tables.empty_values else label
    candidates = [text, _plain(text), label, _plain(label)]
    # "Merlot (old vines)" is also just "merlot".
    outside = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", text).strip()
    candidates += [outside, _plain(outside)]
    candidates += [variant for name in (text, outside) for variant in _rejoined(name)]
    candidates += [
        form for name in facet_value.synonyms for form in (name.strip().lower(), _plain(name))
    ]
    alone = [phrase for phrase in _distinct(candidates) if _nameable(phrase, tables)]
    # "m" and "4" mean something only beside the facet's name; "medium" does not say of what.
    beside = [
        pair
        for name in names[:MOST_NAMES]
        for pair in (
            f"{text} {name}",
            f"{name} {text}",
            *(f"{name} {copula} {text}" for copula in tables.copulas),
        )
    ]
    if text in tables.sizes:
        return _distinct([*tables.sizes[text], *beside, *(alone if len(text) > 1 else ())])
    if alone:
        return _distinct([*_widened(alone, tables), *(beside if _plain(text) in shared else ())])
    if not text:
        return ()
    return _distinct(beside)


def _rejoined(text: str) -> Iterable[str]:
    """Return other ways to write a compound: "on-ear" -> "on ear", "onear"; "a & b" -> "a and b"."""
    if re.search(r"\w-\w", text):
        yield text.replace("-", " ")
        joined = text.replace("-", "")
        if " " not in text and joined.isalpha():
            yield joined
    elif text.count(" ") == 1 and text.replace(" ", "").isalpha():
        yield text.replace(" ", "-")
    if "&" in text:
        yield re.sub(r"\s*&\s*", " and ", text)


def _flag_values(
    facet: Facet, names: tuple[str, ...], tables: Language
) -> tuple[VocabularyValue, ...]:
    # Only the property itself, not "type" or "price" words that came from the tables.
    own = [name for name in names if _nameable(name, tables)]
    counts: dict[Value, FacetValue] = {
        facet_value.value: facet_value for facet_value in facet.values
    }
    results = []
    for value, phrases in ((True, own), (False, _absences(own, tables))):
        facet_value = counts.get(value)
        if facet_value is None:
            continue
        extra = [
            form for name in facet_value.synonyms for form in (name.strip().lower(), _plain(name))
        ]
        valid_phrases = _widened([p for p in (*extra, *phrases) if _nameable(p, tables)], tables)
        if not value:
            valid_phrases = _distinct([*extra, *phrases])
        if valid_phrases:
            results.append(
                VocabularyValue(value=value, phrases=valid_phrases, count=facet_value.count)
            )
    return tuple(results)


def _absences(names: Iterable[str], tables: Language) -> list[str]:
    """Return words for "it has not": "non-vegan", "sugar-free", "wired"."""
    absences: list[str] = []
    for name in names:
        absences += tables.opposites.get(name, ())
        absences += [f"{word}{mark}{name}" for word in tables.absent_before for mark in (" ", "-")]
        absences += [f"{name}{mark}{word}" for word in tables.absent_after for mark in (" ", "-")]
    return absences


def _plain(text: str) -> str:
    """Without accents and punctuation: "Crème-brûlée" -> "creme brulee"."""
    return " ".join(re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+", fold(text)))


def _nameable(phrase: str, tables: Language) -> bool:
    """Say whether a phrase means something by itself in a sentence."""
    parts = _plain(phrase).split()
    if not parts or phrase in tables.empty_values or len(phrase) > LONGEST_PHRASE:
        return False
    if len("".join(parts)) < 2 or not any(char.isalpha() for char in phrase):
        return False
    return not all(part in tables.function_words for part in parts)


def _widened(phrases: Iterable[str], tables: Language) -> tuple[str, ...]:
    """Add other spellings and the other number to each phrase."""
    base = _distinct(phrases)
    spelled = _distinct(
        [*base, *(spelling for phrase in base for spelling in tables.respelled(phrase))]
    )
    short = (phrase for phrase in spelled if phrase.count(" ") < LONGEST_INFLECTED)
    forms = (form for phrase in short for form in tables.inflected(phrase))
    return _distinct([*spelled, *(form for form in forms if _nameable(form, tables))])


def _distinct(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
