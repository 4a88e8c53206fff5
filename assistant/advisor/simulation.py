"""Simulated shoppers: each has one product in mind and answers as its description says, or by mistake.

Measures what a shop can expect before it goes live: how soon the wanted product is among those shown,
which questions are put, and what they tell. Plain policies with hard filters play the same shoppers.
The method is that of Christakopoulou and others, "Towards conversational recommender systems" (KDD 2016).

The shopper is the simplest that errs: a mistake is an answer on offer picked at random, and whoever
knows no answer says "I don't mind". Real mistakes are nearer to the truth than that (a neighbouring
price range, a similar colour), and real shoppers also say what they want unasked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.advisor.search_view import CARDS, build_view
from assistant.advisor.state import DialogueState
from assistant.advisor.turn import Advisor, TurnOutcome
from assistant.advisor.types import Move, Option, OptionKind
from catalog.ranking.candidates import placed
from catalog.store import Catalog, Mask
from catalog.types import FacetKind, Product

MOST_QUESTIONS = 10
"""Turns after which a shopper gives up."""
PLAIN_ANSWERS = 6
"""Answers that a plain policy offers."""
POLICIES = ("entropy", "fixed", "random")
"""Plain policies: the facet of the largest entropy, the facets in their order, in random order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedShopper:
    """Somebody with a product in mind."""

    wanted: Product
    """What they are looking for."""
    wrong: float
    """Chance, 0 to 1, of an answer picked at random."""
    unsure: float
    """Chance, 0 to 1, of "I don't mind" whatever is asked."""

    def choose(self, facet: str, options: Sequence[Option], rng: random.Random) -> Option:
        """Return the quick reply this shopper picks."""
        anything = next(option for option in options if option.kind is OptionKind.ANY)
        real = [option for option in options if option.kind is not OptionKind.ANY]
        if rng.random() < self.unsure:
            return anything
        if rng.random() < self.wrong:
            return rng.choice(real)
        values = self.wanted.facets.get(facet, ())
        return next((reply for reply in real if _describes(reply, values)), anything)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one dialogue."""

    questions_needed: int | None
    """Questions until the wanted product was among the first shown; None when it never was."""
    facets: tuple[str, ...] = ()
    """What was asked about, in order; "" where the shopper had to ask for more."""
    bits: tuple[float, ...] = ()
    """How much surer each of these turns made which product is meant, in bits; negative when less."""


def play(
    advisor: Advisor,
    shoppers: Sequence[SimulatedShopper],
    rng: random.Random,
    *,
    questions: int = MOST_QUESTIONS,
    progress: Callable[[int], None] | None = None,
) -> list[Played]:
    """Let every shopper talk to the advisor.

    Args:
        advisor: The shop's advisor.
        shoppers: Who talks.
        rng: Decides on mistakes.
        questions: Turns after which a shopper gives up.
        progress: Told how many have finished.
    """
    opening = advisor.take_turn(DialogueState(), move=Move.OPEN)
    opening = advisor.take_turn(opening.state, move=Move.GREET)
    played = []
    for number, shopper in enumerate(shoppers, start=1):
        played.append(_talk(advisor, shopper, opening, rng, questions))
        if progress is not None:
            progress(number)
    return played


def _talk(
    advisor: Advisor,
    shopper: SimulatedShopper,
    outcome: TurnOutcome,
    rng: random.Random,
    questions: int,
) -> Played:
    facets: list[str] = []
    bits: list[float] = []
    before = _uncertainty(advisor.catalog, outcome.state)
    while True:
        reply = outcome.reply
        product_ids = [product.product.id for product in reply.products[:CARDS]]
        if shopper.wanted.id in product_ids:
            return Played(questions_needed=len(facets), facets=tuple(facets), bits=tuple(bits))
        if len(facets) >= questions or not (reply.question or product_ids):
            return Played(questions_needed=None, facets=tuple(facets), bits=tuple(bits))
        if reply.question is None:
            facets.append("")
            outcome = advisor.take_turn(outcome.state, move=Move.MORE)
        else:
            facets.append(reply.question.facet)
            option = shopper.choose(reply.question.facet, reply.question.options, rng)
            outcome = advisor.take_turn(outcome.state, move=Move.CHOOSE, choice_id=option.choice_id)
        after = _uncertainty(advisor.catalog, outcome.state)
        bits.append(before - after)
        before = after


def _uncertainty(catalog: Catalog, state: DialogueState) -> float:
    """Entropy, in bits, of which product is meant."""
    weights = build_view(catalog, state, None, None).candidates.weights
    positive = weights[weights > 0]
    return float(-(positive * np.log2(positive)).sum())


def _describes(option: Option, values: Sequence[object]) -> bool:
    if option.kind is OptionKind.VALUE:
        return any(
            value == option.value and isinstance(value, bool) == isinstance(option.value, bool)
            for value in values
        )
    return any(
        isinstance(value, float | int)
        and (option.min is None or value >= option.min)
        and (option.max is None or value < option.max)
        for value in values
    )


# ---- plain policies on the same table: hard filters, each facet once ----


def play_plain(
    catalog: Catalog,
    policy: str,
    shoppers: Sequence[SimulatedShopper],
    rng: random.Random,
    *,
    questions: int = MOST_QUESTIONS,
) -> list[Played]:
    """Let every shopper talk to a plain policy, one of ``POLICIES``."""
    facets = [key for key, facet in catalog.facets.items() if facet.askable and facet.weight > 0]
    return [_talk_plain(catalog, policy, shopper, facets, rng, questions) for shopper in shoppers]


def _talk_plain(
    catalog: Catalog,
    policy: str,
    shopper: SimulatedShopper,
    facets: Sequence[str],
    rng: random.Random,
    questions: int,
) -> Played:
    remaining: Mask = np.ones(len(catalog), dtype=bool)
    wanted = catalog.position(shopper.wanted.id)
    order = list(facets)
    if policy == "random":
        rng.shuffle(order)
    facet_keys: list[str] = []
    for number in range(questions + 1):
        if wanted in np.flatnonzero(remaining)[:CARDS]:
            return Played(questions_needed=number, facets=tuple(facet_keys))
        best = _plain_question(
            catalog, remaining, [key for key in order if key not in facet_keys], policy
        )
        if best is None:
            break
        key, member, answers = best
        facet_keys.append(key)
        column = catalog.column(key)
        true = [int(place) for place in member[column.rows == wanted] if place >= 0]
        if not true or rng.random() < shopper.unsure:
            continue
        answer = rng.choice(answers) if rng.random() < shopper.wrong else true[0]
        remaining = remaining & (column.rows_where(member == answer) | ~column.presence)
    return Played(questions_needed=None, facets=tuple(facet_keys))


def _plain_question(
    catalog: Catalog, left: Mask, keys: Sequence[str], policy: str
) -> tuple[str, NDArray[np.signedinteger[Any]], list[int]] | None:
    """Return (facet, answer of each pair, answers alive): the first that splits, or the best."""
    best: tuple[float, str, NDArray[np.signedinteger[Any]], list[int]] | None = None
    for key in keys:
        member = _plain_answers(catalog, left, key)
        live = left[catalog.column(key).rows] & (member >= 0)
        counts = np.bincount(member[live], minlength=2)
        if np.count_nonzero(counts) < 2:
            continue
        shares = counts[counts > 0] / counts.sum()
        entropy = float(-(shares * np.log2(shares)).sum())
        if best is None or (policy == "entropy" and entropy > best[0]):
            best = (entropy, key, member, [int(place) for place in np.flatnonzero(counts)])
        if policy != "entropy":
            break
    return None if best is None else best[1:]


def _plain_answers(catalog: Catalog, left: Mask, key: str) -> NDArray[np.signedinteger[Any]]:
    """Return [pairs] the answer each value falls under: the most frequent values, or quantiles."""
    column = catalog.column(key)
    live = left[column.rows]
    if catalog.facets[key].kind is FacetKind.NUMBER:
        numbers = column.numbers[live]
        distinct = np.unique(numbers)
        if len(distinct) <= PLAIN_ANSWERS:
            return placed(column, [float(number) for number in distinct], ())
        cuts = np.unique(np.quantile(numbers, [0.2, 0.4, 0.6, 0.8]))
        return np.searchsorted(cuts, column.numbers, side="right")
    counts = np.bincount(column.codes[live], minlength=len(column.values))
    order = np.argsort(-counts, kind="stable")
    at = np.full(len(column.values), PLAIN_ANSWERS, dtype=np.int64)
    at[order[:PLAIN_ANSWERS]] = np.arange(min(PLAIN_ANSWERS, len(order)))
    return at[column.codes]


# ---- what came of them ----


def success(played: Sequence[Played], questions: int) -> float:
    """Share of the shoppers who saw their product after at most so many questions."""
    hits = sum(
        dialogue.questions_needed is not None and dialogue.questions_needed <= questions
        for dialogue in played
    )
    return hits / max(1, len(played))


def mean_questions(played: Sequence[Played], questions: int = MOST_QUESTIONS) -> float:
    """Mean number of questions; whoever gave up counts as one more than the most."""
    counts = [
        questions + 1 if dialogue.questions_needed is None else dialogue.questions_needed
        for dialogue in played
    ]
    return sum(counts) / max(1, len(counts))
