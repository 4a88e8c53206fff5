"""The next question, computed from the products that remain.

    value(facet) = I(P; A) * knowable(facet) * weight(facet)

I(P; A) is the mutual information, in bits, between the product meant P, distributed as the candidate
weights, and the answer A that the shopper would give, under the noise model of ``catalog.candidates``:
a shopper whose product has the offered value says so with probability 1 - e + e/K and picks each of
the K answers by mistake with probability e/K. Products that none of the answers describes are
answered with "I don't mind", which tells nothing, so a facet that few products have is worth little.

Sources: Kohlmaier, Schmitt and Bergmann, "A similarity-based approach to attribute selection in
user-adaptive sales dialogs" (ICCBR 2001) for gain times the chance of an answer; MacKay, "Information
Theory, Inference, and Learning Algorithms" (2003), section 8 and 9, for the mutual information of a
noisy channel; Christakopoulou and others, "Towards conversational recommender systems" (KDD 2016),
for asking by expected change over a belief rather than over a filtered list.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.candidates import ANSWER_NOISE, CandidateSet
from catalog.store import Catalog, Column, Mask
from catalog.types import Facet, FacetKind, Value

MOST_VALUES = 7
"""Answers offered for a category: more are not read."""
MOST_RANGES = 5
"""Ranges offered for a number."""
LEAST_GAIN = 0.05
"""Bits below which no question is worth its answer."""
FINER_NEEDS = 4.0
"""A facet comes back finer only where its known values span this many distinct numbers or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One possible answer to a question, not yet worded."""

    value: Value | None = None
    """The value meant; None for a range."""
    minimum: float | None = None
    """Of a range: lower bound, inclusive; None is open."""
    maximum: float | None = None
    """Of a range: upper bound, exclusive; None is open."""
    count: int
    """Products behind it among those the question is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetQuestion:
    """A facet with the answers worth offering and what asking it is worth."""

    facet: Facet
    """What is asked about."""
    answers: tuple[Answer, ...]
    """At least two, each with products behind it."""
    gain: float
    """Expected information in bits."""
    value: float
    """Gain times the chance of an answer times the shop's weight; what questions are ordered by."""

    @property
    def signature(self) -> str:
        """Names facet and answers, so that the same question is never put twice."""
        parts = sorted(
            f"{a.minimum}..{a.maximum}" if a.value is None else repr(a.value) for a in self.answers
        )
        return f"{self.facet.key}|" + "|".join(parts)


def rank_questions(
    catalog: Catalog,
    candidates: CandidateSet,
    *,
    pool: Mask,
    closed: Collection[str] = (),
    signatures: Collection[str] = (),
    ranges: Mapping[str, tuple[float | None, float | None]] | None = None,
) -> list[FacetQuestion]:
    """Return every facet worth asking, the best first.

    Args:
        catalog: The shop.
        candidates: The weights after everything said so far.
        pool: [n] The products the question is about; an answer is offered only if one is behind it.
        closed: Facets not to be asked: answered with a value, or with "I don't mind".
        signatures: Questions already put.
        ranges: Number facet -> the range it was narrowed to, within which it may be asked finer.

    Returns:
        Questions whose value is at least ``LEAST_GAIN`` bits; empty when none is worth its answer.
    """
    questions = []
    weights = np.where(pool, candidates.weights, 0.0)
    mass = float(weights.sum())
    if mass <= 0:
        return []
    weights = weights / mass
    for facet in catalog.facets.values():
        if not facet.askable or facet.weight <= 0 or facet.key in closed:
            continue
        column = catalog.column(facet.key)
        inside = (ranges or {}).get(facet.key)
        answers, member = _answers(facet, column, weights, pool, inside)
        if len(answers) < 2:
            continue
        gain = information_gain(member, column.rows, weights, len(answers), single=column.single)
        question = FacetQuestion(
            facet=facet, answers=answers, gain=gain, value=gain * facet.knowable * facet.weight
        )
        if question.value >= LEAST_GAIN and question.signature not in signatures:
            questions.append(question)
    return sorted(questions, key=lambda question: (-question.value, question.facet.key))


