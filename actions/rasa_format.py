"""Messages as the dialogue engine hands them over, in the shape it wants them back."""

from __future__ import annotations

from typing import Any

from nlu.serialize import parsed_to_json
from nlu.types import ParsedMessage

OPEN = "\x01open"
"""The gateway opens a conversation; nobody can type this, control characters are stripped from what people say."""
CHOICE = "\x01choice "
"""The gateway passes on that a quick reply was chosen; its id follows."""


def control(text: str) -> dict[str, Any] | None:
    """Return the engine's view of a message the gateway made, or None for what a shopper said."""
    if text.rstrip() == OPEN:
        return _view(text, "open", 1.0, [])
    if text.startswith(CHOICE):
        choice = text.removeprefix(CHOICE).strip()
        return _view(text, "choose", 1.0, [_entity("choice", choice, text)])
    return None


def said(text: str, message: ParsedMessage) -> dict[str, Any]:
    """Return the engine's view of what a shopper said; the whole meaning travels as one entity."""
    intent = message.intent
    entity = _entity("message", parsed_to_json(message), text)
    return _view(text, intent.name, intent.confidence, [entity])


def _view(
    text: str, name: str, confidence: float, entities: list[dict[str, Any]]
) -> dict[str, Any]:
    intent = {"name": name, "confidence": float(confidence)}
    return {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}


def _entity(name: str, value: Any, text: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": len(text)}
