"""Merchandising rules: what they do to the order, and when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from catalog.errors import ShopError
from catalog.ranking.candidates import weigh
from catalog.ranking.merchandising import MOST, holds, merchandise, pinned_first
from catalog.storage.load import load_catalog
from catalog.storage.shop_file import read_shop_file
from catalog.store import Catalog
from catalog.types import (
    Availability,
    Constraint,
    Facet,
    FacetKind,
    FacetValue,
    Operator,
    Product,
    Rule,
    RuleAction,
    ShopConfig,
    Strength,
)

DAY = date(2026, 11, 22)
BRANDS = ("Lux", "Lux", "Nord", "Nord", "Ost")


def shop_with(*rules: Rule) -> Catalog:
    values = tuple(FacetValue(value=one, label=one, count=2) for one in ("Lux", "Nord", "Ost"))
    facets = [
        Facet(key="brand", label="brand", kind=FacetKind.CATEGORY, values=values),
        Facet(key="price", label="price", kind=FacetKind.NUMBER, minimum=10, maximum=50),
    ]
    products = [
        Product(
            id=f"p{row}",
            title=f"Lamp {row}",
            availability=Availability.IN_STOCK,
            facets={"brand": (brand,), "price": (10.0 * (row + 1),)},
        )
        for row, brand in enumerate(BRANDS)
    ]
    return Catalog(ShopConfig(name="s", currency="EUR", rules=rules), facets, products)


def wish(facet: str, *values, operator: str = "in", strength=Strength.MUST) -> Constraint:
    return Constraint(facet=facet, operator=Operator(operator), values=values, strength=strength)


def order(catalog: Catalog, *wishes: Constraint, day: date = DAY) -> list[str]:
    found = merchandise(catalog, day)
    if found is None:
        return [f"p{row}" for row in weigh(catalog, wishes).best(5)]
    candidates = weigh(catalog, wishes, prior=found.prior, hidden=found.hidden)
    rows = pinned_first(found.pins, candidates.fitting, candidates.best(5), 5)
    return [f"p{row}" for row in rows]


def rule(action: str, *where: Constraint, **more) -> Rule:
    return Rule(name=action, action=RuleAction(action), where=where, **more)


def test_boost_bury_pin_and_hide_order_the_products():
    assert order(shop_with()) == ["p0", "p1", "p2", "p3", "p4"]
    assert order(shop_with(rule("boost", wish("brand", "Nord"))))[:2] == ["p2", "p3"]
    assert order(shop_with(rule("bury", wish("brand", "Lux"))))[-2:] == ["p0", "p1"]
    assert order(shop_with(rule("hide", wish("brand", "Lux")))) == ["p2", "p3", "p4"]
    assert order(shop_with(rule("pin", products=("p4", "p2"))))[:3] == ["p4", "p2", "p0"]
    both = rule("boost", wish("brand", "Nord"), wish("price", 35.0, operator=">="))
    assert order(shop_with(both))[0] == "p3"


def test_a_stated_wish_beats_every_rule():
    boosted = shop_with(rule("boost", wish("brand", "Ost"), by=MOST), rule("pin", products=("p4",)))
    assert order(boosted, wish("brand", "Nord", strength=Strength.PREFER))[:2] == ["p2", "p3"]
    assert order(boosted, wish("brand", "Nord")) == ["p2", "p3"]


def test_boosts_together_are_limited():
    rules = [rule("boost", wish("brand", "Ost"), by=2.5) for _ in range(9)]
    assert merchandise(shop_with(*rules), DAY).prior.max() == pytest.approx(MOST)


def test_a_hidden_product_stays_hidden_and_is_not_counted():
    catalog = shop_with(rule("hide", products=("p0",)), rule("pin", products=("p0",)))
    found = merchandise(catalog, DAY)
    assert found.pins == () and "p0" not in order(catalog)
    assert weigh(catalog, [], hidden=found.hidden).remaining == 4


@pytest.mark.parametrize(
    ("day", "held"),
    [("2026-10-31", False), ("2026-11-01", True), ("2026-11-30", True), ("2026-12-01", False)],
)
def test_rules_hold_from_their_first_to_their_last_day(day, held):
    november = rule("hide", products=("p0",), start=date(2026, 11, 1), end=date(2026, 11, 30))
    assert holds(november, date.fromisoformat(day)) is held
    assert ("p0" not in order(shop_with(november), day=date.fromisoformat(day))) is held


def test_rules_say_what_they_are_about_and_who_pays():
    catalog = shop_with(
        rule("boost", wish("brand", "Nord"), paid=True), rule("bury", wish("colour", "red"))
    )
    found = merchandise(catalog, DAY)
    assert [(one.name, one.products, one.paid) for one in found.applied] == [
        ("boost", 2, True),
        ("bury", 0, False),
    ]
    assert np.flatnonzero(found.paid).tolist() == [2, 3]


RULES = """
rules:
  - name: November
    boost: {colour: [Black, Green], price: {max: 40}}
    by: 3
    from: 2026-11-01
    until: 2026-11-30
    paid: true
  - hide: {products: [L2]}
"""


def test_rules_are_read_from_shop_yml_and_survive_an_import(shop, lamps):
    shop.take(lamps)
    shop.edit(lambda text: text + RULES)
    shop.take(lamps)
    boost, hide = load_catalog(shop.folder).config.rules
    assert (boost.name, boost.action, boost.by, boost.paid) == ("November", "boost", 3.0, True)
    assert (boost.start, boost.end) == (date(2026, 11, 1), date(2026, 11, 30))
    assert [(one.facet, one.operator, one.values) for one in boost.where] == [
        ("colour", "in", ("Black", "Green")),
        ("price", "<=", (40.0,)),
    ]
    assert (hide.name, hide.products) == ("hide 2", ("L2",))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("rules: yes", "rules is"),
        ("rules:\n  - raise: {a: b}", "unknown field 'raise'.*Allowed: name, boost"),
        ("rules:\n  - by: 2", "no action.*one of boost, bury, pin, hide"),
        ("rules:\n  - boost: {a: b}\n    by: 50", "by is 50.*from 1 to 3"),
        ("rules:\n  - boost: {a: b}\n    from: soon", "from is 'soon'.*2026-11-30"),
        ("rules:\n  - boost: {a: b}\n    from: 2026-12-01\n    until: 2026-11-01", "ends on 2026-11-01"),
        ("rules:\n  - boost: {a: {over: 3}}", "a is.*Allowed: a value, a list"),
        ("rules:\n  - boost: {a: b}\n    paid: perhaps", "paid is 'perhaps'"),
        ("rules:\n  - boost", "found 'boost'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_named(shop, lamps, rules, message):
    shop.take(lamps)
    shop.edit(lambda text: text + "\n" + rules + "\n")
    with pytest.raises(ShopError, match=message):
        read_shop_file(shop.folder)