def information_gain(
    member: NDArray[np.int32],
    rows: NDArray[np.int32],
    weights: NDArray[np.float64],
    answers: int,
    *,
    noise: float = ANSWER_NOISE,
    single: bool = False,
) -> float:
    """Mutual information in bits between the product meant and the answer.

    Args:
        member: [pairs] Index of the answer each (product, value) pair falls under, -1 for none.
        rows: [pairs] Product of each pair.
        weights: [n] Probability of each product; sums to 1.
        answers: Number of answers K.
        noise: Share e of answers given by mistake, uniformly over the K answers.
        single: True when no product stands in more than one pair.
    """
    total = len(weights)
    used = member >= 0
    row, answer = rows[used], member[used]
    if not single:
        keys = np.unique(row.astype(np.int64) * answers + answer)
        row, answer = keys // answers, keys % answers
    held = np.bincount(row, minlength=total)
    described = held > 0
    mass = float(weights[described].sum())
    if mass <= 0:
        return 0.0
    share = np.zeros(total)
    share[described] = weights[described] / held[described]
    told = np.bincount(answer, weights=share[row], minlength=answers) / mass
    marginal = (1 - noise) * told + noise / answers
    entropy = -float(
        np.sum(marginal * np.log2(marginal, where=marginal > 0, out=np.zeros(answers)))
    )
    conditional = float(
        sum(
            weights[held == count].sum() / mass * _noise_entropy(int(count), answers, noise)
            for count in (range(1, 2) if single else np.unique(held[described]))
        )
    )
    return max(0.0, mass * (entropy - conditional))


def _noise_entropy(held: int, answers: int, noise: float) -> float:
    """Entropy in bits of the answer of somebody whose product has ``held`` of the K answers."""
    right = (1 - noise) / held + noise / answers
    wrong = noise / answers
    bits = -held * right * math.log2(right)
    if wrong > 0 and answers > held:
        bits -= (answers - held) * wrong * math.log2(wrong)
    return bits


def _answers(
    facet: Facet,
    column: Column,
    weights: NDArray[np.float64],
    pool: Mask,
    inside: tuple[float | None, float | None] | None,
) -> tuple[tuple[Answer, ...], NDArray[np.int32]]:
    """Return the answers worth offering, and for each pair of the column the one it falls under."""
    if facet.kind is FacetKind.NUMBER:
        return _number_answers(column, weights, pool, inside)
    return _value_answers(column, weights, pool)


def _value_answers(
    column: Column, weights: NDArray[np.float64], pool: Mask
) -> tuple[tuple[Answer, ...], NDArray[np.int32]]:
    live = pool[column.rows]
    size = len(column.values)
    counts = np.bincount(column.codes[live], minlength=size)
    mass = np.bincount(column.codes[live], weights=weights[column.rows[live]], minlength=size)
    order = [int(code) for code in np.lexsort((np.arange(size), -counts, -mass)) if counts[code]]
    offered = order[:MOST_VALUES]
    place = np.full(size, -1, dtype=np.int32)
    place[offered] = np.arange(len(offered), dtype=np.int32)
    member = np.where(live, place[column.codes], -1).astype(np.int32)
    answers = tuple(Answer(value=column.values[c], count=int(counts[c])) for c in offered)
    return answers, member


