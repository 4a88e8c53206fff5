"""What a message means in its conversation: the pending question decides what a bare answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from assistant.advisor import bare_numbers
from assistant.advisor.amounts import counts_something_else, stated_in_titles
from assistant.advisor.bare_numbers import offered, own_limit
from assistant.advisor.constraint_merge import either_of
from assistant.advisor.references import pointed_to
from assistant.advisor.state import ChoiceEffect, DialogueState, constraint_from_json
from assistant.advisor.text_match import plain
from catalog.store import Catalog
from catalog.types import Constraint, Facet, FacetKind, Operator, Origin, Strength
from nlu.lexical.words import words
from nlu.types import ParsedConstraint, ParsedMessage

_INDIFFERENT = {"dont_care", "dont_know"}
_WORDY = 12
"""Bare answers have at most so many words; a longer text is not taken for the label it contains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEffect:
    """What a message changes."""

    wishes: tuple[Constraint, ...] = ()
    """Wishes to add."""
    dropped: tuple[str, ...] = ()
    """Facets whose wishes are taken back."""
    withdrawn: tuple[Constraint, ...] = ()
    """Single wishes that are taken back."""
    answer: str = ""
    """How the pending question was answered: "value", "any", "unknown", or "" when it was not."""
    meaning: str = ""
    """A wish in free words."""
    gift: bool = False
    """True when the thing is for somebody else."""
    more: bool = False
    """True when what was shown is refused as a whole."""
    like: str = ""
    """Product id of what the thing looked for should be like otherwise."""
    unused: tuple[str, ...] = ()
    """Amounts nothing in the catalog can be meant by, as said: "13 inch"."""
    unwanted: str = ""
    """What was refused in words that no facet names: "plastic"."""
    unmeasured: tuple[str, ...] = ()
    """Facets that were to be less or more, of which the products looked at say nothing."""

    @property
    def has_unsupported(self) -> bool:
        """Whether something was asked for that the catalog cannot tell."""
        return bool(self.unused or self.unwanted or self.unmeasured)

    @property
    def anything(self) -> bool:
        """Whether the message said anything that changes the search."""
        return bool(
            self.wishes
            or self.dropped
            or self.withdrawn
            or self.answer
            or self.meaning
            or self.gift
            or self.more
        )


def understand(message: ParsedMessage, state: DialogueState, catalog: Catalog) -> MessageEffect:
    """Read a parsed message in the light of the conversation."""
    pending = catalog.facets.get(state.pending)
    offers = _pending_offers(state)
    question = message.intent.name == "catalog_question" or states_a_wish(message)
    remember = message.intent.name == "remember"
    wishes = [
        _wish(replace(parsed, lasting=parsed.lasting or remember), state, pending, offers)
        for parsed in message.constraints
        if question or not parsed.asked
    ]
    wishes = [
        wish
        for wish in wishes
        if wish.facet in catalog.facets and not _names_what_is_sold(wish, catalog)
    ]
    wishes = [_rounded(wish, catalog) for wish in wishes]
    numbers, unused = bare_numbers.read(
        [q for q in message.quantities if not counts_something_else(q, message.text, catalog)],
        catalog,
        pending,
        offers,
        wishes,
        state.turn,
        alone=len(words(message.text)) == 1,
    )
    relative, unmeasured = _from_critiques(message, state, catalog)
    numbers = [_rounded(wish, catalog) for wish in numbers]
    effect = _meant(message, state, catalog, [*either_of(wishes, catalog), *numbers, *relative])
    in_titles = {quantity: stated_in_titles(quantity, catalog) for quantity in unused}
    meaning = " ".join(filter(None, (effect.meaning, *in_titles.values())))
    return replace(
        effect,
        meaning=meaning,
        unused=tuple(
            dict.fromkeys(
                message.text[quantity.start : quantity.end].strip()
                for quantity in unused
                if not in_titles[quantity]
            )
        ),
        unwanted=message.unwanted,
        unmeasured=tuple(unmeasured),
    )


