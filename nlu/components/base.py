"""What all components have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from nlu.annotations import MessageNotes, Resources

if TYPE_CHECKING:
    from spacy.tokens import Doc


class Component(ABC):
    """A step of the pipeline; ``bind`` hands it the words of a shop and a language."""

    name: ClassVar[str]
    """Under which it is registered with spaCy."""
    assigns: ClassVar[tuple[str, ...]]
    """Extensions it writes."""
    requires: ClassVar[tuple[str, ...]]
    """Extensions that must have been written before."""

    resources: Resources

    def bind(self, resources: Resources) -> None:
        """Prepare for a shop; called once when the pipeline is built."""
        self.resources = resources
        self.prepare()

    def prepare(self) -> None:  # noqa: B027 - not every component compiles something
        """Compile what is needed from ``self.resources``."""

    @abstractmethod
    def read(self, notes: MessageNotes) -> None:
        """Read and write the extensions of one message (``doc._``)."""

    def __call__(self, doc: Doc) -> Doc:
        """Run on one message."""
        self.read(doc._)
        return doc
