"""One transcript out of the pieces that a recognizer cut an utterance into.

A recognizer ends a piece at every pause, each with its own list of alternatives and their scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.speech.recognizer import Transcript

ALTERNATIVES = 3
"""How many other readings are passed on at most."""

_MARKER = re.compile(r"\[[^\]]*\]|<[^>]*>")
"""Stands for noise or an unknown word in a model's output; never something said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One way to understand a piece of an utterance."""

    text: str
    """Words; may be empty."""

    score: float
    """Log likelihood; only comparable within the same piece."""


def clean(text: str) -> str:
    """The words alone: without the marks some models put for noise and unknown words."""
    return " ".join(_MARKER.sub(" ", text).split())


def join(pieces: Iterable[Sequence[Hypothesis]]) -> Transcript:
    """The best whole utterances out of the best readings of each piece.

    Scores are added up as losses against the best reading of their piece, and only the best few
    combinations are kept at each step, so the work grows with the number of pieces alone.
    """
    best = [Hypothesis(text="", score=0.0)]
    for piece in pieces:
        if not piece:
            continue
        top = max(reading.score for reading in piece)
        combined: dict[str, float] = {}
        for candidate in best:
            for right in piece:
                text = f"{candidate.text} {clean(right.text)}".strip()
                score = candidate.score + right.score - top
                combined[text] = max(score, combined.get(text, score))
        ranked = sorted(combined.items(), key=lambda item: -item[1])
        best = [Hypothesis(text=text, score=score) for text, score in ranked[: ALTERNATIVES + 1]]
    others = tuple(reading.text for reading in best[1:] if reading.text)
    return Transcript(text=best[0].text, alternatives=others)
