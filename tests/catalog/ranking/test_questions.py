"""The question rule on hand-made weights."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.ranking import questions as rule
from catalog.ranking.candidates import Channel, weigh
from catalog.ranking.questions import (
    QuestionLimits,
    choose_cuts,
    information_gain,
    rank_questions,
    roundest,
)
from catalog.store import Catalog
from catalog.types import Facet, FacetKind, Product, ShopConfig

CONFIG = ShopConfig(name="t", currency="EUR")


def shop(rows, kinds, **facet_fields):
    facets = [
        Facet(key=key, label=key, kind=kind, **facet_fields.get(key, {}))
        for key, kind in kinds.items()
    ]
    products = [
        Product(
            id=str(n),
            title=str(n),
            facets={k: v if isinstance(v, tuple) else (v,) for k, v in row.items()},
        )
        for n, row in enumerate(rows)
    ]
    return Catalog(CONFIG, facets, products)


def ranked(catalog, **more):
    candidates = weigh(catalog, [])
    pool, shown = np.ones(len(catalog), dtype=bool), more.pop("shown", ())
    return rank_questions(
        catalog, candidates, pool=pool, asking=QuestionLimits(**more), shown=shown
    )


def gain(member, answers, noise, weights=None):
    member = np.array(member, dtype=np.int32)
    rows = np.arange(len(member), dtype=np.int32)
    weights = np.full(len(member), 1 / len(member)) if weights is None else np.array(weights)
    channel = Channel(mistake=noise, no_opinion=0.0, silent_known=0.0)
    return information_gain(member, rows, weights, answers, channel=channel)


def test_gain_without_noise_is_the_entropy_of_the_split():
    assert gain([0, 0, 1, 1], 2, 0.0) == pytest.approx(1.0)
    assert gain([0, 1, 2, 3], 4, 0.0) == pytest.approx(2.0)


def test_gain_falls_with_noise_and_vanishes_when_answers_are_random():
    clean, noisy = gain([0, 0, 1, 1], 2, 0.0), gain([0, 0, 1, 1], 2, 0.15)
    assert 0 < noisy < clean
    assert gain([0, 0, 1, 1], 2, 1.0) == pytest.approx(0.0, abs=1e-9)


def test_not_minding_tells_that_no_answer_on_offer_describes_the_product():
    assert gain([0, 1, -1, -1], 2, 0.0) == pytest.approx(1.5)


def test_a_facet_nobody_has_an_opinion_on_tells_nothing():
    rows, weights = np.arange(4), np.full(4, 0.25)
    mute = Channel(no_opinion=1.0)
    assert information_gain(np.array([0, 0, 1, 1]), rows, weights, 2, channel=mute) < 1e-9


def test_gain_equals_the_sum_over_all_products_and_answers():
    """The formula worked out from the classes agrees with the definition."""
    channel, answers = Channel(), 3
    member, rows = np.array([0, 1, 1, 2, -1]), np.array([0, 0, 1, 2, 3])
    weights = np.array([0.3, 0.2, 0.2, 0.2, 0.1])
    described, undescribed, silent = channel.indifferent()
    table = np.full((5, 4), channel.wrong(answers))
    for row, answer in zip(rows, member, strict=True):
        if answer >= 0:
            table[row, answer] = channel.of(np.array([2 if row == 0 else 1]), answers)[0]
    table[4, :3] = channel.silent(answers)
    table[:, 3] = [described, described, described, undescribed, silent]
    joint = weights[:, None] * table
    expected = float((joint * np.log2(table / joint.sum(axis=0))).sum())
    found = information_gain(member, rows, weights, answers, channel=channel)
    assert found == pytest.approx(expected)


@given(st.lists(st.integers(-1, 3), min_size=2, max_size=30), st.floats(0, 0.9))
def test_gain_is_never_negative_nor_more_than_the_answers_can_tell(member, noise):
    assert -1e-9 <= gain(member, 4, noise) <= math.log2(5) + 1e-9


def test_the_even_split_is_asked_before_the_lopsided_one():
    rows = [{"even": n % 2 == 0, "rare": n == 0} for n in range(20)]
    questions = ranked(shop(rows, {"rare": FacetKind.FLAG, "even": FacetKind.FLAG}))
    assert questions[0].facet.key == "even"


def test_weight_and_knowability_change_the_order():
    rows = [{"code": n % 4 > 1, "taste": n % 4 in (1, 2)} for n in range(20)]
    kinds = {"code": FacetKind.FLAG, "taste": FacetKind.FLAG}
    assert ranked(shop(rows, kinds, code={"knowable": 0.2}))[0].facet.key == "taste"
    assert ranked(shop(rows, kinds, code={"weight": 3.0}))[0].facet.key == "code"
    assert [q.facet.key for q in ranked(shop(rows, kinds, code={"askable": False}))] == ["taste"]


def test_nothing_is_asked_that_everybody_answers_alike():
    rows = [{"same": "yes", "free": f"x{n % 2}"} for n in range(6)]
    kinds = {"same": FacetKind.CATEGORY, "free": FacetKind.CATEGORY}
    assert [q.facet.key for q in ranked(shop(rows, kinds))] == ["free"]


def test_closed_facets_and_old_questions_do_not_come_back():
    rows = [{"colour": "red" if n % 2 else "blue"} for n in range(6)]
    catalog = shop(rows, {"colour": FacetKind.CATEGORY})
    first = ranked(catalog)[0]
    assert not ranked(catalog, not_askable={"colour"})
    assert not ranked(catalog, signatures={first.signature})


def test_numbers_are_cut_where_the_candidates_are():
    rows = [{"price": float(p)} for p in [5, 6, 7, 8, 9, 10, 11, 12, 900, 1000]]
    question = ranked(shop(rows, {"price": FacetKind.NUMBER}))[0]
    counts = [answer.count for answer in question.answers]
    assert sum(counts) == 10
    assert max(counts) <= 4, "equal steps would have put eight of ten in one range"


def test_a_number_comes_back_finer_within_its_range():
    rows = [{"price": float(p)} for p in range(10, 100)]
    question = ranked(shop(rows, {"price": FacetKind.NUMBER}), ranges={"price": (20.0, 40.0)})[0]
    assert question.answers[0].minimum == 20.0
    assert question.answers[-1].maximum == 40.0


def test_whole_numbers_come_back_one_by_one_within_their_range():
    rows = [{"year": float(year)} for year in range(1990, 2020)]
    question = ranked(shop(rows, {"year": FacetKind.NUMBER}), ranges={"year": (2000.0, 2005.0)})[0]
    assert [answer.value for answer in question.answers] == [2000.0, 2001.0, 2002.0, 2003.0, 2004.0]


def test_a_second_colour_is_asked_for_beside_the_first():
    rows = [{"colour": ("black", other)} for other in ("red", "blue", "grey", "white")] * 2
    catalog = shop(rows, {"colour": FacetKind.CATEGORY})
    question = ranked(catalog, combined_with={"colour": ["black"]})[0]
    assert "black" not in {answer.value for answer in question.answers}
    plain = shop([{"colour": c} for c in ("red", "blue")] * 3, {"colour": FacetKind.CATEGORY})
    assert not ranked(plain, combined_with={"colour": ["red"]})


def test_a_question_is_for_the_case_that_nothing_shown_was_it():
    """The two heavy products are on show, so what tells them apart is not worth asking."""
    rows = [{"heavy": n < 1, "light": n % 2 == 0} for n in range(12)]
    catalog = shop(rows, {"heavy": FacetKind.FLAG, "light": FacetKind.FLAG})
    prior = np.full(12, 0.02)
    prior[:2] = 0.4
    candidates = weigh(catalog, [], prior=prior)
    pool = np.ones(12, dtype=bool)
    assert rank_questions(catalog, candidates, pool=pool)[0].facet.key in ("heavy", "light")
    found = rank_questions(catalog, candidates, pool=pool, shown=[0, 1])
    assert found[0].facet.key == "light"


def test_large_shops_are_represented_by_draws_with_exact_counts(monkeypatch):
    rows = [{"even": n % 2 == 0, "size": float(n % 40), "colour": f"c{n % 3}"} for n in range(600)]
    kinds = {"even": FacetKind.FLAG, "size": FacetKind.NUMBER, "colour": FacetKind.CATEGORY}
    catalog = shop(rows, kinds)
    exact = ranked(catalog)[0]
    monkeypatch.setattr(rule, "EXACT", 100)
    monkeypatch.setattr(rule, "SAMPLE", 128)
    drawn = ranked(catalog)[0]
    assert drawn.facet.key == exact.facet.key
    assert drawn.gain == pytest.approx(exact.gain, rel=0.1)
    assert sum(answer.count for answer in drawn.answers) == 600


def test_few_distinct_numbers_are_offered_as_they_are():
    rows = [{"cylinders": float(c)} for c in (4, 4, 6, 6, 8)]
    question = ranked(shop(rows, {"cylinders": FacetKind.NUMBER}))[0]
    assert [answer.value for answer in question.answers] == [4.0, 6.0, 8.0]


def test_a_product_with_two_values_in_one_range_counts_once():
    rows = [{"reach": (float(n), float(n) + 0.1)} for n in range(20)]
    question = ranked(shop(rows, {"reach": FacetKind.NUMBER}))[0]
    assert sum(answer.count for answer in question.answers) == 20


@given(
    st.lists(st.floats(0.01, 1e6), min_size=2, max_size=60, unique=True),
    st.integers(2, 7),
)
def test_cuts_always_leave_values_on_both_sides(numbers, ranges):
    values = np.array(numbers)
    cuts = choose_cuts(values, np.full(len(values), 1 / len(values)), ranges)
    assert cuts == sorted(set(cuts))
    edges = [-math.inf, *cuts, math.inf]
    for low, high in itertools.pairwise(edges):
        assert ((values >= low) & (values < high)).any()


@pytest.mark.parametrize(
    ("low", "high", "middle", "expected"),
    [(17.3, 23.8, 20.9, 20.0), (0.31, 0.38, 0.35, 0.35), (1180, 1420, 1300, 1200)],
)
def test_cuts_are_round_figures(low, high, middle, expected):
    cut = roundest(low, high, middle)
    assert low < cut <= high
    assert len(f"{cut:g}".replace(".", "").strip("0")) <= len(f"{expected:g}".replace(".", ""))
