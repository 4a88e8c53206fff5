from __future__ import annotations

import numpy as np
import pytest

from assistant.speech.recognizer import Transcript
from assistant.speech.utterance import Utterance


class Hearing:
    """Believes to have heard something in every sound."""

    def accept(self, sound: bytes) -> str:
        return "huh" if sound else ""

    def finish(self) -> Transcript:
        return Transcript(text="huh", alternatives=("hi",))


def heard(samples: np.ndarray, rate: int = 16_000) -> str:
    utterance = Utterance(Hearing(), rate)
    sound = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
    for at in range(0, len(sound), 3001):
        utterance.accept(sound[at : at + 3001])
    return utterance.finish().text


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(1).standard_normal(3 * 16_000)


@pytest.mark.parametrize("loudness", [0, 1, 30, 1000, 12_000])
def test_words_heard_in_even_noise_are_not_believed(noise, loudness):
    assert heard(noise * loudness) == ""


def test_words_heard_in_a_tone_are_not_believed():
    assert heard(np.sin(np.arange(96_000) / 6) * 5000, 48_000) == ""


def test_speech_in_the_same_noise_is_believed(noise):
    voice = np.zeros(len(noise))
    voice[16_000:24_000] = 2000 * np.sin(np.arange(8_000) / 6)
    assert heard(noise * 1000 + voice) == "huh"


def test_a_very_short_word_is_believed(noise):
    assert heard(noise[:8_000] * 1000) == "huh"
