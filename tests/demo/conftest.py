import csv

import pytest

from assistant.demo import build
from assistant.demo.wines import make_wines, origins


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def rows(shop_folder):
    with (shop_folder / "feed.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def wines():
    return make_wines()


@pytest.fixture(scope="session")
def regions():
    return list(origins())
