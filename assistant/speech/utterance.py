"""One utterance from the first frame to the transcript, without any network."""

from __future__ import annotations

import numpy as np

from assistant.speech.recognizer import SAMPLE_RATE, Recognizer, Transcript
from assistant.speech.sound import SoundReader

_FRAME = SAMPLE_RATE // 50

STEADY_DB = 2.5
"""A second and more of sound whose loudness stays within so many decibels is noise: hiss, tones and
random bytes stay below 1.5, speech no louder than the noise around it above 6, clear speech above
20. Recognizers like to hear "huh" in noise."""


class Loudness:
    """How much the loudness of a sound varies, in pieces of 20 ms."""

    def __init__(self) -> None:
        self._rest = b""
        self._levels: list[float] = []

    def add(self, samples: bytes) -> None:
        """Measure the next samples, s16le at ``SAMPLE_RATE``."""
        data = self._rest + samples
        whole = len(data) - len(data) % (2 * _FRAME)
        self._rest = data[whole:]
        frames = np.frombuffer(data[:whole], dtype="<i2").reshape(-1, _FRAME).astype(np.float32)
        power = np.square(frames).mean(axis=1)
        self._levels.extend((10 * np.log10(power + 1.0)).tolist())

    def steady(self) -> bool:
        """Whether this cannot be speech, loud or quiet; always False for less than a second."""
        if len(self._levels) * _FRAME < SAMPLE_RATE:
            return False
        quiet, loud = np.percentile(self._levels, (5, 98))
        return bool(loud - quiet < STEADY_DB)


class Utterance:
    """Frames in, words out; called from a thread, never two calls at a time."""

    def __init__(self, recognizer: Recognizer, sample_rate: int) -> None:
        self._recognizer = recognizer
        self._reader = SoundReader(sample_rate)
        self._loudness = Loudness()

    def accept(self, frame: bytes) -> str:
        """Listen to a frame, cut anywhere; returns everything understood so far."""
        return self._listen(self._reader.read(frame))

    def finish(self) -> Transcript:
        """What was said; empty when there was only noise."""
        if rest := self._reader.rest():
            self._listen(rest)
        transcript = self._recognizer.finish()
        if self._loudness.steady():
            return Transcript(text="")
        return transcript

    def _listen(self, samples: bytes) -> str:
        self._loudness.add(samples)
        return self._recognizer.accept(samples)
