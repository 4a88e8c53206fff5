"""A small wine shop's vocabulary and a parser trained once for all tests of language understanding."""

from __future__ import annotations

import pytest

from nlu.parser import Parser
from tests.nlu.shops import wine_vocabulary


@pytest.fixture(scope="session")
def nlu_models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def parser(nlu_models):
    return Parser.load(wine_vocabulary(), models=nlu_models)
