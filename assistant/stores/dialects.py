"""Everything in which SQLite and PostgreSQL differ; the stores say the same to both."""

from __future__ import annotations

import os
import sqlite3
import time
from abc import ABC, abstractmethod
from contextlib import closing, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from assistant.stores.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPICursor

    SqliteCursor = sqlite3.Cursor | DBAPICursor

BUSY_MILLISECONDS = 2000
"""How long a statement waits for other processes: less than a shopper waits for a turn."""
STATEMENT_MILLISECONDS = 4000
"""How long a statement may take at all; the longest of a turn takes a few milliseconds."""
CONNECT_SECONDS = 5
"""How long a server may take to let a process in: a busy one needs a second."""
MIGRATION_MILLISECONDS = 600_000
"""How long a migration may take, and another process waits for it: it may rewrite a large table."""
CHECKPOINT_MILLISECONDS = 200
"""How long emptying the write-ahead log waits for readers; one reads for a few milliseconds."""
SMALL_FILE = 4 * 1024 * 1024
"""Bytes up to which a SQLite file is written anew after erasing: that takes less than a turn."""
PAGES_AT_ONCE = 256
"""Free pages given back in one step, 1 MB: a step takes milliseconds."""
SWITCH_SECONDS = 0.02
"""Pause before the write-ahead log is asked for again: switching takes a few milliseconds."""
MIGRATION_KEY = 0x61737369
"""Names the lock that keeps two processes from migrating at once; any number nobody else uses."""
OWNER_ONLY = 0o600
"""Mode of database files: what shoppers say is for the assistant's own account."""


class EpochSeconds(FunctionElement[float]):
    """The database's clock in seconds since 1970: one clock for every process that asks it."""

    type = sa.Float()
    inherit_cache = True


