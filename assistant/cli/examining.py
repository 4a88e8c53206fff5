"""``assistant nlu check`` and ``assistant nlu test``: the work is done in a process of its own, as for ``parse``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from assistant.processes import SMALL
from assistant.settings import ROOT, Settings


def check(language: str) -> None:
    """Look for mistakes in the training phrases."""
    _run(["-m", "nlu.check", "--language", language], {})


def test(settings: Settings, language: str, out: Path | None) -> None:
    """Write the report of every intent."""
    command = ["-m", "actions.intent_report", "--language", language]
    if out is not None:
        command += ["--out", str(out.resolve())]
    _run(command, {"ASSISTANT_MODELS": str(settings.models.resolve())})


def _run(command: list[str], more: dict[str, str]) -> None:
    variables = {**os.environ, **SMALL, **more}
    try:
        process = subprocess.run(  # noqa: S603
            [sys.executable, *command], cwd=ROOT, env=variables, check=False
        )
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(process.returncode)
