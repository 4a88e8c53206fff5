import pytest

from nlu.language.detect import guess_language


@pytest.mark.parametrize(
    ("text", "current", "expected"),
    [
        ("ich suche einen roten Wein", "en", "de"),
        ("I'm looking for a red wine", "de", "en"),
        ("nein danke", "en", "de"),
        ("no, something else please", "de", "en"),
        ("Merlot", "de", "de"),
        ("Merlot", "en", "en"),
        ("red", "de", "de"),
        ("", "en", "en"),
        ("12", "de", "de"),
        ("was kostet das zweite?", "en", "de"),
    ],
)
def test_guess_language_goes_by_small_words(text, current, expected):
    assert guess_language(text, ("en", "de"), current) == expected


def test_guess_language_keeps_to_what_the_shop_speaks():
    assert guess_language("ich suche einen Wein", ("en",), "en") == "en"
