"""Rate limits: no more than the budget in any stretch of time, counted by all gateways together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from assistant.stores.rate_limits import SqlRateLimits
from assistant.stores.tables import rate_windows

MINUTE = 60


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000 * MINUTE

    def __call__(self) -> float:
        return float(self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(stores, clock):
    return SqlRateLimits(stores.database, clock)


def allowed(
    limits, number: int, key: str = "mine", budget: str = "messages", amount: int = 4
) -> int:
    return sum(limits.spend(budget, key, amount=amount, seconds=MINUTE) == 0 for _ in range(number))


def test_budget_is_spent_and_comes_back(limits, clock):
    assert allowed(limits, 7) == 4
    assert 1 <= limits.spend("messages", "mine", amount=4, seconds=MINUTE) <= MINUTE
    assert allowed(limits, 1, key="other") == allowed(limits, 1, budget="requests") == 1
    clock.now += 2 * MINUTE
    assert allowed(limits, 7) == 4


def test_window_slides(limits, clock):
    clock.now += MINUTE - 1
    assert allowed(limits, 4) == 4
    clock.now += 2
    assert allowed(limits, 4) == 1, "the four of two seconds ago still count"
    clock.now += MINUTE // 2
    assert allowed(limits, 4) == 2


def test_wait_that_is_named_is_enough(limits, clock):
    allowed(limits, 4)
    clock.now += 17
    wait = limits.spend("messages", "mine", amount=4, seconds=MINUTE)
    clock.now += wait + MINUTE
    assert allowed(limits, 1) == 1


def test_clocks_of_two_machines_need_not_agree(stores, limits, clock):
    ahead = Clock()
    ahead.now = clock.now + MINUTE
    assert allowed(SqlRateLimits(stores.database, ahead), 3) == 3
    assert allowed(limits, 4) == 1


def test_two_gateways_spend_one_budget(stores, second):
    def spend(number: int) -> bool:
        by = (stores, second)[number % 2]
        return by.limits.spend("messages", "mine", amount=10, seconds=10**7) == 0

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(spend, range(40))) == 10


def test_what_says_nothing_any_more_is_deleted(limits, clock):
    allowed(limits, 1)
    assert limits.tidy() == 0
    clock.now += 2 * MINUTE + 1
    allowed(limits, 1, key="other")
    assert limits.tidy() == 1


def test_neither_address_nor_conversation_can_be_read(stores, limits, filling):
    conversation = filling.conversation()
    allowed(limits, 1, key=conversation.id)
    with stores.database.reading() as connection:
        (row,) = connection.execute(sa.select(rate_windows))
    assert conversation.id not in str(row)


def test_erased_shopper_leaves_no_count(stores, limits, filling):
    shopper_id, _ = stores.shoppers.create()
    mine, other = filling.conversation(shopper_id), filling.conversation()
    for conversation in (mine, other):
        allowed(limits, 1, key=conversation.id)
    assert limits.erase(shopper_id) == 1
    assert limits.erase(shopper_id) == 0
    with stores.database.reading() as connection:
        assert len(list(connection.execute(sa.select(rate_windows)))) == 1
