"""Budgets: how much one address and one conversation may ask in a while."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from assistant.gateway.errors import GatewayError, TooMuch
from assistant.gateway.problems import of_refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Budgets in the words of the ``limits`` library: "60/minute", "5 per second"."""

    conversations: str = "60/minute"
    """New conversations and shoppers, by address."""
    messages: str = "120/minute"
    """Messages, by conversation."""
    requests: str = "1200/minute"
    """Requests of any kind, by address."""
    loopback: bool = False
    """Whether programs on this machine are held to them."""


@dataclass(slots=True)
class Throttle:
    """Counts requests in memory and refuses what is over budget.

    An address is the peer's, or the one a proxy on this machine says it speaks for (uvicorn puts that in
    its place; what strangers claim in ``X-Forwarded-For`` is not believed).
    """

    budgets: Budgets
    _items: dict[str, RateLimitItem] = field(init=False)
    _limiter: SlidingWindowCounterRateLimiter = field(init=False)

    def __post_init__(self) -> None:
        """Read the budgets."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items = {}
        for name in ("conversations", "messages", "requests"):
            budget = getattr(self.budgets, name)
            try:
                self._items[name] = parse(budget)
            except ValueError as error:
                raise GatewayError(
                    f"ASSISTANT_RATE_{name.upper()} is {budget!r}, which is no budget; "
                    'write it like "60/minute".'
                ) from error

    def exempt(self, address: str) -> bool:
        """Whether the address is this machine's own and those are not counted."""
        return not self.budgets.loopback and _is_loopback(address)

    async def spend(self, budget: str, address: str, key: str = "") -> None:
        """Count one request against a budget.

        Args:
            budget: "conversations", "messages" or "requests".
            address: where the request comes from.
            key: what is counted when it is not the address.

        Raises:
            TooMuch: the budget is used up.
        """
        if self.exempt(address):
            return
        item, key = self._items[budget], key or address
        if await self._limiter.hit(item, budget, key):
            return
        stats = await self._limiter.get_window_stats(item, budget, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooMuch(
            f"More than {item.amount} {budget} in {item.get_expiry()} s; try again in {wait} s.",
            retry_after=wait,
        )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class ThrottleRequests:
    """Holds every address to its budget of API requests, before anything of them is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            throttle: Throttle = scope["app"].state.services.throttle
            try:
                await throttle.spend("requests", (scope.get("client") or ("",))[0])
            except TooMuch as error:
                await of_refusal(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
