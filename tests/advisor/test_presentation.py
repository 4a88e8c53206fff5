"""What is put before the shopper: a picture of the range, and news only."""

import numpy as np

from assistant.advisor.turn import Advisor
from assistant.advisor.types import Move
from tests.advisor.boats import boat_shop, boat_talk
from tests.advisor.shoes import Talk, spoken_wording, titles, wish


def test_the_opening_shows_one_product_of_each_answer_also_of_numbers():
    reply = boat_talk().open()
    assert reply.question.facet == "price"
    for option in reply.question.options[:-1]:
        prices = [float(shown.product.price.amount) for shown in reply.products]
        low, high = option.min or 0.0, option.max or float("inf")
        assert any(low <= price < high for price in prices), option.label


def test_one_name_does_not_fill_the_list_while_others_are_as_good():
    same = {f"b{number}": {"title": "marsh tit"} for number in range(1, 6)}
    talk = Talk(Advisor(boat_shop(**same), spoken_wording()))
    reply = talk.say("nothing above 65000", wish("price", "<=", 65000.0))
    assert sorted(titles(reply))[:3] == ["long diver", "marsh tit", "marsh tit"]
    assert {"red knot", "wide eider"} < set(titles(reply))


def test_a_count_is_said_when_it_is_news():
    talk = boat_talk()
    talk.open()
    reply = talk.say("no yacht", wish("type", "!=", "yacht"))
    assert "That leaves 7 boats." in reply.text
    reply = talk.say("under 60000", wish("price", "<", 60000.0))
    assert "All 7 still fit." in reply.text
    reply = talk.say("no idea", intent="dont_know")
    assert "7" not in reply.text.replace(reply.question.text, "")


def test_the_start_is_greeted_as_the_start_only_once():
    talk = boat_talk()
    assert "to start with" in talk.open().text
    assert "to start with" not in talk.say("whatever", intent="dont_care").text


def test_undo_says_what_it_took_back_and_what_counts_again():
    talk = boat_talk()
    talk.open()
    talk.say("a barge", wish("type", "=", "barge"))
    talk.say("no, a yacht", wish("type", "=", "yacht"))
    reply = talk.say("undo", move=Move.UNDO, intent="undo")
    assert "“yacht” no longer counts. “barge” counts again." in reply.text


def test_free_words_beside_a_wish_are_heard_too():
    talk = boat_talk()
    talk.open()
    reply = talk.say("a barge for fishing", wish("type", "=", "barge"), meaning="for fishing")
    assert "Barge" in reply.text
    assert "“for fishing”" in reply.text
    assert "everything you asked for" not in reply.text


def test_an_address_is_not_run_together_with_the_next_sentence(talk):
    talk.open()
    reply = talk.turn(Move.ORDER_STATUS)
    assert f"help@shoes.example\n{reply.question.text}" in reply.text


class _Likes:
    """A search by meaning that likes one boat above all."""

    def __init__(self, row: int) -> None:
        self.row = row

    def relevance(self, _text: str):
        found = np.full(8, 0.05, dtype=np.float32)
        found[self.row] = 1.0
        return found

    def numbered(self, _code: str) -> int | None:
        return None

    def mentioned(self, _text: str) -> list[int]:
        return []


def test_free_words_lift_nothing_above_what_fits():
    shop = boat_shop()
    talk = Talk(Advisor(shop, spoken_wording(), _Likes(shop.position("b1"))))
    reply = talk.say("for calm days", meaning="for calm days")
    assert titles(reply)[0] == "little gannet"
    reply = talk.say("a cabin, ideally", wish("cabin", "=", True, strength="prefer"))
    assert reply.remaining == 6
    assert not any(shown.unmet for shown in reply.products)


def test_nothing_is_vouched_for_that_the_catalog_does_not_state():
    talk = boat_talk()
    talk.open()
    talk.say("a barge", wish("type", "=", "barge"))
    reply = talk.say("no steel", wish("hull", "!=", "STL"))
    assert "everything you asked for" not in reply.text
    assert "each says what is not stated" in reply.text


def test_wanting_what_is_sold_is_no_riddle(talk):
    talk.open()
    reply = talk.say("I want a pair")
    assert "did not understand" not in reply.text
    assert reply.question is not None


def test_seeing_more_of_what_comes_close_is_not_explained_each_time():
    talk = boat_talk()
    talk.say("a barge", wish("type", "=", "barge"))
    first = talk.say("more", move=Move.MORE, intent="more_options")
    again = talk.say("more", move=Move.MORE, intent="more_options")
    assert "You have seen everything" in first.text
    assert again.text == "These come next."
    assert len(again.products) == 1
    assert any(one.label.startswith("Without") for one in first.suggestions)


def test_a_gift_is_no_talk_of_a_profile_nobody_has(talk):
    talk.open()
    assert "know about you" not in talk.say("for my aunt", intent="gift", gift=True).text
