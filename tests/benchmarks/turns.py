"""How long a typed turn takes through every process, and how large the processes are.

    uv run python -m tests.benchmarks.turns --shop shops/headphones [--turns 100] [--conversations 3]

Starts the shop on a free port, types the same few wishes over and over, and prints the time of a turn at
the beginning and at the end of the conversation, beside a plain read of one product from the same server
in the same run, so that the ratio holds when the machine is slower.
"""

import argparse
import json
import statistics
import time
import urllib.request
import uuid
from pathlib import Path

from assistant import engine_env
from assistant.cli.running import started
from assistant.processes import plan
from assistant.settings import load
from assistant.supervisor import free_ports

SAID = [
    "under 80",
    "I don't mind",
    "show me more",
    "cheaper",
    "why do you ask?",
    "undo",
    "something nice",
]


def call(url: str, body: dict | None = None, token: str = "") -> dict:
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def timed(url: str, body: dict | None = None, token: str = "") -> float:
    began = time.perf_counter()
    call(url, body, token)
    return (time.perf_counter() - began) * 1000


def resident() -> dict[str, float]:
    """Megabytes of every process whose parent is this one, by what it runs."""
    sizes = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            command = (status.parent / "cmdline").read_text().split("\0")
            parent = Path(f"/proc/{fields['PPid'].strip()}/cmdline").read_text()
        except (OSError, KeyError):
            continue
        if "benchmarks" in parent and "VmRSS" in fields:
            name = next((part for part in command[1:] if part and not part.startswith("-")), "?")
            sizes[name] = round(int(fields["VmRSS"].split()[0]) / 1024, 1)
    return sizes


def measure(url: str, turns: int, conversations: int) -> dict[str, object]:
    first = call(f"{url}/api/products?limit=1")["products"][0]["id"]
    plain = [timed(f"{url}/api/products/{first}") for _ in range(200)]
    early, late = [], []
    for _ in range(conversations):
        talk = call(f"{url}/api/conversations", {})
        where = f"{url}/api/conversations/{talk['conversation_id']}/messages"
        for number in range(turns):
            said = {"text": SAID[number % len(SAID)], "client_message_id": uuid.uuid4().hex}
            spent = timed(where, said, talk["token"])
            if number < 20:
                early.append(spent)
            elif number >= turns - 20:
                late.append(spent)

    def at(times: list[float], share: float) -> float:
        return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 1)

    base = statistics.median(plain)
    return {
        "plain_read_ms": round(base, 2),
        "first_turns_ms": {"p50": at(early, 0.5), "p95": at(early, 0.95)},
        "last_turns_ms": {"p50": at(late, 0.5), "p95": at(late, 0.95)},
        "turn_per_plain_read": round(statistics.median(early) / base, 1),
        "last_per_first": round(statistics.median(late) / statistics.median(early), 2),
        "resident_mb": resident(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--conversations", type=int, default=3)
    options = parser.parse_args()
    settings = load()
    model = engine_env.model_path(settings.models)
    layout = plan(settings, shop=options.shop, model=model, host="127.0.0.1", port=free_ports(1)[0])
    began = time.perf_counter()
    with started(layout, options.shop):
        ready = time.perf_counter() - began
        figures = measure(layout.url, options.turns, options.conversations)
    print(json.dumps({"seconds_to_ready": round(ready, 1), **figures}, indent=1))


if __name__ == "__main__":
    main()
