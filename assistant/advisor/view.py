"""What the advisor sees in a turn: the wishes that hold, the candidates they leave, the next question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.advisor.state import DialogueState
from assistant.advisor.types import Profile
from assistant.advisor.wishes import effective
from catalog.candidates import CandidateSet, PassedOver, weigh
from catalog.questions import FacetQuestion, rank_questions
from catalog.store import Catalog, Mask
from catalog.types import Constraint, FacetKind, Operator, Origin

CARDS = 5
"""Products shown in a turn."""
LEADING = 0.97
"""Weight above which one product clearly leads."""
MOST_TIMES = 2
"""A question that was passed by comes back, with other answers, at most so many times in all."""
PLAUSIBLE = 0.01
"""Share of the best weight from which a product that breaks a wish is still worth a question."""


class MeaningSearch(Protocol):
    """Search by meaning over the products; ``catalog.search.Search`` has this shape."""

    def relevance(self, text: str) -> NDArray[np.float32] | None:
        """Return [n] how well each product suits a text, larger is better; None where it cannot."""
        ...

    def mentioned(self, text: str) -> list[int]:
        """Return the positions of the products whose title the text names, best first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
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

    @property
    def remaining(self) -> int:
        """Products that meet every wish."""
        return self.candidates.remaining


def look(
    catalog: Catalog,
    state: DialogueState,
    profile: Profile | None,
    search: MeaningSearch | None,
) -> View:
    """Weigh the products by everything said."""
    wishes, used = effective(
        state.constraints,
        profile,
        gift=state.gift,
        lifted=state.lifted,
        facets=catalog.facets,
    )
    shown = _rows(catalog, state)
    meaning = None
    if state.meaning and search is not None:
        meaning = search.relevance("; ".join(state.meaning))
    passed = [
        PassedOver(facet=asked.facet, values=asked.values, ranges=asked.ranges)
        for asked in state.asked
        if asked.answer == "any"
    ]
    candidates = weigh(
        catalog, wishes, shown=shown, meaning=meaning, options=state.offered, passed=passed
    )
    seen = np.zeros(len(catalog), dtype=bool)
    seen[list(shown)] = True
    pool = candidates.fitting
    nearest = bool(pool.any()) and not bool((pool & ~seen).any())
    if nearest:
        near = candidates.weights > candidates.weights.max() * PLAUSIBLE
        nearest = bool((near & ~seen).any())
        pool = near if nearest else pool
    return View(wishes=wishes, from_profile=used, candidates=candidates, pool=pool, nearest=nearest)


def _rows(catalog: Catalog, state: DialogueState) -> dict[int, int]:
    rows = {catalog.position(one): times for one, times in (state.shown or {}).items()}
    return {row: times for row, times in rows.items() if row is not None}


def next_question(catalog: Catalog, state: DialogueState, view: View) -> list[FacetQuestion]:
    """Return the questions worth asking now, best first; empty when it is time to choose.

    Nothing is asked when what is left can be looked at in one go, or when one product leads.
    """
    count = int(view.pool.sum())
    if count <= CARDS or float(view.candidates.weights.max(initial=0.0)) >= LEADING:
        return []
    closed, ranges = _closed(catalog, state, view)
    return rank_questions(
        catalog,
        view.candidates,
        pool=view.pool,
        closed=closed,
        signatures=[asked.signature for asked in state.asked],
        ranges=ranges,
    )


def _closed(
    catalog: Catalog, state: DialogueState, view: View
) -> tuple[set[str], dict[str, tuple[float | None, float | None]]]:
    """Return the facets not to be asked, and the number facets that may come back finer.

    Only the range of an earlier answer comes back finer; a limit somebody volunteered is what it is.
    """
    closed = {asked.facet for asked in state.asked if asked.answer in ("any", "unknown")}
    passed_by = Counter(asked.facet for asked in state.asked if asked.answer == "open")
    closed |= {key for key, times in passed_by.items() if times >= MOST_TIMES}
    ranges: dict[str, tuple[float | None, float | None]] = {}
    for wish in view.wishes:
        facet = catalog.facets.get(wish.facet)
        finer = (
            facet is not None
            and facet.kind is FacetKind.NUMBER
            and wish.origin is Origin.ANSWER
            and wish.operator is not Operator.EQ
        )
        if not finer or wish.facet in closed:
            closed.add(wish.facet)
            continue
        low, high = ranges.get(wish.facet, (None, None))
        match wish.operator:
            case Operator.LT | Operator.LE:
                high = float(wish.values[0])
            case Operator.GT | Operator.GE:
                low = float(wish.values[0])
            case _:
                low, high = float(wish.values[0]), float(wish.values[-1])
        ranges[wish.facet] = (low, high)
    return closed, {key: bounds for key, bounds in ranges.items() if key not in closed}
