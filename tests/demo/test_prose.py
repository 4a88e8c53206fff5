import re
from collections import Counter

import pytest

from assistant.demo.prose import join


@pytest.mark.parametrize(
    ("items", "sentence"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), ([], "")],
    ids=["one", "two", "three", "none"],
)
def test_join_reads_as_in_a_sentence(items, sentence):
    assert join(items) == sentence


def test_descriptions_are_whole_sentences(wines):
    for wine in wines:
        assert not re.search(r"[{}]|\bNone\b|  |\.\.| ,| \.|\ba (?:[aeio])", wine.description), (
            wine.description
        )
        assert wine.description.endswith("."), wine.description
        for sentence in re.split(r"(?<=[.]) (?=\S)", wine.description):
            assert sentence[0].isupper(), wine.description


def test_descriptions_name_the_years_of_their_own_wine_only(wines):
    for wine in wines:
        for year in re.findall(r"until (\d{4})", wine.description):
            assert int(year) == wine.drink_until


def test_descriptions_differ(wines):
    standard = [wine for wine in wines if wine.bottle_size == "standard bottle"]
    assert len({wine.description for wine in standard}) == len(standard)
    first = Counter(re.split(r"(?<=[.]) ", wine.description)[0] for wine in standard)
    assert first.most_common(1)[0][1] <= 4
