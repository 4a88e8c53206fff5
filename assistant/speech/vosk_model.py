"""The Vosk recognizer: offline, streaming, on a CPU (https://alphacephei.com/vosk)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.speech.errors import ModelBroken, RecognitionFailed
from assistant.speech.joining import ALTERNATIVES, Hypothesis, clean, join
from assistant.speech.recognizer import SAMPLE_RATE, Transcript

_LEAD_IN = bytes(2 * (SAMPLE_RATE * 3 // 10))
"""Silence before the first frame: people speak before the microphone is open, and a word that
starts at the very first sample is often missed (word error rate 0.160 -> 0.148)."""


class VoskModel:
    """A Vosk model in memory, read-only after loading and shared by every recognizer."""

    def __init__(self, vosk: Any, handle: Any) -> None:
        self._vosk = vosk
        self._handle = handle

    @classmethod
    def load(cls, folder: Path) -> VoskModel:
        """Read the model from its folder: about a second for a small one, many for a big one.

        Raises:
            ModelBroken: the recognizer cannot be started from this folder.
        """
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise ModelBroken(
                f"The speech recognizer cannot be loaded on this machine ({error}); "
                "speech stays off, or install the package `vosk` for it."
            ) from error
        vosk.SetLogLevel(-1)
        try:
            handle = vosk.Model(str(folder))
        except Exception as error:  # Vosk raises nothing narrower
            raise ModelBroken(
                f"No speech model could be read from {folder}; expected the folder of a Vosk "
                "model (with am/final.mdl). Fetch one with `assistant models pull`."
            ) from error
        return cls(vosk, handle)

    def recognizer(self, phrases: tuple[str, ...] = ()) -> VoskRecognizer:
        """A recognizer for one utterance; ``phrases`` are not used yet."""
        engine = self._vosk.KaldiRecognizer(self._handle, float(SAMPLE_RATE))
        engine.SetMaxAlternatives(ALTERNATIVES + 1)
        engine.AcceptWaveform(_LEAD_IN)
        return VoskRecognizer(engine)


class VoskRecognizer:
    """One utterance. Vosk ends a piece at every pause; the pieces are joined here."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._pieces: list[Sequence[Hypothesis]] = []
        self._partial = ""

    def accept(self, sound: bytes) -> str:
        """See ``Recognizer.accept``."""
        try:
            if self._engine.AcceptWaveform(sound):
                self._close_piece(self._engine.Result())
            else:
                partial = json.loads(self._engine.PartialResult()).get("partial", "")
                self._partial = clean(partial) or self._partial
        except Exception as error:  # Vosk raises nothing narrower
            raise RecognitionFailed(f"the recognizer refused the sound: {error}") from error
        return self._heard()

    def finish(self) -> Transcript:
        """See ``Recognizer.finish``."""
        try:
            self._close_piece(self._engine.FinalResult())
        except Exception as error:  # Vosk raises nothing narrower
            raise RecognitionFailed(f"the recognizer could not finish: {error}") from error
        return join(self._pieces)

    def _close_piece(self, answer: str) -> None:
        hypotheses = [
            Hypothesis(
                text=str(alternative.get("text", "")),
                score=float(alternative.get("confidence", 0.0)),
            )
            for alternative in json.loads(answer).get("alternatives", ())
        ]
        # The best path can come out empty where the words were there a moment ago. A single word
        # is not brought back: that is how noise looks.
        best = max(
            hypotheses,
            key=lambda alternative: alternative.score,
            default=Hypothesis(text="", score=0.0),
        )
        if not clean(best.text) and " " in self._partial:
            hypotheses = [Hypothesis(text=self._partial, score=0.0)]
        if hypotheses:
            self._pieces.append(hypotheses)
        self._partial = ""

    def _heard(self) -> str:
        text = join(piece[:1] for piece in self._pieces).text
        return f"{text} {self._partial}".strip()
