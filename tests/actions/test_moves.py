"""The rules, the advisor and the action server name the same things."""

import subprocess
import sys

import pytest
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from assistant.advisor.types import Move
from assistant.settings import ROOT

DIALOGUE = ROOT / "assistant" / "dialogue"


def registered() -> set[str]:
    executor = ActionExecutor()
    executor.register_package("actions.moves")
    return set(executor.actions)


def test_every_move_has_an_action():
    assert {f"action_{move.value}" for move in Move} <= registered()


def test_the_domain_names_actions_that_exist():
    named = YAML(typ="safe").load((DIALOGUE / "domain" / "actions.yml").read_text())["actions"]
    assert set(named) <= registered()


def test_the_helper_class_is_no_action():
    assert not [name for name in registered() if name.startswith("action_<")]
    assert "AdvisorAction" not in registered()


@pytest.mark.parametrize("module", ["actions", "actions.moves", "actions.server"])
def test_importing_loads_nothing_heavy(module):
    heavy = "faiss spacy vosk torch onnxruntime sentence_transformers"
    code = f"import sys, {module}; print([n for n in {heavy.split()!r} if n in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"
