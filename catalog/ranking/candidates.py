"""Which product is meant? Every product's weight, given all that was said, and the ones that meet it all.

The weight of a product is proportional to the probability that it is the one the shopper will be
happy with: a prior times, for every wish, how likely that wish would be if this product were meant
(a naive Bayes model with answer noise, as in Kohlmaier, Schmitt and Bergmann, "A similarity-based
approach to attribute selection", 2001, and Zou and Kanoulas, "Learning to ask: question-based
sequential Bayesian product search", CIKM 2019). People contradict the description of the thing they
want in 12 to 17 of 100 answers, so one broken wish lowers a product and does not remove it; only a
wish stated as a must removes.

How a shopper answers a question with K answers on offer (``Channel``), if product p is meant and h of
the answers describe it:

    P("I don't mind" | p)  = u                           h > 0
                           = u + (1 - u)(1 - e)          h = 0, the catalog knows p and says none of these
                           = u + (1 - u)(1 - e)(1 - s)   the catalog is silent about p
    P(answer | p)          = (1 - u)((1 - e)/h + e/K)    the answer describes p
                           = (1 - u) e/K                 it does not
                           = (1 - u)(e + s - es)/K       the catalog is silent

u is the chance of having no opinion, e the chance of a mistake, s how often somebody knows the answer
for a thing whose description leaves it out. The same channel values a question before it is asked
(``catalog.ranking.questions``) and weighs its answer afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.store import Catalog, FacetColumn, Mask
from catalog.types import Constraint, Operator, Origin, Strength, Value

ANSWER_NOISE = 0.15
"""Share of answers to questions that contradict the product people want."""
NO_OPINION = 0.2
"""Share of questions to which people have no answer, before this shopper has shown how it is with them."""
OPINION_PRIOR = 5.0
"""Answers of this shopper after which their own indifference counts as much as everybody's."""
SILENT_KNOWN = 0.3
"""How often somebody knows an answer that the description of the product they want leaves out."""
SHOWN_AGAIN = 0.1
"""How likely a shopper goes on although the wanted product stood among the few just shown."""
NOT_SAID = 0.9
"""How likely a product is meant of which the catalog does not say whether it has what is refused."""
SOLD_OUT = 0.01
"""How likely a shopper is happy with a product that cannot be had now."""
MEANING_SHARPNESS = 8.0
"""How fast the weight falls with the distance from a wish in free words."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How a kind of wish bears on a product: factors relative to a product that meets it."""

    broken: float
    """For a product that is known to break the wish."""
    unknown: float
    """For a product of which the catalog does not say."""


