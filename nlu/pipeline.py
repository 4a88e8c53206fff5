"""Builds the spaCy pipeline: a blank tokenizer of the language and our own components."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nlu.annotations import EXTENSIONS, Resources
from nlu.components.acts import Acts
from nlu.components.base import Component
from nlu.components.clauses import Clauses
from nlu.components.constraints import Wishes
from nlu.components.critiques import Critiques
from nlu.components.meaning import Meaning
from nlu.components.negation import Negation
from nlu.components.numbers import Numbers
from nlu.components.references import References
from nlu.components.tokenizer import WordTokenizer
from nlu.components.value_mentions import Values

if TYPE_CHECKING:
    from spacy.language import Language

COMPONENTS: tuple[type[Component], ...] = (
    WordTokenizer,
    Values,
    References,
    Numbers,
    Negation,
    Critiques,
    Wishes,
    Clauses,
    Acts,
    Meaning,
)
"""In the order they run."""


@contextmanager
def _without_torch() -> Iterator[None]:
    """Keep thinc from importing torch, which it does for nothing and which costs seconds and 300 MB."""
    absent = "torch" not in sys.modules
    if absent:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules["torch"]


def register() -> Any:
    """Import spaCy and register our factories and attributes; returns the spaCy module."""
    with _without_torch():
        import spacy
        from spacy.language import Language
        from spacy.tokens import Doc

    for name in EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    for kind in COMPONENTS:
        if not Language.has_factory(kind.name):
            Language.factory(
                kind.name,
                assigns=[f"doc._.{name}" for name in kind.assigns],
                requires=[f"doc._.{name}" for name in kind.requires],
                func=_maker(kind),
            )
    return spacy


def _maker(kind: type[Component]) -> Any:
    def make(nlp: Language, name: str) -> Component:
        del nlp, name
        return kind()

    return make


def build_pipeline(resources: Resources) -> Language:
    """A pipeline bound to the words of a shop; ``Acts`` still needs its model."""
    spacy = register()
    nlp: Language = spacy.blank(resources.wordlists.language)
    for kind in COMPONENTS:
        nlp.add_pipe(kind.name)
    for _, component in nlp.pipeline:
        if isinstance(component, Component):
            component.bind(resources)
    return nlp
