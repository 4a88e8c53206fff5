"""What a number means that names no facet, as the shopper notices it."""

from dataclasses import replace

import pytest

from assistant.advisor import bare_numbers
from assistant.advisor.state import ChoiceEffect
from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, Operator, Product, ShopConfig
from nlu.types import Critique, Quantity
from tests.advisor.boats import boat_shop, boat_talk
from tests.advisor.shoes import Talk, spoken_wording, titles, wish


def number(low=None, high=None, unit=None, text="", said=""):
    start = text.find(said) if said else 0
    return Quantity(
        minimum=low, maximum=high, unit=unit, start=start, end=start + len(said or text)
    )


def read(quantity, pending="", offers=()):
    shop = boat_shop()
    facet = shop.facets.get(pending)
    return bare_numbers.read([quantity], shop, facet, offers, [], 3)


@pytest.mark.parametrize(
    ("quantity", "pending", "facet"),
    [
        (number(high=30000.0), "", "price"),
        (number(high=30000.0, unit="EUR"), "reach", "price"),
        (number(low=20000.0, high=30000.0), "reach", "price"),
        (number(low=20000.0, high=30000.0), "berths", "price"),
        (number(high=80.0), "reach", "reach"),
        (number(high=80.0, unit="km"), "reach", "reach"),
        (number(low=4.0, high=4.0), "berths", "berths"),
        (number(low=4.0, high=4.0, unit="person"), "berths", "berths"),
        (number(high=5000.0), "price", "price"),
    ],
)
def test_a_number_goes_to_what_it_can_be_a_number_of(quantity, pending, facet):
    wishes, unused = read(quantity, pending)
    assert [wish.facet for wish in wishes] == [facet]
    assert not unused


@pytest.mark.parametrize(
    ("quantity", "pending"),
    [
        (number(low=300.0, unit="hp"), "price"),
        (number(low=300.0, unit="hp"), "reach"),
        (number(low=300.0, unit="hp"), "berths"),
        (number(low=25.0), ""),
        (number(low=13.0, high=13.0, unit="in"), ""),
    ],
)
def test_a_number_of_something_else_is_nobodys(quantity, pending):
    wishes, unused = read(quantity, pending)
    assert not wishes
    assert unused == [quantity]


def test_a_bare_number_without_a_unit_is_not_worth_a_word():
    assert read(number(low=4.0, high=4.0)) == ([], [])


def test_a_range_on_offer_is_an_answer_and_an_own_limit_is_a_wish():
    offers = [ChoiceEffect(kind="range", facet="reach", values=(None, 60.0), answers=2)]
    (answer,), _ = read(number(high=60.0), "reach", offers)
    (limit,), _ = read(number(high=55.0), "reach", offers)
    assert (answer.strength, limit.strength) == ("prefer", "must")
    assert limit.operator is Operator.LT


def test_an_amount_nothing_can_be_measured_by_is_said_and_not_taken_for_money():
    talk = boat_talk()
    talk.open()
    text = "at least 300 hp"
    reply = talk.say(text, quantities=(number(low=300.0, unit="hp", text=text),))
    assert "“at least 300 hp”" in reply.text
    assert not reply.constraints
    assert reply.products


def test_an_amount_that_only_titles_state_is_looked_for_there():
    talk = boat_talk(b3={"title": "grey heron 75 hp"})
    talk.open()
    text = "75 horsepower"
    amount = number(low=75.0, high=75.0, unit="hp", text=text)
    reply = talk.say(text, quantities=(amount,))
    assert "measure" not in reply.text
    assert "“75 hp”" in reply.text


def test_an_age_the_catalog_lacks_is_said_and_not_taken_for_money():
    talk = boat_talk()
    talk.open()
    text = "older than 2019"
    age = replace(number(high=2019.0, text=text), unmeasured=True)
    reply = talk.say(text, quantities=(age,))
    assert "“older than 2019”" in reply.text
    assert not reply.constraints


def test_more_of_what_the_catalog_does_not_measure_is_said():
    talk = boat_talk()
    talk.open()
    faster = Critique(facet="speed", direction=1, start=0, end=6)
    reply = talk.say("faster", intent="critique", critiques=(faster,))
    assert "no figure for that" in reply.text
    assert reply.question is not None


