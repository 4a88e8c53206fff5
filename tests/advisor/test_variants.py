"""A wish is met by one variant that can be bought; its stock and its price are what is told."""

import pytest

from assistant.advisor.types import Move
from catalog.types import Constraint, Operator
from nlu.types import Quantity
from tests.advisor.gloves import glove_talk
from tests.advisor.shoes import ids, wish


@pytest.fixture
def talk():
    talk = glove_talk()
    talk.open()
    return talk


def bare(number):
    return (Quantity(minimum=number, maximum=number, unit=None, start=0, end=1),)


def ask(talk, text, *constraints, **more):
    return talk.say(
        text, *constraints, move=Move.PRODUCT_QUESTION, intent="product_question", **more
    )


def test_a_size_that_is_sold_out_is_not_met(talk):
    reply = talk.say("size 9", wish("size", "=", "9"))
    assert reply.remaining == 4
    harbour = [shown for shown in reply.products if shown.product.id == "G1"]
    assert all(shown.unmet == ("size 9 (sold out)",) for shown in harbour)


def test_two_wishes_are_met_by_one_variant_together(talk):
    talk.say("size 9", wish("size", "=", "9"))
    reply = talk.say("navy", wish("colour", "=", "navy"))
    assert reply.remaining == 3
    assert {"G1", "G2"}.isdisjoint(shown.product.id for shown in reply.products if not shown.unmet)


def test_the_card_has_the_price_of_the_variant_that_fits(talk):
    reply = talk.say("size 9 in tan", wish("size", "=", "9"), wish("colour", "=", "tan"))
    first = next(shown for shown in reply.products if shown.product.id == "G2")
    assert str(first.product.price.amount) == "27"
    assert "In 9 / tan." in first.why
    assert not first.unmet


def test_without_a_wish_about_variants_the_card_is_the_product(talk):
    reply = talk.say("lined", wish("lined", "=", True))
    assert [str(shown.product.price.amount) for shown in reply.products] == ["25", "35"]
    assert all("In " not in shown.why for shown in reply.products)


def test_a_price_limit_holds_for_the_variant_that_fits(talk):
    talk.say("size 9", wish("size", "=", "9"))
    reply = talk.say("up to 26", wish("price", "<=", 26.0, unit="EUR"))
    assert reply.remaining == 0, "the cheapest in size 9 costs 27"
    assert "G2" in ids(reply)


def test_an_answer_on_offer_can_be_had_together_with_the_wishes(talk):
    navy = Constraint(facet="colour", operator=Operator.EQ, values=("navy",))
    column = talk.advisor.catalog.narrowed([navy]).column("size")
    sizes = {
        column.values[code] for row, code in zip(column.rows, column.codes, strict=True) if row == 0
    }
    assert sizes == {"7", "8"}, "Harbour has no navy left in 9"
    assert 1 not in column.rows, "Meadow has no navy left at all"


NINE, EIGHT = {"quantities": bare(9.0)}, {"quantities": bare(8.0)}
NAVY, SIZE_9 = (wish("colour", "=", "navy"),), (wish("size", "=", "9"),)
SOLD_OUT_IN_9 = "No, Harbour glove is sold out in size 9. Still there: 7 and 8."
THERE_IN_8 = "Yes, Harbour glove is in stock in size 8, for €20.00."
NO_NAVY = "No, Meadow glove is sold out in navy. Still there: tan."


@pytest.mark.parametrize(
    ("text", "constraints", "more", "answer"),
    [
        ("is the Harbour glove available in 9?", (), NINE, SOLD_OUT_IN_9),
        ("do you have the Harbour glove in 8?", (), EIGHT, THERE_IN_8),
        ("is the Meadow glove in stock in navy?", NAVY, {}, NO_NAVY),
        ("how much is the Ridge glove in 9?", SIZE_9, {}, "Ridge glove in size 9 costs €32.00."),
    ],
    ids=["bare number sold out", "bare number", "colour", "price"],
)
def test_a_question_is_answered_for_the_variant_it_names(talk, text, constraints, more, answer):
    assert ask(talk, text, *constraints, **more).text.startswith(answer)


def test_a_wish_beside_a_product_named_in_a_question_is_no_new_wish(talk):
    reply = talk.say("do you have the Harbour glove in 9?", wish("size", "=", "9"))
    assert reply.text.startswith("No, Harbour glove is sold out in size 9.")
    assert reply.constraints == ()


def test_the_number_of_a_variant_is_that_variant(talk):
    reply = talk.say("G1-9-T")
    assert reply.text.startswith("No, Harbour glove is sold out in 9 / tan.")
    reply = talk.say("how much is G3-9-N?")
    assert reply.text.startswith("Ridge glove in 9 / navy costs €32.00.")
