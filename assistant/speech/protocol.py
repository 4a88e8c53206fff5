"""What gateway and worker say to each other: one websocket, one utterance.

To the worker, in this order:
    {"type": "start", "sample_rate": 16000, "phrases": ["..."]}    phrases may be left out
    binary frames, s16le mono; they may be cut anywhere, even within a sample
    {"type": "end"}    or {"type": "cancel"}, or just close

From the worker:
    {"type": "partial", "text"}                      may repeat itself: a sign of life in long work
    {"type": "final", "text", "alternatives", "cut"} the last frame; cut: stopped at a limit
    {"type": "error", "code", "detail"}              the last frame; code is one of ``Code``

``GET /health`` on the same port answers 200 once the model is loaded, 503 before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.speech.errors import BadStart
from assistant.speech.recognizer import SAMPLE_RATE, Transcript
from assistant.speech.sound import HIGHEST_RATE, LOWEST_RATE

MOST_PHRASES = 1_000
"""Phrases a start may carry."""

LONGEST_FRAME = 2**17
"""Bytes of the longest frame the worker takes."""


class Code(StrEnum):
    """Why an utterance ended without a transcript."""

    BAD_START = "bad_start"
    LOADING = "loading"
    BUSY = "busy"
    IDLE = "idle"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The announcement of an utterance."""

    sample_rate: int = SAMPLE_RATE
    """Samples a second of the frames that follow."""

    phrases: tuple[str, ...] = ()
    """Words likely to be said."""

    @classmethod
    def from_frame(cls, frame: str | bytes) -> Start:
        """Read the first frame of a connection.

        Raises:
            BadStart: it is not a start, or asks for something the worker cannot do.
        """
        try:
            data = json.loads(frame) if isinstance(frame, str) else None
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or data.get("type") != "start":
            raise BadStart('expected {"type": "start", "sample_rate": ...} as the first frame')
        rate = data.get("sample_rate", SAMPLE_RATE)
        if isinstance(rate, bool) or not isinstance(rate, int):
            raise BadStart(f"sample_rate must be a whole number, found {type(rate).__name__}")
        if not LOWEST_RATE <= rate <= HIGHEST_RATE:
            raise BadStart(f"sample_rate must lie in {LOWEST_RATE}-{HIGHEST_RATE}, found {rate}")
        phrases = data.get("phrases") or ()
        if not isinstance(phrases, list | tuple) or len(phrases) > MOST_PHRASES:
            raise BadStart(f"phrases must be a list of at most {MOST_PHRASES} texts")
        return cls(sample_rate=rate, phrases=tuple(str(phrase) for phrase in phrases))


def command(frame: str) -> str:
    """The type of a text frame after the start; empty when it cannot be read."""
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError):
        return ""
    return str(data.get("type", "")) if isinstance(data, dict) else ""


def partial(text: str) -> str:
    """The frame for what is understood so far."""
    return json.dumps({"type": "partial", "text": text})


def final(transcript: Transcript, *, cut: bool) -> str:
    """The frame for the finished transcript."""
    answer: dict[str, Any] = {
        "type": "final",
        "text": transcript.text,
        "alternatives": list(transcript.alternatives),
        "cut": cut,
    }
    return json.dumps(answer)


def error(code: Code, detail: str) -> str:
    """The frame for an utterance that came to nothing."""
    return json.dumps({"type": "error", "code": code.value, "detail": detail})
