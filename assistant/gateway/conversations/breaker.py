"""A conversation whose turns take too long is not made to wait for every one of them."""

from __future__ import annotations

import time
from collections.abc import Callable

FAILURES_TO_OPEN = 5
"""Failures in a row that are no chance."""
REST_SECONDS = 5.0
"""The engine restarts in about this time."""
SLOW_SECONDS = 1.0
"""A failure that took longer counts for the breaker; a quick one costs the shopper nothing."""


class Breaker:
    """Stops asking an engine that does not answer, and lets one turn through now and then to see.

    One for each conversation: what one shopper wrote may be what takes so long.

    Only turns that cost the shopper time count: a refused connection is known at once anyway.

    Args:
        clock: seconds that only go forward; for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_from = 0.0

    def allows(self) -> bool:
        """Whether a turn may be sent; of those that ask after the rest, the first may."""
        if self._failures < FAILURES_TO_OPEN:
            return True
        if self._clock() < self._closed_from:
            return False
        self._closed_from = self._clock() + REST_SECONDS
        return True

    def succeeded(self) -> None:
        """Note that a turn was answered."""
        self._failures = 0

    def failed(self) -> None:
        """Note that a turn was not answered in time."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_from = self._clock() + REST_SECONDS
