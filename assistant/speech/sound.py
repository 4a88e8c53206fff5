"""Sound as it comes from outside, made into what a recognizer takes: whole samples at 16 kHz."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.speech.recognizer import SAMPLE_RATE

LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000
"""Sample rates that are accepted, both inclusive."""

_PHASES = 256
"""Positions between two samples that an output sample can fall on; rounds at -50 dB or less."""

_REACH = 16
"""Zero crossings of the interpolating filter on either side."""


@lru_cache(maxsize=8)
def _filters(rate: int) -> NDArray[np.float32]:
    """Windowed sinc filters, one row per phase, ``2 * half`` taps each.

    Smith, "Digital Audio Resampling" (https://ccrma.stanford.edu/~jos/resample/): the cut-off lies
    at half the lower of both rates, so nothing folds back when the rate goes down.
    """
    cutoff = min(1.0, SAMPLE_RATE / rate)
    half = round(_REACH / cutoff)
    taps = np.arange(1 - half, half + 1)
    distance = taps[None, :] - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.cos(np.pi * np.clip(distance / (2 * half), -0.5, 0.5)) ** 2
    filters = np.sinc(distance * cutoff) * window
    filters /= filters.sum(axis=1, keepdims=True)
    return np.asarray(filters, dtype=np.float32)


class SoundReader:
    """Turns the frames of one utterance into samples for the recognizer.

    Frames may end in the middle of a sample; the byte is kept for the next frame. Memory stays at
    a few hundred samples.
    """

    def __init__(self, rate: int) -> None:
        """Take frames at ``rate`` samples a second, ``LOWEST_RATE`` to ``HIGHEST_RATE``."""
        self._rate = rate
        self._odd = b""
        self._filters = None if rate == SAMPLE_RATE else _filters(rate)
        half = 0 if self._filters is None else self._filters.shape[1] // 2
        self._half = half
        # Silence before the first sample, so that the filter reaches back.
        self._held = np.zeros(half, dtype=np.float32)
        self._start = -half
        self._made = 0

    def read(self, frame: bytes) -> bytes:
        """Samples at ``SAMPLE_RATE`` that this frame completes; may be empty."""
        data = self._odd + frame
        whole = len(data) - len(data) % 2
        self._odd = data[whole:]
        if self._filters is None:
            return data[:whole]
        samples = np.frombuffer(data[:whole], dtype="<i2").astype(np.float32)
        return self._resample(samples)

    def rest(self) -> bytes:
        """The last few milliseconds, which the filter held back; half a sample is dropped."""
        if self._filters is None:
            return b""
        return self._resample(np.zeros(self._half, dtype=np.float32))

    def _resample(self, samples: NDArray[np.float32]) -> bytes:
        filters = self._filters
        if filters is None:
            return b""
        window = np.concatenate((self._held, samples))
        # Output n lies at input position n * rate / 16000; integers keep hours free of drift.
        last = self._start + len(window) - 1 - self._half
        count = max(self._made, (last * SAMPLE_RATE) // self._rate + 1)
        places = np.arange(self._made, count, dtype=np.int64) * self._rate
        whole, part = np.divmod(places, SAMPLE_RATE)
        phase = (part * _PHASES + SAMPLE_RATE // 2) // SAMPLE_RATE
        first = whole - self._half + 1 - self._start
        windows = window[first[:, None] + np.arange(filters.shape[1])[None, :]]
        resampled = np.einsum("ij,ij->i", windows, filters[phase])
        self._made = count
        # Keep only what the next output sample reaches back to.
        needed = (count * self._rate) // SAMPLE_RATE - self._half + 1
        drop = min(max(needed - self._start, 0), len(window))
        self._held = window[drop:]
        self._start += drop
        return bytes(np.clip(np.rint(resampled), -32768, 32767).astype("<i2").tobytes())
