"""What a text means as a number, an amount of money, a yes or no, a list, a range or a date.

Every function judges one text; which reading holds for a column is decided over all of its texts
in `catalog.inference.readings`.
"""

from __future__ import annotations

import re

from catalog.parsing.nested import entry_names, structure
from nlu.lexical.numbers import LONGEST, NUMBER, read_decimal
from nlu.lexical.spans import is_month
from nlu.lexical.units import unit_symbols

_MISSING = frozenset(
    {
        "",
        "?",
        "-",
        "--",
        "\u2013",
        "\u2014",
        "n/a",
        "n.a.",
        "#n/a",
        "none",
        "null",
        "nil",
        "nan",
        "unknown",
        "not available",
        "not applicable",
        "tbd",
        "tba",
        "undefined",
        "(none)",
        "[]",
        "{}",
    }
)
_ABSENT = re.compile(
    r"no(?:t|ne)?(?: \w+){0,2} (?:available|found|given|specified|stated|listed|provided|applicable|known|data|"
    r"info|information|price)|(?:data|info|information|value) (?:not|un)(?: \w+)? ?available|"
    r"kein[e]? (?:angaben?|daten)|nicht (?:angegeben|verf\u00fcgbar|bekannt)|unbekannt|k\.? ?a\.|"
    r"non (?:disponible|renseign\u00e9)|no disponible"
)
"""Sentences for "no value": "No rating available", "not found"."""

_WITH_UNIT = re.compile(rf"^({NUMBER})\s*([^\d\s,;|/]?[^\d,;|]{{0,24}})$")
_PAIR = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$")
_SPAN = re.compile(
    r"^\s*(\d+(?:[.,]\d+)?)\s*(?:-|\u2013|to|\.\.)\s*(\d+(?:[.,]\d+)?)\s*([^\d\s,;|]{0,12})\s*$"
)
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?$")
_OTHER_DATE = re.compile(r"^\d{1,2}[./]\d{1,2}[./](\d{4})$")

_WORDED_DATE = re.compile(r"^(?:\d{1,2}\.?\s+)?([^\W\d_]{3,10})\.?\s+(?:\d{1,2},?\s+)?(\d{4})$")


def is_missing(text: str) -> bool:
    """Whether a text stands for "no value"."""
    word = text.strip().lower()
    return (
        word in _MISSING
        or text.strip() == "NA"
        or (len(word) <= 40 and word[:1] in "nkdiuv" and _ABSENT.fullmatch(word) is not None)
    )


def parse_number(text: str, mark: str = ".") -> tuple[float, str | None] | None:
    """A number and the unit written behind it: "1.37kg" -> (1.37, "kg").

    Args:
        text: the cell.
        mark: the decimal mark of the column, "." or ",".
    """
    match = _WITH_UNIT.match(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        return None
    number = read_decimal(match.group(1), mark)
    if number is None:
        return None
    unit = match.group(2).strip()
    if not unit:
        return float(number), None
    symbol = unit_symbols().get(unit.lower())
    if symbol is None and not re.fullmatch(r"[^\W\d]{1,12}", unit):
        return None
    return float(number), symbol or unit.lower()


def parse_pair(text: str) -> tuple[float, float] | None:
    """Two numbers packed as "15,25"."""
    match = _PAIR.match(text)
    return (float(match.group(1)), float(match.group(2))) if match else None


def parse_span(text: str, mark: str = ".") -> tuple[float, float, str | None] | None:
    """A written range with its unit: "10-20 cm"; None when the ends are not in order.

    Args:
        text: the cell.
        mark: the decimal mark of the column, "." or ",".
    """
    match = _SPAN.match(text)
    if match is None:
        return None
    first, second = (read_decimal(part, mark) for part in match.groups()[:2])
    if first is None or second is None:
        return None
    low, high = float(first), float(second)
    unit = match.group(3).lower()
    return (low, high, unit_symbols().get(unit, unit) or None) if low < high else None


_ABOUT = re.compile(
    r"^(?:approx(?:imately)?\.?|about|around|circa|ca\.?|~|\u2248|up to|from|max\.?|min\.?|bis|ab|etwa)\s*",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"\s*(?:/|out of|von)\s*(?:5|10|100)(?:\s*stars?)?$", re.IGNORECASE)
_BESIDE = re.compile(r"(?<=\S)\s*\([^()]*\)$")
"""The same again in another unit: "196 g (6.91 oz)"."""
_STARS = re.compile(r"^([\u2605*]{1,10})[\u2606]*$")


def plainer(text: str) -> str:
    """A number without what people write around it: "ca. 3 kg", "4.5/5", "6+", "\u2605\u2605\u2605"."""
    body = text.strip()
    if len(body) > LONGEST:
        return body
    stars = _STARS.match(body)
    if stars:
        return str(len(stars.group(1)))
    body = _BESIDE.sub("", _OUT_OF.sub("", _ABOUT.sub("", body)))
    return body[:-1].rstrip() if re.search(r"\d\s*\+$", body) else body


def parse_year(text: str) -> float | None:
    """The year of a date such as "1970-01-01" or "24.12.2021"."""
    plain = text.strip()
    match = _ISO_DATE.match(plain) or _OTHER_DATE.match(plain)
    if match is None and len(plain) <= LONGEST:
        worded = _WORDED_DATE.match(plain)
        return float(worded[2]) if worded and is_month(worded[1]) else None
    return float(match.group(1)) if match else None


def bracketed(text: str) -> tuple[str, ...] | None:
    """The entries of a list written as in Python or JSON: "['Beef', 'Lamb']"; of objects their names."""
    body = text.strip()
    if not (body[:1] == "[" and body[-1:] == "]") or len(body) > 20_000:
        return None
    entries = structure(body)
    if isinstance(entries, list):
        return entry_names(entries)
    pattern = r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s,'"\[\]][^,\[\]]*)"""
    return tuple(
        next(part for part in match.groups() if part is not None).replace("\\'", "'").strip()
        for match in re.finditer(pattern, body[1:-1])
        if any(match.groups())
    )
