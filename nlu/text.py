"""Characters and words: cleaning hostile text, folding case and accents, cutting words.

Everything here keeps the length of the text, so an offset means the same place in the
text as received, cleaned and folded.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import NamedTuple

LIMIT = 2000
"""Characters of a message that are read; the rest is cut."""

MOST_WORDS = 250
"""Words and signs that are read: a minute of speech has 150; reading goes with their number, and others wait."""
LONGEST_CHUNK = 100
"""Characters without a blank that are read; the longest words and addresses people type have 80.

What cuts a chunk into words takes its ends off one character after the other, each time looking at all of it.
"""

_MARK = "\u0300"
_APOSTROPHES = "'’‘´`ʼ′"
_DASHES = "-‐‑‒–—−"
_QUOTES = '"“”„″«»'
_WORD = re.compile(
    rf"\d+(?:[.,]\d+)*|(?<![^\W\d_])[a-z]/[a-z]?(?![^\W\d_])|(?:[^\W\d_]|{_MARK})+(?:'(?:[^\W\d_]|{_MARK})+)*|[^\w\s]|_",
)
_BREAKS = frozenset(",;:!?\n(){}[]|.")


_CHUNK_REST = re.compile(rf"(?<=\S{{{LONGEST_CHUNK}}})\S+")
_COMMAND = re.compile(r"\A\s*/\w[\w./:-]*|\{[^{}]*\}")


class Word(NamedTuple):
    """One word, number or sign of a message."""

    text: str
    """Folded: lower case, no accents, no apostrophes."""
    start: int
    """Offset of the first character, inclusive."""
    end: int
    """Offset past the last character."""
    sign: bool
    """True for punctuation and symbols."""
    number: bool
    """True when it is written in digits."""


class _Cleaner(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF:
            char = "\ufffd"
        elif char != "\n" and unicodedata.category(char) == "Cc":
            char = " "
        self[code] = char
        return char


class _Folder(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(char: str) -> str:
    for group, plain in ((_APOSTROPHES, "'"), (_DASHES, "-"), (_QUOTES, '"')):
        if char in group:
            return plain
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return _MARK
    parts = unicodedata.normalize("NFKD", char).lower()
    base = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return base if len(base) == 1 else char


_CLEAN = _Cleaner()
_FOLD = _Folder()


def without_commands(text: str) -> str:
    """Blank what is written for programs, "/restart" and "{slot}": nobody speaks like that to a shop.

    The words in it would otherwise be taken for wishes and requests.
    """
    return _COMMAND.sub(lambda found: " " * len(found.group()), text)


def clean(text: str) -> str:
    """Cut to ``LIMIT`` and ``MOST_WORDS``; blank control characters and the rest of endless words."""
    cleaned = text[:LIMIT].translate(_CLEAN)
    cleaned = _CHUNK_REST.sub(lambda rest: " " * len(rest.group()), cleaned)
    last = next(islice(_WORD.finditer(cleaned.lower()), MOST_WORDS - 1, None), None)
    return cleaned if last is None else cleaned[: last.end()]


def fold(text: str) -> str:
    """Lower case without accents, the same length as ``text``."""
    return text.translate(_FOLD)


def words(text: str) -> list[Word]:
    """Cut ``text`` into folded words, numbers and signs, in order; hyphens in words are left out."""
    results = []
    folded = fold(text)
    for match in _WORD.finditer(folded):
        piece = match.group()
        if piece == "-" and _inside_word(folded, match.start()):
            continue
        first = piece[0]
        letters = first.isalpha() or first == _MARK
        word = _written(piece) if letters else piece
        if word:
            start, end = match.span()
            digits = "0" <= first <= "9"
            results.append(Word(word, start, end, not letters and not first.isdigit(), digits))
    return results


def _written(piece: str) -> str:
    """A word without apostrophes and marks, with "ss" for the letter that stands for it."""
    return piece.replace("'", "").replace(_MARK, "").replace("ß", "ss")


def _inside_word(folded: str, at: int) -> bool:
    """Whether the hyphen at ``at`` joins two words ("over-ear") and not two numbers ("20-50")."""
    before, after = folded[at - 1 : at], folded[at + 1 : at + 2]
    return before.isalnum() and after.isalnum() and not (before.isdigit() and after.isdigit())


def breaks(word: Word) -> bool:
    """Whether phrases end at this sign."""
    return word.sign and word.text in _BREAKS


def plain(text: str) -> str:
    """Words without signs, joined by one space: the form in which sentences are compared."""
    return " ".join(word.text for word in words(text) if not word.sign)
