"""Whole conversations with the advisor, as a shopper meets them."""

import dataclasses

import pytest

from assistant.advisor.reply import reply_to_json
from assistant.advisor.types import Move, OptionKind, Profile
from catalog.types import Constraint, Operator, Origin
from nlu.types import Critique, Intent, Quantity, Reference
from tests.advisor.shoes import Talk, ids, said, wish


def held(reply):
    return {constraint.facet for constraint, _ in reply.constraints}


def test_opening_shows_products_and_asks(talk):
    reply = talk.open()
    assert len(reply.products) == 5
    assert reply.question is not None
    assert reply.question.text in reply.text
    kinds = [option.kind for option in reply.question.options]
    assert kinds.count(OptionKind.ANY) == 1
    assert kinds[-1] is OptionKind.ANY


def test_every_offered_answer_has_its_true_count(talk, shoes):
    reply = talk.open()
    for _ in range(4):
        if reply.question is None or "In case that is not it" in reply.text:
            break
        wishes = [constraint for constraint, _ in reply.constraints]
        for option in reply.question.options:
            if option.kind is OptionKind.ANY:
                continue
            count = sum(
                all(bool(shoes.matches(w)[row]) for w in wishes)
                and any(
                    value == option.value
                    if option.kind is OptionKind.VALUE
                    else (option.min is None or value >= option.min)
                    and (option.max is None or value < option.max)
                    for value in product.facets.get(reply.question.facet, ())
                )
                for row, product in enumerate(shoes.products)
            )
            assert option.count == count > 0
        reply = talk.turn(choice_id=reply.question.options[0].choice_id)


def test_said_wishes_hold_for_the_rest_of_the_conversation(talk):
    talk.open()
    talk.say("something red", wish("colour", "=", "red"))
    reply = talk.say("under 60", wish("price", "<", 60.0, unit="EUR"))
    assert held(reply) == {"colour", "price"}
    assert ids(reply) == {"s1", "s2"}
    assert reply.remaining == 2
    reply = talk.turn(Move.THANK, said("thanks", intent="thank"))
    assert held(reply) == {"colour", "price"}


def test_what_was_said_is_not_asked(talk):
    talk.open()
    reply = talk.say("red ones", wish("colour", "=", "red"))
    for _ in range(5):
        if reply.question is None:
            break
        assert reply.question.facet != "colour"
        reply = talk.turn(choice_id=reply.question.options[-1].choice_id)


def test_no_question_comes_twice(talk):
    reply, seen = talk.open(), set()
    for _ in range(12):
        if reply.question is None:
            reply = talk.turn(Move.MORE, said("more", intent="more_options"))
            continue
        signature = (reply.question.facet, tuple(o.label for o in reply.question.options))
        assert signature not in seen
        seen.add(signature)
        reply = talk.turn(choice_id=reply.question.options[-1].choice_id)


@pytest.mark.parametrize("intent", ["dont_care", "dont_know"])
def test_not_minding_costs_no_product_and_moves_on(talk, intent):
    first = talk.open()
    reply = talk.say("whatever", intent=intent)
    assert reply.remaining == first.remaining
    assert reply.question is None or reply.question.facet != first.question.facet


def test_a_bare_number_answers_the_question_about_numbers(talk):
    reply = talk.open()
    while reply.question.facet != "price":
        reply = talk.turn(choice_id=reply.question.options[-1].choice_id)
    bare = Quantity(minimum=None, maximum=50.0, unit=None, start=0, end=8)
    reply = talk.say("under 50", quantities=(bare,))
    constraint = next(c for c, _ in reply.constraints if c.facet == "price")
    assert constraint.operator is Operator.LT
    assert constraint.values == (50.0,)


def test_yes_answers_a_yes_or_no_question(talk):
    reply = talk.open()
    while reply.question.facet not in ("waterproof", "vegan"):
        reply = talk.turn(choice_id=reply.question.options[-1].choice_id)
    facet = reply.question.facet
    reply = talk.say("yes please", intent="affirm")
    assert (facet, True) in {(c.facet, c.values[0]) for c, _ in reply.constraints}


