"""What a shopper lets the shop remember, and what becomes of it."""

import pytest

pytestmark = pytest.mark.engine


def all_vegan(conversation, products):
    return bool(conversation.ids()) and all(
        products[one]["facets"].get("vegan") == [True] for one in conversation.ids()
    )


def talk_through(conversation, *texts):
    """Say several things; yields after each."""
    for text in texts:
        conversation.say(text)
        yield text


@pytest.fixture
def vegan(house):
    """A shopper who said so once, in a conversation of long ago."""
    shopper = house.shopper()
    reply = house.talk(shopper).say("I'm vegan")
    assert "remember" in reply["text"]
    return shopper


class TestAVeganComesBack:
    def test_sees_only_vegan_wines_until_saying_otherwise(self, house, vegan, products):
        conversation = house.talk(vegan)
        assert "vegan" in conversation.reply["text"].lower()
        assert all_vegan(conversation, products)
        seen = set(conversation.ids())
        turns = ("a red wine please", "show me more", "show me more", "I don't mind", "cheaper")
        for text in talk_through(conversation, *turns):
            assert all_vegan(conversation, products), text
            assert "vegan" in conversation.wishes(), text
            assert all("vegan" in p["met"] for p in conversation.reply["products"]), text
            seen |= set(conversation.ids())
        assert len(seen) > 10

        conversation.say("not vegan today")
        kinds = set()
        for _ in talk_through(conversation, "show me more", "show me more", "show me more"):
            kinds |= {products[one]["facets"].get("vegan", [None])[0] for one in conversation.ids()}
        assert kinds > {True}, "what is not vegan is shown too, and what is vegan is not left out"
        assert "vegan" in vegan.wishes(), "today only"
        assert all_vegan(house.talk(vegan), products)

    def test_is_told_what_is_known(self, house, vegan):
        reply = house.talk(vegan).say("what do you know about me?")
        assert "vegan" in reply["text"].lower()
        assert vegan.wishes() == {"vegan": ("=", [True])}

    def test_a_gift_neither_uses_nor_changes_it(self, house, vegan, products):
        conversation = house.talk(vegan)
        conversation.say("it's a gift for my uncle")
        assert "vegan" not in conversation.wishes()
        shown = list(conversation.ids())
        conversation.say("he never drinks white wine")
        for _ in talk_through(conversation, "show me more", "show me more"):
            shown += conversation.ids()
        assert any(products[one]["facets"].get("vegan") == [False] for one in shown)
        assert vegan.wishes() == {"vegan": ("=", [True])}


class TestCorrecting:
    def test_in_chat(self, house):
        shopper = house.shopper()
        conversation = house.talk(shopper)
        conversation.say("remember that my budget is 20 euros")
        assert shopper.wishes()["price"] == ("<=", [20.0])
        conversation.say("remember that my budget is 35 euros")
        assert shopper.wishes()["price"] == ("<=", [35.0])

    def test_what_was_shown_can_be_put_right(self, house):
        shopper = house.shopper()
        conversation = house.talk(shopper)
        conversation.say("I never drink white wine")
        assert "type" in shopper.wishes()
        conversation.say("what do you know about me?")
        conversation.say("actually I do drink white wine")
        assert "type" not in shopper.wishes()

    def test_no_longer_vegan(self, house, vegan):
        conversation = house.talk(vegan)
        conversation.say("I'm not vegan any more")
        assert vegan.wishes() == {}
        assert "vegan" not in conversation.wishes()
        assert "vegan" not in house.talk(vegan).wishes()

    def test_by_the_api(self, house, vegan):
        vegan.delete("/profile/vegan")
        assert vegan.wishes() == {}
        assert "vegan" not in house.talk(vegan).wishes()


class TestForgetting:
    def test_one_thing_in_chat(self, house, vegan):
        conversation = house.talk(vegan)
        conversation.say("remember that my budget is 20 euros")
        conversation.say("forget that my budget is 20 euros")
        assert set(vegan.wishes()) == {"vegan"}
        assert "price" not in conversation.wishes()

    def test_everything_in_chat(self, house, vegan, products):
        conversation = house.talk(vegan)
        reply = conversation.say("please forget everything you know about me")
        assert "forgotten" in reply["text"].lower()
        assert vegan.wishes() == {}
        assert "vegan" not in conversation.wishes()
        assert "vegan" not in house.talk(vegan).wishes()


class TestWithoutConsent:
    def test_nothing_is_remembered(self, house):
        shopper = house.shopper(consent=False)
        conversation = house.talk(shopper)
        reply = conversation.say("I'm vegan")
        assert "vegan" in conversation.wishes(), "it counts in this conversation"
        assert "consent" in reply["text"]
        assert shopper.wishes() == {}
        assert "vegan" not in house.talk(shopper).wishes()

    def test_taking_consent_back_ends_it(self, house, vegan):
        vegan.put("/consent", granted=False)
        assert vegan.known()["profile"]["constraints"] == []
        conversation = house.talk(vegan)
        assert "vegan" not in conversation.wishes()
        reply = conversation.say("what do you know about me?")
        assert "nothing" in reply["text"]

    def test_a_stranger_is_told_so(self, house):
        reply = house.talk().say("what do you know about me?")
        assert "nothing" in reply["text"]


class TestErasure:
    WORDS = ("zyxomarkerine", "quorfleblin")

    def plant(self, house, conversation):
        first, second = self.WORDS
        conversation.say(f"I'm vegan and my name is {first}")
        conversation.say(f"something that tastes of {second}, not {first}")
        conversation.say(f"/{first} {{{second}}}")
        assert house.files_with(*self.WORDS), "the words were not planted"

    def test_a_shopper_leaves_no_byte(self, house):
        shopper = house.shopper()
        conversation = house.talk(shopper)
        self.plant(house, conversation)
        self.plant(house, house.talk(shopper))
        bystander = house.talk()
        bystander.say("a red wine")
        shopper.delete()
        assert (
            house.files_with(*self.WORDS, shopper.token, conversation.id, conversation.token) == []
        )
        gone = house.api.get(
            "/api/shoppers/me", headers={"Authorization": f"Bearer {shopper.token}"}
        )
        assert gone.status_code in {401, 403, 404}
        assert conversation.post(text="hello").status_code == 404
        assert bystander.say("show me more")["products"]
        assert "type" in bystander.wishes()

    def test_a_conversation_leaves_no_byte(self, house):
        conversation = house.talk()
        self.plant(house, conversation)
        conversation.erase()
        assert house.files_with(*self.WORDS, conversation.id) == []
        assert conversation.post(text="hello").status_code == 404

    def test_erasing_keeps_what_was_learnt_elsewhere(self, house, vegan):
        conversation = house.talk(vegan)
        conversation.say("red please")
        conversation.erase()
        assert set(vegan.wishes()) == {"vegan"}
