"""Every way to say a constraint means that constraint, in every shop."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.parser import Parser
from tests.nlu.gold.reading import load_shops

SHOPS = [shop for shop in load_shops() if shop.vocabulary.language == "en"]
relaxed = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PLAIN = ["{}", "{} please", "I'd like {}", "something {}", "looking for {}", "only {}", "{}!"]
REFUSED = ["not {}", "anything but {}", "no {} please", "I don't want {}", "everything except {}"]
RANGES = [
    ("under {}", "<"),
    ("less than {}", "<"),
    ("at most {}", "<="),
    ("no more than {}", "<="),
    ("up to {}", "<="),
    ("at least {}", ">="),
    ("{} or more", ">="),
    ("more than {}", ">"),
    ("over {}", ">"),
    ("{} max", "<="),
]
UNITS = {
    "cm": [("cm", 1.0), ("centimetres", 1.0), ("mm", 0.1), ("m", 100.0)],
    "in": [("in", 1.0), ("inches", 1.0), ('"', 1.0), ("ft", 12.0)],
    "g": [("g", 1.0), ("grams", 1.0), ("kg", 1000.0)],
    "ml": [("ml", 1.0), ("cl", 10.0), ("litres", 1000.0)],
    "h": [("hours", 1.0), ("h", 1.0)],
    "GB": [("GB", 1.0), ("gigs", 1.0), ("TB", 1000.0)],
    "mAh": [("mAh", 1.0)],
    "%": [("%", 1.0), ("percent", 1.0)],
}
MONEY = {
    "EUR": ["{} euros", "€{}", "{}€", "{} EUR"],
    "USD": ["{} dollars", "${}", "{} usd", "{} bucks"],
    "GBP": ["£{}", "{} pounds", "{} quid", "{} GBP"],
}


@pytest.fixture(scope="module")
def parsers(nlu_models):
    return {s.name: Parser.load(s.vocabulary, models=nlu_models) for s in SHOPS}


def categories():
    """(shop, facet, value, phrase) of every phrase that means one value of one facet."""
    for shop in SHOPS:
        said: dict[str, list] = {}
        for facet in shop.vocabulary.facets:
            for name in facet.names:
                said.setdefault(name, []).append(None)
            for value in facet.values:
                for phrase in value.phrases:
                    said.setdefault(phrase, []).append((facet, value.value))
        for phrase, meanings in said.items():
            if len(meanings) == 1 and meanings[0] and meanings[0][0].kind == "category":
                facet, value = meanings[0]
                yield shop.name, facet.key, value, phrase


def numbers():
    """(shop, facet, unit said, factor) of every number facet with a unit we can convert."""
    for shop in SHOPS:
        for facet in shop.vocabulary.facets:
            for said, factor in UNITS.get(facet.unit or "", ()):
                yield shop.name, facet.key, facet.names[0], said, factor


def wishes(message):
    return [(c.facet, c.operator, c.values) for c in message.constraints]


@given(case=st.sampled_from(list(categories())), frame=st.sampled_from(PLAIN))
@relaxed
def test_values_parse_back(parsers, case, frame):
    shop, facet, value, phrase = case
    assert wishes(parsers[shop].parse(frame.format(phrase))) == [(facet, "=", (value,))]


@given(case=st.sampled_from(list(categories())), frame=st.sampled_from(REFUSED))
@relaxed
def test_refused_values_parse_back(parsers, case, frame):
    shop, facet, value, phrase = case
    assert wishes(parsers[shop].parse(frame.format(phrase))) == [(facet, "!=", (value,))]


@given(
    case=st.sampled_from(list(numbers())), amount=st.integers(2, 900), frame=st.sampled_from(RANGES)
)
@relaxed
def test_measures_parse_back(parsers, case, amount, frame):
    shop, facet, name, unit, factor = case
    said, operator = frame
    message = parsers[shop].parse(f"{name} {said.format(f'{amount} {unit}')}")
    [(key, found, values)] = wishes(message)
    assert (key, found) == (facet, operator)
    assert values[0] == pytest.approx(amount * factor, rel=1e-3)


@given(
    shop=st.sampled_from([s.name for s in SHOPS]),
    amount=st.one_of(st.integers(2, 4000), st.decimals("2", "900", places=2)),
    frame=st.sampled_from(RANGES),
    money=st.integers(0, 3),
)
@relaxed
def test_prices_parse_back(parsers, shop, amount, frame, money):
    currency = next(s for s in SHOPS if s.name == shop).vocabulary.currency
    said, operator = frame
    message = parsers[shop].parse(said.format(MONEY[currency][money].format(amount)))
    assert wishes(message) == [("price", operator, (float(amount),))]


@given(
    shop=st.sampled_from([s.name for s in SHOPS]),
    low=st.integers(2, 400),
    more=st.integers(1, 400),
    frame=st.sampled_from(["between {} and {}", "{} to {}", "from {} to {}", "{}-{}"]),
)
@relaxed
def test_price_ranges_parse_back(parsers, shop, low, more, frame):
    currency = next(s for s in SHOPS if s.name == shop).vocabulary.currency
    text = frame.format(low, MONEY[currency][1 if currency != "GBP" else 0].format(low + more))
    assert wishes(parsers[shop].parse(text)) == [("price", "between", (low, low + more))]