def test_a_newer_wish_replaces_the_older_one(talk):
    talk.say("red", wish("colour", "=", "red"))
    reply = talk.say("no, black", wish("colour", "=", "black"), intent="deny")
    assert [c.values for c, _ in reply.constraints] == [("black",)]
    assert all(shown.product.facets["colour"] == ("black",) for shown in reply.products)


def test_refusals_are_kept_beside_other_wishes(talk):
    talk.say("waterproof", wish("waterproof", "=", True))
    reply = talk.say("not black", wish("colour", "!=", "black"))
    assert "s3" not in ids(reply)
    assert held(reply) == {"waterproof", "colour"}


def test_a_wrong_answer_does_not_lose_the_product(talk):
    """Grey slippers are wanted; one answer says black. They still turn up."""
    reply = talk.open()
    wanted, facts = "s7", {"colour": "black", "vegan": True, "waterproof": False}
    for _ in range(8):
        if wanted in ids(reply):
            return
        if reply.question is None:
            reply = talk.turn(Move.MORE, said("more", intent="more_options"))
            continue
        value = facts.get(reply.question.facet)
        fitting = [o for o in reply.question.options if o.value == value and value is not None]
        chosen = fitting[0] if fitting else reply.question.options[-1]
        reply = talk.turn(choice_id=chosen.choice_id)
    pytest.fail("the wanted product never came up")


def test_nothing_left_says_what_blocks_and_offers_a_way_out(talk):
    talk.say("red", wish("colour", "=", "red"))
    reply = talk.say("under 20", wish("price", "<", 20.0, unit="EUR"))
    assert reply.remaining == 0
    assert "under €20" in reply.text
    assert "€40" in reply.text, "the smallest change names the price that brings products back"
    reply = talk.pick(reply, "(3)")
    assert reply.remaining == 3
    assert all(shown.product.facets["colour"] == ("red",) for shown in reply.products)


def test_cheaper_means_cheaper_than_what_is_shown(talk):
    talk.say("black", wish("colour", "=", "black"))
    critique = Critique(facet="price", direction=-1, start=0, end=7)
    reply = talk.say("cheaper", intent="critique", critiques=(critique,))
    shown = [float(one.product.price.amount) for one in reply.products if not one.unmet]
    assert shown
    assert max(shown) < 75


def test_show_more_shows_others(talk):
    first = talk.open()
    reply = talk.turn(Move.MORE, said("more", intent="more_options"))
    assert not ids(first) & ids(reply)
    assert reply.question is not None, "the open question comes again after a digression"


def test_undo_takes_the_last_wish_back(talk):
    talk.say("red", wish("colour", "=", "red"))
    talk.say("vegan", wish("vegan", "=", True))
    reply = talk.turn(Move.UNDO, said("undo", intent="undo"))
    assert held(reply) == {"colour"}
    reply = talk.turn(Move.UNDO, said("undo", intent="undo"))
    assert held(reply) == set()
    reply = talk.turn(Move.UNDO, said("undo", intent="undo"))
    assert "nothing to take back" in reply.text


def test_a_wish_can_be_removed_by_its_own_quick_reply(talk):
    talk.say("red", wish("colour", "=", "red"))
    reply = talk.say("vegan", wish("vegan", "=", True))
    place = [c.facet for c, _ in reply.constraints].index("colour")
    reply = talk.turn(choice_id=reply.removals[place].choice_id)
    assert held(reply) == {"vegan"}


def test_why_gives_the_reason_and_asks_again(talk):
    first = talk.open()
    reply = talk.turn(Move.WHY, said("why?", intent="ask_why"))
    assert reply.question.facet == first.question.facet
    assert "narrows" in reply.text


def test_a_question_about_a_product_is_answered_from_the_catalog(talk):
    first = talk.open()
    second = first.products[1].product
    reply = talk.say(
        "is the second one vegan?",
        move=Move.PRODUCT_QUESTION,
        intent="product_question",
        references=(Reference(kind="ordinal", value=2, start=0, end=1),),
        facets=("vegan",),
    )
    assert second.title in reply.text
    says = second.facets.get("vegan")
    assert ("does not say" in reply.text) == (says is None)


