"""Products named outright, by number or by title."""

import pytest

from assistant.advisor.naming import named_product, unknown_code
from catalog.search.search import Search
from tests.advisor.gloves import glove_shop, glove_talk


@pytest.fixture(scope="module")
def shop():
    catalog = glove_shop()
    return catalog, Search(catalog, None, None)


@pytest.mark.parametrize(
    ("text", "product", "variant"),
    [
        ("G1-9-T", "G1", "G1-9-T"),
        ("do you have g2-8-n?", "G2", "G2-8-N"),
        ("Tell me about the Forge glove.", "G4", None),
        ("forge gloves", None, None),
        ("glove", None, None),
        ("size 9", None, None),
        ("G1-9-T or G2-8-N", None, None),
        ("the Ridge glove or the Forge glove", None, None),
    ],
)
def test_who_is_named(shop, text, product, variant):
    named = named_product(text, *shop)
    assert (named.product.id if named else None) == product
    assert (named.variant.id if named and named.variant else None) == variant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7731209", "7731209"),
        ("HX-4410", "HX-4410"),
        ("#HX4410?", "HX4410"),
        ("G1-9-T", ""),
        ("40", ""),
        ("1200", ""),
        ("16GB", ""),
        ("under 100000", ""),
        ("size 9", ""),
        ("A" * 50 + "1234", ""),
    ],
)
def test_a_number_that_nobody_has(shop, text, code):
    assert unknown_code(text, shop[1]) == code


def test_a_number_that_nobody_has_is_said_to_be_unknown_and_is_no_amount():
    talk = glove_talk()
    talk.open()
    reply = talk.say("HX-4410")
    assert reply.text.startswith("I find no article “HX-4410” in our catalog.")
    assert reply.constraints == ()
