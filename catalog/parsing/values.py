"""What a text means as a number, an amount of money, a yes or no, a list, a range or a date.

Every function judges one text; which reading holds for a column is decided over all of its texts
in `catalog.inference.readings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from catalog.parsing.nested import entry_names, structure
from catalog.parsing.units import SYMBOLS
from catalog.parsing.wordlist import words

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
YES = frozenset(
    {
        "yes",
        "true",
        "y",
        "t",
        "on",
        "1",
        "ja",
        "oui",
        "si",
        "s\u00ed",
        "\u2713",
        "\u2714",
        "x",
        "available",
        "included",
    }
)
"""Spellings of yes."""
NO = frozenset(
    {
        "no",
        "false",
        "n",
        "f",
        "off",
        "0",
        "nein",
        "non",
        "\u2717",
        "\u2718",
        "not available",
        "not included",
    }
)
"""Spellings of no."""

_CURRENCIES = {
    "$": "USD",
    "us$": "USD",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u20b9": "INR",
    "\u00a5": "JPY",
    "z\u0142": "PLN",
    "a$": "AUD",
    "c$": "CAD",
    "r$": "BRL",
    "\u20a9": "KRW",
    "\u20bd": "RUB",
    "\u20ba": "TRY",
    "\u20aa": "ILS",
    "rs": "INR",
    "rs.": "INR",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "fr.": "CHF",
    "k\u010d": "CZK",
    "ft.": "HUF",
    "sr": "SAR",
    "s.r.": "SAR",
    "\u09f3": "BDT",
    "tk": "BDT",
    "tk.": "BDT",
    "\u20ab": "VND",
    "\u0e3f": "THB",
    "\u20b4": "UAH",
    "\u20a6": "NGN",
    "\u20b1": "PHP",
    "\u20b8": "KZT",
    "\u20b5": "GHS",
    "nt$": "TWD",
    "hk$": "HKD",
    "s$": "SGD",
    "mx$": "MXN",
    "rm": "MYR",
    "rp": "IDR",
    "rp.": "IDR",
    "lei": "RON",
    "\u043b\u0432": "BGN",
    "\u0440\u0443\u0431": "RUB",
    "\u0440\u0443\u0431.": "RUB",
    "dhs": "AED",
    "inr.": "INR",
    "chf.": "CHF",
}
CODES = words(
    "USD EUR GBP INR JPY PLN AUD CAD BRL KRW RUB TRY ILS CHF SEK NOK DKK CZK HUF RON BGN HRK "
    "CNY HKD SGD NZD MXN ZAR THB IDR MYR PHP VND AED SAR EGP UAH CLP COP ARS PEN TWD PKR NGN "
    "KES ISK BDT QAR KWD BHD OMR JOD LBP MAD TND DZD LKR NPR GHS KZT UZS GEL AMD AZN BYN MDL RSD "
    "BAM MKD ALL UYU PYG BOB CRC GTQ DOP JMD TTD UGX TZS ETB XOF XAF MUR NAD BWP ZMW IQD IRR AFN MNT MMK KHR"
)
"""ISO 4217 codes that are recognised."""

_LONGEST = 64
"""Letters of the longest text that can be a number."""
_NUMBER = (
    r"[+\-\u2212]?(?:\d{1,3}(?:[ \u00a0\u202f'\u2019]\d{3})+(?:[.,]\d+)?|\d[\d.,]*\d|\d|[.,]\d+)"
)
_WITH_UNIT = re.compile(rf"^({_NUMBER})\s*([^\d\s,;|/]?[^\d,;|]{{0,24}})$")
_SIGN = re.compile(
    rf"^\s*(?P<before>[^\d\s.,+\-\u2212]{{1,4}})?\s*(?P<number>{_NUMBER})\s*(?P<after>[^\d\s.,]{{1,7}}\.?)?\s*$"
)
_PAIR = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$")
_SPAN = re.compile(
    r"^\s*(\d+(?:[.,]\d+)?)\s*(?:-|\u2013|to|\.\.)\s*(\d+(?:[.,]\d+)?)\s*([^\d\s,;|]{0,12})\s*$"
)
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?$")
_OTHER_DATE = re.compile(r"^\d{1,2}[./]\d{1,2}[./](\d{4})$")

_MONTH = re.compile(
    r"\b(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|m\u00e4r(?:z)?|apr(?:il)?|ma[yi]|jun[ei]?|jul[yi]?|"
    r"aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b",
    re.IGNORECASE,
)
_WORDED_DATE = re.compile(r"^(?:\d{1,2}\.?\s+)?[^\W\d_]{3,10}\.?\s+(?:\d{1,2},?\s+)?(\d{4})$")


def is_missing(text: str) -> bool:
    """Whether a text stands for "no value"."""
    word = text.strip().lower()
    return (
        word in _MISSING
        or text.strip() == "NA"
        or (len(word) <= 40 and word[:1] in "nkdiuv" and _ABSENT.fullmatch(word) is not None)
    )


def parse_flag(text: str) -> bool | None:
    """Yes or no; None for anything else."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


