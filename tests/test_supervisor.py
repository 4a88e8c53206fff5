"""The supervisor with small children of its own."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from assistant.supervisor import Process, StartFailed, Supervisor, answers, free_ports, port_is_free

ROOT = Path(__file__).resolve().parents[1]
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def python(name: str, code: str, *arguments: str, folder: Path, **more) -> Process:
    command = (sys.executable, "-c", textwrap.dedent(code), *arguments)
    return Process(name=name, command=command, folder=folder, environment=dict(os.environ), **more)


def until(condition, seconds: float = 15.0):
    """Wait for something to come true; returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("it never came true")


def test_a_dead_child_is_started_again(tmp_path):
    told = []
    child = python("part", SLEEPER, folder=tmp_path)
    with Supervisor([child], tmp_path / "logs", tell=told.append) as supervisor:
        first = until(lambda: supervisor.pid("part"))
        os.kill(first, signal.SIGKILL)
        second = until(lambda: (pid := supervisor.pid("part")) and pid != first and pid)
        assert psutil.pid_exists(second)
        assert told == ["part ended (SIGKILL); starting it again."]


def test_a_child_is_ready_when_it_answers_and_keeps_its_port(tmp_path):
    (port,) = free_ports(1)
    health = f"http://127.0.0.1:{port}/"
    child = python("web", SERVER, str(port), folder=tmp_path, health=health)
    missing = []
    with Supervisor([child], tmp_path / "logs", tell=lambda _: None) as supervisor:
        supervisor.wait_ready(20, missing.append)
        assert missing == [["web"], []]
        os.kill(supervisor.pid("web"), signal.SIGKILL)
        until(lambda: not answers(health, 1))
        until(lambda: answers(health, 1))


def test_stopping_stops_everything_also_what_does_not_listen(tmp_path):
    deaf = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print('deaf', flush=True)
    time.sleep(60)
    """
    children = [python("one", SLEEPER, folder=tmp_path), python("deaf", deaf, folder=tmp_path)]
    supervisor = Supervisor(children, tmp_path / "logs")
    supervisor.start()
    until(lambda: "deaf" in (tmp_path / "logs" / "deaf.log").read_text())
    pids = [supervisor.pid("one"), supervisor.pid("deaf")]
    supervisor.stop(seconds=0.5)
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert supervisor.pid("one") is None


def test_a_child_that_cannot_start_is_named_with_its_last_words(tmp_path):
    child = python("shop", "raise SystemExit('no such shop: x')", folder=tmp_path)
    supervisor = Supervisor([child], tmp_path / "logs", tell=lambda _: None)
    child_with_health = Process(
        name="shop",
        command=child.command,
        folder=tmp_path,
        environment=dict(os.environ),
        health="tcp://127.0.0.1:1",
    )
    supervisor = Supervisor([child_with_health], tmp_path / "logs", tell=lambda _: None)
    with supervisor, pytest.raises(StartFailed, match="shop did not start: no such shop: x"):
        supervisor.wait_ready(20)


def test_the_rest_starts_without_a_part_that_is_not_needed(tmp_path):
    speech = python(
        "speech", "raise SystemExit(1)", folder=tmp_path, health="tcp://127.0.0.1:1", needed=False
    )
    part = python("part", SLEEPER, folder=tmp_path)
    with Supervisor([speech, part], tmp_path / "logs", tell=lambda _: None) as supervisor:
        supervisor.wait_ready(20)
        assert not supervisor.ready("speech")


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process of its parent's death")
    code = f"""
    import os, sys, time
    sys.path.insert(0, {str(ROOT)!r})
    from pathlib import Path
    from assistant.supervisor import Process, Supervisor
    folder = Path({str(tmp_path)!r})
    command = (sys.executable, "-c", {SLEEPER!r})
    child = Process(name="part", command=command, folder=folder, environment=dict(os.environ))
    supervisor = Supervisor([child], folder / "logs")
    supervisor.start()
    print(supervisor.pid("part"), flush=True)
    time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE
    ) as parent:
        child = int(parent.stdout.readline())
        log = tmp_path / "logs" / "part.log"
        until(lambda: log.exists() and "up" in log.read_text())
        parent.kill()
    until(
        lambda: (
            not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
        )
    )


def test_logs_of_the_run_before_are_kept_once(tmp_path):
    child = python(
        "part", "print('hello', flush=True); import time; time.sleep(60)", folder=tmp_path
    )
    log = tmp_path / "logs" / "part.log"
    for _ in range(2):
        with Supervisor([child], tmp_path / "logs"):
            until(lambda: log.exists() and "hello" in log.read_text())
    assert log.with_suffix(".log.1").read_text().strip() == "hello"


def test_ports():
    one, two = free_ports(2)
    assert one != two
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", one))
        taken.listen()
        assert not port_is_free("127.0.0.1", one)
    assert port_is_free("127.0.0.1", one)


def test_what_drains_may_finish_while_the_others_still_run(tmp_path):
    """The front writes down whether its back still ran when it had finished."""
    back = python("back", SLEEPER, folder=tmp_path)
    front = """
    import os, pathlib, signal, sys, time
    def drain(*_):
        time.sleep(0.5)
        pid = int(pathlib.Path("back.pid").read_text())
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        pathlib.Path("seen").write_text(state)
        sys.exit()
    signal.signal(signal.SIGTERM, drain)
    print("up", flush=True)
    time.sleep(60)
    """
    parts = [back, python("front", front, folder=tmp_path, drain_seconds=10.0)]
    supervisor = Supervisor(parts, tmp_path / "logs")
    supervisor.start()
    until(lambda: "up" in (tmp_path / "logs" / "front.log").read_text())
    (tmp_path / "back.pid").write_text(str(supervisor.pid("back")))
    began = time.monotonic()
    supervisor.stop()
    assert (tmp_path / "seen").read_text() in {"S", "R"}, "alive, no zombie"
    assert time.monotonic() - began < 5, "nobody waits longer than it takes"
    assert supervisor.pid("back") is None
