"""The maker of a product where only its title tells: the leading words that several products share.

"Sony WH-1000XM4", "Sony MDR-7506", "Bose QuietComfort 35" name their maker first. So do "Lamp Tosca",
"Lamp Luna" name a kind and "Black mug" a colour, which is why the shared leading words are believed
only on evidence over the whole catalog: they cover most titles, stand nowhere but in front, are no
value of another facet and no word of the descriptions, and what follows them looks like models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from catalog.parsing.wordlist import words

LEAST_TITLES = 12
"""Fewer titles are no evidence."""
LEAST_COVERED = 0.6
"""Share of the titles that must begin with words that others begin with too."""
LEAST_IN_FRONT = 0.85
"""Of the titles that contain a maker's words, the share that begin with them."""
_GOES_ON = 0.97
"""Share of the titles with a first word that must go on alike for the next word to belong to the name."""
_JOINERS = frozenset({"&", "and", "und", "+", "of", "by"})
_SHARED = 3
"""Titles from which a shared beginning is no chance."""
_MODEL = re.compile(r"(?=[\w\-/.]*\d)(?=[\w\-/.]*[A-Za-z])[\w\-/.]{3,}")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?[A-Za-z]{1,4}|\d+(?:st|nd|rd|th|er|x\d+)", re.IGNORECASE)
_MAKER_COLUMN = re.compile(
    r"brand|manufactur|maker|vendor|producer|winery|brewery|distillery|publisher|author|artist|designer|"
    r"label$|studio|marke(?:$|n)|hersteller|^make$|company|fabricant|fabrikant|restaurant"
)
_SMALL = words(
    "the a an of and for in on with to by at la le les el los las der die das ein eine il lo de du des "
    "den het my our new set pack pair mini super ultra pro premium classic original genuine official "
    "men mens women womens kids boys girls unisex men's women's ladies"
)


@dataclass(frozen=True, slots=True)
class Makers:
    """The makers found in the titles of a catalog."""

    names: frozenset[tuple[str, ...]]
    """Their words, lower case."""

    def of(self, title: str) -> str:
        """The maker a title begins with, spelled as there; empty where none is known."""
        tokens = _tokens(title)
        lower = [_bare(word) for word in tokens]
        for length in range(min(4, len(tokens) - 1), 0, -1):
            if tuple(lower[:length]) in self.names:
                return " ".join(tokens[:length]).rstrip(",:;-")
        return ""


def has_maker_column(keys: Iterable[str]) -> bool:
    """Whether a column already names the maker."""
    return any(_MAKER_COLUMN.search(key) for key in keys)


def find_makers(
    titles: Collection[str], known: Collection[str], prose: Iterable[str] = ()
) -> Makers | None:
    """The makers that the titles begin with; None where the leading words are something else.

    Args:
        titles: of all products.
        known: what values of the other facets name, lower case: that is no maker.
        prose: descriptions; a word they use in lower case is an ordinary word.
    """
    tokens = [words for title in dict.fromkeys(titles) if len(words := _tokens(title)) >= 2]
    if len(tokens) < LEAST_TITLES:
        return None
    lower = [[_bare(word) for word in line] for line in tokens]
    names = _shared_leads(lower)
    ordinary = _ordinary(known, prose, cased=_is_cased(tokens))
    inside = Counter(word for line in lower for word in set(line))
    leading = Counter(line[0] for line in lower)
    leads = {
        name: count
        for name, count in names.items()
        if leading[name[0]] >= LEAST_IN_FRONT * inside[name[0]]
        and name[0] not in ordinary
        and " ".join(name) not in ordinary
        and _may_be_name(name)
    }
    strong = {name: count for name, count in leads.items() if count >= _SHARED}
    covered = sum(leads.values()) / len(lower)
    strongly = sum(strong.values()) / len(lower)
    if len(leads) < 3 or covered < LEAST_COVERED or strongly < 0.75 * covered:
        return None
    if max(leads.values()) > 0.7 * len(lower) or not _look_like_models(tokens, leads):
        return None
    return Makers(frozenset(leads))


_YEAR = re.compile(r"(?:19|20)\d\d")


def _tokens(title: str) -> list[str]:
    """The first words; a year in front is none of the maker's: "2018 Toyota RAV4"."""
    title_words = title.split()[:12]
    return (
        title_words[1:] if len(title_words) > 2 and _YEAR.fullmatch(title_words[0]) else title_words
    )


def _bare(word: str) -> str:
    return word.strip(",:;()[]\"'®™").casefold()


def _is_cased(tokens: list[list[str]]) -> bool:
    return sum(line[0][:1].isupper() for line in tokens) > 0.5 * len(tokens)


def _ordinary(known: Collection[str], prose: Iterable[str], *, cased: bool) -> set[str]:
    """Words that name something else."""
    ordinary = set(known)
    if cased:
        prose_words = Counter(
            word for text in prose for word in set(re.findall(r"\b[a-z]{3,}\b", text))
        )
        ordinary |= {word for word, times in prose_words.items() if times >= 2}
    return ordinary


def _shared_leads(lower: list[list[str]]) -> dict[tuple[str, ...], int]:
    """Leading words that at least two titles share -> titles; made longer while (nearly) all go on alike."""
    results: dict[tuple[str, ...], int] = {}
    groups: dict[tuple[str, ...], list[list[str]]] = {}
    for line in lower:
        groups.setdefault((line[0],), []).append(line)
    while groups:
        name, lines = groups.popitem()
        if len(lines) < 2:
            continue
        position = len(name)
        following = Counter(line[position] for line in lines if len(line) > position + 1)
        word, most = following.most_common(1)[0] if following else ("", 0)
        joined = {word, name[-1]} & _JOINERS and most > 0.5 * len(lines)
        if position < 3 and (joined or (len(lines) >= 5 and most >= _GOES_ON * len(lines))):
            longer = [line for line in lines if len(line) > position + 1 and line[position] == word]
            if not any(map(str.isdigit, word)):
                groups[(*name, word)] = longer
                continue
        results[name] = len(lines)
    return results


def _may_be_name(name: tuple[str, ...]) -> bool:
    first = name[0]
    return (
        first not in _SMALL
        and bool(re.search(r"[^\W\d_]{2,}|^[^\W_]&[^\W_]", first))
        and not _AMOUNT.fullmatch(first)
        and name[-1] not in _JOINERS
    )


def _look_like_models(tokens: list[list[str]], leads: Collection[tuple[str, ...]]) -> bool:
    """Whether what follows is model names, or the makers are as many as kinds of things never are."""
    models = sum(
        any(_MODEL.fullmatch(word) and not _AMOUNT.fullmatch(word) for word in line[1:])
        for line in tokens
    )
    return models >= 0.25 * len(tokens) or (len(leads) >= 25 and models >= 0.1 * len(tokens))
