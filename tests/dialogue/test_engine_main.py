"""The real engine, its rules trained, against an action server of a few lines."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from assistant import engine_env
from assistant.supervisor import Process, Supervisor, free_ports

pytestmark = pytest.mark.engine
SECRET = "of this start"
HERE = Path(__file__).parent


@pytest.fixture(scope="module", autouse=True)
def _environment():
    """Minutes, once; none where it is there."""
    if not engine_env.is_built():
        engine_env.build()


def test_tracker_store():
    done = subprocess.run(
        [engine_env.python(), HERE / "engine_side.py"],
        env=engine_env.environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """Start both; returns a function that does a turn and the path of the tracker."""
    folder = tmp_path_factory.mktemp("engine")
    port, actions = free_ports(2)
    model = engine_env.train(folder / "models")
    address = {
        "ASSISTANT_ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "ASSISTANT_TRACKER_DB": str(folder / "tracker.db"),
        "ASSISTANT_INTERNAL_SECRET": SECRET,
    }
    parts = [
        Process(
            name="stub",
            command=(sys.executable, str(HERE / "stub_actions.py"), str(actions)),
            folder=folder,
            environment=dict(os.environ),
            health=f"tcp://127.0.0.1:{actions}",
        ),
        Process(
            name="engine",
            command=engine_env.command(model, port),
            folder=engine_env.DIALOGUE,
            environment={**engine_env.environment(), **address},
            health=f"http://127.0.0.1:{port}/webhooks/shop/health",
        ),
    ]
    with Supervisor(parts, folder / "logs") as supervisor:
        supervisor.wait_ready(120)
        shown = {"Authorization": f"Bearer {SECRET}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, headers=shown) as client:

            def turn(text: str, sender: str = "c1", number: int | None = None) -> httpx.Response:
                body = {"sender": sender, "message": text, "metadata": {"consent": False}}
                if number is not None:
                    body["number"] = number
                return client.post("/webhooks/shop/webhook", content=json.dumps(body))

            turn.tracker = folder / "tracker.db"
            turn.log = folder / "logs" / "engine.log"
            yield turn


def reply(response: httpx.Response) -> dict:
    assert response.status_code == 200, response.text
    (message,) = response.json()["messages"]
    return message["custom"]["reply"]


def test_rules_decide_and_the_state_goes_on(talk):
    sender = "goes-on"
    texts = ["\x01open", "a red one", "ask_why: why?", "greet: hi"]
    assert [reply(talk(text, sender))["text"] for text in texts] == [
        "1 action_open",
        "2 action_advise",
        "3 action_why",
        "4 action_greet",
    ]


def test_record_of_conversations_is_for_its_owner_only(talk):
    talk("hello", "modes")
    files = talk.tracker.parent.glob("tracker.db*")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in files}
    assert modes == dict.fromkeys(("tracker.db", "tracker.db-shm", "tracker.db-wal"), 0o600)


@pytest.mark.parametrize(
    "text",
    ["/restart", '/inform{"x":1}', "{slot} {{7*7}}", "\ud800", "", "\u202eabc", "x" * 10_000],
)
def test_whatever_is_typed_is_text(talk, text):
    assert reply(talk(text, "typed"))["text"].endswith("action_advise")


@pytest.mark.parametrize("intent", ["restart", "session_start", "back", "no_such_intent"])
def test_intents_without_a_rule_count_as_not_understood(talk, intent):
    assert reply(talk(f"{intent}: x", "unknown"))["text"].endswith("action_out_of_scope")


@pytest.mark.parametrize(
    "text",
    [
        "parse breaks",
        "parse hangs",
        "action breaks",
        "action hangs",
        "action says nothing",
        "action answers nonsense",
    ],
)
def test_a_turn_that_fails_says_so_and_the_conversation_goes_on(talk, text):
    sender = text.replace(" ", "-")
    assert reply(talk("\x01open", sender))["text"] == "1 action_open"
    began = time.monotonic()
    failed = talk(text, sender)
    assert failed.status_code == 502
    assert failed.json()["error"]
    assert time.monotonic() - began < 5
    assert reply(talk("a red one", sender))["text"] == "2 action_advise"


def test_a_turn_asked_for_again_is_not_done_again(talk):
    first, second = talk("red", "again", 1), talk("dry", "again", 2)
    assert reply(second)["text"] == "2 action_advise"
    assert talk("dry", "again", 2).json() == second.json()
    too_late = talk("red", "again", 1)
    assert too_late.status_code == 409, "its answer is not kept, but it is known to be done"
    assert reply(talk("red", "again", 3))["text"] == "3 action_advise"
    assert reply(first)["text"] == "1 action_advise"


def test_a_turn_asked_for_twice_at_once_is_done_once(talk):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: talk("red", "at-once", 1), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert reply(talk("dry", "at-once", 2))["text"] == "2 action_advise"


def test_a_turn_that_failed_is_done_when_asked_for_again(talk):
    assert talk("action breaks", "failed-first", 1).status_code == 502
    assert reply(talk("red", "failed-first", 1))["text"] == "1 action_advise"


def test_a_turn_sends_no_more_late_than_early(talk):
    sizes = [reply(talk(f"wish {number}", "long"))["size"] for number in range(60)]
    assert sizes[-1] < sizes[5] * 1.1


def test_both_sides_of_every_turn_are_in_the_tracker_and_no_text_in_the_log(talk):
    for number in range(5):
        reply(talk(f"wish-number-{number}", "both"))
    with sqlite3.connect(talk.tracker) as connection:
        rows = connection.execute(
            "SELECT type_name, data FROM events WHERE sender_id = 'both' AND type_name IN ('user', 'bot') ORDER BY id"
        ).fetchall()
    connection.close()
    assert [(kind, json.loads(data)["text"]) for kind, data in rows] == [
        one
        for number in range(5)
        for one in (("user", f"wish-number-{number}"), ("bot", f"{number + 1} action_advise"))
    ]
    assert "wish-number" not in talk.log.read_text()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"sender": 1, "message": "x"}',
        b'{"sender": "a"}',
        b'{"sender": "a", "message": "x", "number": "1"}',
    ],
)
def test_nonsense_is_refused(talk, body):
    address = talk("\x01open", "x").request.url
    shown = {"Authorization": f"Bearer {SECRET}"}
    assert httpx.post(address, content=body, headers=shown).status_code == 400


def test_only_who_shows_the_secret_is_answered(talk):
    address = talk("\x01open", "x").request.url
    body = {"sender": "x", "message": "red", "metadata": {}}
    for shown in ({}, {"Authorization": "Bearer another"}):
        assert httpx.post(address, json=body, headers=shown).status_code == 403
