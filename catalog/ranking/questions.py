"""The next question, computed from the products that remain.

    value(facet) = I(P; A) * weight(facet)

I(P; A) is the mutual information, in bits, between the product meant P and the answer A that the
shopper would give through the channel of ``catalog.ranking.candidates``: one of the K answers on offer, by
mistake or not, or "I don't mind". The chance that this shopper can answer at all is part of the
channel, 1 - u = knowable(facet) * 0.7^t * (1 - no opinion), with t the times the facet was answered
before: a facet nobody knows about is worth nothing, and fewer know it ever more exactly.

P is distributed as the candidate weights *after* the products shown in the same turn were turned
down: what a question is for is the case that none of them was it. All products with weight count,
those that break an earlier answer too, since one answer in seven is wrong; the answers on offer come
from the products that meet everything, so nothing is offered that leads nowhere.

In large shops P is represented by ``SAMPLE`` draws (systematic resampling), so a turn costs the same
however many facets and products there are; the counts of what is asked are always exact.

Sources: Kohlmaier, Schmitt and Bergmann, "A similarity-based approach to attribute selection in
user-adaptive sales dialogs" (ICCBR 2001) for gain times the chance of an answer; MacKay, "Information
Theory, Inference, and Learning Algorithms" (2003), sections 8 and 9, for the mutual information of a
noisy channel; Christakopoulou and others, "Towards conversational recommender systems" (KDD 2016),
for asking by expected change over a belief rather than over a filtered list; Kitagawa, "Monte Carlo
filter and smoother" (1996), for systematic resampling.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.ranking.candidates import SHOWN_AGAIN, CandidateSet, Channel, placed
from catalog.store import Catalog, FacetColumn, Mask
from catalog.types import Facet, FacetKind, Value

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

MOST_VALUES = 9
"""Answers offered for a category: more are not read."""
MOST_RANGES = 6
"""Ranges offered for a number."""
LEAST_GAIN = 0.05
"""Bits below which no question is worth its answer."""
FINER_NEEDS = 3
"""A facet comes back finer only where this many distinct numbers or more are left."""
FINER_KNOWN = 0.7
"""Share of those who answered a facet that also know it more exactly, or a second value of it."""
EXACT = 5000
"""Products up to which every one of them counts."""
SAMPLE = 2048
"""Draws that represent the products of larger shops; gains are then right to about 3 %."""


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
    """Gain times the shop's weight; what questions are ordered by."""

    @property
    def signature(self) -> str:
        """Names facet and answers, so that the same question is never put twice."""
        parts = sorted(
            f"{a.minimum}..{a.maximum}" if a.value is None else repr(a.value) for a in self.answers
        )
        return f"{self.facet.key}|" + "|".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLimits:
    """What was asked before, and what that leaves to ask."""

    not_askable: Collection[str] = ()
    """Facets not to be asked: answered with a value, or with "I don't mind"."""
    signatures: Collection[str] = ()
    """Questions already put."""
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Number facet -> the range it was narrowed to, within which it may be asked finer."""
    times: Mapping[str, int] = field(default_factory=dict)
    """Facet -> how often it was answered; each time fewer people know it more exactly."""
    combined_with: Mapping[str, Collection[Value]] = field(default_factory=dict)
    """Category facet -> values wished for, beside which another may be asked for ("black, and another
    colour with it?"); only facets of which products have several values come back."""


@dataclass(frozen=True, slots=True)
class _Draws:
    """The products a gain is computed over."""

    rows: Ints
    """[d] Positions, ascending."""
    weights: NDArray[np.float64]
    """[d] Their weights; sums to 1."""
    pool: Mask
    """[d] True for the products the question is about."""
    everything: bool
    """True when these are all products, so that counts are exact."""


def rank_questions(
    catalog: Catalog,
    candidates: CandidateSet,
    *,
    pool: Mask,
    asking: QuestionLimits | None = None,
    shown: Sequence[int] = (),
    channel: Channel | None = None,
) -> list[FacetQuestion]:
    """Return every facet worth asking, the best first.

    Args:
        catalog: The shop.
        candidates: The weights after everything said so far.
        pool: [n] The products the question is about; an answer is offered only if one is behind it.
        asking: What was asked before; None at the start.
        shown: Positions of the products shown together with the question.
        channel: How this shopper answers; None for what people do on average.

    Returns:
        Questions whose value is at least ``LEAST_GAIN`` bits; empty when none is worth its answer.
        In shops with more than ``EXACT`` products only the best that can be put.
    """
    draws = _draw(candidates.weights, pool, shown)
    if draws is None:
        return []
    asking, channel = asking or QuestionLimits(), channel or Channel()
    results: list[tuple[FacetQuestion, FacetColumn]] = []
    for facet in catalog.facets.values():
        if not facet.askable or facet.weight <= 0 or facet.key in asking.not_askable:
            continue
        inside = asking.ranges.get(facet.key)
        wished_values = asking.combined_with.get(facet.key, ())
        column = catalog.column(facet.key)
        if wished_values and column.single:
            continue
        answer_chance = facet.knowable * FINER_KNOWN ** asking.times.get(facet.key, 0)
        aware = replace(channel, no_opinion=1 - answer_chance * (1 - channel.no_opinion))
        question = _question(
            facet, column, draws, aware, inside=inside, wished_values=wished_values
        )
        if question is not None and question.value >= LEAST_GAIN:
            results.append((question, column))
    results.sort(key=lambda ranked: (-ranked[0].value, ranked[0].facet.key))
    if draws.everything:
        return [ranked for ranked, _ in results if ranked.signature not in asking.signatures]
    for ranked, column in results:
        exact = _counted(ranked, column, pool)
        if len(exact.answers) > 1 and exact.signature not in asking.signatures:
            return [exact]
    return []


def _draw(weights: NDArray[np.float64], pool: Mask, shown: Sequence[int]) -> _Draws | None:
    """Represent the products by all of them or by draws in proportion to weight."""
    if shown:
        weights = weights.copy()
        weights[list(shown)] *= SHOWN_AGAIN
    total = float(weights.sum())
    if total <= 0 or not pool.any():
        return None
    if len(weights) <= EXACT:
        rows = np.arange(len(weights))
        return _Draws(rows, weights / total, pool, everything=True)
    edges = np.cumsum(weights)
    points = (np.arange(SAMPLE) + 0.5) * (edges[-1] / SAMPLE)
    drawn = np.minimum(np.searchsorted(edges, points), len(weights) - 1)
    # The pool decides what is offered, so it is represented even where little weight is on it.
    members = np.flatnonzero(pool)
    drawn = np.concatenate([drawn, members[:: max(1, len(members) // 256)]])
    rows = np.unique(drawn)
    share = np.zeros(len(rows))
    np.add.at(share, np.searchsorted(rows, drawn[:SAMPLE]), 1.0 / SAMPLE)
    return _Draws(rows, share, pool[rows], everything=False)


def information_gain(
    member: Ints,
    rows: Ints,
    weights: NDArray[np.float64],
    answers: int,
    *,
    channel: Channel,
) -> float:
    """Mutual information in bits between the product meant and the answer.

    Args:
        member: [pairs] Index of the answer each (product, value) pair falls under, -1 for none.
        rows: [pairs] Product of each pair; a product in no pair is one the catalog is silent about.
        weights: [n] Probability of each product; sums to 1.
        answers: Number of answers K on offer, "I don't mind" not counted.
        channel: How the shopper answers.
    """
    total = len(weights)
    in_answer = member >= 0
    row, answer = rows[in_answer], member[in_answer]
    answers_of = np.bincount(row, minlength=total)
    if answers_of.max(initial=0) > 1:
        row, answer = _once(row, answer, total, answers)
        answers_of = np.bincount(row, minlength=total)
    described = np.zeros(total, dtype=bool)
    described[rows] = True
    by_held = np.bincount(answers_of, weights=weights, minlength=answers + 1)
    silent = float(weights[~described].sum())
    undescribed = max(0.0, float(by_held[0]) - silent)
    sizes = np.arange(answers + 1)
    right, wrong, unknown = (
        channel.of(sizes, answers),
        channel.wrong(answers),
        channel.silent(answers),
    )
    opinionless = channel.indifferent()
    lift = (right - wrong)[answers_of[row]] * weights[row]
    answer_mass: Floats = np.bincount(answer, weights=lift, minlength=answers).astype(np.float64)
    answer_mass += wrong * (1.0 - silent) + unknown * silent
    any_mass = (1.0 - float(by_held[0])) * opinionless[0]
    any_mass += undescribed * opinionless[1] + silent * opinionless[2]
    entropy = bits(answer_mass).sum() + bits(any_mass)
    each = sizes * bits(right) + (answers - sizes) * bits(wrong) + bits(opinionless[0])
    conditional = float((by_held[1:] * each[1:]).sum())
    conditional += undescribed * float(answers * bits(wrong) + bits(opinionless[1]))
    conditional += silent * float(answers * bits(unknown) + bits(opinionless[2]))
    return max(0.0, float(entropy) - conditional)


def _once(rows: Ints, answer: Ints, total: int, answers: int) -> tuple[Ints, Ints]:
    """Return (row, answer) pairs, each once: a product with two values in one range counts once."""
    hits = np.zeros(total * answers, dtype=bool)
    hits[rows.astype(np.int64) * answers + answer] = True
    keys = np.flatnonzero(hits)
    return keys // answers, keys % answers


def bits(chance: Floats | float) -> NDArray[np.float64]:
    """Return -p log2 p, 0 at 0."""
    chance = np.maximum(chance, 0.0)
    return np.asarray(-chance * np.log2(np.maximum(chance, 1e-300)))


def _question(
    facet: Facet,
    column: FacetColumn,
    draws: _Draws,
    channel: Channel,
    *,
    inside: tuple[float | None, float | None] | None,
    wished_values: Collection[Value],
) -> FacetQuestion | None:
    """Return the facet with the answers worth offering; None where fewer than two are alive."""
    pairs, place = _pairs_of(column, draws)
    if facet.kind is FacetKind.NUMBER:
        answers, member = _number_answers(column, column.ranks[pairs], place, draws, inside)
    else:
        answers, member = _value_answers(column, column.codes[pairs], place, draws, wished_values)
    if len(answers) < 2:
        return None
    gain = information_gain(member, place, draws.weights, len(answers), channel=channel)
    return FacetQuestion(facet=facet, answers=answers, gain=gain, value=gain * facet.weight)


def _pairs_of(column: FacetColumn, draws: _Draws) -> tuple[Ints | slice, Ints]:
    """Return the column's pairs of the drawn products, and which draw each belongs to."""
    if draws.everything:
        return slice(None), column.rows
    first = column.starts[draws.rows]
    if column.single:
        place = np.flatnonzero(column.presence[draws.rows])
        return first[place], place
    times = column.starts[draws.rows + 1] - first
    place = np.repeat(np.arange(len(draws.rows)), times)
    offsets = np.repeat(first - np.concatenate(([0], np.cumsum(times)[:-1])), times)
    return offsets + np.arange(len(place)), place


def _value_answers(
    column: FacetColumn,
    codes: Ints,
    place: Ints,
    draws: _Draws,
    wished_values: Collection[Value],
) -> tuple[tuple[Answer, ...], Ints]:
    """Offer the values that most weight is on, among those with products behind them."""
    live = draws.pool[place]
    size = len(column.values)
    counts = np.bincount(codes[live], minlength=size)
    mass = np.bincount(codes[live], weights=draws.weights[place[live]], minlength=size)
    alive = np.flatnonzero(counts)
    if wished_values:
        alive = alive[[column.values[code] not in wished_values for code in alive]]
    order = alive[np.lexsort((alive, -counts[alive], -mass[alive]))]
    offered = [int(code) for code in order[:MOST_VALUES]]
    at = np.full(size, -1, dtype=np.int64)
    at[offered] = np.arange(len(offered))
    answers = tuple(Answer(value=column.values[c], count=int(counts[c])) for c in offered)
    return answers, at[codes]


def _number_answers(
    column: FacetColumn,
    ranks: Ints,
    place: Ints,
    draws: _Draws,
    inside: tuple[float | None, float | None] | None,
) -> tuple[tuple[Answer, ...], Ints]:
    """Offer the numbers themselves where they are few, else ranges cut where the weight is."""
    low, high = inside or (None, None)
    levels = column.levels
    first = 0 if low is None else int(np.searchsorted(levels, low))
    last = len(levels) if high is None else int(np.searchsorted(levels, high))
    live = draws.pool[place] & (ranks >= first) & (ranks < last)
    pair_weights = draws.weights[place[live]]
    mass: Floats = np.bincount(ranks[live], weights=pair_weights, minlength=len(levels)).astype(
        np.float64
    )
    alive = np.flatnonzero(np.bincount(ranks[live], minlength=len(levels)))
    nothing: tuple[tuple[Answer, ...], Ints] = ((), np.zeros(0, dtype=np.int64))
    if len(alive) < (2 if inside is None else FINER_NEEDS):
        return nothing
    at = np.full(len(levels), -1, dtype=np.int64)
    whole = bool((levels[alive] == np.round(levels[alive])).all())
    if len(alive) <= MOST_VALUES and (inside is None or whole):
        at[alive] = np.arange(len(alive))
        answers = [Answer(value=float(level), count=0) for level in levels[alive]]
    else:
        cuts = choose_cuts(levels[alive], mass[alive], MOST_RANGES)
        if not cuts:
            return nothing
        at[first:last] = np.searchsorted(np.array(cuts), levels[first:last], side="right")
        edges: list[float | None] = [low, *cuts, high]
        answers = [
            Answer(minimum=edges[spot], maximum=edges[spot + 1], count=0)
            for spot in range(len(cuts) + 1)
        ]
    member = at[ranks]
    _, answer_hits = _once(place[live], member[live], len(draws.rows), len(answers))
    counts = np.bincount(answer_hits, minlength=len(answers))
    counted = (replace(answer, count=int(n)) for answer, n in zip(answers, counts, strict=True))
    return tuple(counted), member


def _counted(question: FacetQuestion, column: FacetColumn, pool: Mask) -> FacetQuestion:
    """Return a question found on draws with the true counts, and without what nothing is behind."""
    values = [answer.value for answer in question.answers if answer.value is not None]
    ranges = [
        (answer.minimum, answer.maximum) for answer in question.answers if answer.value is None
    ]
    member = placed(column, values, ranges)
    live = (member >= 0) & pool[column.rows]
    answer_hits: Ints = member[live]
    if not column.single:
        _, answer_hits = _once(column.rows[live], answer_hits, len(pool), len(question.answers))
    counts = np.bincount(answer_hits, minlength=len(question.answers))
    answers = (replace(a, count=int(n)) for a, n in zip(question.answers, counts, strict=True))
    return replace(question, answers=tuple(answer for answer in answers if answer.count))


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