BELIEFS: Mapping[tuple[Origin, Strength], Belief] = {
    (Origin.SAID, Strength.MUST): Belief(broken=0.002, unknown=0.02),
    (Origin.SAID, Strength.PREFER): Belief(broken=0.3, unknown=0.5),
    (Origin.ANSWER, Strength.MUST): Belief(broken=0.002, unknown=0.02),
    (Origin.ANSWER, Strength.PREFER): Belief(broken=0.05, unknown=0.1),
    (Origin.PROFILE, Strength.MUST): Belief(broken=0.002, unknown=0.02),
    (Origin.PROFILE, Strength.PREFER): Belief(broken=0.6, unknown=0.8),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """How a shopper answers a question; the formulas are in the module's docstring."""

    mistake: float = ANSWER_NOISE
    """e, the chance of an answer at random."""
    no_opinion: float = NO_OPINION
    """u, the chance of "I don't mind" whatever is meant."""
    silent_known: float = SILENT_KNOWN
    """s, the chance of an answer where the catalog is silent."""

    def of(self, held: NDArray[np.signedinteger[Any]], answers: int) -> NDArray[np.float64]:
        """Return [len(held)] the chance of one answer that describes a product, by how many do."""
        right = (1 - self.mistake) / np.maximum(held, 1)
        return np.asarray((1 - self.no_opinion) * (right + self.mistake / answers))

    def wrong(self, answers: int) -> float:
        """Return the chance of one answer that does not describe the product."""
        return (1 - self.no_opinion) * self.mistake / answers

    def silent(self, answers: int) -> float:
        """Return the chance of one answer where the catalog is silent."""
        answer_chance = self.mistake + self.silent_known - self.mistake * self.silent_known
        return (1 - self.no_opinion) * answer_chance / answers

    def indifferent(self) -> tuple[float, float, float]:
        """Return the chance of "I don't mind": described, known and not described, silent."""
        escape = (1 - self.no_opinion) * (1 - self.mistake)
        return (
            self.no_opinion,
            self.no_opinion + escape,
            self.no_opinion + escape * (1 - self.silent_known),
        )


def indifference(answers: int, indifferent: int) -> float:
    """Return the chance that this shopper has no opinion, learnt from how they answered so far.

    Somebody who keeps saying "I don't mind" says it from indifference, and then it tells little
    about the product they want.

    Args:
        answers: Questions answered in any way.
        indifferent: Those answered with "I don't mind".
    """
    return (NO_OPINION * OPINION_PRIOR + indifferent) / (OPINION_PRIOR + answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question that was put, and which of its answers was given."""

    facet: str
    """Facet key."""
    values: tuple[Value, ...] = ()
    """Values that were on offer."""
    ranges: tuple[tuple[float | None, float | None], ...] = ()
    """Ranges that were on offer: lower bound inclusive, upper exclusive, None open."""
    answer: int | None = None
    """Index of the answer among values, then ranges; None for "I don't mind"."""


@dataclass(frozen=True, slots=True)
class CandidateSet:
    """Every product with its weight, and the subsets that matter for what is shown and asked."""

    weights: NDArray[np.float64]
    """[n] Probability that the product is the one meant; sums to 1, 0 for excluded products."""
    allowed: Mask
    """[n] Meets every must."""
    fitting: Mask
    """[n] Meets every wish, musts and preferences, and can be had."""
    broken: NDArray[np.int32]
    """[n] Number of wishes the product does not meet."""
    met: tuple[Mask, ...] = ()
    """For each wish, in their order, [n] True where the product meets it."""

    @property
    def remaining(self) -> int:
        """How many products meet every wish."""
        return int(np.count_nonzero(self.fitting))

    def best(self, count: int, *, leave_out: Mask | None = None) -> list[int]:
        """Positions of the heaviest allowed products, best first; equals stay in the shop's order.

        No choice of ``count`` products holds the wanted one with a greater chance.

        Args:
            count: At most so many.
            leave_out: [n] True for products not to be taken.
        """
        open_weights = np.where(self.allowed, self.weights, -1.0).astype(np.float32)
        if leave_out is not None:
            open_weights[leave_out] = -1.0
        results: list[int] = []
        while len(open_weights) and len(results) < count:
            row = int(open_weights.argmax())
            if open_weights[row] < 0:
                break
            results.append(row)
            open_weights[row] = -1.0
        return results


def weigh(  # noqa: C901 - one factor after the other, each of a line or two
    catalog: Catalog,
    constraints: Sequence[Constraint],
    *,
    shown: Mapping[int, int] | None = None,
    meaning: NDArray[np.float32] | None = None,
    answered: Sequence[Answered] = (),
    channel: Channel | None = None,
    prior: NDArray[np.float64] | None = None,
    hidden: Mask | None = None,
) -> CandidateSet:
    """Weigh every product by all that was said.

    Args:
        catalog: The shop.
        constraints: Every wish held now.
        shown: Position -> how often the product was shown and the shopper went on.
        meaning: [n] How well each product suits the wishes in free words; None without.
        answered: Questions and their answers. A preference that answers one of them is weighed by
            the answers that were on offer, which tells more than the wish alone.
        channel: How this shopper answers; None for what people do on average.
        prior: [n] How likely each product is before anything is said; None for all alike.
        hidden: [n] True for products the shop does not want shown; None for none.

    Returns:
        The weights and the subsets; ``allowed`` may be empty, which is for the caller to explain.
    """
    total = len(catalog)
    logs: NDArray[np.float32] = np.zeros(total, dtype=np.float32)
    if prior is not None:
        logs += np.log(np.maximum(prior, 1e-12))
    available = catalog.available
    if not available.all():
        logs[~available] += np.log(SOLD_OUT)
    allowed = np.ones(total, dtype=bool) if hidden is None else ~hidden
    fitting = available & allowed
    broken = np.zeros(total, dtype=np.int32)
    weighed = {answer.facet for answer in answered if answer.answer is not None}
    masks = tuple(catalog.matches(constraint) for constraint in constraints)
    for constraint, met in zip(constraints, masks, strict=True):
        unmet = ~met
        fitting &= met
        broken += unmet
        if constraint.strength is Strength.MUST:
            allowed &= met
        elif constraint.origin is Origin.ANSWER and constraint.facet in weighed:
            continue
        belief = BELIEFS[constraint.origin, constraint.strength]
        described = catalog.known(constraint.facet)
        refused = constraint.operator in (Operator.NE, Operator.NOT_IN)
        chances = (belief.unknown, belief.broken, NOT_SAID if refused else 1.0, 1.0)
        logs += np.log(np.array(chances, dtype=np.float32))[2 * met.view(np.int8) + described]
    for answer in answered:
        if answer.facet in catalog.facets:
            logs += answer_logs(catalog, answer, channel or Channel())
    if meaning is not None:
        logs += MEANING_SHARPNESS * (meaning - float(meaning.max()))
    for row, times in (shown or {}).items():
        logs[row] += times * float(np.log(SHOWN_AGAIN))
    if catalog.concerns_variants(constraints):
        together = catalog.fits(constraints)
        # Each wish is met, by another variant each: one is broken all the same.
        apart = fitting & ~together
        broken[apart] = 1
        logs[apart] += np.log(np.float32(BELIEFS[Origin.SAID, Strength.MUST].broken))
        fitting &= together
        allowed &= catalog.fits([wish for wish in constraints if wish.strength is Strength.MUST])
    weights = _normal(logs, allowed)
    return CandidateSet(weights=weights, allowed=allowed, fitting=fitting, broken=broken, met=masks)


def _normal(logs: NDArray[np.float32], allowed: Mask) -> NDArray[np.float64]:
    """Return the weights that belong to log weights; they sum to 1, or are 0 where none is allowed."""
    if not allowed.all():
        logs = np.where(allowed, logs, np.float32(-np.inf))
    top = float(logs.max(initial=-np.inf))
    if not np.isfinite(top):
        return np.zeros(len(logs))
    weights = np.exp(logs - np.float32(top)).astype(np.float64)
    return np.asarray(weights / weights.sum())


def answer_logs(catalog: Catalog, answered: Answered, channel: Channel) -> NDArray[np.float32]:
    """Return [n] the log chance of the answer given, for each product that could be meant."""
    answers = len(answered.values) + len(answered.ranges)
    kinds = tuple(type(value) for value in answered.values)
    key = (answered.facet, answered.values, kinds, answered.ranges, answered.answer)
    classes = catalog.memoised(key, lambda: _classes(catalog.column(answered.facet), answered))
    silent, missed = channel.silent(answers), channel.wrong(answers)
    hit = channel.of(np.arange(1, answers + 1, dtype=np.int32), answers)
    if answered.answer is None:
        described, missed, silent = channel.indifferent()
        hit = np.full(answers, described)
    table = np.log(np.maximum(np.concatenate(([silent, missed], hit)), 1e-9))
    return np.asarray(table.astype(np.float32)[classes])


def _classes(column: FacetColumn, answered: Answered) -> NDArray[np.int8]:
    """Return [n] how a product stands to an answer: 0 silent, 1 not described, 1 + h described by it.

    Of "I don't mind" the answer that describes a product is any that was on offer.
    """
    member = placed(column, answered.values, answered.ranges)
    if column.single:
        chosen = member >= 0 if answered.answer is None else member == answered.answer
        classes = column.presence.astype(np.int8)
        classes[column.rows[chosen]] = 2
        return classes
    member_pairs = member >= 0
    rows, places = column.rows[member_pairs], member[member_pairs]
    answers = len(answered.values) + len(answered.ranges)
    hits = np.zeros(len(column.presence) * answers, dtype=bool)
    hits[rows.astype(np.int64) * answers + places] = True
    grid = hits.reshape(-1, answers)
    answer_counts = grid.sum(axis=1, dtype=np.int8)
    described = (
        answer_counts if answered.answer is None else answer_counts * grid[:, answered.answer]
    )
    return np.asarray(np.where(column.presence, 1 + described, 0).astype(np.int8))


def placed(
    column: FacetColumn,
    values: Sequence[Value],
    ranges: Sequence[tuple[float | None, float | None]],
) -> NDArray[np.int16]:
    """Return [pairs] which of the answers each value falls under, values first, -1 for none."""
    if len(column.numbers):
        at = np.full(len(column.levels), -1, dtype=np.int16)
        for place, (low, high) in enumerate(ranges, start=len(values)):
            first = 0 if low is None else int(np.searchsorted(column.levels, low))
            last = len(at) if high is None else int(np.searchsorted(column.levels, high))
            at[first:last] = place
        for place, value in enumerate(values):
            at[np.isclose(column.levels, float(value))] = place
        return at[column.ranks]
    at = np.full(len(column.values), -1, dtype=np.int16)
    for code, column_value in enumerate(column.values):
        for place, value in enumerate(values):
            if column_value == value and isinstance(column_value, bool) == isinstance(value, bool):
                at[code] = place
    return at[column.codes]
