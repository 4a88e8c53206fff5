"""The dialogue engine's own record of conversations, which is cleared when erasing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.stores.dialects import BUSY_MILLISECONDS, give_back_pages, scrub_file


class Tracker:
    """The dialogue engine's own record of conversations, tables with a ``sender_id``.

    The engine has no way to erase, so its file is edited directly, between two of its turns.

    Args:
        path: the engine's SQLite file; it may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def delete(self, conversation_ids: Iterable[str], *, scrubbed: bool = True) -> None:
        """Delete everything said in these conversations.

        Args:
            conversation_ids: the senders.
            scrubbed: also leave no trace in the log beside the file; see ``scrub_file``.
        """
        ids = [(conversation_id,) for conversation_id in conversation_ids]
        with self._opened() as connection:
            if connection is None:
                return
            with connection:
                for table in _tables(connection):
                    connection.executemany(f"DELETE FROM {table} WHERE sender_id = ?", ids)  # noqa: S608
            if scrubbed:
                scrub_file(connection.cursor())

    def give_back(self) -> bool:
        """Give some of the space of deleted rows back to the disk; True while there is more."""
        with self._opened() as connection:
            return connection is not None and give_back_pages(connection.cursor())

    def senders(self) -> set[str]:
        """Ids of all conversations the engine has a record of."""
        with self._opened() as connection:
            if connection is None:
                return set()
            results: set[str] = set()
            for table in _tables(connection):
                query = f"SELECT DISTINCT sender_id FROM {table}"  # noqa: S608
                results.update(row[0] for row in connection.execute(query))
            return results

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection | None]:
        """The file, or None when the engine has not made it yet."""
        if not self._path.is_file():
            yield None
            return
        with closing(sqlite3.connect(self._path, timeout=BUSY_MILLISECONDS / 1000)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            yield connection


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Every table with a row or more per conversation, quoted: events, and what is derived of them."""
    query = (
        "SELECT m.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
        "WHERE m.type = 'table' AND c.name = 'sender_id'"
    )
    return ['"' + name.replace('"', '""') + '"' for (name,) in connection.execute(query)]
