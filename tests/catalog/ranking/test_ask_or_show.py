"""Ask or show, where a turn has room for one of them."""

import numpy as np
import pytest

from catalog.ranking.ask_or_show import LIST, ask_instead, flag_gains
from catalog.ranking.candidates import Channel
from catalog.ranking.questions import information_gain


def even(count):
    return np.full(count, 1 / count)


def decide(count, yes, patience=15, **more):
    return ask_instead(even(count), np.arange(min(LIST, count)), yes, patience, **more)


def test_gains_of_facts_agree_with_the_rule_for_facets():
    weights = np.array([0.1, 0.2, 0.3, 0.4])
    has = np.array([True, False, True, False])
    exact = Channel(mistake=0.0, no_opinion=0.0, silent_known=0.0)
    expected = information_gain(has.astype(int), np.arange(4), weights, 2, channel=exact)
    assert flag_gains(np.array([weights[has].sum()]))[0] == pytest.approx(expected)


def test_a_no_that_tells_nothing_makes_the_likely_fact_the_better_question():
    gains = flag_gains(np.array([0.1, 0.4, 0.9]), no_counts=False)
    assert gains.argmax() == 1
    assert (gains < flag_gains(np.array([0.1, 0.4, 0.9]))).all()


@pytest.mark.parametrize(("count", "asks"), [(8, False), (20, False), (200, True), (5000, True)])
def test_few_are_shown_and_many_are_asked_about(count, asks):
    assert decide(count, 0.5) is asks


def test_the_last_turn_is_for_showing():
    assert not decide(5000, 0.5, patience=1)


def test_without_a_question_that_splits_products_are_shown():
    assert not decide(5000, 0.0)
    assert not decide(5000, 1.0)


def test_one_clear_favourite_is_shown_at_once():
    weights = np.full(500, 0.01 / 499)
    weights[0] = 0.99
    assert not ask_instead(weights, np.arange(LIST), 0.5, 15)


def test_a_question_that_rarely_gets_a_yes_gives_way_where_no_is_ignored():
    assert decide(60, 0.05, no_counts=False) is False
    assert decide(2000, 0.4, no_counts=False) is True
