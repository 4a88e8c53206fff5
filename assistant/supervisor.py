"""Starts the assistant's processes, watches them, starts them again when they die, and stops them together."""

from __future__ import annotations

import http.client
import logging
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from assistant.parent_death import ending_with_parent

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
"""How often a dead child is looked for."""
PROBE_SECONDS = 5.0
"""How often a child that was ready is asked whether it still answers."""
PROBE_TIMEOUT = 3.0
"""Seconds; a process that is busy with a turn answers within it."""
MISSES = 4
"""Unanswered probes after which a child counts as hung."""
STEADY_SECONDS = 30.0
"""A child that ran this long starts with a clean record again."""
LONGEST_PAUSE = 15.0
"""Seconds between two starts of a process that keeps ending."""
BIGGEST_LOG = 10 * 2**20
"""Bytes; what is older moves to ``<name>.log.1``."""
LOG_SECONDS = 20.0
"""Between two looks at the size of the logs."""


class StartFailed(Exception):
    """A process did not become ready; the text names it and says what it said last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One program to be kept running."""

    name: str
    """As shown, and the name of its log."""
    command: tuple[str, ...]
    """Absolute path of the program, then its arguments."""
    folder: Path
    """Where it runs."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """The whole environment."""
    health: str = ""
    """Ready when this answers: ``http://...`` with 200, ``tcp://host:port`` with a connection; empty
    is ready at once."""
    needed: bool = True
    """False when the rest is worth starting without it."""
    drain_seconds: float = 0.0
    """How long it may go on when all are stopped, while those it needs still run; 0 stops it with them."""


class _Child:
    """A process and its record."""

    def __init__(self, process: Process, log: Path) -> None:
        self.process, self.log = process, log
        self.handle: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0
        self.again_at = 0.0
        self.ready = False
        self.misses = 0
        self.probe_at = 0.0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.handle = subprocess.Popen(  # noqa: S603 - our own command lines
                ending_with_parent([*self.process.command]),
                cwd=self.process.folder,
                env=dict(self.process.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.ready, self.misses = False, 0
        self.probe_at = self.started

    def alive(self) -> bool:
        return self.handle is not None and self.handle.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Signal the child's whole group; the group is the child's own, see ``start_new_session``."""
        if self.handle is not None and self.alive():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.handle.pid, number)

    def last_words(self) -> str:
        """The last line of its log that says something."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 8192))
                lines = log.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


class Supervisor:
    """Keeps processes running from ``start`` to ``stop``. Kills nothing it did not start.

    Args:
        processes: In the order they are started; they are stopped together, after those that drain.
        logs: Folder for what they print, made when missing.
        tell: Called with a line whenever a process dies and is started again.
    """

    def __init__(
        self, processes: Sequence[Process], logs: Path, *, tell: Callable[[str], None] | None = None
    ) -> None:
        self._children = [_Child(process, logs / f"{process.name}.log") for process in processes]
        self._logs = logs
        self._tell = tell or logger.warning
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every process and watch over them; call it from the main thread.

        Raises:
            StartFailed: a program or the log folder cannot be used at all.
        """
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            for child in self._children:
                if child.log.exists():
                    child.log.replace(child.log.with_suffix(".log.1"))
                child.start()
        except OSError as error:
            self.stop()
            raise StartFailed(f"A part cannot be started: {error}.") from error
        # Asking a child that hangs takes seconds; a dead one must be noticed meanwhile.
        for work in (self._watch, self._ask):
            thread = threading.Thread(target=work, name=f"supervisor{work.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def wait_ready(
        self,
        seconds: float,
        tell: Callable[[list[str]], None] | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """Wait until every needed process answers.

        Args:
            seconds: How long to wait at most.
            tell: Called with the names still missing whenever they change.
            stop: Ends the waiting early when it is set.

        Raises:
            StartFailed: a process ended twice before it was ready, or time is up.
        """
        deadline, before = time.monotonic() + seconds, None
        while not (self._stopping.is_set() or (stop is not None and stop.is_set())):
            waiting = [
                child for child in self._children if child.process.needed and not child.ready
            ]
            names = [child.process.name for child in waiting]
            if tell is not None and names != before:
                tell(names)
            before = names
            if not waiting:
                return
            hopeless = next((child for child in waiting if child.failures >= 2), None)
            if hopeless is not None:
                raise StartFailed(self._obituary(hopeless))
            if time.monotonic() > deadline:
                raise StartFailed(f"Not ready after {seconds:.0f} s. {self._obituary(waiting[0])}")
            self._stopping.wait(LOOK_SECONDS)

    def pid(self, name: str) -> int | None:
        """Process id of a child; None while it is down."""
        for child in self._children:
            if child.process.name == name and child.handle is not None and child.alive():
                return child.handle.pid
        return None

    def ready(self, name: str) -> bool:
        """Whether a child runs and has answered."""
        return any(c.process.name == name and c.ready and c.alive() for c in self._children)

    def stop(self, seconds: float = 4.0) -> None:
        """Ask every process to end, and end those that are not gone after ``seconds``.

        Those that drain are asked first, so that what they still do can be done.
        """
        self._stopping.set()
        with self._lock:
            draining = [child for child in self._children if child.process.drain_seconds]
            _end(draining, max((child.process.drain_seconds for child in draining), default=0.0))
            _end(self._children, seconds)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(PROBE_TIMEOUT + 1)

    def __enter__(self) -> Supervisor:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _watch(self) -> None:
        logs_at = time.monotonic() + LOG_SECONDS
        while not self._stopping.wait(LOOK_SECONDS):
            for child in self._children:
                with self._lock:
                    if self._stopping.is_set():
                        return
                    self._look_after(child)
            if time.monotonic() > logs_at:
                logs_at = time.monotonic() + LOG_SECONDS
                for child in self._children:
                    _trim(child.log)

    def _ask(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for child in self._children:
                if not self._stopping.is_set():
                    self._probe(child)

    def _look_after(self, child: _Child) -> None:
        """Start a dead child again, at once the first time, later and later after that."""
        now = time.monotonic()
        if child.alive():
            if child.ready and now - child.started > STEADY_SECONDS:
                child.failures = 0
            return
        if child.handle is not None:
            code = child.handle.wait()
            child.handle = None
            child.failures += 1
            pause = (
                0.0 if child.failures == 1 else min(LONGEST_PAUSE, 0.5 * 2 ** (child.failures - 2))
            )
            child.again_at, child.ready = now + pause, False
            if child.process.needed or child.failures == 1:
                self._tell(f"{child.process.name} ended ({_how(code)}); starting it again.")
        if now >= child.again_at:
            try:
                child.start()
            except OSError as error:
                child.again_at = now + LONGEST_PAUSE
                self._tell(f"{child.process.name} cannot be started: {error}")

    def _probe(self, child: _Child) -> None:
        """Ask a child whether it answers; one that stopped answering is ended, and so started again."""
        now, handle = time.monotonic(), child.handle
        if now < child.probe_at or handle is None or handle.poll() is not None:
            return
        answered = answers(child.process.health, PROBE_TIMEOUT if child.ready else 1.0)
        if handle is not child.handle:
            return  # it was started again meanwhile
        if answered:
            child.ready, child.misses = True, 0
            child.probe_at = now + PROBE_SECONDS
        elif child.ready:
            child.misses += 1
            if child.misses >= MISSES:
                self._tell(f"{child.process.name} does not answer any more.")
                child.signal(signal.SIGKILL)

    def _obituary(self, child: _Child) -> str:
        words = child.last_words()
        return f"{child.process.name} did not start: {words or 'it said nothing'} (see {child.log})"


def _end(children: Sequence[_Child], seconds: float) -> None:
    """Ask processes to end, wait, and end those that did not."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while any(child.alive() for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.signal(signal.SIGKILL)
    for child in children:
        if child.handle is not None:
            with suppress(subprocess.TimeoutExpired):
                child.handle.wait(2)


def answers(health: str, timeout: float) -> bool:
    """Whether a health address answers; an empty one always does."""
    if not health:
        return True
    address = urlsplit(health)
    if address.scheme == "tcp":
        with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout):
            return True
        return False
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_ports(count: int) -> list[int]:
    """Find ports of the loopback interface nobody listens on; all different."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for socket_ in sockets:
            socket_.bind(("127.0.0.1", 0))
        return [socket_.getsockname()[1] for socket_ in sockets]


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: a connection that is still closing keeps nobody from listening.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _trim(log: Path) -> None:
    """Move a log that has grown big aside; the child goes on writing to the same, now empty, file."""
    with suppress(OSError):
        if log.stat().st_size > BIGGEST_LOG:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
