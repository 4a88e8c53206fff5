"""What the advisor sees in a turn: the wishes that hold, the candidates they leave, the next question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from assistant.advisor.constraint_merge import effective
from assistant.advisor.state import DialogueState
from assistant.advisor.types import AskedQuestion, Profile
from catalog.parsing.text import language
from catalog.ranking.candidates import Answered, CandidateSet, Channel, indifference, weigh
from catalog.ranking.merchandising import Merchandising, merchandise, pinned_first
from catalog.ranking.questions import FacetQuestion, QuestionLimits, rank_questions
from catalog.store import Catalog, Mask
from catalog.types import Constraint, FacetKind, Operator, Origin, Value

CARDS = 5
"""Products shown in a turn."""
SIBLINGS = 4
"""So many times as many products are looked at to find some of different names."""
NEARLY = 0.9
"""Share of the weight of a product from which another one of a new name is shown in its place."""
LEADING = 0.97
"""Weight above which one product clearly leads."""
MOST_TIMES = 2
"""A question that was passed by comes back, with other answers, at most so many times in all."""
MOST_FINER = 2
"""A facet that was answered comes back finer, or for another value beside, at most so many times."""
OPENING_FACTOR = 2.5
"""A question that no seller would open with comes first only when it is worth so many times what theirs is."""
PLAUSIBLE = 0.01
"""Share of the best weight from which a product that breaks a wish is still worth a question."""


class MeaningSearch(Protocol):
    """Search by meaning over the products; ``catalog.search.search.Search`` has this shape."""

    def relevance(self, text: str) -> NDArray[np.float32] | None:
        """Return [n] how well each product suits a text, larger is better; None where it cannot."""
        ...

    def mentioned(self, text: str) -> list[int]:
        """Return the positions of the products whose title the text names, best first."""
        ...

    def numbered(self, code: str) -> int | None:
        """Return the position of the product with an item number, letters and digits only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """The search as it stands in this turn."""

    wishes: tuple[Constraint, ...]
    """Every wish that holds, the profile's included."""
    from_profile: tuple[Constraint, ...]
    """Those that come from the profile."""
    candidates: CandidateSet
    """What they leave."""
    pool: Mask
    """[n] The products a question would be about: those that meet everything, else the nearest."""
    nearest: bool
    """True when everything that meets all wishes has been shown before."""
    catalog: Catalog
    """The shop."""
    merchandising: Merchandising | None = None
    """The shop's rules of the day; None when none holds."""

    def exact(self) -> SearchView:
        """The same, with questions about what meets every wish and nothing else."""
        return replace(self, pool=self.candidates.fitting, nearest=False)

    def best(self, count: int, *, leave_out: Mask | None = None) -> list[int]:
        """Positions of the products to show, best first; those the shop pins lead where they fit."""
        best = self.candidates.best(SIBLINGS * count, leave_out=leave_out)
        return self.pinned(self._unlike(best, count), count, leave_out=leave_out)

    def _unlike(self, rows: list[int], count: int) -> list[int]:
        """The first positions, where a name that is there already waits for another one nearly as good.

        Five times the same name is no choice, unless nothing else comes near.
        """
        open_rows, chosen, called = list(rows), list[int](), set[str]()
        while open_rows and len(chosen) < count:
            least = float(self.candidates.weights[open_rows[0]]) * NEARLY
            fresh = (row for row in open_rows if self._name(row) not in called)
            other = next(fresh, open_rows[0])
            row = other if float(self.candidates.weights[other]) >= least else open_rows[0]
            open_rows.remove(row)
            chosen.append(row)
            called.add(self._name(row))
        return chosen

    def _name(self, row: int) -> str:
        return self.catalog.products[row].title.casefold()

    def pinned(self, rows: list[int], count: int, *, leave_out: Mask | None = None) -> list[int]:
        """The same positions, behind those that the shop pins and that fit."""
        if self.merchandising is None:
            return rows[:count]
        fitting = self.candidates.fitting
        fitting = fitting if leave_out is None else fitting & ~leave_out
        return pinned_first(self.merchandising.pins, fitting, rows, count)

    def paid(self, row: int | None) -> bool:
        """Whether somebody pays for the product being seen."""
        return (
            self.merchandising is not None
            and row is not None
            and bool(self.merchandising.paid[row])
        )

    @property
    def remaining(self) -> int:
        """Products that meet every wish."""
        return self.candidates.remaining