def parse_number(text: str, mark: str = ".") -> tuple[float, str | None] | None:
    """A number and the unit written behind it: "1.37kg" -> (1.37, "kg").

    Args:
        text: the cell.
        mark: the decimal mark of the column, "." or ",".
    """
    match = _WITH_UNIT.match(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        return None
    number = _decimal(match.group(1), mark)
    if number is None:
        return None
    unit = match.group(2).strip()
    if not unit:
        return float(number), None
    symbol = SYMBOLS.get(unit.lower())
    if symbol is None and not re.fullmatch(r"[^\W\d]{1,12}", unit):
        return None
    return float(number), symbol or unit.lower()


def parse_money(text: str, mark: str = ".") -> tuple[Decimal, str | None] | None:
    """An amount and the currency written with it: "₹ 54,999" -> (54999, "INR"); None when it is no amount."""
    if text.strip().lower() in {"free", "gratis"}:
        return Decimal(0), None
    if len(text) > _LONGEST:
        return None
    negative, body = "", _ABOUT.sub("", text.strip())
    if body[:1] in "-\u2212" and len(body) > 1 and not body[1].isdigit():
        negative, body = "-", body[1:].strip()
    match = _SIGN.match(body)
    if match is None:
        return None
    amount = _decimal(negative + match.group("number"), mark)
    found = [currency_of(part) for part in (match.group("before"), match.group("after")) if part]
    if amount is None or None in found or len(set(found)) > 1:
        return None
    return amount, found[0] if found else None


def money_in(text: str, currency: str, mark: str = ".") -> tuple[Decimal, str | None] | None:
    """As `parse_money`; of a price told in several currencies, "$ 51.79 / \u20ac 77.99", that in the one given."""
    whole = parse_money(text, mark)
    if whole is not None:
        return whole
    parts = [parse_money(part, mark) for part in _BETWEEN.split(text[:200])]
    told = [part for part in parts if part is not None]
    if len(parts) < 2 or len(told) < len(parts):
        return None
    return next((part for part in told if part[1] == currency), told[0])


_BETWEEN = re.compile(r"\s+[/|]\s+")


def currency_of(text: str) -> str | None:
    """The ISO code of a currency sign or name; None when it is neither."""
    word = text.strip()
    return word.upper() if word.upper() in CODES else _CURRENCIES.get(word.lower())


_GAPS = re.compile("[ \u00a0\u202f'\u2019]")
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,2})?")


def _decimal(text: str, mark: str) -> Decimal | None:
    if mark == "." and _PLAIN.fullmatch(text):
        return Decimal(text)
    digits = _GAPS.sub("", text).replace("\u2212", "-")
    if "," in digits and "." in digits:
        mark = "," if digits.rfind(",") > digits.rfind(".") else "."
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
            digits = digits.replace(
                other, mark
            )  # the odd one out in its column, and plain all the same
        else:
            return None
    if digits.count(mark) > 1:
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+", digits):
            return None
        digits = digits.replace(mark, "")
    try:
        number = Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(digits) <= 18 else None


def parse_pair(text: str) -> tuple[float, float] | None:
    """Two numbers packed as "15,25"."""
    match = _PAIR.match(text)
    return (float(match.group(1)), float(match.group(2))) if match else None


def parse_span(text: str) -> tuple[float, float, str | None] | None:
    """A written range with its unit: "10-20 cm"; None when the ends are not in order."""
    match = _SPAN.match(text)
    if match is None:
        return None
    low, high = (float(part.replace(",", ".")) for part in match.groups()[:2])
    unit = match.group(3).lower()
    return (low, high, SYMBOLS.get(unit, unit) or None) if low < high else None


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
    if len(body) > _LONGEST:
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
    if match is None and len(plain) <= _LONGEST and _MONTH.search(plain):
        match = _WORDED_DATE.match(plain)
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


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """How often the texts of a column speak for each decimal mark."""

    comma: int
    """Texts such as "1339,69"."""
    dot: int
    """Texts such as "70.98"."""


def decimal_evidence(texts: Iterable[str]) -> MarkEvidence:
    """Count the texts that can only be read with one decimal mark."""
    comma = dot = 0
    for text in texts:
        if len(text) > _LONGEST:
            continue
        if re.search(r"\d\.\d{3},\d{1,2}(?!\d)|^\D{0,4}\d+,\d{1,2}\D*$|^\D{0,4}0,\d+\D*$", text):
            comma += 1
        if re.search(
            r"\d,\d{3}\.\d{1,2}(?!\d)|^\D{0,4}\d+\.(?:\d{1,2}|\d{4,})\D*$|^\D{0,4}0?\.\d+\D*$", text
        ):
            dot += 1
    return MarkEvidence(comma, dot)
