"""Starting an assistant, waiting until a real turn works, and keeping it up until told to stop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.console import Step, doing, fail, note
from assistant.processes import Plan, plan
from assistant.settings import Settings
from assistant.supervisor import StartFailed, Supervisor, port_is_free

if TYPE_CHECKING:
    from types import FrameType

START_SECONDS = 180.0
"""A slow machine with a cold disk needs a third of it."""
RUNNING = "running.json"
"""In the shop's data folder while an assistant serves it: where it is and who runs it."""
NAMES = {"engine": "dialogue", "actions": "catalog and language", "gateway": "web server"}


def check_port(host: str, port: int) -> None:
    """Say so when somebody else listens there already."""
    if not 0 < port < 65536:
        fail(f"{port} is no port; it is a number from 1 to 65535.")
    if not port_is_free(host, port):
        fail(f"Port {port} of {host} is in use or not allowed; choose another one with --port.")


def serve(settings: Settings, shop: Path, model: Path, *, port: int, browser: bool) -> None:
    """Run a shop's assistant until Ctrl-C."""
    check_port(settings.host, port)
    layout = plan(settings, shop=shop, model=model, host=settings.host, port=port)
    with _told_to_stop() as stop, started(layout, shop, stop):
        if stop.is_set():
            return
        note("")
        note(f"Ready: {layout.url}   (Ctrl-C stops it)")
        if browser and sys.stdout.isatty():
            import webbrowser

            webbrowser.open(layout.url)
        while not stop.wait(0.5):
            pass
        note("Stopping.")


@contextmanager
def started(layout: Plan, shop: Path, stop: threading.Event | None = None) -> Iterator[None]:
    """Start the processes and wait for a real turn; stops them in the end, whatever happens."""
    stop = stop or threading.Event()
    supervisor = Supervisor(layout.processes, shop / "data" / "logs", tell=note)
    mark = shop / "data" / RUNNING
    try:
        with doing("Starting the assistant") as step:
            supervisor.start()
            supervisor.wait_ready(
                START_SECONDS, lambda missing: step.detail(_waiting(missing)), stop
            )
            _wait_for_a_turn(layout.url, step, stop)
        mark.write_text(json.dumps({"pid": os.getpid(), "url": layout.url}), "utf-8")
        yield
    except StartFailed as error:
        fail(error)
    finally:
        with contextlib.suppress(OSError):
            mark.unlink()
        supervisor.stop()


def running_at(shop: Path) -> str | None:
    """Address of the assistant that serves a shop now; None when there is none."""
    try:
        mark: dict[str, Any] = json.loads((shop / "data" / RUNNING).read_text("utf-8"))
        os.kill(int(mark["pid"]), 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    url = str(mark["url"])
    return url if health(url) == [] else None


def health(url: str) -> list[str] | None:
    """What keeps a turn from working: an empty list when it works, None when nobody answers."""
    import httpx

    try:
        answer = httpx.get(f"{url}/healthz", timeout=8.0, trust_env=False)
        if answer.status_code == httpx.codes.OK:
            return []
        body = answer.json()
    except (httpx.HTTPError, ValueError):
        return None
    missing = body.get("missing") or body.get("detail") or "something is missing"
    return [str(part) for part in missing] if isinstance(missing, list) else [str(missing)]


def _wait_for_a_turn(url: str, step: Step, stop: threading.Event) -> None:
    deadline = time.monotonic() + START_SECONDS
    missing: list[str] | None = None
    while not stop.is_set():
        missing = health(url)
        if missing == []:
            return
        step.detail(", ".join(missing or ["the web server does not answer yet"]))
        if time.monotonic() > deadline:
            raise StartFailed(f"No turn works yet: {', '.join(missing or ['no answer'])}")
        stop.wait(0.2)


def _waiting(missing: list[str]) -> str:
    return "waiting for " + ", ".join(NAMES.get(name, name) for name in missing) if missing else ""


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def handle(number: int, _: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
