"""Which 8-bit encoding a text is written in, found by the letters it gives: no language has both \u00f8 and \u011b.

Bytes above 127 are letters in all of them, so nothing fails to decode; but only under the right one do nearly all
letters belong to the alphabet of one language.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from nlu.lexical.alphabets import alphabets

DEFAULT = "cp1252"
"""What most programs of the western world write, and what is taken where nothing speaks for another."""
_WORD = re.compile(r"[^\W\d_]+")
_SIGN_INSIDE = re.compile(
    r"(?<=[^\W\d_])[\x80-\x9f\ufffd\u00a4\u00a6\u00a8\u00b1-\u00bf\u2021\u02db\u02d8](?=[^\W\d_])"
)
"""Signs that no word has inside."""
_TWO_SCRIPTS = re.compile(r"[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z]")
"""Latin beside Greek or Cyrillic letters in one word."""
_ODD = 3
"""How much a sign in the middle of a word speaks against an encoding, in letters that fit none of its languages."""
_CLEARER = 0.02
"""Share by which another encoding must explain more of the letters than the default."""


def eight_bit_encoding(sample: bytes) -> str:
    """The encoding under which the letters of a sample are those of one language.

    Args:
        sample: bytes that are not UTF-8; the more, the surer.
    """
    scores = {encoding: _fit(sample, encoding) for encoding in _encodings()}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] > scores[DEFAULT] + _CLEARER else DEFAULT


@cache
def _encodings() -> tuple[str, ...]:
    return tuple(dict.fromkeys((DEFAULT, *(e for a in alphabets() for e in a.encodings))))


def _fit(sample: bytes, encoding: str) -> float:
    """Share of the letters beyond a to z that one language explains, less what no text has."""
    text = sample.decode(encoding, errors="replace")
    letters = Counter(letter for letter in text.lower() if letter > "\x7f" and letter.isalpha())
    odd = len(_SIGN_INSIDE.findall(text)) + len(_TWO_SCRIPTS.findall(text))
    # "d\u0159\u00cdve": a capital amid small letters is the trace of another code page.
    odd += sum(
        1
        for word in _WORD.findall(text)
        if len(word) > 2
        and not word.isupper()
        and any(letter.isupper() and letter > "\x7f" for letter in word[1:])
    )
    total = letters.total() + _ODD * odd
    if not total:
        return 0.0
    return (
        max(
            sum(count for letter, count in letters.items() if letter in alphabet.letters)
            for alphabet in alphabets()
            if encoding in alphabet.encodings
        )
        / total
    )