def _meant(
    message: ParsedMessage, state: DialogueState, catalog: Catalog, wishes: list[Constraint]
) -> MessageEffect:
    """Return what a message with these wishes changes, by the question that waits."""
    acts = {message.intent.name, *message.acts}
    pending = catalog.facets.get(state.pending)
    offers = _pending_offers(state)
    answer = "value" if pending and any(w.facet == pending.key for w in wishes) else ""
    if pending and not wishes:
        labelled = _label_said(message.text, offers, pending, state)
        if labelled is not None:
            return MessageEffect(wishes=(labelled,), answer="value", gift=message.gift)
        spoken = _yes_or_no(acts, pending, state)
        if spoken is not None:
            return MessageEffect(wishes=(spoken,), answer="value", gift=message.gift)
    if acts & _INDIFFERENT and not wishes:
        facet_keys = tuple(key for key in message.facets if key in catalog.facets)
        wished_facets = {constraint.facet for constraint in state.constraints}
        dropped = tuple(key for key in facet_keys if key in wished_facets and key != state.pending)
        about = not facet_keys or state.pending in facet_keys
        answer = ("unknown" if "dont_know" in acts else "any") if pending and about else ""
        return MessageEffect(dropped=dropped or facet_keys, answer=answer, gift=message.gift)
    if not wishes and "deny" in acts and not message.meaning:
        if pending:
            return MessageEffect(answer="any", gift=message.gift)
        return MessageEffect(more=bool(state.last_shown), gift=message.gift)
    if acts & _INDIFFERENT and all(_is_held(wish, state) for wish in wishes):
        return MessageEffect(
            dropped=tuple(dict.fromkeys(w.facet for w in wishes)), gift=message.gift
        )
    meaning = message.meaning if message.intent.name in _WITH_MEANING else ""
    return MessageEffect(
        wishes=tuple(dict.fromkeys(wishes)),
        answer=answer,
        meaning=meaning,
        gift=message.gift,
        like=_model(message, state, catalog),
    )


def _is_held(wish: Constraint, state: DialogueState) -> bool:
    """Whether a wish says nothing new: "vegan does not matter" of who wanted vegan."""
    parts = (wish.facet, wish.operator, wish.values)
    return any(
        (constraint.facet, constraint.operator, constraint.values) == parts
        for constraint in state.constraints
    )


_WITH_MEANING = {"inform", "critique", "gift", "catalog_question"}
"""Intents whose free words say what is looked for."""


def _model(message: ParsedMessage, state: DialogueState, catalog: Catalog) -> str:
    plain_wishes = any(
        constraint.operator in ("=", "in") and not constraint.asked
        for constraint in message.constraints
    )
    if message.intent.name not in ("inform", "critique") or message.critiques:
        return ""
    plain_wishes = any(
        constraint.operator in ("=", "in") and not constraint.asked
        for constraint in message.constraints
    )
    pointed = pointed_to(message, state, catalog)
    ranked = any(reference.kind == "superlative" for reference in message.references)
    return pointed[0] if plain_wishes and len(pointed) == 1 and not ranked else ""


def _names_what_is_sold(wish: Constraint, catalog: Catalog) -> bool:
    """Whether a wish only says what all products are: "a restaurant" where nothing else is sold."""
    sold = {catalog.config.noun.casefold(), catalog.config.nouns.casefold()}
    if wish.operator is not Operator.EQ or not all(
        isinstance(value, str) and value.casefold() in sold for value in wish.values
    ):
        return False
    return bool(catalog.matches(wish).all())


SURE = 0.8
"""Confidence from which a message that names a wish is taken for the question it looks like."""


