"""The engine's environment and model, without building either."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from assistant import engine_env


@pytest.fixture
def project(monkeypatch, tmp_path):
    """A copy of the engine's project that may be changed."""
    folder = tmp_path / "dialogue"
    for name in ("domain", "rules"):
        (folder / name).mkdir(parents=True)
        (folder / name / "one.yml").write_text(f"{name}: 1\n")
    for name in ("config.yml", "pyproject.toml", "uv.lock"):
        (folder / name).write_text("x\n")
    monkeypatch.setattr(engine_env, "DIALOGUE", folder)
    return folder


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain/one.yml", "rules/one.yml", "pyproject.toml"]
)
def test_a_change_of_the_rules_wants_a_new_model(project, tmp_path, changed):
    before = engine_env.model_path(tmp_path)
    assert engine_env.model_path(tmp_path) == before
    (project / changed).write_text("other\n")
    assert engine_env.model_path(tmp_path) != before


def test_wording_needs_no_training(project, tmp_path):
    before = engine_env.model_path(tmp_path)
    (project / "wording").mkdir()
    (project / "wording" / "en.yml").write_text("hello: hi\n")
    assert engine_env.model_path(tmp_path) == before


def test_an_environment_is_built_once_and_again_when_its_lock_changes(project, monkeypatch):
    script = project / "fake_uv.py"
    script.write_text(
        "import pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[sys.argv.index('--project') + 1]) / '.venv' / 'bin'\n"
        "folder.mkdir(parents=True, exist_ok=True)\n"
        "(folder / 'python').touch()\n"
        "print('Installed 3 packages')\n"
    )
    uv = project / "uv"
    uv.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    uv.chmod(0o755)
    monkeypatch.setenv("UV", str(uv))
    said = []
    engine_env.build(said.append)
    assert said == ["Installed 3 packages"]
    assert engine_env.is_built()
    (project / "uv.lock").write_text("newer\n")
    assert not engine_env.is_built()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error: No interpreter found for Python 3.10 in managed installations",
            "uv python install 3.10",
        ),
        (
            "error: Failed to fetch: https://packages.example/simple/rasa/",
            "cannot be built: error: Failed to fetch",
        ),
    ],
    ids=["interpreter", "network"],
)
def test_what_keeps_it_from_being_built_is_told_in_a_line(project, monkeypatch, said, told):
    uv = project / "uv"
    uv.write_text(f"#!/bin/sh\necho '{said}'\nexit 2\n")
    uv.chmod(0o755)
    monkeypatch.setenv("UV", str(uv))
    with pytest.raises(engine_env.EngineBuildError, match=r"Python 3\.10|environment") as caught:
        engine_env.build()
    assert told in str(caught.value)


def test_without_uv_it_says_how_to_get_it(project, monkeypatch, tmp_path):
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine_env.Path, "home", lambda: tmp_path)
    with pytest.raises(engine_env.EngineBuildError, match=r"docs\.astral\.sh/uv"):
        engine_env.build()


def test_the_engine_is_not_led_into_another_environment(monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    made = engine_env.environment()
    assert "VIRTUAL_ENV" not in made
    assert "PYTHONPATH" not in made
    assert made["RASA_TELEMETRY_ENABLED"] == "false"


def test_a_build_ends_when_the_one_who_wants_it_is_stopped(project):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process of its parent's death")
    uv = project / "uv"
    uv.write_text("#!/bin/sh\necho $$\nexec sleep 60\n")
    uv.chmod(0o755)
    code = (
        f"import sys; sys.path.insert(0, {str(engine_env.ROOT)!r})\n"
        "from pathlib import Path\n"
        "from assistant import engine_env\n"
        f"engine_env.DIALOGUE = Path({str(project)!r})\n"
        "engine_env.build(lambda line: print(line, flush=True))\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "UV": str(uv)}
    ) as parent:
        child = int(parent.stdout.readline())
        parent.terminate()
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "it goes on"
        time.sleep(0.05)
