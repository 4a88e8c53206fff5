"""Fixtures of the advisor's tests; the shop and the talk are in ``shoes.py``."""

import pytest

from assistant.advisor.turn import Advisor
from tests.advisor.shoes import Talk, shoe_shop, spoken_wording


@pytest.fixture
def shoes():
    return shoe_shop()


@pytest.fixture
def advisor(shoes):
    return Advisor(shoes, spoken_wording())


@pytest.fixture
def talk(advisor):
    return Talk(advisor)
