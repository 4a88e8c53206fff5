"""Amounts of money as shops and people of many countries write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from nlu.lexical.numbers import GAP, LONGEST, NUMBER, read_decimal

TABLE = Path(__file__).with_name("tables") / "money.yml"
REMEMBERED = 4096
"""Texts whose reading is kept; cells of a column end alike: "EUR", "kg", "incl. VAT"."""
MOST_WORDS = 4
"""Words of the longest note about tax before or behind an amount."""
MOST_NAMED = 12
"""Letters of the longest sign or word for a currency that is looked up."""
_NO_CENTS = re.compile(r"^\s*(?:([.,])|:)?\s*[-\u2013\u2014]{1,2}(?![\d-])")
"""How full amounts end in many countries: "1.299,-", "49.\u2013", "1299:-"."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
"""One separator, and three digits behind it: thousands, of a currency that has no cents in use."""
_ABBREVIATED = re.compile(r"(?<=[^\W\d_])[.\-](?=\d)|(?<=/)\.(?=\d)")
"""The dot or dash of a word that an amount follows at once: "Rs.500", "Rs-500", "S/.500"."""
_GROUPED = re.compile(rf"\d(?:[.,]|{GAP})\d{{3}}(?!\d)")
_PER = re.compile(r"^/\s*(?:[^\W\d_]|[\u00b2\u00b3.]){1,12}\d?\s*$")
_AMOUNT = re.compile(NUMBER)
_BETWEEN = re.compile(r"\s+[/|]\s+")
_TRIM = " \t\u00a0\u202f\u2009()[]*:~\u2248"


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """What is known of currencies and of the words around amounts."""

    codes: frozenset[str]
    """ISO 4217 codes that are recognised."""
    signs: Mapping[str, str]
    """Lower-case sign or word -> the one code it means."""
    shared: Mapping[str, tuple[str, ...]]
    """Lower-case sign -> the codes it may mean, the likeliest first."""
    sure: frozenset[str]
    """Shared signs that mean their first code where nothing else is said."""
    before: frozenset[str]
    """Words that may stand before an amount."""
    behind: frozenset[str]
    """Words that may stand behind it."""
    doubtful: frozenset[str]
    """Signs that mean something else as well, single letters aside."""
    whole: frozenset[str]
    """Codes of currencies whose prices have no cents."""
    free: frozenset[str]
    """Words for an amount of 0."""
    ordinary: frozenset[str]
    """Lower-case codes and words that mean something else in a sentence."""
    spoken: Mapping[str, Mapping[str, str]]
    """Language -> word of its messages -> code, empty where any currency is meant."""


