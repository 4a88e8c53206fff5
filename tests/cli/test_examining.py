"""``assistant nlu check`` and ``assistant nlu test`` run in a process of their own and pass its exit code on."""

import pytest
from typer.testing import CliRunner

from assistant.cli import examining
from assistant.cli.app import app


class Done:
    def __init__(self, returncode):
        self.returncode = returncode


@pytest.fixture
def called(monkeypatch):
    calls = []

    def run(command, **options):
        calls.append((command[1:], options["env"]))
        return Done(len(calls) - 1)

    monkeypatch.setattr(examining.subprocess, "run", run)
    return calls


def test_check_looks_at_the_phrases_of_a_language(called):
    result = CliRunner().invoke(app, ["nlu", "check", "--language", "de"])
    assert result.exit_code == 0
    assert called[0][0] == ["-m", "nlu.check", "--language", "de"]


def test_test_writes_where_it_is_told_and_passes_the_exit_code_on(called, tmp_path):
    CliRunner().invoke(app, ["nlu", "check"])
    result = CliRunner().invoke(app, ["nlu", "test", "--out", str(tmp_path / "x.html")])
    assert result.exit_code == 1
    command, variables = called[1]
    assert command == [
        "-m", "actions.intent_report", "--language", "en", "--out", str(tmp_path / "x.html")
    ]  # fmt: skip
    assert "ASSISTANT_MODELS" in variables
