"""A shopper talks to the wine shop, from hello to goodbye, and looks closely."""

import pytest

pytestmark = pytest.mark.engine


def facts(product):
    told = (
        "title",
        "description",
        "price",
        "availability",
        "url",
        "image_url",
        "facets",
        "variants",
    )
    return {key: product[key] for key in told}


@pytest.fixture
def shopper(house, products):
    """A conversation whose every reply is held against the catalog."""
    conversation = house.talk()
    say = conversation.say

    def checked(text, client_message_id=None):
        reply = say(text, client_message_id)
        for shown in reply["products"]:
            assert facts(shown) == facts(products[shown["id"]])
        return reply

    conversation.say = checked
    return conversation


def asked(reply):
    question = reply["question"]
    return question and (question["facet"], tuple(o["label"] for o in question["options"]))


def prices(reply):
    return [float(p["price"]["amount"]) for p in reply["products"]]


def test_from_hello_to_goodbye(shopper, products):
    assert shopper.reply["text"]
    assert shopper.reply["products"]
    reply = shopper.say("hello there")
    assert reply["question"]
    assert not reply["constraints"]

    reply = shopper.say("a dry red to go with a steak, nothing from Spain")
    for shown in reply["products"]:
        wine = products[shown["id"]]["facets"]
        assert wine["type"] == ["red"]
        assert wine["sweetness"] == ["dry"]
        assert "beef" in wine["food"]
        assert wine["country"] != ["Spain"]
    told = shopper.wishes()
    assert {"type", "sweetness", "food", "country"} <= set(told)

    reply = shopper.say("at most 30 euros")
    assert max(prices(reply)) <= 30
    questions = [asked(reply)]

    reply = shopper.say("I don't mind")
    questions.append(asked(reply))
    assert len(set(questions)) == 2
    assert told.items() <= shopper.wishes().items()

    reply = shopper.say("why do you ask?")
    assert asked(reply) == questions[-1]
    assert reply["question"]["reason"] in reply["text"]
    reply = shopper.say("what is a tannin?")
    assert "tannin" in reply["text"].lower()
    assert asked(reply) == questions[-1]

    second = shopper.ids()[1]
    reply = shopper.say("how much alcohol does the second one have?")
    alcohol = products[second]["facets"]["alcohol"][0]
    assert f"{alcohol:g}" in reply["text"]
    assert products[second]["title"] in reply["text"]
    assert asked(reply) == questions[-1]

    before = shopper.wishes()
    pivot = prices(reply)[0]
    reply = shopper.say("something cheaper please")
    assert max(prices(reply)) < pivot
    reply = shopper.say("undo that")
    assert shopper.wishes() == before

    first = shopper.ids()
    reply = shopper.say("show me more")
    assert not set(shopper.ids()) & set(first)
    assert max(prices(reply)) <= 30
    assert shopper.wishes() == before

    chosen = products[shopper.ids()[0]]
    reply = shopper.say("I'll take the first one")
    assert chosen["title"] in reply["text"]
    assert chosen["price"]["amount"] in reply["text"]
    assert shopper.ids() == [chosen["id"]]

    reply = shopper.say("thanks, goodbye")
    assert "goodbye" in reply["text"].lower()
    assert reply["question"] is None


def test_questions_do_not_come_twice_and_wishes_stay(shopper):
    told, seen = {}, set()
    for turn in range(9):
        question = shopper.reply["question"]
        if question is None:
            break
        assert asked(shopper.reply) not in seen, f"asked again: {question['text']}"
        seen.add(asked(shopper.reply))
        option = next(o for o in question["options"] if o["kind"] != "any")
        if turn % 3 == 2:
            shopper.say("no preference")
        else:
            shopper.say(option["label"])
            told[question["facet"]] = option["label"]
        assert set(told) <= set(shopper.wishes()), f"lost after {option['label']!r}"
    assert len(seen) >= 3


def test_counts_behind_the_answers_are_true(house):
    conversation = house.talk()
    for _ in range(3):
        options = conversation.reply["question"]["options"]
        assert sum(o["kind"] == "any" for o in options) == 1
        chosen = next(o for o in options if o["kind"] != "any")
        reply = conversation.choose(chosen["label"])
        assert reply["remaining"] == chosen["count"]
        if reply["question"] is None:
            break


def test_an_impossible_wish_is_explained_and_can_be_widened(shopper):
    reply = shopper.say("a sparkling wine from Argentina for under 3 euros")
    assert reply["remaining"] == 0
    assert reply["products"], "the nearest are shown all the same"
    assert all(product["unmet"] for product in reply["products"])
    way = reply["suggestions"][0]["label"]
    reply = shopper.choose(way)
    assert reply["remaining"] > 0


def test_a_person_can_be_asked_for_at_any_turn(shopper):
    shopper.say("white wine from France")
    before = shopper.wishes()
    reply = shopper.say("can I talk to a real person please?")
    assert "0800 555 0199" in reply["text"]
    assert shopper.wishes() == before


def test_starting_over_forgets_the_wishes(shopper):
    shopper.say("white wine from France")
    reply = shopper.say("let's start over")
    assert reply["constraints"] == []
    assert reply["question"]


def test_history_is_the_whole_exchange(shopper):
    replies = [shopper.reply, shopper.say("rosé please"), shopper.say("show me more")]
    history = shopper.history()
    assert [entry["reply"]["message_id"] for entry in history] == [r["message_id"] for r in replies]
    assert [entry["reply"]["text"] for entry in history] == [r["text"] for r in replies]
    assert [entry["text"] for entry in history[1:]] == ["rosé please", "show me more"]