def states_a_wish(message: ParsedMessage) -> bool:
    """Whether a message that looks like a question more likely states a wish: "from Portugal".

    It names a value, points at no product, has no question mark, and its intent is unsure.
    """
    stated = any(not wish.lasting for wish in message.constraints)
    plain = not message.references and "?" not in message.text
    return stated and plain and message.intent.confidence < SURE


def from_offer(offer: ChoiceEffect, state: DialogueState, catalog: Catalog) -> MessageEffect:
    """Return what choosing a quick reply says; the same as typing it."""
    facet = catalog.facets.get(offer.facet)
    answered = "value" if offer.facet == state.pending else ""
    if offer.kind in ("value", "range") and facet is not None:
        return MessageEffect(
            wishes=(offered(offer, facet, state.turn),), answer=answered or "value"
        )
    if offer.kind == "any":
        return MessageEffect(answer="any")
    if offer.kind == "withdraw":
        return MessageEffect(withdrawn=tuple(constraint_from_json(value) for value in offer.values))
    if offer.kind == "change" and facet is not None:
        operator, *values = offer.values
        wish = Constraint(
            facet=facet.key,
            operator=Operator(operator),
            values=tuple(values),
            unit=facet.unit,
            turn=state.turn,
        )
        return MessageEffect(wishes=(wish,))
    return MessageEffect(more=offer.kind == "more")


def _pending_offers(state: DialogueState) -> list[ChoiceEffect]:
    """Return the answers offered with the pending question."""
    return [
        offer
        for key, offer in (state.offers or {}).items()
        if offer.facet == state.pending
        and offer.kind in ("value", "range")
        and key.startswith(f"{_latest(state)}.")
    ]


def _latest(state: DialogueState) -> str:
    """Return the turn whose question is pending, as it stands in the choice ids."""
    turns = [
        int(key.split(".")[0])
        for key, offer in (state.offers or {}).items()
        if offer.facet == state.pending and offer.kind in ("value", "range")
    ]
    return str(max(turns)) if turns else ""


def _facet_of(parsed: ParsedConstraint, pending: Facet | None) -> str:
    """Return the facet meant: a value that several facets share belongs to the one asked about."""
    if pending is not None and pending.key in parsed.alternatives:
        return pending.key
    return parsed.facet


def _rounded(wish: Constraint, catalog: Catalog) -> Constraint:
    """Return a whole number of which there is none as what is called so: 13 inches are 13.3 and 13.6."""
    facet = catalog.facets[wish.facet]
    if (
        facet.kind is not FacetKind.NUMBER
        or wish.operator is not Operator.EQ
        or facet.key == "price"
    ):
        return wish
    value = float(wish.values[0])
    numbers = catalog.column(facet.key).levels
    called = numbers[(numbers >= value) & (numbers < value + 1)]
    if not value.is_integer() or not len(called) or value in called:
        return wish
    return replace(wish, operator=Operator.BETWEEN, values=(value, float(called.max())))


def _wish(
    parsed: ParsedConstraint,
    state: DialogueState,
    pending: Facet | None,
    offers: Sequence[ChoiceEffect],
) -> Constraint:
    """Return the wish; a plain answer to the question is a preference, the rest is what was said.

    A limit of the shopper's own making is no plain answer: it is meant as it was said.
    """
    key = _facet_of(parsed, pending)
    operator = Operator(parsed.operator)
    answer = (
        pending is not None
        and key == pending.key
        and operator not in (Operator.NE, Operator.NOT_IN)
        and not parsed.lasting
        and not own_limit(operator, parsed.values, offers)
    )
    return Constraint(
        facet=key,
        operator=operator,
        values=parsed.values,
        unit=parsed.unit,
        strength=Strength.PREFER if answer else Strength(parsed.strength),
        origin=Origin.ANSWER if answer else Origin.SAID,
        turn=state.turn,
        lasting=parsed.lasting,
    )


