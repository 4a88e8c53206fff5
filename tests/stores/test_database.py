"""The database file: migrated to what the tables say, and really empty after erasing."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.stores import tables
from assistant.stores.database import HEAD, open_database, scrub
from assistant.stores.tables import metadata, shoppers


def test_migrations_make_the_tables_of_the_code(tmp_path):
    assert tables.messages.metadata is metadata
    engine = open_database(tmp_path / "a.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_file_is_opened_for_two_processes(tmp_path):
    engine = open_database(tmp_path / "a.db")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def test_scrub_leaves_nothing_of_deleted_rows(tmp_path):
    engine = open_database(tmp_path / "a.db")
    ids = [secrets.token_hex(16) for _ in range(300)]
    moment = sa.func.current_timestamp()
    with engine.begin() as connection:
        for one in ids:
            connection.execute(
                sa.insert(shoppers).values(
                    id=one, token_hash=secrets.token_bytes(32), consent=False, created=moment
                )
            )
    with engine.begin() as connection:
        connection.execute(sa.delete(shoppers).where(shoppers.c.id.in_(ids[::2])))
    other = open_database(tmp_path / "a.db")  # as the action server has it open
    with other.connect() as connection:
        connection.scalar(sa.select(sa.func.count()).select_from(shoppers))
    scrub(engine)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [one for one in ids[::2] if one.encode() in written] == []
    assert all(one.encode() in written for one in ids[1::2])
    engine.dispose()
    other.dispose()
