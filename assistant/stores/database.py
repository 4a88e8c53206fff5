"""The one database of every process: opened, migrated, and used in short transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from assistant.stores.dialects import Dialect, dialect_of
from assistant.stores.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

MIGRATIONS = Path(__file__).with_name("migrations")
HEAD = "0002"
"""The newest revision; a database that already has it is opened without loading Alembic."""


class Database:
    """An opened database; any number of threads and processes may use the same one.

    Args:
        engine: with connections that have deadlines.
        dialect: what to say where kinds of databases differ.
    """

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self.engine, self.dialect = engine, dialect
        self._writer = engine.execution_options(writes=True)
        self._open = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with.

        Raises:
            StoreUnavailable: the database did not answer, or not in time.
        """
        if (outer := getattr(self._open, "connection", None)) is not None:
            yield outer
            return
        with self._worded(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that may write; kept at the end of the block, undone by an error in it.

        Blocks within the block, of the same thread, are part of it: what several stores write
        together is kept or undone together.

        Args:
            durable: False for what a crash of the database may undo without harm.

        Raises:
            StoreUnavailable: the database did not answer, or not in time.
        """
        if (outer := getattr(self._open, "connection", None)) is not None:
            yield outer
            return
        with self._worded(), self._writer.begin() as connection:
            if not durable:
                self.dialect.commit_soon(connection)
            self._open.connection = connection
            try:
                yield connection
            finally:
                self._open.connection = None

    def scrub(self) -> None:
        """Leave as little as can be of what was deleted.

        Raises:
            StoreUnavailable: the database did not answer, or not in time.
        """
        with self._worded():
            self.dialect.scrub(self.engine)

    def give_back(self) -> bool:
        """Give some of the space of deleted rows back to the disk; True while there is more.

        Raises:
            StoreUnavailable: the database did not answer, or not in time.
        """
        with self._worded():
            return self.dialect.give_back(self.engine)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _worded(self) -> Iterator[None]:
        failures: tuple[type[Exception], ...] = (SQLAlchemyError, *self.dialect.driver_errors)
        try:
            yield
        except failures as error:
            # The cause may quote values of the row, so it stays out of the message.
            raise StoreUnavailable(
                f"The database cannot be used now ({type(error).__name__}); try again shortly."
            ) from None


def open_database(url: str) -> Database:
    """Open a database, make it if need be (a file only), and bring its tables up to date.

    Safe to call from several processes at once: the second waits and finds the work done.

    Args:
        url: postgresql://user:password@host/name or sqlite:///file.

    Raises:
        StoreUnavailable: it cannot be reached or written, is none of ours, or is of a newer version.
    """
    with _connected(url) as database:
        if _revision(database) != HEAD:
            _upgrade(database)
    return database


def name_of_database(url: str) -> str:
    """Kind and version of the database that answers at a URL; nothing is made or changed there.

    Raises:
        StoreUnavailable: none answers.
    """
    with _connected(url) as database, closing(database), database.engine.connect() as connection:
        version = ".".join(str(part) for part in database.engine.dialect.server_version_info or ())
        connection.exec_driver_sql("SELECT 1")
        return f"{database.engine.dialect.name} {version}"


@contextmanager
def _connected(url: str) -> Iterator[Database]:
    """An opened database; what goes wrong in the block is said without the password, and closes it."""
    try:
        address = sa.make_url(url)
    except ArgumentError:
        raise StoreUnavailable(
            "ASSISTANT_DATABASE is no URL; "
            "write postgresql://user:password@host/name or sqlite:///file."
        ) from None
    dialect = dialect_of(address)
    database = None
    try:
        database = Database(dialect.connect(address), dialect)
        yield database
    except BaseException as error:
        if database is not None:
            database.close()
        raw = () if database is None else dialect.driver_errors
        if not isinstance(error, (OSError, SQLAlchemyError, *raw)):
            raise
        # The cause's own words: SQLAlchemy's would add a statement and a link.
        cause = str(getattr(error, "orig", None) or error).strip()
        raise StoreUnavailable(
            f"The database {address.render_as_string(hide_password=True)} cannot be opened "
            f"({cause}). Check that it is there, that it can be written, and the disk is not full."
        ) from None


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision


def _upgrade(database: Database) -> None:
    command = import_module("alembic.command")  # loaded only when there is something to migrate
    config = import_module("alembic.config").Config()
    failure: type[Exception] = import_module("alembic.util").CommandError
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.engine.execution_options(writes=True, migrates=True).begin() as connection:
        database.dialect.lock_for_migration(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except failure as error:
            raise StoreUnavailable(
                f"The database was written by another version of the assistant ({error}); "
                "use that version, or a copy of the database made before it."
            ) from None
