"""A whole assistant for the tests: started as a shop starts it, over a copy of the demo shop."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from assistant.cli import prepare
from assistant.gateway.schemas import ReplySchema
from assistant.settings import ROOT, Settings
from assistant.supervisor import free_ports

START_SECONDS = 180.0
LAST_LINES = 15
"""Of each log in the report of a start that failed."""
NEIGHBOUR_MODEL = ROOT.parent / "shared" / "models" / "vosk-model-small-en-us"
PARTS = {
    "engine": "engine_main.py",
    "actions": "actions",
    "gateway": "assistant.gateway",
    "speech": "assistant.speech",
}


def demo_copy(folder: Path) -> Path:
    """Copy the demo shop without what was said in it; it is made first where it is missing."""
    # Tests run in several processes, and only one of them can import a feed at a time.
    with (ROOT / "models" / ".demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = prepare.demo_shop(Settings())
    shop = folder / "shop"
    shutil.copytree(made, shop, ignore=shutil.ignore_patterns("data", "*.lock"))
    return shop


def speech_settings() -> dict[str, str]:
    """Settings that let speech be among the parts, where a model is anywhere near."""
    from assistant.speech_models import find_speech_model, is_speech_model

    if find_speech_model(Settings()) is None and is_speech_model(NEIGHBOUR_MODEL):
        return {"ASSISTANT_SPEECH_MODEL": str(NEIGHBOUR_MODEL)}
    return {}


class House:
    """A running assistant; ``with`` stops it."""

    def __init__(self, shop: Path, settings: dict[str, str] | None = None) -> None:
        self.shop, self.data = shop, shop / "data"
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.said = shop.parent / "up.log"
        command = [sys.executable, "-m", "assistant.cli", "up", "--shop", str(shop)]
        environment = {**os.environ, **speech_settings(), **(settings or {})}
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--no-browser"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.api = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def __enter__(self) -> House:
        try:
            with contextlib.suppress(AssertionError):
                until(lambda: self.ready() or self.process.poll() is not None, START_SECONDS)
            assert self.ready(), self.why_not()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def why_not(self) -> str:
        """What the command and each of its parts said last, for the report of a test."""
        ended = self.process.poll()
        state = "still runs" if ended is None else f"ended with {ended}"
        told = [f"The assistant {state} and is not ready after {START_SECONDS:.0f} s at most."]
        for log in (self.said, *sorted((self.data / "logs").glob("*.log"))):
            lines = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
            told += [f"--- {log.name}", *lines[-LAST_LINES:]]
        return "\n".join(told)

    def ready(self) -> bool:
        """Whether a turn works."""
        try:
            return self.api.get("/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        self.api.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)

    def processes(self) -> set[int]:
        """Process ids of itself and everything it started."""
        found, parents = {self.process.pid}, {pid: parent for pid, parent, _ in running()}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def part(self, name: str) -> int | None:
        """The process id of one part, a child of what was started here; None while it is away."""
        for pid, parent, words in running():
            ours = parent == self.process.pid
            if ours and any(w == PARTS[name] or w.endswith("/" + PARTS[name]) for w in words[:6]):
                return pid
        return None

    def kill(self, name: str) -> int:
        """End a part without warning; returns the process id it had."""
        pid = self.part(name)
        assert pid is not None, f"{name} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid

    def back(self, name: str, before: int) -> bool:
        """Whether the part runs again as another process."""
        return self.part(name) not in {None, before}

    def products(self) -> dict[str, Any]:
        """The whole catalog, by id."""
        found, cursor = {}, None
        while True:
            query = {"limit": 500, **({"cursor": cursor} if cursor else {})}
            page = self.api.get("/api/products", params=query).json()
            found.update({one["id"]: one for one in page["products"]})
            cursor = page["next"]
            if not cursor:
                return found

    def shopper(self, *, consent: bool = True) -> Shopper:
        """Somebody the shop may know again."""
        token = self.api.post("/api/shoppers").json()["shopper_token"]
        shopper = Shopper(self, token)
        if consent:
            shopper.put("/consent", granted=True)
        return shopper

    def talk(self, shopper: Shopper | None = None) -> Conversation:
        """A new conversation."""
        return Conversation(self, shopper.token if shopper else None)

    def files_with(self, *words: str) -> list[str]:
        """Every file below the shop's data folder that holds one of the words, as bytes."""
        found = []
        for path in sorted(self.data.rglob("*")):
            if path.is_file():
                content = path.read_bytes().lower()
                found += [
                    f"{path.name}: {word}" for word in words if word.lower().encode() in content
                ]
        return found


