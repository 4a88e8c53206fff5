"""Expands the short notation of training phrases: "(a|b) [c] {value}"."""

from __future__ import annotations

import hashlib

from nlu.errors import PhrasesInvalid

LIMIT = 12
"""Sentences of one phrase that are trained on, spread over all its expansions."""

MOST = 120
"""Sentences of one phrase that are kept at all."""


def expand(template: str) -> list[str]:
    """Up to ``MOST`` sentences of ``template`` in an order that mixes its alternatives, the same every time."""
    sentences, rest = _sequence(template, 0, template)
    if rest != len(template):
        raise PhrasesInvalid(f"Unbalanced brackets in phrase {template!r}: close or remove them.")
    tidy = list(dict.fromkeys(" ".join(sentence.split()) for sentence in sentences))
    tidy = [sentence for sentence in tidy if sentence]
    return sorted(tidy, key=lambda s: hashlib.blake2s(s.encode()).digest())[:MOST]


def _sequence(text: str, at: int, whole: str) -> tuple[list[str], int]:
    """Read up to ``|`` or a closing bracket; returns the sentences and where reading stopped."""
    sentences = [""]
    start = at
    while at < len(text) and text[at] not in "|)]":
        if text[at] in "([":
            sentences = [f + text[start:at] for f in sentences]
            closing = ")" if text[at] == "(" else "]"
            options, at = _alternatives(text, at + 1, closing, whole)
            if closing == "]":
                options = ["", *options]
            sentences = [f + option for f in sentences for option in options][:4096]
            start = at
        else:
            at += 1
    return [f + text[start:at] for f in sentences], at


def _alternatives(text: str, at: int, closing: str, whole: str) -> tuple[list[str], int]:
    options: list[str] = []
    while True:
        sentences, at = _sequence(text, at, whole)
        options.extend(sentences)
        if at >= len(text) or (text[at] != "|" and text[at] != closing):
            raise PhrasesInvalid(f"Unbalanced brackets in phrase {whole!r}: close or remove them.")
        at += 1
        if text[at - 1] == closing:
            return options, at
