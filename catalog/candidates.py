"""Which product is meant? Every product's weight, given all that was said, and the ones that meet it all.

The weight of a product is proportional to the probability that it is the one the shopper will be
happy with: a prior times, for every wish, how likely that wish would be if this product were meant
(a naive Bayes model with answer noise, as in Kohlmaier, Schmitt and Bergmann, "A similarity-based
approach to attribute selection", 2001, and Zou and Kanoulas, "Learning to ask: question-based
sequential Bayesian product search", CIKM 2019). People contradict the description of the thing they
want in 12 to 17 of 100 answers, so one broken wish lowers a product and does not remove it; only a
wish stated as a must removes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.store import Catalog, Mask
from catalog.types import Constraint, Operator, Origin, Strength, Value

ANSWER_NOISE = 0.15
"""Share of answers to questions that contradict the product people want."""
SHOWN_AGAIN = 0.25
"""How likely a shopper goes on asking although the wanted product has just been shown."""
SOLD_OUT = 0.01
"""How likely a shopper is happy with a product that cannot be had now."""
PASSED_OVER = 0.4
"""How likely somebody says "I don't mind" although an answer on offer describes the wanted product;
somebody whose product none of them describes has nothing else to choose."""
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
class PassedOver:
    """A question that was answered with "I don't mind"."""

    facet: str
    """Facet key."""
    values: tuple[Value, ...] = ()
    """Values that were on offer."""
    ranges: tuple[tuple[float | None, float | None], ...] = ()
    """Ranges that were on offer: lower bound inclusive, upper exclusive, None open."""


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
        return int(self.fitting.sum())

    def best(self, count: int, *, leave_out: Mask | None = None) -> list[int]:
        """Positions of the heaviest allowed products, best first.

        Args:
            count: At most so many.
            leave_out: [n] True for products not to be taken.
        """
        usable = self.allowed if leave_out is None else self.allowed & ~leave_out
        positions = np.flatnonzero(usable)
        if not len(positions):
            return []
        order = np.lexsort((positions, -np.round(self.weights[positions], 15)))
        return [int(row) for row in positions[order[:count]]]


def weigh(
    catalog: Catalog,
    constraints: Sequence[Constraint],
    *,
    shown: Mapping[int, int] | None = None,
    meaning: NDArray[np.float32] | None = None,
    options: Mapping[str, int] | None = None,
    passed: Sequence[PassedOver] = (),
) -> CandidateSet:
    """Weigh every product by all that was said.

    Args:
        catalog: The shop.
        constraints: Every wish held now.
        shown: Position -> how often the product was shown and the shopper went on.
        meaning: [n] How well each product suits the wishes in free words; None without.
        options: Facet -> number of answers its question offered, which sets the cost of a wrong one.
        passed: Questions answered with "I don't mind".

    Returns:
        The weights and the subsets; ``allowed`` may be empty, which is for the caller to explain.
    """
    total = len(catalog)
    logs = np.zeros(total)
    logs += np.where(catalog.available, 0.0, np.log(SOLD_OUT))
    allowed = np.ones(total, dtype=bool)
    fitting = catalog.available.copy()
    broken = np.zeros(total, dtype=np.int32)
    masks = tuple(catalog.matches(constraint) for constraint in constraints)
    for constraint, met in zip(constraints, masks, strict=True):
        known = catalog.known(constraint.facet)
        belief = _belief(constraint, (options or {}).get(constraint.facet))
        refusal = constraint.operator in (Operator.NE, Operator.NOT_IN)
        logs += np.log(np.where(met, 1.0, np.where(known, belief.broken, belief.unknown)))
        if refusal:
            logs += np.where(known, 0.0, np.log(0.9))
        fitting &= met
        broken += ~met
        if constraint.strength is Strength.MUST:
            allowed &= met
    for question in passed:
        logs[_described(catalog, question)] += np.log(PASSED_OVER)
    if meaning is not None:
        logs += MEANING_SHARPNESS * (meaning - float(meaning.max()))
    for row, times in (shown or {}).items():
        logs[row] += times * float(np.log(SHOWN_AGAIN))
    weights = np.where(allowed, np.exp(logs - logs[allowed].max() if allowed.any() else logs), 0.0)
    mass = float(weights.sum())
    if mass > 0:
        weights /= mass
    return CandidateSet(weights=weights, allowed=allowed, fitting=fitting, broken=broken, met=masks)


def _described(catalog: Catalog, question: PassedOver) -> Mask:
    """[n] True where one of the answers on offer describes the product."""
    described = np.zeros(len(catalog), dtype=bool)
    if question.facet not in catalog.facets:
        return described
    if question.values:
        wish = Constraint(facet=question.facet, operator=Operator.IN, values=question.values)
        described |= catalog.matches(wish)
    numbers = catalog.column(question.facet).numbers
    for low, high in question.ranges:
        pairs = np.ones(len(numbers), dtype=bool)
        if low is not None:
            pairs &= numbers >= low
        if high is not None:
            pairs &= numbers < high
        described |= catalog.column(question.facet).rows_where(pairs)
    return described


def _belief(constraint: Constraint, offered: int | None) -> Belief:
    """Return how much the wish is believed; a wrong answer among many is likelier noise per answer."""
    belief = BELIEFS[constraint.origin, constraint.strength]
    if constraint.origin is not Origin.ANSWER or constraint.strength is Strength.MUST:
        return belief
    answers = max(2, offered or 4)
    right = 1 - ANSWER_NOISE + ANSWER_NOISE / answers
    return Belief(broken=ANSWER_NOISE / answers / right, unknown=2 * ANSWER_NOISE / answers / right)