def test_a_refusal_in_words_the_catalog_lacks_is_not_passed_over():
    talk = boat_talk()
    talk.open()
    reply = talk.say("no plastic", unwanted="plastic")
    assert "plastic" in reply.text
    assert titles(talk.turn(Move.THANK)) == titles(reply)


@pytest.mark.parametrize("unclaimed", [True, False])
def test_cheap_beside_a_limit_says_no_more_than_the_limit(unclaimed):
    talk = boat_talk()
    talk.open()
    cheap = Critique(facet="price", direction=-1, start=10, end=15)
    text = "something cheap under 9000"
    if unclaimed:
        reply = talk.say(text, critiques=(cheap,), quantities=(number(high=9000.0, text=text),))
    else:
        reply = talk.say(text, wish("price", "<", 9000.0), critiques=(cheap,))
    assert [(one.facet, one.values) for one, _ in reply.constraints] == [("price", (9000.0,))]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("we are 3 friends", None),
        ("there are 5 of us and a dog", None),
        ("it is for a party of 8", None),
        ("we're 6", None),
        ("3", 3.0),
        ("3 please", 3.0),
        ("around 30 or so", 30.0),
    ],
)
def test_a_number_that_counts_something_else_is_no_answer(text, limit):
    """Asked for the price, nobody means it by the friends who come along."""
    talk = boat_talk()
    talk.open()
    talk.state = replace(talk.state, pending="price")
    start = next(at for at, letter in enumerate(text) if letter.isdigit())
    end = start + len(text[start:].split()[0])
    number = float(text[start:end])
    quantity = Quantity(minimum=number, maximum=number, unit=None, start=start, end=end)
    talk.say(text, quantities=(quantity,))
    assert [wish.values for wish in talk.state.constraints] == ([] if limit is None else [(limit,)])


def laptops():
    def number(key, unit, *values):
        ends = {"minimum": min(values), "maximum": max(values)}
        return Facet(key=key, label=key, kind=FacetKind.NUMBER, unit=unit, names=(key,), **ends)

    rows = [(13.3, 8.0, 256.0), (13.6, 16.0, 512.0), (15.6, 32.0, 512.0)]
    products = [
        Product(
            id=f"L{n}",
            title=f"Laptop {n}",
            facets={"screen": (screen,), "ram": (ram,), "storage": (disk,)},
        )
        for n, (screen, ram, disk) in enumerate(rows)
    ]
    facets = [
        number("screen", "in", 13.3, 15.6),
        number("ram", "GB", 8.0, 32.0),
        number("storage", "GB", 256.0, 512.0),
    ]
    return Catalog(ShopConfig(name="Laps", currency="EUR"), facets, products)


@pytest.mark.parametrize(
    ("amount", "unit", "wish"),
    [
        (16.0, "GB", ("ram", "=", (16.0,))),
        (512.0, "GB", ("storage", "=", (512.0,))),
        (0.512, "TB", ("storage", "=", (512.0,))),
        (64.0, "GB", None),
        (13.3, "in", ("screen", "=", (13.3,))),
        (5.0, "kg", None),
    ],
)
def test_a_number_with_a_unit_belongs_to_the_one_facet_that_has_it(amount, unit, wish):
    quantity = Quantity(minimum=amount, maximum=amount, unit=unit, start=0, end=1)
    found, _ = bare_numbers.read([quantity], laptops(), None, (), [], 1)
    assert [(one.facet, one.operator, one.values) for one in found] == ([wish] if wish else [])


def test_a_whole_number_is_what_is_called_so():
    talk = Talk(Advisor(laptops(), spoken_wording()))
    talk.open()
    talk.say("13 inch", wish("screen", "=", 13.0, unit="in"))
    assert [held.values for held in talk.state.constraints] == [(13.0, 13.6)]
    talk = Talk(Advisor(laptops(), spoken_wording()))
    talk.open()
    talk.say("14 inch", wish("screen", "=", 14.0, unit="in"))
    assert [held.values for held in talk.state.constraints] == [(14.0,)]
