"""Spellings of one value folded into the most frequent of them; what was folded is kept to be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from catalog.parsing.labels import singular
from nlu.lexical import words
from nlu.lexical.slips import is_slip

_LOOSE = re.compile(r"(?<!\d)[\s\-_.,'’`´:!®™]+|[\s\-_.,'’`´:!®™]+(?!\d)")
_MANY = 20
"""How many times as frequent a spelling must be before a rare one is taken for a slip of it."""
_RARE = 2
"""Times a spelling may occur and still be a slip; who writes it thrice means it."""
_SLIP_LENGTH = 6
"""Letters from which words that differ in one are seldom different words."""
_LARGEST = 5_000
"""Spellings up to which each is compared with the frequent ones; the time grows with both."""


def fold(counts: Counter[str], apart: Collection[str] = ()) -> dict[str, str]:
    """Each text -> the spelling that stands for it.

    Folded are texts that differ in case, accents, spaces, hyphens and other marks only (never
    between digits: "18-55 mm" is not "1855 mm"); a singular and its plural; and a slip of one
    letter, where the other spelling is at least twenty times as frequent.

    Args:
        counts: text -> how often.
        apart: texts the staff want kept as they are.
    """
    groups: dict[str, list[str]] = {}
    for text in counts:
        if text not in apart:
            groups.setdefault(_key(text), []).append(text)
    _join_plurals(groups)
    chosen: dict[str, str] = {}
    for spellings in groups.values():
        best = max(
            spellings,
            key=lambda text: (counts[text], text != text.upper(), text != text.lower(), -len(text)),
        )
        chosen.update(dict.fromkeys(spellings, best))
    if len(counts) <= _LARGEST:
        slips = _slips(Counter({best: 0 for best in chosen.values()}), counts, chosen)
        chosen = {text: slips.get(best, best) for text, best in chosen.items()}
    return chosen | {text: text for text in apart if text in counts}


def _key(text: str) -> str:
    folded = words.fold(text)
    joined = _LOOSE.sub("", re.sub(r"\s*&\s*", " and ", folded))
    return joined if re.search(r"[^\W\d_]", joined) else folded


def _join_plurals(groups: dict[str, list[str]]) -> None:
    """Fold "sneakers" into "sneaker" and "Women's" into "Women" where both occur."""
    for key in list(groups):
        sample = re.sub("['\u2019]s$", "s", groups[key][0])
        last = sample.split()[-1] if sample.split() else ""
        if len(last) < 5 or not last.isalpha():
            continue
        singular_key = _key(sample[: len(sample) - len(last)] + singular(last))
        if singular_key != key and singular_key in groups:
            groups[singular_key] += groups.pop(key)


def _slips(totals: Counter[str], counts: Counter[str], chosen: dict[str, str]) -> dict[str, str]:
    """Rare spelling -> the frequent one it is a slip of; only where exactly one comes into question."""
    for text, best in chosen.items():
        totals[best] += counts[text]
    frequent = [text for text, n in totals.items() if n >= _MANY and _may_slip(text)]
    results = {}
    for rare, n in totals.items():
        if n > _RARE or not _may_slip(rare, _SLIP_LENGTH - 1):
            continue
        near = [
            text
            for text in frequent
            if totals[text] >= _MANY * n and is_slip(text.casefold(), rare.casefold())
        ]
        if len(near) == 1:
            results[rare] = near[0]
    return results


def _may_slip(text: str, least: int = _SLIP_LENGTH) -> bool:
    return len(text) >= least and all(letter.isalpha() or letter in " -'" for letter in text)


def suspicious(values: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Pairs that look like two spellings of one value without being sure enough to be folded."""
    usable = [(text, n) for text, n in values if _may_slip(text)][:400]
    return [
        (text, other)
        for place, (text, n) in enumerate(usable)
        for other, m in usable[place + 1 :]
        if min(n, m) * 3 <= max(n, m) and is_slip(text.casefold(), other.casefold())
    ]
