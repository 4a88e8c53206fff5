"""``assistant chat``: the same conversation as on the page, in a terminal."""

from __future__ import annotations

import contextlib
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from assistant.cli import prepare, running
from assistant.cli.console import fail, note
from assistant.processes import plan
from assistant.settings import Settings
from assistant.supervisor import free_ports

TIMEOUT = httpx.Timeout(20.0)
LEAVE = {"quit", "exit", ":q"}


def run(settings: Settings, shop: Path | None) -> None:
    """Talk until ``quit`` or the end of the input."""
    folder = shop or settings.shop
    url = running.running_at(folder)
    if url is not None:
        _talk(url)
        return
    folder = prepare.demo_shop(settings) if shop is None and folder == prepare.DEMO else folder
    with _temporary(settings, prepare.checked_shop(folder)) as address:
        _talk(address)


@contextmanager
def _temporary(settings: Settings, shop: Path) -> Iterator[str]:
    """An assistant of our own, on a free port, for as long as the conversation lasts."""
    prepare.encoder_built(settings)
    model = prepare.dialogue_model(settings)
    (port,) = free_ports(1)
    layout = plan(settings, shop=shop, model=model, host="127.0.0.1", port=port)
    with running.started(layout, shop):
        yield layout.url


def _talk(url: str) -> None:
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
        try:
            opened = _sent(client, "/api/conversations", {})
            client.headers["Authorization"] = f"Bearer {opened['token']}"
            path = f"/api/conversations/{opened['conversation_id']}/messages"
            choices = show(opened["reply"])
            note('Type what you are looking for, the number of an answer, or "quit".')
            for line in _lines():
                if line.lower() in LEAVE:
                    return
                body = {**message(line, choices), "client_message_id": uuid.uuid4().hex}
                choices = show(_sent(client, path, body))
        except httpx.HTTPError as error:
            fail(f"The assistant at {url} cannot be reached: {error or type(error).__name__}")


def message(line: str, choices: list[str]) -> dict[str, str]:
    """Return what a line means: the number of an answer on offer, else a text."""
    if line.isdigit() and 1 <= int(line) <= len(choices):
        return {"choice_id": choices[int(line) - 1]}
    return {"text": line}


def show(reply: dict[str, Any]) -> list[str]:
    """Print a reply; returns the choice ids behind its numbers."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(f"\n[bold]{escape(reply['text'])}[/]")
    for product in reply.get("products") or ():
        price = product.get("price")
        cost = f"  {price['amount']} {price['currency']}" if price else ""
        console.print(f"  • {escape(product['title'])}[dim]{escape(cost)}[/]")
        if product.get("why"):
            console.print(f"    [dim]{escape(product['why'])}[/]")
    choices: list[str] = []
    for option in (reply.get("question") or {}).get("options") or ():
        choices.append(option["choice_id"])
        count = "" if option["kind"] == "any" else f" ({option['count']})"
        console.print(f"  [cyan]{len(choices)}[/] {escape(option['label'])}{count}")
    for suggestion in reply.get("suggestions") or ():
        choices.append(suggestion["choice_id"])
        console.print(f"  [cyan]{len(choices)}[/] [dim]{escape(suggestion['label'])}[/]")
    return choices


def _lines() -> Iterator[str]:
    """What is typed, line by line, until the input ends."""
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            # The prompt goes where the notes go, so that the output holds the conversation alone.
            sys.stderr.write("> ")
            sys.stderr.flush()
            line = sys.stdin.readline()
            if not line:
                return
            if line.strip():
                yield line.strip()


def _sent(client: httpx.Client, path: str, body: dict[str, str]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    if answer.is_success:
        reply: dict[str, Any] = answer.json()
        return reply
    try:
        problem = answer.json().get("detail") or answer.json().get("title")
    except ValueError:
        problem = ""
    fail(problem or f"The assistant answered {answer.status_code}.")