@cache
def money_table() -> MoneyTable:
    """The table of ``tables/money.yml``, read once."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    signs = {
        str(sign).lower().rstrip("."): code
        for code, spellings in table["currencies"].items()
        for sign in spellings
    }
    shared = {str(sign): tuple(entry["codes"]) for sign, entry in table["shared"].items()}
    words: dict[str, frozenset[str]] = {
        place: frozenset(
            _plain(str(word)) for language in table["around"].values() for word in language[place]
        )
        for place in ("before", "behind", "per")
    }
    return MoneyTable(
        codes=frozenset(table["currencies"])
        | frozenset(table["codes"].split())
        | {code for codes in shared.values() for code in codes},
        signs={sign: code for sign, code in signs.items() if sign not in shared},
        shared=shared,
        sure=frozenset(sign for sign, entry in table["shared"].items() if entry.get("sure")),
        before=words["before"],
        behind=words["behind"] | words["per"],
        doubtful=frozenset(map(str, table["doubtful"])),
        whole=frozenset(table["whole"].split()),
        free=frozenset(table["free"]),
        ordinary=frozenset(map(str, table["ordinary"])),
        spoken={
            language: {
                str(word): "" if code == "ANY" else code
                for code, spellings in entries.items()
                for word in spellings
            }
            for language, entries in table["spoken"].items()
        },
    )


def _plain(text: str) -> str:
    return re.sub(r"[.\s]+", " ", text.lower()).strip()


def currency_of(text: str, expected: str = "") -> str | None:
    """The ISO code of a currency sign or word; None when it is neither.

    Args:
        text: "\u20ac", "EUR", "kr".
        expected: the shop's currency, which decides where several share a sign.
    """
    table, word = money_table(), text.strip()
    if word.upper() in table.codes:
        return word.upper()
    key = word.lower().rstrip(".")
    if key in table.shared:
        codes = table.shared[key]
        return expected if expected in codes else codes[0] if key in table.sure else None
    return table.signs.get(key)


def is_currency(text: str) -> bool:
    """Whether a text is a sign or word for some currency, if only several share it."""
    return currency_of(text) is not None or text.strip().lower().rstrip(".") in money_table().shared


@lru_cache(maxsize=REMEMBERED)
def parse_money(
    text: str, mark: str = ".", expected: str = ""
) -> tuple[Decimal, str | None] | None:
    """An amount and the currency written with it: "\u20b9 54,999" -> (54999, "INR").

    Args:
        text: the cell or the words.
        mark: the decimal mark of the column or language.
        expected: the shop's currency, for signs that several share.

    Returns:
        None when the text is no amount; the currency is None when none is written or it is not sure.
    """
    if len(text) > LONGEST:
        return None
    if text.strip().lower() in money_table().free:
        return Decimal(0), None
    written = _written(text.strip())
    if written is None:
        return None
    first = _named(written.before, money_table().before)
    second = None if first is None else _named(written.behind, money_table().behind)
    if first is None or second is None:
        return None
    names = [*first, *second]
    code = _agreed(names, expected)
    if code is None or not _is_sure(written, first, names, expected):
        return None
    number, mark = written.number, written.mark or mark
    if (code or expected) in money_table().whole and _THOUSANDS.fullmatch(number):
        mark = "." if "," in number else ","
    amount = read_decimal(number, mark)
    if amount is None:
        return None
    return (-amount if written.below else amount), code or None


@dataclass(frozen=True, slots=True)
class _Written:
    """The parts of an amount as it stands there."""

    before: str
    number: str
    behind: str
    mark: str
    """Decimal mark that a dash instead of cents tells; empty where there is none."""
    below: bool
    """A minus stands in front of all."""
    full: bool
    """A dash stands instead of cents."""


def _written(body: str) -> _Written | None:
    body = _ABBREVIATED.sub(" ", body)
    match = _AMOUNT.search(body)
    if match is None:
        return None
    before, behind = body[: match.start()].strip(_TRIM), body[match.end() :]
    # "-\u20ac5" and "\u20ac -5" are below zero; in "Rs-500" the dash stands behind a word.
    below = before[:1] in ("-", "\u2212") or before[-1:] in ("-", "\u2212")
    dash = _NO_CENTS.match(behind)
    return _Written(
        before=before.strip("-\u2212" + _TRIM),
        number=match.group().lstrip("+") if before else match.group(),
        behind=behind[dash.end() :] if dash else behind,
        mark=(dash[1] or "") if dash else "",
        below=bool(below),
        full=dash is not None,
    )


def _is_sure(written: _Written, first: Sequence[str], names: Sequence[str], expected: str) -> bool:
    """Whether signs that mean something else as well stand beside what looks like money."""
    if len(names) > 1 or not any(_is_doubtful(name, expected) for name in names):
        return True
    cents = bool(first) and re.search(r"[.,]\d", written.number) is not None
    return written.full or cents or _GROUPED.search(written.number) is not None


@lru_cache(maxsize=REMEMBERED)
def _named(text: str, words: frozenset[str]) -> tuple[str, ...] | None:
    """The currencies in what stands beside an amount; None when something else stands there."""
    body = text.strip(_TRIM)
    if not body:
        return ()
    if is_currency(body):
        return (body,)
    if _PER.match(body):
        return ()
    if _is_note(body, words):
        return ()
    return _with_note(body, words)


def _with_note(body: str, words: frozenset[str]) -> tuple[str, ...] | None:
    """The currency in words of which the rest is a note about tax, or a second currency; else None."""
    pieces = body.split()
    if len(pieces) > MOST_WORDS + 1:
        return None
    halves = [(" ".join(pieces[:cut]), " ".join(pieces[cut:])) for cut in range(1, len(pieces))]
    for ours, rest in (*halves, *((second, first) for first, second in halves)):
        name, other = ours.strip(_TRIM + ",;"), rest.strip(_TRIM)
        if is_currency(name) and is_currency(other):
            return name, other
        if is_currency(name) and _is_note(rest, words):
            return (name,)
    head = re.match(r"^(\S{1,12}?)\s*(/\s*\S{1,12})$", body)
    return (head[1],) if head and is_currency(head[1]) and _PER.match(head[2]) else None


def _is_note(text: str, words: frozenset[str]) -> bool:
    """Whether words beside a currency leave the amount as it is."""
    plain = _plain(text).strip(_TRIM + ",;+")
    return (
        plain in words
        or _PER.match(text.strip()) is not None
        or re.sub(r"\s*\d+\s*%\s*", " ", plain).strip() in words
    )


def _is_doubtful(name: str, expected: str) -> bool:
    """Whether a sign may mean something else than money."""
    table, key = money_table(), name.lower().rstrip(".")
    codes = table.shared.get(key) or (table.signs.get(key, ""),)
    odd = key in table.doubtful or (len(key) == 1 and key.isascii() and key.isalpha())
    return odd and name.upper() not in table.codes and not (expected and expected in codes)


def _agreed(names: Sequence[str], expected: str) -> str | None:
    """The one currency that all names can mean; "" when none is sure, None when they disagree."""
    table = money_table()
    certain: set[str] = set()
    possible: list[set[str]] = []
    for name in names:
        key = name.lower().rstrip(".")
        if name.upper() not in table.codes and key in table.shared:
            possible.append(set(table.shared[key]))
        else:
            certain.add(currency_of(name, expected) or "")
    if len(certain) > 1 or any(certain and not certain <= codes for codes in possible):
        return None
    if certain:
        return certain.pop()
    codes = [currency_of(name, expected) for name in names]
    return next((code for code in codes if code), "")


@lru_cache(maxsize=1)
def currency_signs() -> frozenset[str]:
    """Single signs without letters that stand for money wherever they stand: "\u20ac", "$"."""
    table = money_table()
    return frozenset(
        sign for sign in (*table.signs, *table.shared) if len(sign) == 1 and not sign.isalnum()
    )


@lru_cache(maxsize=1)
def currency_words() -> frozenset[str]:
    """Everyday words and codes for currencies, lower case, that mean nothing else: "euros", "quid", "chf"."""
    table = money_table()
    words = {word for word in (*table.signs, *table.shared) if word.isalpha() and len(word) > 2}
    return (
        (frozenset(words) | frozenset(map(str.lower, table.codes)))
        - table.doubtful
        - (table.ordinary)
    )


@lru_cache(maxsize=8)
def spoken_currencies(language: str) -> Mapping[str, str]:
    """Sign or word for money in messages of a language -> ISO code, empty where any currency is meant.

    Args:
        language: two-letter code; of one without words of its own the common ones are known.
    """
    table = money_table()
    common = {word: currency_of(word) or "" for word in currency_signs() | currency_words()}
    return {**common, **table.spoken.get(language, {})}


@lru_cache(maxsize=1)
def _written_signs() -> Mapping[str, str]:
    table = money_table()
    signs = {
        code: sign for sign, code in reversed([*table.signs.items()]) if sign in currency_signs()
    }
    first = {table.shared[sign][0]: sign for sign in table.sure & currency_signs()}
    return {**first, **signs}


def sign_of(code: str) -> str | None:
    """The sign that a currency is written with before an amount; None for those written with their code."""
    return _written_signs().get(code)


def money_in(text: str, currency: str, mark: str = ".") -> tuple[Decimal, str | None] | None:
    """As `parse_money`; of a price in several currencies, "$ 51.79 / \u20ac 77.99", that in the one given."""
    whole = parse_money(text, mark, currency)
    if whole is not None:
        return whole
    parts = [parse_money(part, mark, currency) for part in _BETWEEN.split(text[:200])]
    amounts = [part for part in parts if part is not None]
    if len(parts) < 2 or len(amounts) < len(parts):
        return None
    return next((part for part in amounts if part[1] == currency), amounts[0])
