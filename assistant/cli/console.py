"""How the commands speak: plain words on the error stream, results on the output stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console


def notes() -> Console:
    """The console for everything that is not the result."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """Say something; markup in it is not interpreted, since it may hold paths and feed values."""
    notes().print(text, markup=False)


def fail(text: object) -> NoReturn:
    """Say in one line why it does not work, and end with exit code 1."""
    line = " ".join(str(text).split())
    notes().print(f"[bold red]✗[/] {_plain(line)}" if sys.stderr.isatty() else _plain(line))
    raise typer.Exit(1)


@contextmanager
def doing(what: str) -> Iterator[Step]:
    """Show that something is being done, and a tick when it is."""
    console = notes()
    if not console.is_terminal:
        console.print(f"{what} ...", markup=False)
        yield Step(None, what)
        return
    with console.status(_plain(what)) as status:
        yield Step(status, what)
    console.print(f"[green]✓[/] {_plain(what)}")


class Step:
    """Something that is being done."""

    def __init__(self, status: object | None, what: str) -> None:
        self._status, self._what = status, what

    def detail(self, text: str) -> None:
        """Show how far it is, where there is a terminal to show it on."""
        if self._status is not None:
            self._status.update(f"{_plain(self._what)} [dim]{_plain(text[:70])}[/]")  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
