"""``assistant parse``: what messages mean, a line each. The work is done by the action server's own module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from assistant.cli import prepare
from assistant.processes import SMALL
from assistant.settings import ROOT, Settings


def run(settings: Settings, shop: Path) -> None:
    """Hand standard input and output to ``python -m actions.parse`` and pass its exit code on."""
    shop = prepare.checked_shop(shop).resolve()
    prepare.encoder_built(settings)
    variables = {
        **os.environ,
        **SMALL,
        "ASSISTANT_SHOP": str(shop),
        "ASSISTANT_MODELS": str(settings.models.resolve()),
    }
    command = [sys.executable, "-m", "actions.parse"]
    try:
        process = subprocess.run(command, cwd=ROOT, env=variables, check=False)  # noqa: S603
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(process.returncode)
