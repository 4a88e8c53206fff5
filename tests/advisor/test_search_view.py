"""What of the conversation bears on the weights and on the next question."""

from dataclasses import replace

import pytest

from assistant.advisor.in_context import MessageEffect, beside
from assistant.advisor.search_view import (
    MOST_FINER,
    OPENING_FACTOR,
    _seller_first,
    answers_given,
    asking,
    build_view,
    channel_of,
)
from assistant.advisor.state import DialogueState
from assistant.advisor.turn import Advisor
from assistant.advisor.types import AskedQuestion
from catalog.ranking.questions import FacetQuestion
from catalog.store import Catalog
from catalog.types import (
    Constraint,
    Facet,
    FacetKind,
    Operator,
    Origin,
    Product,
    ShopConfig,
    Strength,
)
from tests.advisor.shoes import Talk, shoe_shop, spoken_wording


def answer(facet, operator, *values, origin=Origin.ANSWER):
    return Constraint(
        facet=facet,
        operator=Operator(operator),
        values=values,
        strength=Strength.PREFER,
        origin=origin,
    )


def asked(facet, *values, ranges=(), how="value"):
    return AskedQuestion(
        facet=facet, signature=f"{facet}{values}", values=values, ranges=ranges, answer=how
    )


def state(wishes=(), questions=()):
    return DialogueState(constraints=tuple(wishes), asked=tuple(questions))


COARSE = asked("price", ranges=((None, 50.0), (50.0, 100.0), (100.0, None)))
FINE = asked("price", ranges=((50.0, 70.0), (70.0, 100.0)))


def places(one):
    return [(found.facet, found.answer) for found in answers_given(one, one.constraints)]


def test_a_finer_answer_tells_which_coarse_one_it_lies_in():
    held = state([answer("price", "between", 70.0, 100.0)], [COARSE, FINE])
    assert places(held) == [("price", 1), ("price", 1)]


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        (answer("price", "<", 50.0), 0),
        (answer("price", ">=", 100.0), 2),
        (answer("price", "=", 50.0), 1),
        (answer("price", "between", 50.0, 100.0), 1),
    ],
)
def test_a_range_is_found_among_those_on_offer(wish, place):
    assert places(state([wish], [COARSE])) == [("price", place)]


def test_what_was_said_since_in_other_words_is_no_answer():
    assert places(state([answer("price", "<", 63.0)], [COARSE])) == []
    assert places(state([answer("price", "<", 50.0, origin=Origin.SAID)], [COARSE])) == []
    assert places(state([], [COARSE])) == []


def test_not_minding_counts_and_not_knowing_does_not():
    questions = [asked("colour", "red", "blue", how="any"), replace(COARSE, answer="unknown")]
    assert places(state([], questions)) == [("colour", None)]


def test_two_values_of_one_facet_belong_to_two_questions():
    wishes = [answer("colour", "=", "black"), answer("colour", "=", "red")]
    questions = [asked("colour", "red", "black"), asked("colour", "grey", "red")]
    assert places(state(wishes, questions)) == [("colour", 1), ("colour", 1)]


def test_true_is_not_found_as_the_number_one():
    held = state([answer("size", "=", 1.0)], [asked("size", True, 2.0)])
    assert places(held) == []


def test_somebody_who_never_minds_is_known_by_it():
    mute = state([], [asked(f"f{n}", "a", how="any") for n in range(6)])
    plain = state([], [asked(f"f{n}", "a") for n in range(6)])
    assert channel_of(mute).no_opinion > channel_of(state()).no_opinion
    assert channel_of(plain).no_opinion < channel_of(state()).no_opinion


def test_only_an_answer_comes_back_finer(shoes):
    for wish, back in ((answer("price", "<", 50.0), True), (said_under_50(), False)):
        held = state([wish], [COARSE])
        view = build_view(shoes, held, None, None)
        found = asking(shoes, held, view)
        assert ("price" in found.ranges) is back
        assert ("price" in found.not_askable) is not back


def said_under_50():
    return answer("price", "<", 50.0, origin=Origin.SAID)


def test_a_facet_comes_back_finer_only_so_often(shoes):
    held = state([answer("price", "<", 50.0)], [COARSE] * (MOST_FINER + 1))
    assert "price" in asking(shoes, held, build_view(shoes, held, None, None)).not_askable


