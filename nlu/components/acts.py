"""Names what each clause does: the model's answer, corrected by what the other components found in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nlu.acts.features import normalised
from nlu.acts.labels import LEANING, LIGHT, QUESTIONS
from nlu.annotations import Claim, Clause, MessageNotes
from nlu.components.base import Component
from nlu.lexical.slips import SlipIndex

if TYPE_CHECKING:
    from nlu.acts.model import ActModel
    from nlu.types import TextEncoder

_SLOTS = {
    "value": "{value}",
    "facet": "{facet}",
    "noun": "{noun}",
    "number": "{number}",
    "reference": "{reference}",
    "superlative": "{superlative}",
    "critique": "{critique}",
    "title": "{title}",
}
_UNCERTAIN = 0.34
"""Confidence below which an act is not taken: another is about as likely."""
_SURE_ELSEWHERE = 0.8
"""Below this, what refuses a thing refuses it of the goods: "I don't eat liver"."""
_SURE, _SURE_OF_VALUES = 0.9, 0.5
"""The encoder is asked below these; where all content is the shop's own words, there is less doubt."""


class Acts(Component):
    """Acts of every clause, in order."""

    name = "shop_acts"
    assigns = ("clauses",)
    requires = ("words", "claims", "claim_at", "constraints", "quantities", "critiques", "clauses")

    model: ActModel
    encoder: TextEncoder | None = None

    def install(self, model: ActModel, encoder: TextEncoder | None) -> None:
        """Give it what it decides with; ``encoder`` None decides by words alone."""
        self.model, self.encoder = model, encoder
        self._slips = SlipIndex(model.familiar, shortest=3)

    def prepare(self) -> None:
        """Note the common words: they are no names."""
        self._ordinary = self.resources.wordlists.ordinary
        phrases = self.resources.phrases
        self._dismissals, self._dismissed = phrases("dismissals"), phrases("dismissed_after")

    def read(self, notes: MessageNotes) -> None:
        """Fill in acts and confidence of the clauses."""
        lists = self.resources.wordlists
        asking = lists.groups["asking"]
        for clause in notes.clauses:
            tokens = self._tokens(notes, clause)
            words = notes.words[clause.first : clause.last]
            question = any(word.sign and word.text == "?" for word in words)
            spoken: Sequence[str] = normalised(tokens, lists)
            text = notes.text[words[0].start : words[-1].end]
            spoken = self._addressed(spoken)
            described = not question and self._describes(spoken)
            spoken = spoken[1:] if described else spoken
            asks = question or (bool(spoken) and spoken[0] in asking)
            label, confidence = self.model.predict(
                spoken,
                text,
                question=question,
                encoder=self.encoder,
                sure=self._doubt(notes, clause, spoken, asks=asks),
            )
            clause.acts, clause.confidence = self._judge(
                notes, clause, spoken, label.split("+"), confidence, asks=asks
            )
            if described and QUESTIONS & set(clause.acts):
                clause.acts, clause.confidence = ("inform",), 0.6
            self._dismiss(notes, clause)
            clause.wish = not QUESTIONS & set(clause.acts)
            clause.leans = self._leans(clause, spoken)

    def _addressed(self, tokens: Sequence[str]) -> Sequence[str]:
        """Leave out a name before what is said word for word: "Robby, stop"."""
        strange = tokens and self._loose(tokens[:1]) and tokens[0] not in self._ordinary
        if strange and " ".join(tokens[1:]) in self.model.exact_labels:
            return tokens[1:]
        return tokens

    def _describes(self, tokens: Sequence[str]) -> bool:
        """Read "is blue", "has a pocket": what begins like a question but has no subject says what is wanted."""
        groups = self.resources.wordlists.groups
        if len(tokens) < 2 or tokens[0] not in groups["predicates_open"]:
            return False
        return tokens[1] in {"{value}", "{critique}", "{number}"} or (
            " ".join(tokens[:2]) in groups["predicates"]
        )

    def _leans(self, clause: Clause, tokens: Sequence[str]) -> bool:
        """Whether it names nothing itself and asks nothing of what the assistant said."""
        acts = set(clause.acts)
        if not acts <= LEANING or any(t.startswith("{") for t in tokens):
            return False
        if "explain_term" in acts:
            return not self._loose(tokens)
        return "ask_why" not in acts or self.resources.group("says_you").isdisjoint(tokens)

    def _doubt(
        self, notes: MessageNotes, clause: Clause, spoken: Sequence[str], *, asks: bool
    ) -> float:
        start, end = _span(notes, clause)
        starts = [*(c.start for c in notes.constraints), *(c.start for c in notes.critiques)]
        wished = any(start <= at < end for at in starts)
        loose = self._loose(spoken)
        # What is typed as into a search field is a wish whatever the vectors say.
        plain = (wished and not loose) or (bool(loose) and self._bare(spoken))
        return _SURE_OF_VALUES if plain and not asks else _SURE

    def _dismiss(self, notes: MessageNotes, clause: Clause) -> None:
        """Read "Forget the price", "any colour", "it need not be red": wishes about a facet are taken back."""
        start, end = _span(notes, clause)
        starts = [*(c.start for c in notes.constraints), *(c.start for c in notes.critiques)]
        wished = any(start <= at < end for at in starts)
        if not any(self._is_dismissed(notes, clause, claim) for claim in notes.claims):
            return
        if not wished:
            clause.acts, clause.confidence = ("dont_care",), max(clause.confidence, 0.9)
        elif "dont_care" not in clause.acts:
            clause.acts = (*clause.acts, "dont_care")

    def _is_dismissed(self, notes: MessageNotes, clause: Clause, claim: Claim) -> bool:
        if not clause.first <= claim.first < clause.last:
            return False
        if claim.first in notes.waived:
            return True
        if claim.kind != "facet":
            return False
        texts = [word.text for word in notes.words]
        if claim.last < clause.last and self._dismissed.at(texts, claim.last):
            return True
        function = self.resources.group("function")
        before = claim.first
        for _ in range(3):
            lengths = range(1, min(5, before - clause.first) + 1)
            if any(" ".join(texts[before - n : before]) in self._dismissals for n in lengths):
                return True
            if before <= clause.first or texts[before - 1] not in function:
                return False
            before -= 1
        return False

    def _tokens(self, notes: MessageNotes, clause: Clause) -> list[str]:
        tokens: list[str] = []
        previous: Claim | None = None
        for position in range(clause.first, self._before_address(notes, clause)):
            claim: Claim | None = notes.claim_at[position]
            if claim is not None:
                if claim is not previous:
                    tokens.append(self._slot(claim))
                previous = claim
            elif not notes.words[position].sign:
                tokens.append(notes.words[position].text)
        return self._spelled(tokens)

    def _spelled(self, tokens: list[str]) -> list[str]:
        """Mend a slip in what people say to a shop; where more than one word is strange, it is names."""
        lists, familiar = self.resources.wordlists, self.model.familiar
        strange = [
            t for t in self._loose(tokens) if t not in familiar and t not in lists.contractions
        ]
        if len(strange) != 1 or strange[0] in self._ordinary:
            return tokens
        correction = max(self._slips.near(strange[0]), key=familiar.__getitem__, default=strange[0])
        return [correction if token == strange[0] else token for token in tokens]

    def _before_address(self, notes: MessageNotes, clause: Clause) -> int:
        """End of the clause without the name it is addressed to: "say that again, Olly"."""
        words, last = notes.words, clause.last
        while last > clause.first and words[last - 1].sign:
            last -= 1
        address = before = last - 1
        while before > clause.first and words[before - 1].text == ",":
            before -= 1
        if before - 1 <= clause.first or before == address or notes.claim_at[address]:
            return clause.last
        groups = self.resources.wordlists.groups
        text = words[address].text
        ordinary = text in groups["function"] or text in groups["carrier"] or text in self._ordinary
        return clause.last if ordinary else address

    def _slot(self, claim: Claim) -> str:
        if claim.kind == "facet" and claim.entries:
            flag = self.resources.lexicon.facets[claim.entries[0].facet].kind == "flag"
            return "{value}" if flag else "{facet}"
        return _SLOTS[claim.kind]

    def _judge(
        self,
        notes: MessageNotes,
        clause: Clause,
        tokens: Sequence[str],
        acts: list[str],
        confidence: float,
        *,
        asks: bool,
    ) -> tuple[tuple[str, ...], float]:
        start, end = _span(notes, clause)
        starts = [*(c.start for c in notes.constraints), *(q.start for q in notes.quantities)]
        wished = any(start <= at < end for at in starts)
        critique = any(start <= c.start < end for c in notes.critiques)
        loose = self._loose(tokens)
        act = acts[0]
        if asks and not wished and self._asks_for_most(tokens):
            return ("catalog_question",), max(confidence, 0.7)
        if act == "inform" and critique and not wished and not loose:
            return ("critique",), confidence
        if act in ("inform", "critique"):
            return (act,), confidence
        if (wished or critique) and not asks:
            return self._with_wish(
                acts,
                confidence,
                loose,
                tokens,
                critique=critique and not wished,
                firm=self._firm(notes, start, end),
            )
        if (
            act == "out_of_scope"
            or confidence < _UNCERTAIN
            or (self._bare(tokens) and confidence < 0.6 + 0.4 * self._strange(loose))
        ):
            refuses = any(
                position in notes.refused and self._loose([notes.words[position].text])
                for position in range(clause.first, clause.last)
                if not notes.words[position].sign
            )
            return self._without_wish(
                act, confidence, tokens, loose, asks=asks, wished=wished, refuses=refuses
            )
        return tuple(acts), confidence

    def _firm(self, notes: MessageNotes, start: int, end: int) -> bool:
        """Whether it names more than a number: people also say "1 pound" of other things than goods."""
        facets = self.resources.lexicon.facets
        return any(start <= c.start < end for c in notes.critiques) or any(
            start <= c.start < end and facets[c.facet].kind != "number" for c in notes.constraints
        )

    def _asks_for_most(self, tokens: Sequence[str]) -> bool:
        """Read "Which one is the cheapest?" asks about the shop, whatever else it looks like."""
        question_words = self.resources.group("asking_which")
        pointed = {"{superlative}", "{noun}", "{facet}"}
        return (
            bool(tokens)
            and tokens[0] in question_words
            and "{superlative}" in tokens
            and ("{facet}" not in tokens or tokens.index("{superlative}") < tokens.index("{facet}"))
            and all(t in pointed or not t.startswith("{") for t in tokens)
            and not self._loose(tokens)
        )

    def _with_wish(
        self,
        acts: list[str],
        confidence: float,
        loose: Sequence[str],
        tokens: Sequence[str],
        *,
        critique: bool,
        firm: bool,
    ) -> tuple[tuple[str, ...], float]:
        wish = "critique" if critique else "inform"
        if acts[0] == "out_of_scope":
            least, words = (0.8, 2) if firm else (0.45, 1)
            elsewhere = confidence > least and len(loose) > words and not self._bare(tokens)
            return (("out_of_scope",), confidence) if elsewhere else ((wish,), 0.6)
        if acts[0] in LIGHT:
            return (
                ((*acts, wish), confidence)
                if confidence > 0.5 and len(tokens) > 1
                else ((wish,), 0.7)
            )
        return (tuple(acts), confidence) if confidence > 0.5 else ((wish,), 0.6)

    def _without_wish(
        self,
        act: str,
        confidence: float,
        tokens: Sequence[str],
        loose: Sequence[str],
        *,
        asks: bool,
        wished: bool,
        refuses: bool,
    ) -> tuple[tuple[str, ...], float]:
        if not asks and loose and self._bare(tokens) and confidence < 0.97:
            return ("inform",), 0.6
        unsure = confidence < (_SURE_ELSEWHERE if act == "out_of_scope" else _UNCERTAIN)
        if not asks and refuses and unsure:
            return ("inform",), 0.5
        if act != "out_of_scope" and confidence >= _UNCERTAIN:
            return (act,), confidence
        if wished and asks and confidence < 0.5:
            return ("catalog_question",), 0.4
        back = len(tokens) > 1 and tokens[1] in self.resources.group("points_back")
        if asks and back and len(loose) == 1 and confidence < _SURE_ELSEWHERE:
            return ("product_question",), 0.4  # "is it automatic?"
        return ("out_of_scope",), max(confidence, 0.3)

    def _loose(self, tokens: Sequence[str]) -> list[str]:
        """Content words that nothing has claimed."""
        groups = self.resources.wordlists.groups
        return [
            token
            for token in tokens
            if not token.startswith("{")
            and token not in groups["function"]
            and token not in groups["carrier"]
        ]

    def _strange(self, loose: Sequence[str]) -> float:
        """Share of words nobody says to a shop but of its goods: their letters tell nothing of what is done."""
        return sum(token not in self.model.familiar for token in loose) / max(len(loose), 1)

    def _bare(self, tokens: Sequence[str]) -> bool:
        """Whether the clause is a run of nouns, as typed into a search field, and not what people say to a shop."""
        groups = self.resources.wordlists.groups
        allowed = groups["in_queries"]
        loose = self._loose(tokens)
        if loose and self._strange(loose) < 0.5:
            return False
        return len(tokens) <= 10 and all(
            token.startswith("{") or token in allowed or token not in groups["function"]
            for token in tokens
        )


def _span(notes: MessageNotes, clause: Clause) -> tuple[int, int]:
    """Offsets of a clause in the text."""
    return notes.words[clause.first].start, notes.words[clause.last - 1].end
