"""The SQLite file of shoppers and conversation log, opened the same way by every process."""

from __future__ import annotations

import sqlite3
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from assistant.stores.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import ConnectionPoolEntry

MIGRATIONS = Path(__file__).with_name("migrations")
HEAD = "0001"
"""The newest revision; a file that already has it is opened without loading Alembic."""
BUSY_MILLISECONDS = 5000
"""How long a writer waits for the other process before it gives up."""


def open_database(path: Path) -> Engine:
    """Open the file, make it if need be, and bring its tables up to date.

    Safe to call from several processes at once: the second waits and finds the work done.

    Raises:
        StoreUnavailable: the folder or the file cannot be written, or the file is no database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Errors must not quote what shoppers said into log files.
        engine = sa.create_engine(f"sqlite+pysqlite:///{path}", hide_parameters=True)
        sa.event.listen(engine, "connect", _prepare)
        if _revision(engine) != HEAD:
            _upgrade(engine)
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        raise StoreUnavailable(
            f"The database {path} cannot be opened ({error}). "
            "Check that the folder can be written and the disk is not full."
        ) from error
    return engine


def scrub(engine: Engine) -> None:
    """Leave no byte of what was deleted in the file or its write-ahead log.

    Deleted cells are already overwritten (``secure_delete``), but copies survive where SQLite moved
    a row between pages; ``VACUUM`` writes the file anew, and the checkpoint empties the log.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # busy_timeout first: switching to WAL already needs the file for itself for a moment.
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "secure_delete = ON",
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision


def _upgrade(engine: Engine) -> None:
    command = import_module("alembic.command")  # loaded only when there is something to migrate
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        # The driver opens transactions late; an explicit one makes the second process wait here.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
