import pytest

from nlu.slips import SlipIndex


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
