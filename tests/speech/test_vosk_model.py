"""The Vosk recognizer: its logic with a stand-in engine, its ears with the real model."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import ROOT
from assistant.speech.errors import ModelBroken, RecognitionFailed
from assistant.speech.sound import SoundReader
from assistant.speech.utterance import Utterance
from assistant.speech.vosk_model import VoskModel, VoskRecognizer

SHARED = ROOT.parent / "shared"


class Engine:
    """Plays back what Vosk would say: a partial text, or the readings that end a piece."""

    def __init__(self, *answers, final=()) -> None:
        self.answers, self.final = list(answers), final

    def AcceptWaveform(self, sound):
        self.now = self.answers.pop(0)
        return int(not isinstance(self.now, str))

    def PartialResult(self):
        return json.dumps({"partial": self.now})

    def Result(self):
        return json.dumps({"alternatives": [{"text": t, "confidence": c} for t, c in self.now]})

    def FinalResult(self):
        return json.dumps({"alternatives": [{"text": t, "confidence": c} for t, c in self.final]})


def test_pieces_between_pauses_are_joined():
    recognizer = VoskRecognizer(
        Engine("a dry", [("a dry red", 9), ("a dry bread", 8)], "under", final=[("under ten", 3)])
    )
    assert [recognizer.accept(b"") for _ in range(3)] == ["a dry", "a dry red", "a dry red under"]
    heard = recognizer.finish()
    assert heard.text == "a dry red under ten"
    assert heard.alternatives == ("a dry bread under ten",)


def test_words_that_vanish_at_the_end_are_kept():
    recognizer = VoskRecognizer(Engine("two bottles", "two bottles of", final=[("", 3), ("to", 1)]))
    recognizer.accept(b"")
    recognizer.accept(b"")
    assert recognizer.finish().text == "two bottles of"


def test_one_word_that_vanishes_was_noise():
    recognizer = VoskRecognizer(Engine("huh", final=[("", 3)]))
    recognizer.accept(b"")
    assert recognizer.finish().text == ""


def test_an_engine_that_gives_up_is_said_so():
    with pytest.raises(RecognitionFailed, match="refused the sound"):
        VoskRecognizer(Engine()).accept(b"")


def test_importing_the_worker_loads_no_recognizer():
    code = "import sys, assistant.speech.__main__; sys.exit('vosk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.engine
def test_a_folder_without_a_model_is_said_so(tmp_path):
    with pytest.raises(ModelBroken, match="assistant models pull"):
        VoskModel.load(tmp_path)


@pytest.fixture(scope="module")
def model() -> VoskModel:
    folder = os.environ.get("ASSISTANT_SPEECH_MODEL") or SHARED / "models/vosk-model-small-en-us"
    if not (Path(folder) / "am").is_dir():
        pytest.skip(f"no speech model at {folder}; set ASSISTANT_SPEECH_MODEL")
    return VoskModel.load(Path(folder))


def hear(model: VoskModel, sound: bytes, rate: int = 16_000) -> str:
    utterance = Utterance(model.recognizer(), rate)
    for at in range(0, len(sound), 3200):
        utterance.accept(sound[at : at + 3200])
    return utterance.finish().text


@pytest.mark.engine
@pytest.mark.parametrize("length", [0, 1, 2, 3, 63_999, 160_001])
def test_random_bytes_are_heard_as_nothing(model, length):
    assert hear(model, np.random.default_rng(length).bytes(length)) == ""


@pytest.mark.engine
@pytest.mark.parametrize("loudness", [0, 3, 100, 1000])
def test_noise_is_heard_as_nothing(model, loudness):
    noise = np.random.default_rng(2).standard_normal(48_000) * loudness
    assert hear(model, noise.astype("<i2").tobytes()) == ""


@pytest.mark.engine
def test_a_spoken_sentence_is_understood(model, tmp_path):
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        pytest.skip("espeak-ng is not installed")
    soundfile = pytest.importorskip("soundfile")
    file = tmp_path / "said.wav"
    said = "show me a red wine for dinner"
    subprocess.run([espeak, "-v", "en-us", "-s", "140", "-w", file, said], check=True)
    sound, rate = soundfile.read(file, dtype="int16")
    assert {"red", "wine"} & set(hear(model, sound.tobytes(), rate).split())


@pytest.mark.engine
@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_recording_is_understood_at_every_rate(model, rate):
    listed = SHARED / "data/speech/sentences.csv"
    if not listed.is_file():
        pytest.skip(f"no recordings at {listed}")
    soundfile = pytest.importorskip("soundfile")
    with listed.open(newline="", encoding="utf-8") as handle:
        row = next(row for row in csv.DictReader(handle) if "sunday" in row["text"])
    sound, _ = soundfile.read(listed.parent / row["file"], dtype="int16")
    # Played faster or slower and declared so, the sound stays the same.
    moments = np.arange(int(len(sound) * rate / 16_000)) * 16_000 / rate
    played = np.interp(moments, np.arange(len(sound)), sound).astype("<i2").tobytes()
    assert SoundReader(rate).read(played)
    wanted = set(re.findall(r"[\w']+", row["text"].lower()))
    assert len(wanted & set(hear(model, played, rate).split())) >= 0.7 * len(wanted)
