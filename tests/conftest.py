"""How the tests are spread over the processes that run them side by side."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.postgresql import (  # noqa: F401
    database_url,
    empty_postgresql,
    postgresql_port,
    postgresql_url,
)

FIRST = (
    "tests/conversations/test_faults.py",
    "tests/conversations/",
    "tests/widget/",
    "tests/dialogue/",
)
"""The longest, so they start first; what starts with one of these stays in one process."""


def group_of(nodeid: str) -> str:
    """Tests of one file stay together, and all that talk to the one running assistant."""
    file = nodeid.partition("::")[0]
    return next((start for start in FIRST if file.startswith(start)), file)


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """Take the place of the distribution that knows files alone."""
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones ahead: what starts last decides when all is over."""
    order = {start: place for place, start in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(group_of(item.nodeid), len(FIRST)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures that tests recorded, whichever process they ran in."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figure":
                terminalreporter.write_line(str(value))