def build_view(
    catalog: Catalog,
    state: DialogueState,
    profile: Profile | None,
    search: MeaningSearch | None,
    day: date | None = None,
) -> SearchView:
    """Weigh the products by everything said and by the shop's rules of a day, today by default."""
    wishes, from_profile = effective(
        state.constraints,
        profile,
        gift=state.gift,
        lifted=state.profile_overridden,
        facets=catalog.facets,
    )
    times_shown = _rows(catalog, state)
    meaning = None
    if state.meaning and search is not None:
        meaning = search.relevance("; ".join(state.meaning))
    channel = channel_of(state)
    rules = merchandise(catalog, day or datetime.now(UTC).astimezone().date())
    candidates = weigh(
        catalog,
        wishes,
        prior=None if rules is None else rules.prior,
        hidden=None if rules is None else rules.hidden,
        shown=times_shown,
        meaning=meaning,
        answered=answers_given(state, wishes),
        channel=channel,
    )
    displayed = np.zeros(len(catalog), dtype=bool)
    displayed[list(times_shown)] = True
    pool = candidates.fitting
    nearest = bool(pool.any()) and not bool((pool & ~displayed).any())
    if nearest:
        near = candidates.weights > candidates.weights.max() * PLAUSIBLE
        nearest = bool((near & ~displayed).any())
        pool = near if nearest else pool
    return SearchView(
        catalog=catalog,
        wishes=wishes,
        from_profile=from_profile,
        candidates=candidates,
        pool=pool,
        nearest=nearest,
        merchandising=rules,
    )


def channel_of(state: DialogueState) -> Channel:
    """Return how this shopper answers, by how often they had no opinion so far."""
    answers = [question.answer for question in state.asked if question.answer != "open"]
    indifferent = sum(answer != "value" for answer in answers)
    return Channel(no_opinion=indifference(len(answers), indifferent))


def answers_given(state: DialogueState, wishes: Sequence[Constraint]) -> list[Answered]:
    """Return the questions that were answered with something on offer, or with "I don't mind".

    A question that came back finer tells twice: the coarse answer still counts beside the fine one.
    Whatever was said otherwise since is a wish, and weighed as one.
    """
    wishes_of: dict[str, list[Constraint]] = {}
    for wish in wishes:
        wishes_of.setdefault(wish.facet, []).append(wish)
    results = []
    for question in state.asked:
        answer: int | None = None
        if question.answer == "value":
            answer = _given(question, wishes_of.get(question.facet, []))
            if answer is None:
                continue
        elif question.answer != "any" or not (question.values or question.ranges):
            continue
        results.append(
            Answered(
                facet=question.facet, values=question.values, ranges=question.ranges, answer=answer
            )
        )
    return results


def _given(asked: AskedQuestion, held: list[Constraint]) -> int | None:
    """Return which answer on offer was given, by the wishes held now; None when it was another.

    Of several wishes about one facet the first belongs to the first question about it.
    """
    if not held or any(wish.origin is not Origin.ANSWER for wish in held):
        return None
    wish = held.pop(0) if len(held) > 1 else held[0]
    return _place(asked, wish)


def _place(asked: AskedQuestion, wish: Constraint) -> int | None:
    """Return which of the answers on offer holds the wish; None when none does."""
    if wish.operator is Operator.EQ and len(wish.values) == 1:
        value = wish.values[0]
        for place, offered_value in enumerate(asked.values):
            if offered_value == value and isinstance(offered_value, bool) == isinstance(
                value, bool
            ):
                return place
        low = high = cast("float", value)
    else:
        low, high = _bounds(wish)
    if isinstance(low, str) or isinstance(high, str):
        return None
    for place, (least, most) in enumerate(asked.ranges, start=len(asked.values)):
        above = least is None or (low is not None and low >= least)
        below = most is None or (high is not None and (high < most or (low != high == most)))
        if above and below:
            return place
    return None