def _from_critiques(
    message: ParsedMessage, state: DialogueState, catalog: Catalog
) -> tuple[list[Constraint], list[str]]:
    """Turn "cheaper" into a bound at what is shown: the product pointed to, else the middle one.

    A number said beside it is the bound: "something cheap under 1000".

    Returns the bounds, and the facets of which those products say nothing.
    """
    facet_keys = {constraint.facet for constraint in message.constraints}
    if any(quantity.unit is None for quantity in message.quantities):
        facet_keys.add("price")
    results: list[Constraint] = []
    unmeasured: list[str] = []
    pointed = pointed_to(message, state, catalog)
    for critique in message.critiques:
        if critique.facet in facet_keys:
            continue
        facet = catalog.facets.get(critique.facet)
        ids = pointed or ((state.focus,) if state.focus else state.last_shown)
        numbers = [
            float(value)
            for product in (catalog.position(product_id) for product_id in ids)
            if product is not None and facet is not None and facet.kind is FacetKind.NUMBER
            for value in catalog.products[product].facets.get(facet.key, ())[:1]
        ]
        if facet is None or not numbers:
            unmeasured.append(critique.facet)
            continue
        results.append(
            Constraint(
                facet=facet.key,
                operator=Operator.LT if critique.direction < 0 else Operator.GT,
                values=(float(median(numbers)),),
                unit=facet.unit,
                turn=state.turn,
            )
        )
    return results, unmeasured


def _label_said(
    text: str, offers: Sequence[ChoiceEffect], pending: Facet, state: DialogueState
) -> Constraint | None:
    """Take a text that contains the label of exactly one offered answer for that answer."""
    spoken_text = plain(text)
    if spoken_text.count(" ") > _WORDY + 1:
        return None
    hits: dict[str, ChoiceEffect] = {}
    for offer in offers:
        if offer.kind != "value" or isinstance(offer.values[0], bool):
            continue
        label = " ".join(
            words(
                f"{offer.values[0]:g}"
                if isinstance(offer.values[0], float)
                else str(offer.values[0])
            )
        )
        if label and f" {label} " in spoken_text:
            hits[label] = offer
    longest = max(hits, key=len, default=None)
    if longest is None or any(label not in longest for label in hits):
        return None
    return offered(hits[longest], pending, state.turn)


def is_bare_answer(text: str, state: DialogueState) -> bool:
    """Whether a text is an offered answer and nearly nothing else ("make it repeat, please")."""
    spoken_words = words(text)
    for offer in _pending_offers(state):
        value = offer.values[0] if offer.kind == "value" else None
        if isinstance(value, str):
            label = words(value)
            contained = f" {' '.join(label)} " in plain(text)
            if label and contained and len(spoken_words) - len(label) <= MOST_CARRIERS:
                return True
    return False


MOST_CARRIERS = 3
"""Words around a bare answer: "I'd like ... please"."""


def _yes_or_no(acts: set[str], pending: Facet, state: DialogueState) -> Constraint | None:
    if pending.kind is not FacetKind.FLAG or not acts & {"affirm", "deny"}:
        return None
    offer = ChoiceEffect(kind="value", facet=pending.key, values=("affirm" in acts,))
    return offered(offer, pending, state.turn)


def beside(
    catalog: Catalog, state: DialogueState, understood: MessageEffect
) -> tuple[Constraint, ...]:
    """Return the wishes that an answer to "and another colour with it?" stands beside.

    Without this a new value would replace the value held.
    """
    facet = catalog.facets.get(state.pending)
    if understood.answer != "value" or facet is None or facet.kind is not FacetKind.CATEGORY:
        return ()
    offer = next(
        (question.values for question in reversed(state.asked) if question.facet == facet.key), ()
    )
    new = {value for wish in understood.wishes if wish.facet == facet.key for value in wish.values}
    if not new or not new <= set(offer):
        return ()
    return tuple(
        wish
        for wish in state.constraints
        if wish.facet == facet.key
        and wish.origin is Origin.ANSWER
        and not set(wish.values) & set(offer)
    )