class Shopper:
    """A shopper with a token."""

    def __init__(self, house: House, token: str) -> None:
        self._api, self.token = house.api, token
        self._key = {"Authorization": f"Bearer {token}"}

    def known(self) -> dict[str, Any]:
        """What the shop knows."""
        return self._api.get("/api/shoppers/me", headers=self._key).json()

    def wishes(self) -> dict[str, Any]:
        """What is remembered: facet to (operator, values)."""
        wishes = self.known()["profile"]["constraints"]
        return {one["facet"]: (one["operator"], one["values"]) for one in wishes}

    def put(self, path: str, **body: Any) -> None:
        answer = self._api.put(f"/api/shoppers/me{path}", json=body, headers=self._key)
        assert answer.is_success, answer.text

    def delete(self, path: str = "") -> None:
        answer = self._api.delete(f"/api/shoppers/me{path}", headers=self._key)
        assert answer.status_code == 204, answer.text


class Conversation:
    """One shopper's side of a conversation."""

    def __init__(self, house: House, shopper_token: str | None = None) -> None:
        body = {"shopper_token": shopper_token} if shopper_token else {}
        made = house.api.post("/api/conversations", json=body)
        assert made.status_code == 201, made.text
        self._house, self._api = house, house.api
        self.id, self.token = made.json()["conversation_id"], made.json()["token"]
        self.reply: dict[str, Any] = made.json()["reply"]
        self.key = {"Authorization": f"Bearer {self.token}"}
        self.path = f"/api/conversations/{self.id}"

    def post(self, **body: Any) -> httpx.Response:
        """Send whatever it is."""
        return self._api.post(f"{self.path}/messages", json=body, headers=self.key)

    def post_raw(self, body: bytes) -> httpx.Response:
        """Send bytes that may be no JSON."""
        headers = {**self.key, "Content-Type": "application/json"}
        return self._api.post(f"{self.path}/messages", content=body, headers=headers)

    def say(self, text: str, client_message_id: str | None = None) -> dict[str, Any]:
        """Type something."""
        answer = self.post(text=text, client_message_id=client_message_id or uuid.uuid4().hex)
        assert answer.status_code == 200, f"{text!r}: {answer.status_code} {answer.text}"
        return self._heard(answer)

    def choose(self, label: str) -> dict[str, Any]:
        """Click a quick reply."""
        question = self.reply["question"] or {"options": []}
        cards = [one[kind] for one in self.reply["products"] for kind in ("tell_more", "select")]
        removals = [
            {"choice_id": one["remove_id"], "label": one["remove_label"]}
            for one in self.reply["constraints"]
        ]
        offered = [*question["options"], *self.reply["suggestions"], *cards, *removals]
        choice = next(one for one in offered if one["label"] == label)
        answer = self.post(choice_id=choice["choice_id"], client_message_id=uuid.uuid4().hex)
        assert answer.status_code == 200, answer.text
        return self._heard(answer)

    def _heard(self, answer: httpx.Response) -> dict[str, Any]:
        """Keep a reply, which is exactly what the API says a reply is: nothing less, nothing more."""
        self.reply = answer.json()
        assert ReplySchema.model_validate(self.reply).model_dump(mode="json") == self.reply
        return self.reply

    def history(self) -> list[dict[str, Any]]:
        """Everything said."""
        answer = self._api.get(f"{self.path}/messages", headers=self.key)
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    def erase(self) -> None:
        """Have it erased everywhere."""
        assert self._api.delete(self.path, headers=self.key).status_code == 204

    def wishes(self) -> dict[str, tuple[str, list[Any]]]:
        """What is understood so far: facet to (operator, values)."""
        found = self.reply["constraints"]
        return {one["facet"]: (one["operator"], one["values"]) for one in found}

    def ids(self) -> list[str]:
        """Products shown."""
        return [one["id"] for one in self.reply["products"]]

    def heard_by_engine(self) -> list[str]:
        """What the engine's own record says the shopper said, in order."""
        import sqlite3
        from contextlib import closing

        path = self._house.data / "tracker.db"
        query = "SELECT data FROM events WHERE sender_id = ? AND type_name = 'user' ORDER BY id"
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(query, (self.id,)).fetchall()
        return [json.loads(data)["text"] for (data,) in rows]


def running() -> list[tuple[int, int, list[str]]]:
    """Every process: its id, its parent's id, and its command line; none of those that have ended."""
    command = ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    rows = (line.split() for line in lines)
    return [(int(row[0]), int(row[1]), row[3:]) for row in rows if not row[2].startswith("Z")]


def until(happens: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"did not happen within {seconds:.0f} s"
        time.sleep(0.05)
