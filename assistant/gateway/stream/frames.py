"""What a client sends on the stream, checked; see design of the stream in ``stream``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from assistant.gateway.conversations.input_text import CLIENT_MESSAGE_ID, replace_surrogates
from assistant.gateway.errors import BadInput

LARGEST_SOUND = 64 * 1024
"""Bytes of one binary frame."""
LARGEST_TEXT = 64 * 1024
"""Characters of one text frame."""
RATES = range(8_000, 48_001)
"""Sample rates that speech may come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who is there; the first frame."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something typed or chosen; what may stand in it is checked where messages are taken."""

    client_message_id: str
    text: str | None = None
    choice_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStart:
    """Sound follows."""

    client_message_id: str
    sample_rate: int = 16_000
    confirm: bool = False
    """The transcript goes back to be corrected and is not sent as a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnd:
    """No more sound; the transcript is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCancel:
    """No more sound, and nothing of it is wanted."""


Frame: TypeAlias = Hello | Message | SpeechStart | SpeechEnd | SpeechCancel


def read(frame: str) -> Frame:
    """Read one text frame.

    Raises:
        BadInput: it is not one of the frames above.
    """
    if len(frame) > LARGEST_TEXT:
        raise BadInput(f"A frame of {len(frame)} characters; at most {LARGEST_TEXT} are read.")
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadInput('A text frame must be a JSON object like {"type": "message", ...}.')
    match data.get("type"):
        case "hello":
            return Hello(token=_text(data, "token"))
        case "message":
            return Message(
                client_message_id=_id(data),
                text=_text(data, "text") if data.get("text") is not None else None,
                choice_id=_text(data, "choice_id") if data.get("choice_id") is not None else None,
            )
        case "speech_start":
            return SpeechStart(
                client_message_id=_id(data), sample_rate=_rate(data), confirm=_confirm(data)
            )
        case "speech_end":
            return SpeechEnd()
        case "speech_cancel":
            return SpeechCancel()
    raise BadInput(
        "The type of a frame is one of hello, message, speech_start, speech_end, speech_cancel."
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise BadInput(f'"{name}" must be a text.')
    return value


def _id(told: dict[str, Any]) -> str:
    value = replace_surrogates(_text(told, "client_message_id"))
    if not 1 <= len(value) <= CLIENT_MESSAGE_ID:
        raise BadInput(
            f"client_message_id has {len(value)} characters; "
            f"give each message its own of 1 to {CLIENT_MESSAGE_ID}."
        )
    return value


def _rate(told: dict[str, Any]) -> int:
    value = told.get("sample_rate", 16_000)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value not in RATES:
        raise BadInput(
            f"sample_rate must be a whole number from {RATES.start} to {RATES.stop - 1}; "
            "the sound is s16le mono."
        )
    return value


def _confirm(told: dict[str, Any]) -> bool:
    value = told.get("send", "auto")
    if value not in ("auto", "confirm"):
        raise BadInput('"send" is "auto" or "confirm".')
    return bool(value == "confirm")
