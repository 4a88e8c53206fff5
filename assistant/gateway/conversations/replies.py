"""Replies as clients get them: the engine's, completed; and the gateway's own apologies."""

from __future__ import annotations

import json
import re

from assistant.gateway.conversations.input_text import LONGEST_TEXT, ClientMessage
from assistant.gateway.errors import EngineDown, EngineError, EngineSlow
from assistant.gateway.schemas import ReplyJson
from assistant.gateway.wording import GatewayWording
from assistant.stores.types import State, StoredMessage

KEPT = ("products", "constraints", "remaining")
"""What an apology carries over from the last good reply, so that nothing seems lost."""
CARD_CHOICES = ("tell_more", "select")
"""Members of a product in a reply that are quick replies."""
_RETRY = re.compile(r"retry\.([0-9]{1,9})")


def message_id(number: int) -> str:
    """The id of the message with this number in its conversation."""
    return f"m{number}"


def retried(choice_id: str | None) -> int | None:
    """The number of the message that a "try again" choice repeats; None for other choices."""
    match = _RETRY.fullmatch(choice_id or "")
    return int(match[1]) if match else None


def label_of(choice_id: str | None, reply: ReplyJson | None) -> str | None:
    """What the quick reply says that was offered with this id; None when it was not offered."""
    if choice_id is None or reply is None:
        return None
    offered = (reply.get("question") or {}).get("options", []) + (reply.get("suggestions") or [])
    label = next((o["label"] for o in offered if o.get("choice_id") == choice_id), None)
    cards = (card.get(kind) or {} for card in reply.get("products") or [] for kind in CARD_CHOICES)
    label = label or next((c["label"] for c in cards if c.get("choice_id") == choice_id), None)
    taken_back = (w for w in reply.get("constraints") or [] if w.get("remove_id") == choice_id)
    return label or next((w.get("remove_label") for w in taken_back), None)


def complete(
    reply: ReplyJson,
    *,
    number: int,
    said: ClientMessage | None,
    wording: GatewayWording,
    locale: str,
) -> ReplyJson:
    """Add the ids and, where a message was cut, a word about it; nothing is left out."""
    text = reply["text"]
    if said is not None and said.cut:
        text = f"{wording.say('cut', locale, limit=f'{LONGEST_TEXT:,}')} {text}"
    return {
        "message_id": message_id(number),
        "client_message_id": said.client_message_id if said else None,
        "text": text,
        "question": reply.get("question"),
        "products": reply.get("products") or [],
        "constraints": reply.get("constraints") or [],
        "remaining": reply.get("remaining") or 0,
        "suggestions": reply.get("suggestions") or [],
        "trace_id": reply.get("trace_id") or "",
        **{key: value for key, value in reply.items() if key not in _FIELDS},
    }


def apology(
    error: EngineError,
    *,
    number: int,
    repeats: int,
    said: ClientMessage | None,
    last: ReplyJson | None,
    wording: GatewayWording,
    locale: str,
) -> ReplyJson:
    """What is said when the engine does not answer: words, what was there, a way to try again."""
    kind = "failed"
    if isinstance(error, EngineDown):
        kind = "down" if said else "down_at_start"
    elif isinstance(error, EngineSlow):
        kind = "slow"
    context = {key: (last or {}).get(key) for key in KEPT}
    return {
        "message_id": message_id(number),
        "client_message_id": said.client_message_id if said else None,
        "text": wording.say(kind, locale),
        "question": None,
        "products": context["products"] or [],
        "constraints": context["constraints"] or [],
        "remaining": context["remaining"] or 0,
        "suggestions": [
            {"choice_id": f"retry.{repeats}", "label": wording.say("try_again", locale)}
        ],
        "trace_id": "",
    }


def to_json(reply: ReplyJson) -> str:
    """The reply as it is stored and sent: ASCII, so that no text in it can break the encoding."""
    return json.dumps(reply, separators=(",", ":"))


def entry_json(message: StoredMessage) -> str:
    """A message of the history, with its reply put in as the JSON that it is stored as."""
    entry = {
        "number": message.number,
        "message_id": message_id(message.number),
        "client_message_id": None if message.number == 1 else message.client_message_id,
        "text": message.text,
        "choice_id": message.choice_id,
        "label": message.label,
        # That the engine heard it later is nothing a shopper sees.
        "state": (State.FAILED if message.state is State.HEARD else message.state).value,
        "created": message.created.isoformat() + "Z",
    }
    return f'{to_json(entry)[:-1]},"reply":{message.reply or "null"}}}'


_FIELDS = frozenset(
    (
        "message_id",
        "client_message_id",
        "text",
        "question",
        "products",
        "constraints",
        "remaining",
        "suggestions",
        "trace_id",
    )
)
