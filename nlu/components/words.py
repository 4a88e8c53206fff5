"""Cuts the message into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlu.components.base import Component
from nlu.text import words

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Words(Component):
    """Folded words with their offsets; everything after works on them."""

    name = "shop_words"
    assigns = ("text", "words")
    requires = ()

    def __call__(self, doc: Doc) -> Doc:
        """Cut ``doc.text``."""
        doc._.text = doc.text
        doc._.words = words(doc.text)
        return doc

    def read(self, notes: Any) -> None:
        """Nothing is read from other components."""
