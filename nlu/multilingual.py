"""A parser of a shop that speaks several languages: each message is read in the one it is in."""

from __future__ import annotations

from collections.abc import Mapping

from nlu.language.detect import guess_language
from nlu.parser import Parser
from nlu.types import ParsedMessage


class SeveralLanguages:
    """Chooses a parser by the message, the shop's own language in doubt.

    Args:
        parsers: By two-letter code, each built from the vocabulary of that language.
        default: The shop's own language.
    """

    def __init__(self, parsers: Mapping[str, Parser], default: str) -> None:
        self._parsers = dict(parsers)
        self._default = default

    def parse(self, text: str, *, current: str = "") -> ParsedMessage:
        """Understand ``text``; ``current`` is the language of the conversation so far."""
        before = current if current in self._parsers else self._default
        language = guess_language(text, tuple(self._parsers), before)
        return self._parsers[language].parse(text)
