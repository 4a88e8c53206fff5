"""Words of a text in the form in which texts are compared: folded, taken apart, squeezed."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 20_000
"""Longer fields are cut before they are taken apart."""

# Hyphens, slashes and dots inside an item number hold it together: "wh-1000xm4", "1.5".
_COMPOUND = re.compile(r"[^\W_]+(?:[-'’./&+][^\W_]+)+")
_BETWEEN = re.compile(r"[\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_FOREIGN = re.compile("[\u0300-\U0010ffff]")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")


def fold(text: str) -> str:
    """Bring a text to the form in which texts are compared: NFKC, lower case, without accents."""
    text = text[:MAX_TEXT]
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if not _FOREIGN.search(apart):
        return apart
    return "".join(char for char in apart if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Take a text apart into folded words; a decimal number stays one word."""
    tokens: list[str] = _WORD.findall(fold(text))
    return [word.replace(",", ".") for word in tokens] if "," in text else tokens


def compounds(text: str) -> list[tuple[str, list[str]]]:
    """Return hyphenated and dotted words as one, with their parts: wh1000xm4 of wh, 1000xm4."""
    results = []
    for compound in _COMPOUND.findall(fold(text)):
        joined = _BETWEEN.sub("", compound)
        if not joined.isdigit():
            results.append((joined, words(compound)))
    return results


def joined_words(text: str) -> list[str]:
    """Return hyphenated and dotted words written as one: "WH-1000XM4" -> "wh1000xm4"."""
    return [joined for joined, _ in compounds(text)]


def terms(text: str) -> list[str]:
    """Return what a text is found by: its words, and its compounds written as one."""
    folded = fold(text)
    tokens: list[str] = _WORD.findall(folded)
    if "," in folded:
        tokens = [word.replace(",", ".") for word in tokens]
    for compound in _COMPOUND.findall(folded):
        joined = _BETWEEN.sub("", compound)
        if not joined.isdigit():
            tokens.append(joined)
    return tokens


def squeeze(text: str) -> str:
    """Keep letters and digits only; two spellings of an item number become the same."""
    return "".join(char for char in fold(text) if char.isalnum())
