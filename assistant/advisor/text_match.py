"""Texts as plain words, to see whether one names another."""

from __future__ import annotations

from nlu.lexical.words import words


def plain(text: str) -> str:
    """Return a text as words between spaces, as ``holds`` wants it."""
    return f" {' '.join(words(text))} "


def holds(said: str, term: str) -> bool:
    """Whether a plain text names a term, in the singular or with a plural s."""
    phrase = " ".join(words(term))
    return bool(phrase) and (f" {phrase} " in said or f" {phrase}s " in said)
