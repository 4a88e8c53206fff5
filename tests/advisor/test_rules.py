"""The shop's rules as a shopper and the staff notice them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.advisor.state import DialogueState
from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from assistant.advisor.wording import Wording
from catalog.store import Catalog
from catalog.types import Constraint, Operator, Rule, RuleAction
from tests.advisor.shoes import shoe_shop

WORDING = Path(__file__).parents[2] / "assistant" / "dialogue" / "wording"


def greeting(*rules: Rule):
    shop = shoe_shop()
    catalog = Catalog(replace(shop.config, rules=rules), shop.facets.values(), shop.products)
    advisor = Advisor(catalog, Wording.load(WORDING, "en"), None)
    outcome = advisor.take_turn(
        DialogueState(), move=Move.OPEN, message=None, choice_id=None, profile=None
    )
    return catalog, outcome.reply


@pytest.fixture
def colour() -> str:
    return str(shoe_shop().products[-1].facets["colour"][0])


def about(colour: str) -> Constraint:
    return Constraint(facet="colour", operator=Operator.IN, values=(colour,))


def test_every_rule_of_the_day_is_in_the_trace(colour):
    _, reply = greeting(Rule(name="Autumn", action=RuleAction.BURY, where=(about(colour),)))
    (rule,) = reply.trace["rules"]
    assert (rule["name"], rule["action"], rule["paid"]) == ("Autumn", "bury", False)
    assert rule["products"] >= 1


def test_what_is_paid_for_is_said_on_the_card_and_nowhere_else():
    last = shoe_shop().products[-1].id
    _, reply = greeting(Rule(name="Ad", action=RuleAction.PIN, products=(last,), paid=True))
    cards = {shown.product.id: shown.why for shown in reply.products}
    assert reply.products[0].product.id == last
    assert "paid" in cards[last]
    assert not any("paid" in why for one, why in cards.items() if one != last)
    assert reply.trace["rules"][0]["shown"] == 1


def test_what_is_hidden_is_neither_shown_nor_counted():
    everything, before = greeting()
    gone = before.products[0].product.id
    _, reply = greeting(Rule(name="Recall", action=RuleAction.HIDE, products=(gone,)))
    assert gone not in {shown.product.id for shown in reply.products}
    assert reply.remaining == before.remaining - 1 == len(everything) - 1