def _bounds(wish: Constraint) -> tuple[Any, Any]:
    """Return the lower and upper bound of a wish about a number; None is open."""
    match wish.operator:
        case Operator.LT | Operator.LE:
            return None, wish.values[0]
        case Operator.GT | Operator.GE:
            return wish.values[0], None
        case _:
            return wish.values[0], wish.values[-1]


def _rows(catalog: Catalog, state: DialogueState) -> dict[int, int]:
    rows = {
        catalog.position(product_id): times for product_id, times in (state.shown or {}).items()
    }
    return {row: times for row, times in rows.items() if row is not None}


def next_question(catalog: Catalog, state: DialogueState, view: SearchView) -> list[FacetQuestion]:
    """Return the questions worth asking now, best first; empty when it is time to choose.

    Nothing is asked when what is left can be looked at in one go, or when one product leads.
    """
    count = int(view.pool.sum())
    if count <= CARDS or float(view.candidates.weights.max(initial=0.0)) >= LEADING:
        return []
    ranked = rank_questions(
        catalog.narrowed(view.wishes),
        view.candidates,
        pool=view.pool,
        asking=asking(catalog, state, view),
        shown=view.best(CARDS),
        channel=channel_of(state),
    )
    opening = not state.asked and not view.wishes
    return _seller_first(ranked, catalog) if opening else ranked


def _seller_first(ranked: list[FacetQuestion], catalog: Catalog) -> list[FacetQuestion]:
    """Return the questions with one in front that a seller would open with, unless another is worth much more."""
    names = language(catalog.config.locale).opening_names
    usual = [
        question
        for question in ranked
        if {question.facet.key, *question.facet.names} & names
        and question.value * OPENING_FACTOR >= ranked[0].value
    ]
    return usual[:1] + [question for question in ranked if question not in usual[:1]]


def asking(catalog: Catalog, state: DialogueState, view: SearchView) -> QuestionLimits:
    """Return the facets not to be asked, and those that may come back finer.

    Only an earlier answer comes back finer; what somebody volunteered is what it is.
    """
    closed = {question.facet for question in state.asked if question.answer in ("any", "unknown")}
    passed_by = Counter(question.facet for question in state.asked if question.answer == "open")
    closed |= {key for key, times in passed_by.items() if times >= MOST_TIMES}
    ranges: dict[str, tuple[float | None, float | None]] = {}
    besides: dict[str, list[Value]] = {}
    for wish in view.wishes:
        facet = catalog.facets.get(wish.facet)
        if facet is None or wish.origin is not Origin.ANSWER:
            closed.add(wish.facet)
        elif facet.kind is FacetKind.NUMBER and wish.operator is not Operator.EQ:
            ranges[wish.facet] = _bounds(wish)
        elif facet.kind is FacetKind.CATEGORY and wish.operator is Operator.EQ:
            besides.setdefault(wish.facet, []).extend(wish.values)
        else:
            closed.add(wish.facet)
    times = Counter(question.facet for question in state.asked if question.answer == "value")
    closed |= {key for key, count in times.items() if count > MOST_FINER}
    if view.nearest:
        closed |= _settled(catalog, besides)
    return QuestionLimits(
        not_askable=closed,
        times=times,
        signatures=[question.signature for question in state.asked],
        ranges=ranges,
        combined_with=besides,
    )


def _settled(catalog: Catalog, answered: Collection[str]) -> set[str]:
    """Return the categories that an answer settles.

    Who chose a country is not asked for a region of another one.
    """
    categories = [key for key, facet in catalog.facets.items() if facet.kind is FacetKind.CATEGORY]
    return {
        key
        for key in categories
        for other in answered
        if key != other and (catalog.determines(key, other) or catalog.determines(other, key))
    }
