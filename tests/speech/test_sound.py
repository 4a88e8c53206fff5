from __future__ import annotations

import numpy as np
import pytest

from assistant.speech.sound import SoundReader

RATES = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 47_999, 48_000]


def tone(rate: int, hertz: float, seconds: float = 0.5) -> bytes:
    moments = np.arange(int(rate * seconds)) / rate
    return (8000 * np.sin(2 * np.pi * hertz * moments)).astype("<i2").tobytes()


def samples(sound: bytes) -> np.ndarray:
    return np.frombuffer(sound, dtype="<i2").astype(float)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_keeps_its_length_pitch_and_loudness(rate):
    reader = SoundReader(rate)
    heard = samples(reader.read(tone(rate, 1000)) + reader.rest())
    assert abs(len(heard) - 8000) <= 2
    expected = samples(tone(16_000, 1000))[: len(heard)]
    difference = (heard - expected[: len(heard)])[200:-200]
    assert np.abs(difference).max() < 80


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
def test_what_no_recognizer_can_hear_is_left_out(rate):
    heard = samples(SoundReader(rate).read(tone(rate, 11_000)))
    assert np.abs(heard[200:]).max() < 40


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("size", [1, 7, 1001])
def test_frames_may_be_cut_anywhere(rate, size):
    sound = tone(rate, 700, 0.05)
    whole, cut = SoundReader(rate), SoundReader(rate)
    pieces = [cut.read(sound[at : at + size]) for at in range(0, len(sound), size)]
    assert b"".join([*pieces, cut.rest()]) == whole.read(sound) + whole.rest()


@pytest.mark.parametrize("rate", RATES)
def test_nothing_and_half_a_sample_make_no_sound(rate):
    reader = SoundReader(rate)
    assert reader.read(b"") == b""
    assert reader.read(b"\x07") == b""
    assert not samples(reader.rest()).any()


def test_the_loudest_sound_does_not_turn_over():
    square = np.where(np.arange(4410) // 50 % 2, 32767, -32768).astype("<i2").tobytes()
    heard = samples(SoundReader(44_100).read(square))
    middle = heard[100:-100]
    assert middle[np.abs(middle) > 30_000].size > 100
