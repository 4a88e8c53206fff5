"""The fakes are importable, and no shop stays installed after a test."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _no_shop():
    from actions import services

    services._installed.clear()
    yield
    services._installed.clear()