def test_an_open_question_closes_a_facet_when_it_was_passed_by_twice(shoes):
    once = state([], [asked("colour", "red", "black", how="open")])
    twice = state([], [asked("colour", "red", "black", how="open")] * 2)
    for held, closed in ((once, False), (twice, True)):
        found = asking(shoes, held, build_view(shoes, held, None, None))
        assert ("colour" in found.not_askable) is closed


# ---- a second value beside the first ----

PAIRS = [("black", other) for other in ("red", "blue", "grey", "white")]


@pytest.fixture
def scarves():
    """Scarves that are all of two colours, which are the only thing that tells them apart."""
    rows = [*PAIRS, ("green", "red"), ("green", "blue"), ("pink", "grey"), ("pink", "white")] * 3
    products = [
        Product(id=str(n), title=f"Scarf {n}", facets={"colour": colours})
        for n, colours in enumerate(rows)
    ]
    facets = [Facet(key="colour", label="colour", kind=FacetKind.CATEGORY)]
    return Catalog(ShopConfig(name="t", currency="EUR"), facets, products)


def test_a_second_colour_is_asked_for_and_stands_beside_the_first(scarves):
    talk = Talk(Advisor(scarves, spoken_wording()))
    reply = talk.pick(talk.open(), "black")
    assert reply.remaining == 12
    assert reply.question is not None
    assert "black" not in {option.value for option in reply.question.options}
    reply = talk.pick(reply, "red")
    assert {wish.values for wish, _ in reply.constraints} == {("black",), ("red",)}
    assert reply.remaining == 3
    assert all(
        set(shown.product.facets["colour"]) == {"black", "red"} for shown in reply.products[:3]
    )


def test_not_minding_a_second_colour_keeps_the_first(scarves):
    talk = Talk(Advisor(scarves, spoken_wording()))
    reply = talk.pick(talk.open(), "black")
    reply = talk.turn(choice_id=reply.question.options[-1].choice_id)
    assert {wish.values for wish, _ in reply.constraints} == {("black",)}
    assert reply.question is None or reply.question.facet != "colour"


def test_a_new_value_that_was_not_on_offer_replaces_the_old(scarves):
    held = replace(
        state([answer("colour", "=", "black")], [asked("colour", "red", "blue", how="open")]),
        pending="colour",
    )
    new = MessageEffect(wishes=(answer("colour", "=", "teal"),), answer="value")
    assert beside(scarves, held, new) == ()
    new = MessageEffect(wishes=(answer("colour", "=", "red"),), answer="value")
    assert [wish.values for wish in beside(scarves, held, new)] == [("black",)]


def test_who_chose_a_country_is_not_asked_for_regions_of_others():
    """Everything from there was shown; what comes nearest is from elsewhere."""
    places_ = [("Italy", "Tuscany"), ("Italy", "Puglia"), ("France", "Alsace"), ("France", "Jura")]
    products = [
        Product(id=str(n), title=f"Wine {n}", facets={"country": (country,), "region": (region,)})
        for n, (country, region) in enumerate(places_ * 6)
    ]
    facets = [Facet(key=key, label=key, kind=FacetKind.CATEGORY) for key in ("country", "region")]
    shop = Catalog(ShopConfig(name="t", currency="EUR"), facets, products)
    italy = [asked("country", "Italy", "France")]
    held = state([answer("country", "=", "Italy")], italy)
    assert "region" not in asking(shop, held, build_view(shop, held, None, None)).not_askable
    everything = {one.id: 1 for one in products if one.facets["country"] == ("Italy",)}
    seen = replace(held, shown=everything)
    view = build_view(shop, seen, None, None)
    assert view.nearest
    assert "region" in asking(shop, seen, view).not_askable


def opened_with(worth):
    """The facet of the first question of a conversation, when questions are worth so much."""
    catalog = shoe_shop()
    questions = [
        FacetQuestion(facet=catalog.facets[key], answers=(), gain=value, value=value)
        for key, value in sorted(worth.items(), key=lambda pair: -pair[1])
    ]
    return _seller_first(questions, catalog)[0].facet.key


def test_a_seller_opens_with_what_people_know_unless_another_question_is_worth_much_more():
    assert opened_with({"waterproof": 1.0, "price": 0.6}) == "price"
    assert opened_with({"waterproof": 1.0, "price": 1.0 / OPENING_FACTOR - 0.01}) == "waterproof"
    assert opened_with({"size": 1.0, "price": 0.9}) == "size"
    assert opened_with({"waterproof": 1.0, "vegan": 0.9}) == "waterproof"
