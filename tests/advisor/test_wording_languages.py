"""Every language says all the assistant can say, with the same things filled in."""

import re
from pathlib import Path

import pytest

from assistant.advisor.wording import Wording

FOLDER = Path(__file__).parents[2] / "assistant" / "dialogue" / "wording"
OTHERS = sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem != "en")


def names(texts):
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}


@pytest.mark.parametrize("language", OTHERS)
def test_wording_has_the_keys_of_the_english_one(language):
    english = Wording.load(FOLDER, "en")._texts
    other = Wording.load(FOLDER, language)._texts
    assert sorted(other) == sorted(english)


@pytest.mark.parametrize("language", OTHERS)
def test_wording_fills_in_only_what_english_is_given(language):
    english = Wording.load(FOLDER, "en")._texts
    for key, texts in Wording.load(FOLDER, language)._texts.items():
        allowed = names(english[key]) | {"noun", "nouns", "total", "count"} & names(english[key])
        generous = allowed | ({"nouns"} if "noun" in allowed else set())
        assert names(texts) <= generous, key
