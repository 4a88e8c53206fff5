"""The ``assistant`` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from assistant.cli.app import app

    app()
