"""The README keeps up with the code."""

from pathlib import Path

import pytest

from assistant.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name):
    assert f"ASSISTANT_{name.upper()}" in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_says_what_it_is_for(name):
    description = Settings.model_fields[name].description
    assert description and description.endswith(".")
