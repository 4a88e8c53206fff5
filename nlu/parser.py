"""The door of the package: text in, ``ParsedMessage`` out."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.acts.labels import LIGHT, QUESTIONS
from nlu.annotations import Clause, MessageNotes, Resources
from nlu.components.acts import Acts
from nlu.errors import ParseTooSlow
from nlu.language import has_wordlists, load_wordlists
from nlu.lexical.vocabulary import Vocabulary
from nlu.lexicon import build_lexicon
from nlu.text import clean, without_commands
from nlu.types import Intent, ParsedConstraint, ParsedMessage, Reference, TextEncoder

if TYPE_CHECKING:
    from spacy.language import Language

logger = logging.getLogger(__name__)

PARSE_SECONDS = 1.5
"""Less than the dialogue engine waits; the longest message takes a third of a second."""
_POINTING = frozenset({"product_question", "select", "add_to_cart", "remove_from_cart"})


class Parser:
    """Understands messages about one shop, in one language, without looking at the conversation."""

    def __init__(self, nlp: Language, resources: Resources) -> None:
        self._nlp = nlp
        self._resources = resources
        self._gift = resources.phrases("gift")
        self._people = resources.group("people")
        self._own = resources.phrases("for_whom")
        self._points_back = resources.group("points_back")

    @classmethod
    def load(
        cls,
        vocabulary: Vocabulary,
        *,
        language: str = "en",
        encoder: TextEncoder | None = None,
        models: Path | None = None,
    ) -> Parser:
        """Build a parser for a vocabulary.

        Args:
            vocabulary: What the shop sells and how it is called.
            language: Two-letter code of a folder under ``nlu/language``; English where there is none.
            encoder: Sentence vectors for the messages that words leave in doubt; None does without.
            models: Folder for built models; the act model is kept in ``models/nlu``. None trains anew.
        """
        from nlu.acts.model import load_model

        if not has_wordlists(language):
            logger.warning(
                "No word lists for %r in nlu/language; messages are read as English.", language
            )
            language = "en"
        wordlists = load_wordlists(language)
        resources = Resources(lexicon=build_lexicon(vocabulary, wordlists), wordlists=wordlists)
        from nlu.pipeline import build_pipeline

        nlp = build_pipeline(resources)
        model = load_model(wordlists, encoder=encoder, models=models)
        for _, component in nlp.pipeline:
            if isinstance(component, Acts):
                component.install(model, encoder)
        return cls(nlp, resources)

    def parse(self, text: str) -> ParsedMessage:
        """Understand ``text``, whatever it holds. Beyond 2,000 characters or 250 words it is cut.

        Raises:
            ParseTooSlow: it took longer than PARSE_SECONDS.
        """
        cleaned = clean(text)
        until = time.monotonic() + PARSE_SECONDS
        with self._nlp.memory_zone():
            doc = self._nlp.make_doc(without_commands(cleaned))
            for name, component in self._nlp.pipeline:
                if time.monotonic() > until:
                    raise ParseTooSlow(
                        f"A message of {len(text)} characters took over {PARSE_SECONDS} s, up to {name!r}."
                    )
                doc = component(doc)
            return self._message(cleaned, doc._, cut=len(cleaned) < len(text))

    def _message(self, text: str, notes: MessageNotes, *, cut: bool) -> ParsedMessage:
        clauses: list[Clause] = notes.clauses
        acts = _acts(clauses)
        gift = self._is_gift(notes)
        meaning, unwanted = notes.meaning
        return ParsedMessage(
            text=text,
            intent=_intent(clauses, acts),
            acts=acts,
            constraints=tuple(_asked(notes, constraint) for constraint in notes.constraints),
            quantities=tuple(notes.quantities),
            references=self._references(notes, acts),
            critiques=tuple(notes.critiques),
            facets=self._named(notes),
            meaning=meaning,
            unwanted=unwanted,
            gift=gift or "gift" in acts,
            language=self._resources.wordlists.language,
            cut=cut,
        )

    def _named(self, notes: MessageNotes) -> tuple[str, ...]:
        """Facets named for which no value was said."""
        valued = {c.facet for c in notes.constraints} | {c.facet for c in notes.critiques}
        facets = [
            claim.entries[0].facet
            for claim in notes.claims
            if claim.entries[0].facet
            and (claim.kind == "facet" or claim.first in notes.waived)
            and claim.entries[0].facet not in valued
        ]
        return tuple(dict.fromkeys(facets))

    def _is_gift(self, notes: MessageNotes) -> bool:
        texts = [word.text for word in notes.words]
        if self._gift.anywhere(texts, 0, len(texts)) >= 0:
            return True
        for position in range(len(texts)):
            length = self._own.at(texts, position)
            following = texts[position + length : position + length + 2] if length else []
            if any(self._is_person(text) for text in following[: 2 if length == 2 else 1]):
                return True
        return False

    def _is_person(self, text: str) -> bool:
        return text in self._people or (text.endswith("s") and text[:-1] in self._people)

    def _references(self, notes: MessageNotes, acts: Sequence[str]) -> tuple[Reference, ...]:
        """What was found; "it" in a question or a purchase, and "what do you mean?", point to what was said last."""
        if not notes.references and "explain_term" in acts:
            leaning = (clause for clause in notes.clauses if clause.leans)
            return tuple(_last(notes, clause.first, clause.last) for clause in leaning)[:1]
        if notes.references or not _POINTING & set(acts):
            return tuple(notes.references)
        for word in notes.words:
            if word.text in self._points_back:
                return (Reference(kind="last", value=1, start=word.start, end=word.end),)
        return ()


def _last(notes: MessageNotes, first: int, last: int) -> Reference:
    start, end = notes.words[first].start, notes.words[last - 1].end
    return Reference(kind="last", value=1, start=start, end=end)


def _acts(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Acts in order without immediate repetition; "out of scope" only where nothing else was done."""
    acts: list[str] = []
    elsewhere = any(clause.acts == ("out_of_scope",) for clause in clauses)
    for clause in clauses:
        if elsewhere and clause.leans:
            continue
        acts.extend(act for act in clause.acts if not acts or acts[-1] != act)
    serious = [act for act in acts if act != "out_of_scope"]
    if any(act not in LIGHT for act in serious):
        acts = list(dict.fromkeys(serious))
    return tuple(acts) or ("out_of_scope",)


def _intent(clauses: Sequence[Clause], acts: Sequence[str]) -> Intent:
    """The first act that is more than politeness; the confidence is its clause's."""
    name = next((act for act in acts if act not in LIGHT), acts[0])
    for clause in clauses:
        if name in clause.acts:
            return Intent(name=name, confidence=round(clause.confidence, 4))
    return Intent(name=name, confidence=0.0)


def _asked(notes: MessageNotes, constraint: ParsedConstraint) -> ParsedConstraint:
    for clause in notes.clauses:
        begin, end = notes.words[clause.first].start, notes.words[clause.last - 1].end
        if begin <= constraint.start < end and QUESTIONS & set(clause.acts):
            return replace(constraint, asked=True)
    return constraint
