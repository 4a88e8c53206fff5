"""What of a product reaches the encoder."""

from dataclasses import replace

from catalog.embedding_text import embedding_text
from tests.catalog.goods import FACETS, HOE, RAKE

BY_KEY = {facet.key: facet for facet in FACETS}


def test_title_values_and_description_are_told_and_codes_are_not():
    text = embedding_text(RAKE, BY_KEY)
    assert text.startswith("Leaf rake. material: steel")
    assert "width: 40 cm" in text
    assert "foldable" in text
    assert text.endswith("For lawns and beds.")
    assert "4006381333931" not in text


def test_numbers_are_left_out_where_they_would_be_all_there_is():
    assert embedding_text(HOE, BY_KEY) == "Hand hoe. material: copper"


def test_what_the_title_begins_with_is_not_told_again():
    steel = replace(RAKE, title="Steel rake")
    assert embedding_text(steel, BY_KEY).startswith("Steel rake. width")
    for title in ("Steelworker rake", "Rake of steel"):
        assert "material: steel" in embedding_text(replace(RAKE, title=title), BY_KEY)


def test_what_the_shop_does_not_know_is_left_out():
    assert embedding_text(RAKE, {}) == "Leaf rake. For lawns and beds."
