"""Numbers as people and programs write them; which of "." and "," marks the decimals is for the reader to say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("tables") / "decimals.yml"
LONGEST = 64
"""Letters of the longest text that is read as a number or an amount; longer ones are sentences."""
MOST_DIGITS = 18
"""Digits of the largest number; longer ones are codes, and would lose their end as floats."""
GAP = "[ \u00a0\u2007\u2009\u202f'\u2019\u02bc`]"
"""What may stand between groups of three: blanks of any width, the apostrophes of Switzerland."""
NUMBER = rf"[+\-\u2212]?(?:\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?|\d[\d.,]*\d|\d|[.,]\d+)"
"""A number inside a regular expression, its sign with it."""
_GAPS = re.compile(GAP)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,2})?")


@cache
def decimal_mark(language: str) -> str:
    """What stands before decimals in a language, from ``tables/decimals.yml``; the dot where nothing is said.

    Args:
        language: two-letter code.
    """
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    return str(table.get(language, "."))


def read_decimal(text: str, mark: str = ".") -> Decimal | None:
    """The value of a written number: "1.299,50" -> 1299.50 whatever the mark, "1.299" -> by the mark.

    Args:
        text: digits, separators and a sign alone.
        mark: the decimal mark of the column or language, "." or ",".

    Returns:
        None for what is no number under that mark: "1.2.3", "12,34,5".
    """
    if mark == "." and _PLAIN.fullmatch(text):
        return Decimal(text)
    digits = _GAPS.sub("", text).replace("\u2212", "-")
    if "," in digits and "." in digits:
        mark = "," if digits.rfind(",") > digits.rfind(".") else "."
    if re.match(r"[+-]?0[.,]\d+$", digits):
        mark = digits.lstrip("+-")[1]  # no group of thousands begins with 0
    other = "." if mark == "," else ","
    grouped = re.fullmatch(
        rf"[+-]?\d{{1,3}}(?:\{other}\d{{2,3}})*\{other}\d{{3}}(?:\{mark}\d+)?", digits
    )
    if other in digits:
        if grouped:
            digits = digits.replace(other, "")
        elif mark not in digits and re.fullmatch(
            rf"[+-]?\d*\{other}(?:\d{{1,2}}|\d{{4,}})", digits
        ):
            # The odd one out in its column, and plain all the same.
            digits = digits.replace(other, mark)
        else:
            return None
    if digits.count(mark) > 1:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{2,3}})*\{mark}\d{{3}}", digits):
            return None
        digits = digits.replace(mark, "")
    try:
        number = Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(digits) <= MOST_DIGITS else None


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """How often the texts of a column speak for each decimal mark."""

    comma: int
    """Texts such as "1339,69"."""
    dot: int
    """Texts such as "70.98"."""


_FOR_COMMA = re.compile(
    rf"\d(?:\.|{GAP})\d{{3}},\d{{1,2}}(?!\d)|^\D{{0,6}}\d+,\d{{1,2}}\D*$|^\D{{0,6}}0,\d+\D*$"
    rf"|\d\.\d{{3}},(?:-|\u2013|\u2014)|\d\.\d{{3}}\.\d{{3}}(?!\d)"
)
_FOR_DOT = re.compile(
    rf"\d(?:,|{GAP})\d{{3}}\.\d{{1,2}}(?!\d)|^\D{{0,6}}\d+\.(?:\d{{1,2}}|\d{{4,}})\D*$"
    rf"|^\D{{0,6}}0?\.\d+\D*$|\d,\d{{2,3}},\d{{3}}(?!\d)"
)


def decimal_evidence(texts: Iterable[str]) -> MarkEvidence:
    """Count the texts that can only be read with one decimal mark."""
    comma = dot = 0
    for text in texts:
        if len(text) <= LONGEST:
            comma += _FOR_COMMA.search(text) is not None
            dot += _FOR_DOT.search(text) is not None
    return MarkEvidence(comma, dot)
