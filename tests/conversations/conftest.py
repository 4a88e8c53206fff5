"""One running assistant for all conversation tests; the tests that break it start their own."""

import pytest

from tests.conversations.house import House, demo_copy


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    shop = demo_copy(tmp_path_factory.mktemp("house"))
    with House(shop) as running:
        yield running


@pytest.fixture(scope="session")
def products(house):
    return house.products()
