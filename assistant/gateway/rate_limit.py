"""Budgets: how much one address and one conversation may ask in a while."""

from __future__ import annotations

import logging
import math
import re
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from assistant.gateway.errors import GatewayError, TooMuch
from assistant.gateway.problems import of_refusal
from assistant.stores.database_thread import DatabaseThread
from assistant.stores.errors import StoreUnavailable
from assistant.stores.ports import RateLimits

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

_HOST = re.compile(rb"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")
IPV6_LINE = 64
"""Bits of an IPv6 address that name a line; of the rest its owner may take any."""


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


class Throttle:
    """Counts requests, in memory and together with the other gateways, and refuses what is over budget.

    An address is the peer's, or the one a proxy on this machine says it speaks for (uvicorn puts that in
    its place; what strangers claim in ``X-Forwarded-For`` is not believed).

    Args:
        budgets: how much is allowed.
        limits: where all gateways count together.
        database: the thread that is used on.
    """

    def __init__(self, budgets: Budgets, limits: RateLimits, database: DatabaseThread) -> None:
        self._budgets, self._limits, self._database = budgets, limits, database
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items: dict[str, RateLimitItem] = {}
        for name in ("conversations", "messages", "requests"):
            budget = getattr(budgets, name)
            try:
                self._items[name] = parse(budget)
            except ValueError as error:
                raise GatewayError(
                    f"ASSISTANT_RATE_{name.upper()} is {budget!r}, which is no budget; "
                    'write it like "60/minute".'
                ) from error

    def exempt(self, address: str) -> bool:
        """Whether the address is this machine's own and those are not counted."""
        return not self._budgets.loopback and _is_loopback(address)

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
        item, key = self._items[budget], key or network_of(address)
        # What this gateway alone would refuse costs the database nothing, so a flood stops here.
        if not await self._limiter.hit(item, budget, key):
            stats = await self._limiter.get_window_stats(item, budget, key)
            raise _refusal(item, budget, max(1, math.ceil(stats.reset_time - time.time())))
        try:
            wait = await self._database.run(
                self._limits.spend, budget, key, amount=item.amount, seconds=item.get_expiry()
            )
        except StoreUnavailable as error:
            logger.warning("A request is counted by this gateway alone: %s", error)
            return
        if wait:
            raise _refusal(item, budget, wait)


def _refusal(item: RateLimitItem, budget: str, wait: int) -> TooMuch:
    return TooMuch(
        f"More than {item.amount} {budget} in {item.get_expiry()} s; try again in {wait} s.",
        retry_after=wait,
    )


def client_address(scope: Scope) -> str:
    """Where a request comes from: an address, or "" when a proxy here does not say for whom it asks.

    Such a proxy asks from this machine but for a public name; nobody is exempt then, and everybody
    behind it counts as one.
    """
    peer: str = (scope.get("client") or ("",))[0]
    if not _is_loopback(peer):
        return peer
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    name = urlsplit(f"//{host.decode('latin-1')}").hostname if _HOST.fullmatch(host) else ""
    return peer if name == "localhost" or _is_loopback(name or "") else ""


def network_of(address: str) -> str:
    """What is counted as one client: an IPv4 address, or the network a line of IPv6 gets whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), IPV6_LINE), strict=False))
    return str(parsed)


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


class ThrottleRequests:
    """Holds every address to its budget of API requests, before anything of them is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            throttle: Throttle = scope["app"].state.services.throttle
            try:
                await throttle.spend("requests", client_address(scope))
            except TooMuch as error:
                await of_refusal(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
