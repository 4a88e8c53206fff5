"""The tables of every language hold what the English ones do."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from catalog.parsing.text import language

FOLDER = Path(__file__).parents[2] / "catalog" / "language"


@pytest.mark.parametrize("code", sorted(path.stem for path in FOLDER.glob("*.yml")))
def test_language_has_every_table(code):
    read = YAML(typ="safe")
    english, other = (read.load((FOLDER / f"{name}.yml").read_text()) for name in ("en", code))
    assert sorted(other) == sorted(english)
    assert language(code).function_words


def test_german_names_an_absence_in_one_word():
    assert "alkoholfrei" in language("de").opposites["alkoholisch"]
    assert language("de_AT").code == "de"
