"""The gold messages are understood, by words alone, at least as well as before."""

from __future__ import annotations

import pytest

from nlu.parser import Parser
from tests.nlu.gold.reading import load_shops
from tests.nlu.gold.scoring import Score, score

ALL = {shop.name: shop for shop in load_shops()}
SHOPS = {name: shop for name, shop in ALL.items() if shop.vocabulary.language == "en"}


@pytest.fixture(scope="module")
def parsers(nlu_models):
    return {
        name: Parser.load(shop.vocabulary, language=shop.vocabulary.language, models=nlu_models)
        for name, shop in ALL.items()
    }


def test_gold_has_enough_messages():
    assert sum(len(s.develop) + len(s.report) for s in SHOPS.values()) >= 400
    assert len(SHOPS) >= 6


@pytest.mark.parametrize("part", ["develop", "report"])
def test_gold_is_understood(parsers, part):
    total = Score()
    for name, shop in SHOPS.items():
        total += score(parsers[name], getattr(shop, part))
    assert total.f1 >= 0.95
    assert total.share >= 0.88


@pytest.mark.parametrize("case", ["negated", "priced"])
def test_gold_cases_are_understood(parsers, case):
    total = Score()
    for name, shop in SHOPS.items():
        total += score(parsers[name], [m for m in shop.report if getattr(m, case)])
    assert total.f1 >= 0.95


def test_gold_is_understood_in_german(parsers):
    total = Score()
    for name, shop in ALL.items():
        if shop.vocabulary.language == "de":
            total += score(parsers[name], (*shop.develop, *shop.report))
    assert total.messages >= 50
    assert total.f1 >= 0.9