def _number_answers(
    column: Column,
    weights: NDArray[np.float64],
    pool: Mask,
    inside: tuple[float | None, float | None] | None,
) -> tuple[tuple[Answer, ...], NDArray[np.int32]]:
    low, high = inside or (None, None)
    live = pool[column.rows] & _within(column.numbers, low, high)
    nothing: tuple[tuple[Answer, ...], NDArray[np.int32]] = ((), np.zeros(0, dtype=np.int32))
    numbers = column.numbers[live]
    distinct = np.unique(numbers)
    if len(distinct) < 2 or (inside and len(distinct) < FINER_NEEDS):
        return nothing
    rows = column.rows[live]
    if len(distinct) <= MOST_VALUES and inside is None:
        member = np.full(len(column.rows), -1, dtype=np.int32)
        member[live] = np.searchsorted(distinct, numbers)
        counts = _counts(rows, member[live], len(distinct), single=column.single)
        answers = tuple(
            Answer(value=float(v), count=n) for v, n in zip(distinct, counts, strict=True)
        )
        return answers, member
    cuts = choose_cuts(numbers, weights[rows], MOST_RANGES if inside is None else 3)
    if not cuts:
        return nothing
    member = np.full(len(column.rows), -1, dtype=np.int32)
    member[live] = np.searchsorted(np.array(cuts), numbers, side="right")
    counts = _counts(rows, member[live], len(cuts) + 1, single=column.single)
    edges: list[float | None] = [low, *cuts, high]
    answers = tuple(
        Answer(
            minimum=edges[place],
            maximum=edges[place + 1],
            count=counts[place],
        )
        for place in range(len(cuts) + 1)
    )
    return answers, member


def _counts(
    rows: NDArray[np.int32], member: NDArray[np.int32], answers: int, *, single: bool
) -> list[int]:
    """Products under each answer; one with two values in a range counts once."""
    if not single:
        member = np.unique(rows.astype(np.int64) * answers + member) % answers
    return [int(count) for count in np.bincount(member, minlength=answers)]


def _within(numbers: NDArray[np.float64], low: float | None, high: float | None) -> Mask:
    inside = np.ones(len(numbers), dtype=bool)
    if low is not None:
        inside &= numbers >= low
    if high is not None:
        inside &= numbers < high
    return inside


def choose_cuts(
    numbers: NDArray[np.float64], weights: NDArray[np.float64], ranges: int
) -> list[float]:
    """Cut numbers where the candidates are, at round figures.

    Args:
        numbers: [pairs] The live values.
        weights: [pairs] Their weights.
        ranges: At most so many ranges.

    Returns:
        Ascending cut points, each with live values on both sides; possibly fewer than asked for.
    """
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    heavy = weights[order] + 1e-12
    cumulative = np.cumsum(heavy) / heavy.sum()
    slack = 0.25 / ranges
    steps = np.arange(1, ranges) / ranges
    last = len(ordered) - 1
    below, middle, above = (
        ordered[np.minimum(np.searchsorted(cumulative, steps + shift), last)]
        for shift in (-slack, 0.0, slack)
    )
    cuts: list[float] = []
    bound = -math.inf
    for low, centre, high in zip(below, middle, above, strict=True):
        cut = roundest(float(low), float(high), float(centre))
        between = np.searchsorted(ordered, cut) - np.searchsorted(ordered, bound)
        if cut > bound and between > 0 and ordered[last] >= cut:
            cuts.append(cut)
            bound = cut
    return cuts


def roundest(low: float, high: float, middle: float) -> float:
    """Return the number in (low, high] with the fewest figures, the nearest to the middle of those."""
    if high <= low:
        return middle
    for exponent in range(math.floor(math.log10(max(abs(high), abs(low), 1e-9))) + 1, -7, -1):
        for step in (5.0, 2.0, 1.0):
            unit = step * 10.0**exponent
            first, last = math.floor(low / unit) + 1, math.floor(high / unit)
            if last >= first:
                nearest = min(max(round(middle / unit), first), last)
                return float(round(nearest * unit, max(0, -exponent)))
    return middle


def options_offered(questions: Iterable[FacetQuestion]) -> dict[str, int]:
    """Facet -> number of answers, for the record of what was asked."""
    return {question.facet.key: len(question.answers) for question in questions}
