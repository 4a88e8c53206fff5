"""Which processes make up a running assistant, and how they find each other."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant import engine_env
from assistant.settings import ROOT, Settings
from assistant.speech_models import find_speech_model
from assistant.supervisor import Process, free_ports

SMALL = {
    # One turn at a time uses one core; more threads only take it from the other processes.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
}

GATEWAY_DRAIN_SECONDS = 12.0
"""More than the web server itself waits for turns under way, and closes what it has open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The processes of one shop."""

    processes: tuple[Process, ...]
    """In the order they are started."""
    url: str
    """Where shoppers go."""
    speech: bool
    """Whether speech is among them."""


def plan(settings: Settings, *, shop: Path, model: Path, host: str, port: int) -> Plan:
    """Lay out the processes of a shop; the inner ones get free ports of the loopback interface."""
    engine_port, actions_port, speech_port = free_ports(3)
    speech = find_speech_model(settings) is not None
    shop, models = shop.resolve(), settings.models.resolve()
    addresses = {
        "ASSISTANT_SHOP": str(shop),
        "ASSISTANT_MODELS": str(models),
        "ASSISTANT_HOST": host,
        "ASSISTANT_PORT": str(port),
        "ASSISTANT_ENGINE_URL": f"http://127.0.0.1:{engine_port}",
        "ASSISTANT_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
        "ASSISTANT_INTERNAL_SECRET": secrets.token_hex(32),
        "ASSISTANT_SPEECH_URL": f"ws://127.0.0.1:{speech_port}" if speech else "",
    }
    app = {**os.environ, **SMALL, **addresses}
    tracker = {"ASSISTANT_TRACKER_DB": str(shop / "data" / "tracker.db")}
    processes = [
        # The two that take longest come first.
        Process(
            name="engine",
            command=engine_env.command(model.resolve(), engine_port),
            folder=engine_env.DIALOGUE,
            environment={**engine_env.environment(), **SMALL, **addresses, **tracker},
            health=f"http://127.0.0.1:{engine_port}/webhooks/shop/health",
        ),
        _ours("actions", app, f"http://127.0.0.1:{actions_port}/health"),
        _ours(
            "assistant.gateway",
            app,
            f"tcp://{_reachable(host)}:{port}",
            drain_seconds=GATEWAY_DRAIN_SECONDS,
        ),
    ]
    if speech:
        health = f"http://127.0.0.1:{speech_port}/health"
        processes.append(_ours("assistant.speech", app, health, needed=False))
    url = f"http://{_shown(host)}:{port}"
    return Plan(processes=tuple(processes), url=url, speech=speech)


def _ours(
    module: str,
    environment: dict[str, str],
    health: str,
    *,
    needed: bool = True,
    drain_seconds: float = 0.0,
) -> Process:
    return Process(
        name=module.rpartition(".")[2],
        command=(sys.executable, "-m", module),
        folder=ROOT,
        environment=environment,
        health=health,
        needed=needed,
        drain_seconds=drain_seconds,
    )


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _shown(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else _reachable(host)  # noqa: S104
