"""The unit that the name of a column states."""

from __future__ import annotations

import re

from catalog.parsing.wordlist import words
from nlu.lexical.units import unit_symbols

_SHORT = frozenset(
    {"m", "g", "l", "h", "w", "v", "in", "a", "min", "mp", "cal", "day", "pc", "piece", "pieces"}
)
_SPANS = frozenset({"year", "month", "day", "hour", "minute"})
"""Words that at the end of a name mean a date or a clock: "release year"."""
_SAID = frozenset({"mpg", "mph", "hp", "%", "px", "MP", "dpi", "ppi", "rpm", "pcs"})
"""Units without which the name says too little: "city mpg"."""
MEASURES = words(
    "weight length height width depth diameter volume capacity distance size thickness power "
    "net gross battery life quantity count number pieces stars rating"
)
"""Words of a column name that announce an amount."""


def unit_in_name(name: str) -> tuple[str | None, str]:
    """The unit a column name states, and the name without it: "Weight (kg)" -> ("kg", "Weight")."""
    symbols = unit_symbols()
    bracketed = re.search(r"[(\[]\s*(?:in\s+)?([^()\[\]]{1,20}?)\s*[)\]]", name)
    if bracketed and _abbreviates(name[: bracketed.start()], bracketed.group(1)):
        return None, (name[: bracketed.start()] + name[bracketed.end() :]).strip()
    if bracketed and (unit := symbols.get(bracketed.group(1).lower())):
        return unit, (name[: bracketed.start()] + name[bracketed.end() :]).strip()
    words = [word for word in re.split(r"[\s_\-.]+", name) if word]
    lower = [word.lower() for word in words]
    if " ".join(lower) in symbols and len(words) > 1:
        return symbols[" ".join(lower)], name
    if len(words) == 1 and len(name) >= 4 and name.endswith("s") and lower[0] in symbols:
        return symbols[lower[0]], name
    if lower[-1:] and lower[-1] in _SPANS:
        return None, name
    if len(words) > 1 and lower[-1] in symbols:
        stated = len(words) > 2 and lower[-2] == "in"
        if stated or lower[-1] not in _SHORT or lower[-2] in MEASURES:
            name_words = words if symbols[lower[-1]] in _SAID else words[: -2 if stated else -1]
            return symbols[lower[-1]], " ".join(name_words)
    if "%" in name or lower[-1:] == ["percent"]:
        return "%", name
    return None, name


def _abbreviates(before: str, letter: str) -> bool:
    """Whether a capital in brackets only repeats the word before it: "Zoom wide (W)", "Height (H)"."""
    word = (before.split() or [""])[-1]
    is_unit = word.lower() in unit_symbols() or word.lower().startswith("watt")
    return len(letter) == 1 and letter.isupper() and word[:1].upper() == letter and not is_unit
