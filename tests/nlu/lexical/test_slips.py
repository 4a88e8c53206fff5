import pytest

from nlu.lexical.slips import LONGEST, SlipIndex, is_slip


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("leathr", ["leather"]),
        ("lleather", ["leather"]),
        ("laether", ["leather"]),
        ("leatherr", ["leather"]),
        ("leather", ["leather"]),
        ("lether", ["leather"]),
    ],
)
def test_a_word_is_found_one_slip_away(said, meant):
    assert SlipIndex(["leather", "velvet", "oak"]).near(said) == meant


@pytest.mark.parametrize("said", ["oka", "lthr", "", "a4", "laethre", "zeather's"])
def test_short_and_far_words_are_left_alone(said):
    assert SlipIndex(["leather", "oak"]).near(said) == []


def test_all_words_that_may_have_been_meant_are_given():
    assert SlipIndex(["slate", "plate", "state"]).near("slatte") == ["slate"]
    assert SlipIndex(["lighter", "righter"]).near("sighter") == ["lighter", "righter"]


def test_shorter_known_words_are_found_on_demand():
    assert SlipIndex(["yep"]).near("yeep") == []
    assert SlipIndex(["yep"], shortest=3).near("yeep") == ["yep"]


def test_is_slip_is_one_letter_and_not_the_first():
    assert (
        is_slip("adidas", "addidas")
        and is_slip("adidas", "adidsa")
        and is_slip("porcelain", "porcelein")
    )
    assert (
        not is_slip("adidas", "didas")
        and not is_slip("adidas", "adidas")
        and not is_slip("canvas", "kanvas")
    )


def test_values_of_a_catalog_are_slips_only_beyond_doubt():
    assert not is_slip("marlin", "martin") and is_slip("marlinspike", "martinspike")
    assert not is_slip("sneaker", "sneakers") and is_slip("tress", "tresss")
    assert not is_slip("adidas", "addidass")


def test_pasted_and_odd_words_cost_nothing():
    index = SlipIndex(["leather" * 10, "leather"])
    assert index.near("x" * (LONGEST + 1)) == []
    assert index.near("l" * 100_000) == []
    assert SlipIndex([]).near("leather") == []


def test_letters_of_other_alphabets_are_tried():
    assert SlipIndex(["кресло"]).near("кесло") == ["кресло"]
    assert SlipIndex(["größe"]).near("größ") == ["größe"]
