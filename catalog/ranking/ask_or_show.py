"""One thing a turn: ask a question, or show products?

On a page both happen in every turn. Where only one fits (a voice, a text message, and the published
benchmarks of conversational recommendation) the next turn is whichever leaves fewer turns to expect:

    turns(n, h) = min( 1 + (1 - k/n) turns(n - k, h - 1),                        show k of n
                       1 + p turns(p n, h - 1) + (1 - p) turns((1 - p) n, h - 1) )   ask

for n products equally likely and h turns until patience ends, p the share that says yes to the best
question at hand; whoever is left when patience ends costs one turn more. With weights n is the
effective number of products, 2 to the entropy, and k/n what is really on the products to be shown.
Which question is asked is not decided here but by what it tells (``catalog.ranking.questions``).

Comparing what a list tells with what a question tells, both in bits, shows lists too early: the bits
of a list come mostly from the case that it ends the search, and those of a question always. The
recursion is dynamic programming on the halving game of MacKay, "Information Theory, Inference, and
Learning Algorithms" (2003), section 4.1.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.ranking.questions import Floats, bits

LIST = 10
"""Products shown in one turn where nothing else is."""
STEP = 0.05
"""Distance, in bits, between the numbers of products the recursion is worked out for."""
LARGEST = 21.0
"""Most bits it is worked out for: two million products."""
ALONE = 1e-9
"""Weight below which nothing is left beside what is shown."""


def flag_gains(yes: Floats, *, no_counts: bool = True) -> Floats:
    """Return [m] what asking about each of m yes-or-no facts tells, in bits, answers without mistakes.

    Equal to ``catalog.ranking.questions.information_gain`` of a facet whose two answers are yes and no.

    Args:
        yes: [m] Share of the weight on products that have the fact.
        no_counts: False where a "no" is taken for "I don't mind", and only a "yes" tells anything.
    """
    return bits(yes) + (bits(1 - yes) if no_counts else 0.0)


def ask_instead(
    weights: Floats,
    shown: NDArray[np.int64],
    yes: float,
    patience: int,
    *,
    no_counts: bool = True,
) -> bool:
    """Return whether the best question is expected to save turns against showing products.

    Args:
        weights: [n] Probability of each product; sums to 1.
        shown: Positions of the products that would be shown.
        yes: Share of the weight that says yes to the best question; 0 or 1 for none.
        patience: Turns left, this one included.
        no_counts: False where a "no" tells nothing.
    """
    chance_shown = float(weights[shown].sum())
    if patience <= 1 or chance_shown >= 1 - ALONE or not ALONE < yes < 1 - ALONE:
        return False
    effective = float(2 ** bits(weights).sum())
    ahead = _turns(round(min(max(yes, 0.01), 0.99), 2), patience - 1, len(shown), no_counts)
    showing = (1 - chance_shown) * _at(ahead, effective - len(shown))
    refused = effective if not no_counts else (1 - yes) * effective
    asking = yes * _at(ahead, yes * effective) + (1 - yes) * _at(ahead, refused)
    return bool(asking < showing)


@lru_cache(maxsize=4096)
def _turns(yes: float, patience: int, shown: int, no_counts: bool) -> Floats:  # noqa: FBT001  cached
    """Return the expected turns by the logarithm of the number of products, in steps of ``STEP``."""
    numbers = 2.0 ** np.arange(0, LARGEST + STEP, STEP)
    if patience == 0:
        return np.ones(len(numbers))
    ahead = _turns(yes, patience - 1, shown, no_counts)
    missed = np.maximum(0.0, 1 - shown / numbers)
    showing = missed * _at(ahead, numbers - shown)
    refused = numbers if not no_counts else (1 - yes) * numbers
    asking = yes * _at(ahead, yes * numbers) + (1 - yes) * _at(ahead, refused)
    return np.asarray(1 + np.minimum(showing, asking))


def _at(turns: Floats, numbers: Floats | float) -> Floats:
    places = np.log2(np.maximum(numbers, 1.0)) / STEP
    return np.asarray(np.interp(places, np.arange(len(turns)), turns))