def test_an_unknown_word_is_not_explained_by_invention(talk):
    reply = talk.turn(Move.EXPLAIN_TERM, said("what is a frobnicator?", intent="explain_term"))
    assert "rather not make one up" in reply.text
    reply = talk.turn(Move.EXPLAIN_TERM, said("what does vegan mean?", intent="explain_term"))
    assert "without anything from animals" in reply.text


def test_a_person_can_be_reached_at_any_time(talk):
    reply = talk.turn(Move.HAND_OFF, said("a human please", intent="handoff"))
    assert "help@shoes.example" in reply.text


def test_a_person_is_offered_after_two_misses(talk):
    talk.open()
    first = talk.turn(Move.OUT_OF_SCOPE, said("what is the weather", intent="out_of_scope"))
    second = talk.turn(Move.OUT_OF_SCOPE, said("blah", intent="out_of_scope"))
    offered = [suggestion.label for suggestion in second.suggestions]
    assert "Talk to a person" not in [suggestion.label for suggestion in first.suggestions]
    assert "Talk to a person" in offered


VEGAN = Constraint(
    facet="vegan", operator=Operator.EQ, values=(True,), origin=Origin.PROFILE, lasting=True
)


def test_the_profile_filters_and_is_named(advisor):
    talk = Talk(advisor, Profile(constraints=(VEGAN,)), may_remember=True)
    reply = talk.open()
    assert "what you told me" in reply.text
    assert all(shown.product.facets["vegan"] == (True,) for shown in reply.products)
    reply = talk.turn(Move.MORE, said("more", intent="more_options"))
    assert all(shown.product.facets["vegan"] == (True,) for shown in reply.products)


def test_a_wish_said_now_beats_the_profile(advisor):
    talk = Talk(advisor, Profile(constraints=(VEGAN,)), may_remember=True)
    talk.open()
    reply = talk.say("not vegan today", wish("vegan", "=", False))
    assert "vegan" not in held(reply), "left out, not turned round"
    assert any(shown.product.facets.get("vegan") != (True,) for shown in reply.products)
    assert talk.change is None, "today only"
    reply = talk.turn(Move.MORE, said("more", intent="more_options"))
    assert "vegan" not in held(reply)


def test_what_is_known_can_be_put_right_when_it_was_named(advisor):
    refused = Constraint(
        facet="colour",
        operator=Operator.NE,
        values=("red",),
        origin=Origin.PROFILE,
        lasting=True,
    )
    talk = Talk(advisor, Profile(constraints=(VEGAN, refused)), may_remember=True)
    talk.open()
    talk.turn(Move.SHOW_PROFILE, said("what do you know about me?", intent="show_profile"))
    talk.say("actually I do wear red", wish("colour", "=", "red"))
    assert talk.change is not None
    assert talk.change.forget == ("colour",)


def test_a_gift_neither_uses_nor_changes_the_profile(advisor):
    talk = Talk(advisor, Profile(constraints=(VEGAN,)), may_remember=True)
    talk.open()
    reply = talk.say(
        "a gift for my brother, he never wears red",
        wish("colour", "!=", "red", lasting=True),
        gift=True,
    )
    assert "vegan" not in held(reply)
    assert talk.change is None


def test_lasting_wishes_are_learnt_only_with_consent(advisor):
    never = wish("colour", "!=", "red", lasting=True)
    with_consent = Talk(advisor, Profile(), may_remember=True)
    reply = with_consent.say("I never wear red", never)
    assert [c.facet for c in with_consent.change.remember] == ["colour"]
    assert "remember" in reply.text
    without = Talk(advisor)
    reply = without.say("I never wear red", never)
    assert "consent" in reply.text


def test_forgetting_says_what_was_forgotten(advisor):
    talk = Talk(advisor, Profile(constraints=(VEGAN,)), may_remember=True)
    talk.open()
    reply = talk.turn(
        Move.FORGET_PROFILE,
        said("forget that I'm vegan", wish("vegan", "=", True), intent="forget_profile"),
    )
    assert talk.change.forget == ("vegan",)
    assert "vegan" not in held(reply)


