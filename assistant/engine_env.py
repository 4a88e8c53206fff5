"""The dialogue engine as the rest of the house sees it: an environment of its own, a trained model, a command."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.parent_death import ending_with_parent
from assistant.settings import ROOT

DIALOGUE = ROOT / "assistant" / "dialogue"
PYTHON = "3.10"
STAMP = "built-from.sha256"
"""File in the environment that says which lock it was made from."""
TRAINED_FROM = ("config.yml", "domain", "rules", "pyproject.toml")
"""What a model depends on; wording is read by the action server and needs no training."""
BUILD_SECONDS = 1800
"""The download of the environment over a slow line."""
TRAIN_SECONDS = 600
"""Training the rules takes half a minute on two cores."""
FOREIGN = (
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "CONDA_PREFIX",
)
"""Variables that would make another environment than the engine's own be used."""

Say = Callable[[str], None]


class EngineBuildError(Exception):
    """The engine cannot be built, trained or started; one line that says what to do."""


def python() -> Path:
    """The engine's interpreter."""
    return DIALOGUE / ".venv" / "bin" / "python"


def environment() -> dict[str, str]:
    """Return our environment without what would lead into another one."""
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**variables, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}


def is_built() -> bool:
    """Whether the environment is there and made from the lock as it is now."""
    try:
        stamp = (DIALOGUE / ".venv" / STAMP).read_text("ascii").strip()
    except OSError:
        return False
    return python().exists() and stamp == _lock()


def build(say: Say | None = None) -> None:
    """Make the environment, or bring it up to date; a few minutes and about 2 GB the first time.

    Raises:
        EngineBuildError: uv or Python 3.10 is missing, or a package cannot be had.
    """
    if is_built():
        return
    command = [find_uv(), "sync", "--project", str(DIALOGUE), "--frozen", "--python", PYTHON]
    command += ["--no-default-groups", "--no-progress", "--color", "never"]
    lines = _run(command, say, BUILD_SECONDS, environment())
    if lines is not None:
        raise EngineBuildError(_why_not_built(lines))
    (DIALOGUE / ".venv" / STAMP).write_text(_lock(), "ascii")


def find_uv() -> str:
    """Return the path of uv.

    Raises:
        EngineBuildError: there is none.
    """
    for candidate in (os.environ.get("UV"), shutil.which("uv"), Path.home() / ".local/bin/uv"):
        if candidate and Path(candidate).is_file():
            return str(candidate)
    raise EngineBuildError(
        "uv, which builds the environment of the dialogue engine, was not found. Install it "
        "(https://docs.astral.sh/uv/), or set UV to its path, and run this again."
    )


def model_path(models: Path) -> Path:
    """Where the model of the rules as they are now is, or will be."""
    digest = hashlib.sha256()
    for path in _training_files():
        digest.update(f"{path.relative_to(DIALOGUE)}\0".encode())
        digest.update(path.read_bytes())
    return models / "dialogue" / f"{digest.hexdigest()[:16]}.tar.gz"


def train(models: Path, say: Say | None = None) -> Path:
    """Train the rules if they changed; returns the model. Some seconds.

    Raises:
        EngineBuildError: a rule or the domain has a mistake; says which.
    """
    target = model_path(models)
    if target.is_file():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineBuildError(f"The dialogue model cannot be stored: {error}.") from error
    command = [str(python()), "engine_main.py", "train", "--out", str(target)]
    lines = _run(command, say, TRAIN_SECONDS, environment())
    if lines is not None or not target.is_file():
        raise EngineBuildError(f"The dialogue rules cannot be trained: {_mistake(lines or [])}")
    return target


def command(model: Path, port: int) -> tuple[str, ...]:
    """Return the command that serves a model on a loopback port."""
    return (str(python()), "engine_main.py", "serve", "--port", str(port), "--model", str(model))


def _training_files() -> Iterator[Path]:
    for name in TRAINED_FROM:
        path = DIALOGUE / name
        yield from sorted(path.rglob("*.yml")) if path.is_dir() else [path]


def _lock() -> str:
    return hashlib.sha256((DIALOGUE / "uv.lock").read_bytes()).hexdigest()


def _run(
    command: list[str], say: Say | None, seconds: float, variables: dict[str, str]
) -> list[str] | None:
    """Run a command and pass on what it prints; returns None when it worked, else its lines.

    It ends when we end, also when we are stopped in the middle.
    """
    lines: list[str] = []
    try:
        with subprocess.Popen(  # noqa: S603 - our own command lines
            ending_with_parent(command),
            cwd=DIALOGUE,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            for line in running.stdout or ():
                lines.append(line.rstrip())
                if say is not None and line.strip():
                    say(line.strip())
            code = running.wait(seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [*lines, str(error)]
    return None if code == 0 else lines or [f"exit code {code}"]


def _why_not_built(lines: list[str]) -> str:
    last_lines = " ".join(line.strip() for line in lines[-6:] if line.strip())
    if "interpreter" in last_lines.lower() and PYTHON in last_lines:
        return (
            f"The dialogue engine needs Python {PYTHON}, which is not on this machine. Get it with "
            f"`uv python install {PYTHON}` (or your system's packages), and run this again."
        )
    return f"The environment of the dialogue engine cannot be built: {last_lines[:500]}"


def _mistake(lines: list[str]) -> str:
    """The line of the engine's output that names the mistake."""
    telling = [
        line for line in lines if any(word in line for word in ("Error", "Invalid", "rror:"))
    ]
    return (telling or [line for line in lines if line.strip()] or ["no reason was given"])[-1][
        :500
    ]
