"""A browser with the built page in it, served by the stand-in API."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def _fake_api() -> Any:
    spec = importlib.util.spec_from_file_location("widget_fake_api", HERE / "fake_api.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Any, str]]:
    """The stand-in's state and its address."""
    fake = _fake_api()
    shop = fake.Shop()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        fake.create_app(shop), port=port, log_level="critical", ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(500):
        if server.started:
            break
        time.sleep(0.02)
    yield shop, f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def shop(served) -> Any:
    """The stand-in, as new."""
    served[0].reset()
    return served[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Ends with the module: its event loop would be in the way of the tests that bring their own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no chromium found; install it to test the page in a browser")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visit(browser, served, shop) -> Iterator[Callable[..., Any]]:
    """Opens the page in a window of its own; fails the test when the page reports an error."""
    errors: list[str] = []
    contexts = []

    def open_page(
        path: str = "",
        *,
        wait: bool = True,
        prepare: Callable[[Any], None] | None = None,
        **options: Any,
    ) -> Any:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options}
        context = browser.new_context(permissions=["microphone"], **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: _note(message, errors))
        if prepare:
            prepare(page)
        page.goto(served[1] + path)
        if wait:
            page.wait_for_selector(".card")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def _note(message: Any, errors: list[str]) -> None:
    text = message.text
    # What the browser itself notes of failing requests is part of some tests.
    if (
        message.type == "error"
        and "Failed to load resource" not in text
        and "WebSocket" not in text
    ):
        errors.append(text)
