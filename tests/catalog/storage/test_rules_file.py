"""Rules of the staff: what is allowed is read, what is not is said with its place."""

from datetime import date

import pytest

from catalog.errors import ShopError
from catalog.ranking.merchandising import MOST
from catalog.storage.rules_file import read_rules
from catalog.types import Operator, RuleAction


def rule(**entry):
    return read_rules([entry], 12)[0]


def test_a_rule_with_everything():
    read = rule(
        name="Spring",
        boost={"brand": ["Alder", "Birch"], "price": {"max": 100}},
        by=3,
        **{"from": "2026-03-01", "until": date(2026, 5, 31)},
        paid=True,
    )
    assert (read.name, read.action, read.by, read.paid) == ("Spring", RuleAction.BOOST, 3.0, True)
    assert (read.start, read.end) == (date(2026, 3, 1), date(2026, 5, 31))
    assert [(wish.facet, wish.operator, wish.values) for wish in read.where] == [
        ("brand", Operator.IN, ("Alder", "Birch")),
        ("price", Operator.LE, (100.0,)),
    ]


def test_products_may_be_named_instead_of_facets():
    read = rule(hide={"products": ["R-1", 17]})
    assert read.products == ("R-1", "17")
    assert read.where == ()
    assert read.name == "hide 1"


def test_no_rules():
    assert read_rules(None, 3) == ()


@pytest.mark.parametrize(
    ("entry", "found", "allowed"),
    [
        ("boost", "'boost'", "a list"),
        ([7], "found 7", "boost"),
        ([{"boost": {"brand": "A"}, "colour": "x"}], "'colour'", "until"),
        ([{"name": "x"}], "no action", "hide"),
        ([{"boost": {"a": 1}, "hide": {"b": 1}}], "boost, hide", "one of"),
        ([{"hide": {}}], "found hide", "one of"),
        ([{"boost": {"brand": "A"}, "by": MOST + 1}], f"by is {MOST + 1:g}", f"1 to {MOST:g}"),
        ([{"boost": {"brand": "A"}, "by": 0.5}], "by is 0.5", "1 to"),
        ([{"boost": {"brand": "A"}, "by": True}], "by is True", "1 to"),
        ([{"hide": {"brand": "A"}, "from": "soon"}], "'soon'", "2026-11-30"),
        (
            [{"hide": {"brand": "A"}, "from": "2026-02-02", "until": "2026-02-01"}],
            "2026-02-01",
            "on or after",
        ),
        ([{"hide": {"brand": "A"}, "paid": "yes"}], "'yes'", "true or false"),
        ([{"hide": {"price": {"over": 3}}}], "over", "max"),
        ([{"hide": {"brand": []}}], "brand is empty", "list of values"),
        ([{"hide": {"brand": None}}], "brand is None", "a value"),
    ],
)
def test_a_mistake_is_said_with_what_is_allowed(entry, found, allowed):
    with pytest.raises(ShopError) as error:
        read_rules(entry, 12)
    message = str(error.value)
    assert "shop.yml" in message
    assert "line 12" in message
    assert found in message
    assert allowed in message
