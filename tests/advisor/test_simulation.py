"""Shoppers made up by the program, in the shoe shop."""

import random

import pytest

from assistant.advisor.simulation import (
    POLICIES,
    Played,
    SimulatedShopper,
    mean_questions,
    play,
    play_plain,
    success,
)
from assistant.advisor.types import Option, OptionKind


def options(*values):
    real = [
        Option(choice_id=str(v), label=str(v), count=1, kind=OptionKind.VALUE, value=v)
        for v in values
    ]
    return [*real, Option(choice_id="any", label="any", count=1, kind=OptionKind.ANY)]


def shopper(shoes, wanted="s1", *, wrong=0.0, unsure=0.0):
    return SimulatedShopper(
        wanted=shoes.products[shoes.position(wanted)], wrong=wrong, unsure=unsure
    )


def test_a_shopper_answers_as_the_product_is_described(shoes):
    chosen = shopper(shoes).choose("colour", options("black", "red"), random.Random(1))
    assert chosen.value == "red"


def test_a_shopper_whose_product_nothing_on_offer_describes_does_not_mind(shoes):
    chosen = shopper(shoes).choose("colour", options("black", "teal"), random.Random(1))
    assert chosen.kind is OptionKind.ANY


def test_true_is_not_taken_for_the_number_one(shoes):
    chosen = shopper(shoes).choose("waterproof", options(1.0, False), random.Random(1))
    assert chosen.kind is OptionKind.ANY


def test_an_unsure_shopper_never_minds(shoes):
    undecided = shopper(shoes, unsure=1.0)
    chosen = undecided.choose("colour", options("red", "blue"), random.Random(1))
    assert chosen.kind is OptionKind.ANY


def test_everybody_finds_their_pair_with_true_answers(advisor, shoes):
    everybody = [shopper(shoes, product.id) for product in shoes.products]
    played = play(advisor, everybody, random.Random(1))
    assert success(played, 10) == 1.0
    assert all(len(one.bits) == len(one.facets) == one.questions_needed for one in played)


@pytest.mark.parametrize("policy", POLICIES)
def test_plain_policies_ask_each_facet_once(shoes, policy):
    everybody = [shopper(shoes, product.id) for product in shoes.products]
    for one in play_plain(shoes, policy, everybody, random.Random(1)):
        assert len(set(one.facets)) == len(one.facets)


def test_a_wrong_answer_loses_the_product_under_hard_filters_for_good(shoes):
    lost = play_plain(shoes, "fixed", [shopper(shoes, "s12", wrong=1.0)] * 20, random.Random(1))
    assert any(one.questions_needed is None for one in lost)


def test_who_gives_up_counts_as_one_question_more_than_the_most():
    played = [Played(questions_needed=2), Played(questions_needed=None)]
    assert mean_questions(played, 10) == pytest.approx(6.5)
    assert success(played, 2) == 0.5
    assert success(played, 1) == 0.0
