"""A PostgreSQL to test on: one that answers on this machine, or one started from Debian's package."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ADMIN = "postgresql://postgres@127.0.0.1:{port}/postgres?connect_timeout=3"
USUAL_PORT = 5432
PROGRAMS = Path("/usr/lib/postgresql")
PATIENCE = 60
"""Seconds that making and starting a server may take on a busy machine."""


def answers(port: int) -> bool:
    """Whether a server lets us in there without a password."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    try:
        psycopg.connect(ADMIN.format(port=port)).close()
    except psycopg.OperationalError:
        return False
    return True


def newest_programs() -> Path | None:
    """The folder of the newest server installed."""
    programs = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    return programs[-1].parent if programs else None


@contextmanager
def started(programs: Path) -> Iterator[int]:
    """Make a server of its own in a temporary folder; gives its port and stops it."""
    # The server refuses to run as root, so there it runs as the account that Debian makes for it.
    account = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    as_account = ["runuser", "-u", "postgres", "--"] if account else []
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [*as_account, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, timeout=PATIENCE, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(folder / "log")
        run("pg_ctl", "-w", "-t", str(PATIENCE), "-l", log, "-o", options, "start")
        try:
            yield port
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_port() -> Iterator[int]:
    """Port of a server that lets us in as its administrator."""
    if answers(USUAL_PORT):
        yield USUAL_PORT
    elif (programs := newest_programs()) is not None:
        with started(programs) as port:
            yield port
    else:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432, and none is installed to be started")


@pytest.fixture(scope="session")
def postgresql_url(postgresql_port) -> Iterator[str]:
    """A database of this run alone, dropped at its end."""
    import psycopg

    name = f"assistant_test_{secrets.token_hex(6)}"
    with psycopg.connect(ADMIN.format(port=postgresql_port), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql://postgres@127.0.0.1:{postgresql_port}/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def empty_postgresql(postgresql_url) -> str:
    """The run's database, empty as it is before its first use."""
    import psycopg

    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'assistant.db'}"
    url: str = request.getfixturevalue("empty_postgresql")
    return url
