"""What a recognizer is to this project, whatever engine is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SAMPLE_RATE = 16_000
"""Samples a second that every recognizer is given; other rates are converted before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was heard in one utterance."""

    text: str
    """Words in lower case joined with single blanks; empty when nothing was understood."""

    alternatives: tuple[str, ...] = ()
    """Other ways to understand the same sound, likeliest first, never ``text`` itself."""


class Recognizer(Protocol):
    """Listens to one utterance; made for it, thrown away after it.

    Both methods may take long and are called in a thread, never two at a time.
    """

    def accept(self, sound: bytes) -> str:
        """Listen to the next piece of sound.

        Args:
            sound: Whole samples, s16le mono at ``SAMPLE_RATE``; any length.

        Returns:
            Everything understood so far; may change until ``finish``.

        Raises:
            RecognitionFailed: the engine cannot go on with this utterance.
        """
        ...

    def finish(self) -> Transcript:
        """Say what the whole utterance was; called once, nothing is accepted after it.

        Raises:
            RecognitionFailed: the engine cannot go on with this utterance.
        """
        ...


class SpeechModel(Protocol):
    """A loaded model: one a process, shared by all its recognizers."""

    def recognizer(self, phrases: tuple[str, ...] = ()) -> Recognizer:
        """Make the recognizer of one utterance.

        Args:
            phrases: Words likely to be said now. A model may ignore them.
        """
        ...
