"""What shoppers type, made fit for the engine; and the messages that only the gateway can make."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.gateway.engine_client import OPEN
from assistant.gateway.errors import BadInput

LONGEST_TEXT = 2000
"""Characters of a message that are read; more is cut, and the reply says so."""
CHOICE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
CLIENT_MESSAGE_ID = 200
"""Characters; a UUID has 36."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufe00-\ufe0f\ufffd]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMessage:
    """One message of a shopper, checked."""

    client_message_id: str
    """Chosen by the client."""
    text: str | None = None
    """Cleaned, at most LONGEST_TEXT characters; None for a choice."""
    choice_id: str | None = None
    """The quick reply chosen; None for a text."""
    cut: bool = False
    """True when the text was longer."""

    @property
    def control(self) -> str:
        """What the engine is told."""
        if self.choice_id is not None:
            return choice_message(self.choice_id)
        return self.text if self.text is not None else OPEN


def check(
    *, client_message_id: str, text: str | None = None, choice_id: str | None = None
) -> ClientMessage:
    """Check and clean one message.

    Raises:
        BadInput: not exactly one of text and choice_id, nothing left to read, or an impossible id.
    """
    client_message_id = replace_surrogates(client_message_id)
    if not 1 <= len(client_message_id) <= CLIENT_MESSAGE_ID:
        raise BadInput(
            f"client_message_id has {len(client_message_id)} characters; "
            f"give each message its own of 1 to {CLIENT_MESSAGE_ID}."
        )
    if (text is None) == (choice_id is None):
        raise BadInput('A message holds either "text" or "choice_id"; send exactly one of them.')
    if choice_id is not None:
        if not CHOICE_ID.fullmatch(choice_id):
            raise BadInput("choice_id is not one that was offered; send one from the last reply.")
        return ClientMessage(client_message_id=client_message_id, choice_id=choice_id)
    cleaned, cut = clean(text or "")
    if not cleaned:
        raise BadInput("The message is empty; type at least one character.")
    return ClientMessage(client_message_id=client_message_id, text=cleaned, cut=cut)


def clean(text: str) -> tuple[str, bool]:
    """Make typed text safe to pass on; returns it and whether it was cut.

    Control characters go, lone surrogates become U+FFFD, the rest is composed (NFC). Empty when
    nothing is left that could be read.
    """
    # Cut generously before the costly steps: one typed character may be many code points.
    head = text[: LONGEST_TEXT * 4]
    head = unicodedata.normalize("NFC", _CONTROL.sub("", replace_surrogates(head))).strip()
    if _INVISIBLE.fullmatch(head):
        return "", False
    return head[:LONGEST_TEXT], len(head) > LONGEST_TEXT or len(text) > LONGEST_TEXT * 4


def replace_surrogates(text: str) -> str:
    """Replace halves of UTF-16 pairs, which no UTF-8 can hold; whole pairs are joined first."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def choice_message(choice_id: str) -> str:
    """The control message that says a quick reply was chosen."""
    return f"\x01choice {choice_id}"
