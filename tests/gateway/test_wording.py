"""Every language says everything."""

from __future__ import annotations

import pytest

from assistant.gateway.errors import GatewayError
from assistant.gateway.wording import GatewayWording


def test_unknown_language_falls_back_to_english():
    assert GatewayWording().say("try_again", "tlh") == "Try again"
    assert GatewayWording().say("try_again", "de_CH") != "Try again"


def test_incomplete_language_is_named(tmp_path):
    (tmp_path / "en.yml").write_text("a: A\nb: B\n")
    (tmp_path / "fr.yml").write_text("a: A\n")
    with pytest.raises(GatewayError, match=r"fr\.yml lacks b"):
        GatewayWording(tmp_path)
