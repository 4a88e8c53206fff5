"""Which language a text, a message or a catalog is in, by its small words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("tables") / "languages.yml"
COLUMN_COUNTS = 3.0
"""Small words that one telling column name outweighs: it is written once, prose repeats itself."""
LEAST = 6.0
"""Evidence below which a catalog says nothing: two columns, or a sentence or two."""
AHEAD = 1.5
"""How many times the next language the first must have; "de", "la" and "in" belong to several."""
FEWEST = 2
"""Words by which a message must speak for another language; "in" and "die" are English too."""
DEFAULT = "en"
"""Where a catalog says nothing: names and numbers are read by English rules."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LanguageEvidence:
    """What tells one language."""

    small: frozenset[str]
    """Words that its sentences cannot do without."""
    columns: frozenset[str]
    """Words that columns of its catalogs are called."""
    joints: tuple[str, ...]
    """Letters that may join two words into one; empty where words are not joined."""


@cache
def language_evidence() -> Mapping[str, LanguageEvidence]:
    """Two-letter code -> what tells the language, from ``tables/languages.yml``, read once."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return {
        code: LanguageEvidence(
            frozenset(entry["small"].split()),
            frozenset(entry["columns"].split()),
            tuple(entry.get("joints", ())),
        )
        for code, entry in table.items()
    }


def compound_joints(code: str) -> tuple[str, ...]:
    """What may stand between the parts of a compound, nothing first; empty where words are not joined."""
    evidence = language_evidence().get(code)
    return ("", *evidence.joints) if evidence is not None and evidence.joints else ()


def language_of_catalog(columns: Iterable[str], texts: Iterable[str]) -> str:
    """Two-letter code of a catalog's language; `DEFAULT` where the evidence is thin or divided.

    Args:
        columns: what its columns are called.
        texts: sentences out of it.
    """
    evidence = language_evidence()
    votes: dict[str, float] = dict.fromkeys(evidence, 0.0)
    for name in columns:
        parts = set(_WORD.findall(name.lower()))
        for code, telling in evidence.items():
            votes[code] += COLUMN_COUNTS * bool(telling.columns & parts)
    for text in texts:
        word_counts = Counter(_WORD.findall(text.lower()))
        for code, telling in evidence.items():
            votes[code] += sum(word_counts[word] for word in telling.small)
    best = max(votes, key=lambda code: votes[code])
    most = votes.pop(best)
    return best if most >= LEAST and most >= AHEAD * max(votes.values()) else DEFAULT


def language_of_message(
    tokens: Sequence[str], small: Mapping[str, Collection[str]], current: str
) -> str:
    """The language whose small words a message uses; ``current`` in doubt.

    A message of one or two words ("red", "nein danke") changes the language only when every word of it belongs
    to one language alone.

    Args:
        tokens: its words, without signs and numbers.
        small: language that is spoken here -> its small words.
        current: the language so far.
    """
    if not tokens or current not in small:
        return current
    counts = {code: sum(token in words for token in tokens) for code, words in small.items()}
    best = max(small, key=lambda code: (counts[code], code == current))
    ahead = counts[best] - counts[current]
    whole = counts[best] == len(tokens) and counts[current] == 0
    return best if ahead >= FEWEST or (whole and ahead) else current
