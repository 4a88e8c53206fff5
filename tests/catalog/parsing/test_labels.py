"""What columns are called when shoppers hear of them."""

import pytest

from catalog.parsing.labels import label_of, plural, singular, spelled_out


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Weight_in_lbs", "weight in lbs"),
        ("RegionName", "region"),
        ("num_blades", "number of blades"),
        ("product_colour", "colour"),
        ("RAM", "RAM"),
        ("BLADE_WIDTH", "blade width"),
        ("cocoapercent", "cocoa percent"),
    ],
)
def test_a_column_name_is_said_in_words(name, label):
    assert label_of(name) == label


def test_a_german_noun_gets_its_capital():
    assert label_of("blattfarbe", "de") == "Blattfarbe"


@pytest.mark.parametrize(
    ("label", "spelled"),
    [
        ("hwy mpg", "highway mpg"),
        ("eng size", "engine size"),
        ("ncyl", "number of cylinders"),
        ("max temp", "maximum temperature"),
        ("horsepwr", "horsepower"),
        ("sprkt", "sprkt"),
        ("screen", "screen"),
        ("cap", "cap"),
        ("handlebar", "handlebar"),
        ("wheel base", "wheel base"),
    ],
)
def test_abbreviations_are_spelled_out_and_words_left_alone(label, spelled):
    assert spelled_out(label, "en") == spelled


def test_too_short_a_rest_of_a_word_is_not_guessed():
    assert spelled_out("hrspr", "en") == "hrspr"


def test_german_has_its_own_abbreviations():
    assert spelled_out("Herst", "de") == "Hersteller"
    assert spelled_out("hwy", "de") == "hwy"


@pytest.mark.parametrize(
    ("word", "several"), [("shelf", "shelves"), ("box", "boxes"), ("berry", "berries")]
)
def test_nouns_bend(word, several):
    assert (plural(word), singular(several)) == (several, word)