def test_an_unknown_quick_reply_is_survived(talk):
    talk.open()
    reply = talk.turn(choice_id="999.9")
    assert reply.products


def test_state_and_reply_stay_small_and_flat(talk):
    talk.open()
    sizes = []
    for number in range(60):
        move = Move.MORE if number % 2 else Move.ADVISE
        talk.turn(move, said("red", wish("colour", "=", "red")))
        sizes.append(len(str(talk.state.to_json())))
    assert sizes[-1] < 1.5 * sizes[20]


def test_products_in_a_reply_equal_the_catalog(talk, shoes):
    body = reply_to_json(talk.open())
    for shown in body["products"]:
        product = shoes.products[shoes.position(shown["id"])]
        assert shown["title"] == product.title
        assert shown["price"] == {"amount": f"{product.price.amount:.2f}", "currency": "EUR"}
    ranges = [o for o in body["question"]["options"] if o["kind"] == "range"]
    assert all(set(o) >= {"choice_id", "label", "count", "min", "max"} for o in ranges)


def test_a_digression_does_not_change_the_question(advisor):
    talk = Talk(advisor)
    asked = talk.open().question
    for text, intent, move in (
        ("why?", "ask_why", Move.WHY),
        ("what is vegan?", "explain_term", Move.EXPLAIN_TERM),
        ("show me more", "more_options", Move.MORE),
    ):
        again = talk.turn(move, said(text, intent=intent)).question
        assert again is not None
        assert again.facet == asked.facet
        assert [o.label for o in again.options] == [o.label for o in asked.options], text


def test_a_limit_of_ones_own_is_kept_as_said(advisor):
    talk = Talk(advisor)
    reply = talk.open()
    while reply.question is not None and reply.question.facet != "price":
        reply = talk.turn(Move.ADVISE, said("I don't mind", intent="dont_care"))
    if reply.question is None:
        pytest.skip("this shop is not asked about the price")
    reply = talk.say("under 77 euros", wish("price", "<", 77.0))
    price = next(one for one, _ in reply.constraints if one.facet == "price")
    assert price.strength == "must"
    assert reply.question is None or reply.question.facet != "price"


def test_refusing_everything_shown_brings_others(talk):
    talk.open()
    while talk.state.pending:
        first = talk.turn(choice_id=talk.turn(Move.WHY).question.options[-1].choice_id)
    reply = talk.say("no, not those", intent="deny")
    assert not ids(first) & ids(reply)


def test_a_limit_without_a_unit_is_about_the_price(talk):
    limit = Quantity(minimum=None, maximum=50.0, unit=None, start=4, end=12)
    reply = talk.say("red under 50", wish("colour", "=", "red"), quantities=(limit,))
    assert [text for _, text in reply.constraints] == ["red", "under €50"]
    assert ids(reply) >= {"s1"}
    assert reply.remaining == 1


def test_a_bare_number_that_nobody_asked_for_is_not_a_wish(talk):
    bare = Quantity(minimum=2.0, maximum=2.0, unit=None, start=0, end=1)
    reply = talk.say("2 red ones", wish("colour", "=", "red"), quantities=(bare,))
    assert held(reply) == {"colour"}


def test_a_wish_taken_for_a_question_is_still_a_wish(talk):
    talk.open()
    unsure = said("in red", wish("colour", "=", "red"), intent="product_question")
    unsure = dataclasses.replace(unsure, intent=Intent(name="product_question", confidence=0.5))
    reply = talk.turn(Move.PRODUCT_QUESTION, unsure)
    assert held(reply) == {"colour"}


def test_what_is_to_be_remembered_is_lasting_however_it_is_said(advisor):
    talk = Talk(advisor, profile=Profile(), may_remember=True)
    talk.open()
    reply = talk.say("remember: no black", wish("colour", "!=", "black"), intent="remember")
    assert "remember that for next time: not black" in reply.text
    assert [one.facet for one in talk.change.remember] == ["colour"]
