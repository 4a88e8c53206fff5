"""Names what each clause does: the model's answer, corrected by what the other components found in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nlu.acts.features import normalised
from nlu.components.base import Component
from nlu.reading import Claim, Clause

if TYPE_CHECKING:
    from nlu.acts.model import ActModel
    from nlu.types import Encoder

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
LIGHT = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "praise",
        "complaint",
        "dont_care",
        "dont_know",
        "gift",
        "repeat",
    }
)
"""Acts that may stand beside a wish in one clause."""
QUESTIONS = frozenset(
    {"product_question", "catalog_question", "explain_term", "ask_why", "compare"}
)
"""Acts that ask about what they name."""
_UNCERTAIN = 0.34


class Acts(Component):
    """Acts of every clause, in order."""

    name = "shop_acts"
    assigns = ("clauses",)
    requires = ("words", "claims", "taken", "constraints", "quantities", "critiques", "clauses")

    model: ActModel
    encoder: Encoder | None = None

    def prepare(self) -> None:
        """Note the common words: they are no names."""
        self._ordinary = self.resources.wordlists.ordinary

    def read(self, notes: Any) -> None:
        """Fill in acts and confidence of the clauses."""
        lists = self.resources.wordlists
        asking = lists.groups["asking"]
        for clause in notes.clauses:
            tokens = self._tokens(notes, clause)
            words = notes.words[clause.first : clause.last]
            question = any(word.sign and word.text == "?" for word in words)
            spoken = normalised(tokens, lists)
            text = notes.text[words[0].start : words[-1].end]
            label, confidence = self.model.predict(
                spoken, text, question=question, encoder=self.encoder
            )
            asks = question or (bool(spoken) and spoken[0] in asking)
            clause.acts, clause.confidence = self._judge(
                notes, clause, spoken, label.split("+"), confidence, asks=asks
            )
            clause.wish = not QUESTIONS & set(clause.acts)

    def _tokens(self, notes: Any, clause: Clause) -> list[str]:
        tokens: list[str] = []
        previous: Claim | None = None
        for position in range(clause.first, self._before_address(notes, clause)):
            claim: Claim | None = notes.taken[position]
            if claim is not None:
                if claim is not previous:
                    tokens.append(self._slot(claim))
                previous = claim
            elif not notes.words[position].sign:
                tokens.append(notes.words[position].text)
        return tokens

    def _before_address(self, notes: Any, clause: Clause) -> int:
        """End of the clause without the name it is addressed to: "say that again, Olly"."""
        words, last = notes.words, clause.last
        while last > clause.first and words[last - 1].sign:
            last -= 1
        named = last - 1
        if named - 2 <= clause.first or words[named - 1].text != "," or notes.taken[named]:
            return clause.last
        groups = self.resources.wordlists.groups
        text = words[named].text
        known = text in groups["function"] or text in groups["carrier"] or text in self._ordinary
        return clause.last if known else named

    def _slot(self, claim: Claim) -> str:
        if claim.kind == "facet" and claim.entries:
            flag = self.resources.lexicon.facets[claim.entries[0].facet].kind == "flag"
            return "{value}" if flag else "{facet}"
        return _SLOTS[claim.kind]

    def _judge(
        self,
        notes: Any,
        clause: Clause,
        tokens: Sequence[str],
        acts: list[str],
        confidence: float,
        *,
        asks: bool,
    ) -> tuple[tuple[str, ...], float]:
        start, end = notes.words[clause.first].start, notes.words[clause.last - 1].end
        wished = any(start <= c.start < end for c in (*notes.constraints, *notes.quantities))
        critique = any(start <= c.start < end for c in notes.critiques)
        loose = self._loose(tokens)
        act = acts[0]
        if act == "inform" and critique and not wished and not loose:
            return ("critique",), confidence
        if act in ("inform", "critique"):
            return (act,), confidence
        if (wished or critique) and not asks:
            return self._with_wish(
                acts, confidence, loose, tokens, critique=critique and not wished
            )
        if (
            act == "out_of_scope"
            or confidence < _UNCERTAIN
            or (confidence < 0.6 and self._bare(tokens))
        ):
            return self._without_wish(act, confidence, tokens, loose, asks=asks, wished=wished)
        return tuple(acts), confidence

    def _with_wish(
        self,
        acts: list[str],
        confidence: float,
        loose: Sequence[str],
        tokens: Sequence[str],
        *,
        critique: bool,
    ) -> tuple[tuple[str, ...], float]:
        wish = "critique" if critique else "inform"
        if acts[0] == "out_of_scope":
            elsewhere = confidence > 0.8 and len(loose) > 2
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
    ) -> tuple[tuple[str, ...], float]:
        if not asks and loose and self._bare(tokens) and confidence < 0.97:
            return ("inform",), 0.6
        if act != "out_of_scope" and confidence >= _UNCERTAIN:
            return (act,), confidence
        if wished and asks and confidence < 0.5:
            return ("catalog_question",), 0.4
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

    def _bare(self, tokens: Sequence[str]) -> bool:
        """Whether the clause is a run of nouns, as typed into a search field."""
        groups = self.resources.wordlists.groups
        allowed = groups["in_queries"]
        return len(tokens) <= 10 and all(
            token.startswith("{") or token in allowed or token not in groups["function"]
            for token in tokens
        )
