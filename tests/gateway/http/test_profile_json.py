"""Remembered wishes in words."""

from __future__ import annotations

import pytest

from assistant.gateway.http.profile_json import wish_text
from assistant.gateway.wording import GatewayWording
from catalog.types import Constraint, Facet, FacetKind, Operator

PRICE = Facet(key="price", label="price", kind=FacetKind.NUMBER, unit="EUR")


@pytest.mark.parametrize(
    ("operator", "values", "words"),
    [
        (Operator.LT, (20.0,), "price: under 20 EUR"),
        (Operator.LE, (19.9,), "price: at most 19.9 EUR"),
        (Operator.GT, (5.0,), "price: over 5 EUR"),
        (Operator.GE, (1000.0,), "price: at least 1000 EUR"),
        (Operator.BETWEEN, (10.0, 20.0), "price: 10 EUR to 20 EUR"),
        (Operator.IN, (10.0, 20.0), "price: 10 EUR or 20 EUR"),
    ],
)
def test_wish_text_words_numbers(operator, values, words):
    wish = Constraint(facet="price", operator=operator, values=values, unit="EUR")
    assert wish_text(wish, PRICE, GatewayWording(), "en") == words


def test_wish_text_words_values_the_shop_no_longer_has():
    wish = Constraint(facet="grape_variety", operator=Operator.NE, values=("Merlot",))
    assert wish_text(wish, None, GatewayWording(), "en") == "grape variety: not Merlot"
    assert wish_text(wish, None, GatewayWording(), "de-AT") == "grape variety: nicht Merlot"


def test_wish_text_words_flags():
    wish = Constraint(facet="vegan", operator=Operator.EQ, values=(True,))
    assert wish_text(wish, None, GatewayWording(), "en") == "vegan: yes"