@compiles(EpochSeconds, "sqlite")
def _epoch_sqlite(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(EpochSeconds, "postgresql")
def _epoch_postgresql(*_: Any, **__: Any) -> str:
    return "extract(epoch from clock_timestamp())::float8"


class Dialect(ABC):
    """What a kind of database is asked for in words of its own."""

    @property
    @abstractmethod
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises where SQLAlchemy does not put it in words of its own."""

    @abstractmethod
    def connect(self, url: URL) -> Engine:
        """An engine whose connections have deadlines; nothing is opened yet.

        Raises:
            StoreUnavailable: a library is missing.
        """

    @abstractmethod
    def lock_for_migration(self, connection: Connection) -> None:
        """Make other processes that would migrate wait until the transaction is over."""

    @abstractmethod
    def commit_soon(self, connection: Connection) -> None:
        """Let the transaction be over before it is on the disk; a crash of the server may undo it."""

    @abstractmethod
    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that can say what to do ON CONFLICT."""

    @abstractmethod
    def scrub(self, engine: Engine) -> None:
        """Leave as little as can be of what was deleted, without making turns wait."""

    @abstractmethod
    def give_back(self, engine: Engine) -> bool:
        """Give some of the space of deleted rows back to the disk; True while there is more."""


class SqliteDialect(Dialect):
    """One file with its write-ahead log, shared by the processes of one machine."""

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """Those of Python's own driver."""
        return (sqlite3.Error,)

    def connect(self, url: URL) -> Engine:
        """An engine on the file; makes its folder, and the file readable by nobody else."""
        if not url.database or url.database == ":memory:":
            raise StoreUnavailable("The URL of a SQLite database names its file: sqlite:///file.")
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
        # SQLite gives its side files the mode of the file; a file of another account stays as it is.
        for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            with suppress(PermissionError, FileNotFoundError):
                file.chmod(OWNER_ONLY)
        engine = sa.create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
        sa.event.listen(engine, "connect", self._prepare)
        sa.event.listen(engine, "begin", self._begin)
        return engine

    def lock_for_migration(self, connection: Connection) -> None:
        """Nothing: a transaction that writes has the file for itself."""

    def commit_soon(self, connection: Connection) -> None:
        """Nothing: with ``synchronous = NORMAL`` no transaction waits for the disk."""

    def insert(self, table: sa.Table) -> sqlite.Insert:
        """SQLite's INSERT."""
        return sqlite.insert(table)

    def scrub(self, engine: Engine) -> None:
        """Leave nothing of deleted rows in the log, and in a small file nothing between its pages.

        Deleted cells are overwritten at once (``secure_delete``). Copies survive in the write-ahead
        log, which is emptied here, and now and then in unused space of pages between which SQLite
        moved a row: only writing the file anew removes those, which in a large file would take turns
        their time, so there they stay until the space is used again.
        """
        with closing(engine.raw_connection()) as connection:
            scrub_file(connection.cursor())

    def give_back(self, engine: Engine) -> bool:
        """Cut some free pages off the end of the file."""
        with closing(engine.raw_connection()) as connection:
            return give_back_pages(connection.cursor())

    @staticmethod
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # BEGIN is said by _begin, not guessed by the driver
        for pragma in (f"busy_timeout = {BUSY_MILLISECONDS}", "auto_vacuum = INCREMENTAL"):
            connection.execute(f"PRAGMA {pragma}")
        _switch_to_log(connection)
        for pragma in (
            "synchronous = NORMAL",
            "secure_delete = ON",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @staticmethod
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("migrates"):
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {MIGRATION_MILLISECONDS}")
        # A transaction that reads first and writes then would be refused once another has written.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
        if options.get("migrates"):
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def scrub_file(cursor: SqliteCursor) -> None:
    """Empty the write-ahead log of a SQLite file, and write the file anew if that takes no time.

    Args:
        cursor: of a connection without an open transaction.
    """
    size = 1
    for name in ("page_count", "page_size"):
        size *= cursor.execute(f"PRAGMA {name}").fetchone()[0]
    if size <= SMALL_FILE:
        cursor.execute("VACUUM")
    # While it waits for readers nobody can write, so it does not wait long.
    cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MILLISECONDS}")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def give_back_pages(cursor: SqliteCursor) -> bool:
    """Cut some free pages off the end of a SQLite file; True while there are more.

    Args:
        cursor: of a connection without an open transaction.
    """
    if not cursor.execute("PRAGMA auto_vacuum").fetchone()[0]:
        return False  # a file of before this was switched on uses its free pages again
    cursor.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
    free_pages: int = cursor.execute("PRAGMA freelist_count").fetchone()[0]
    return free_pages > 0


def _switch_to_log(connection: sqlite3.Connection) -> None:
    """Use the write-ahead log; of several that switch a new file at once all but one are refused at once."""
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(SWITCH_SECONDS)
        else:
            return


class PostgresqlDialect(Dialect):
    """A server, shared by processes of any machine."""

    @property
    def driver_errors(self) -> tuple[type[Exception], ...]:
        """Those of psycopg, which is there once an engine is."""
        return (import_module("psycopg").Error,)

    def connect(self, url: URL) -> Engine:
        """An engine on the server; connections that died are replaced before they are used."""
        if find_spec("psycopg") is None:
            raise StoreUnavailable(
                "The database is PostgreSQL, but psycopg is not installed; "
                "run `uv sync --extra postgresql`, or unset ASSISTANT_DATABASE to use a file."
            )
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "assistant",
                # A server that vanished without a word is given up as soon as one that says no.
                "tcp_user_timeout": STATEMENT_MILLISECONDS,
            },
        )
        sa.event.listen(engine, "connect", self._prepare)
        return engine

    def lock_for_migration(self, connection: Connection) -> None:
        """An advisory lock that ends with the transaction."""
        for name in ("lock_timeout", "statement_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {name} = {MIGRATION_MILLISECONDS}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_KEY})")

    def commit_soon(self, connection: Connection) -> None:
        """Do not wait for the write-ahead log: on a busy disk that is most of a short transaction."""
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    def insert(self, table: sa.Table) -> postgresql.Insert:
        """PostgreSQL's INSERT."""
        return postgresql.insert(table)

    def scrub(self, engine: Engine) -> None:
        """Nothing: autovacuum frees deleted rows, and rewriting a table would stop the turns."""

    def give_back(self, engine: Engine) -> bool:
        """Nothing: autovacuum does."""
        return False

    @staticmethod
    def _prepare(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {STATEMENT_MILLISECONDS}")
            cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
            cursor.execute(
                f"SET idle_in_transaction_session_timeout = {2 * STATEMENT_MILLISECONDS}"
            )
        connection.commit()


DIALECTS: dict[str, Dialect] = {
    "sqlite": SqliteDialect(),
    "postgresql": PostgresqlDialect(),
    "postgres": PostgresqlDialect(),
}
"""By the first part of a URL, before any ``+driver``; "postgres" is how many hosts spell it."""


def dialect_of(url: URL) -> Dialect:
    """The dialect a URL asks for.

    Raises:
        StoreUnavailable: none of ours.
    """
    kind = url.drivername.partition("+")[0]
    if kind not in DIALECTS:
        raise StoreUnavailable(
            f"ASSISTANT_DATABASE begins with {kind}://, which is no database this runs on; "
            "write postgresql://user:password@host/name or sqlite:///file."
        )
    return DIALECTS[kind]
