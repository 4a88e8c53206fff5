"""The database: migrated to what the tables say, opened by many at once, never waited for without end."""

from __future__ import annotations

import re
import secrets
import stat
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from assistant.stores import dialects
from assistant.stores.database import HEAD, name_of_database, open_database
from assistant.stores.errors import StoreUnavailable
from assistant.stores.shopper_store import SqlShopperStore
from assistant.stores.stores import Stores
from assistant.stores.tables import metadata, shoppers


@contextmanager
def opened(url: str):
    with closing(open_database(url)) as database:
        yield database


@pytest.fixture
def file_url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'a.db'}"


def test_migrations_make_the_tables_of_the_code(database_url):
    with opened(database_url) as database, database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, metadata) == []


def test_rows_of_the_first_version_are_still_there(database_url):
    with opened(database_url) as database:
        shopper_id, token = SqlShopperStore(database).create()
        with database.writing() as connection:  # back to what the first version made
            connection.exec_driver_sql("DROP TABLE turn_locks")
            connection.exec_driver_sql("DROP TABLE rate_windows")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with closing(Stores.open(database_url)) as stores:
        assert stores.shoppers.by_token(token).id == shopper_id
        assert stores.limits.spend("messages", "mine", amount=1, seconds=60) == 0


def test_database_of_a_newer_version_is_named(database_url):
    with opened(database_url) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="another version"):
        open_database(database_url)


def test_many_can_open_and_write_a_new_database_at_once(database_url):
    ids, failures = [], []

    def work():
        try:
            with closing(Stores.open(database_url)) as stores:
                ids.extend(stores.shoppers.create()[0] for _ in range(5))
        except StoreUnavailable as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(ids)) == 30


def test_statement_ends_by_its_deadline(database_url, monkeypatch):
    """Another process holds what a turn needs, and does not let go."""
    monkeypatch.setattr(dialects, "BUSY_MILLISECONDS", 200)
    with opened(database_url) as database, opened(database_url) as other:
        insert = sa.insert(shoppers).values(
            id="a", token_hash=b"a", consent=False, created=sa.func.current_timestamp()
        )
        with other.writing() as holding:
            holding.execute(insert)
            began = time.monotonic()
            with pytest.raises(StoreUnavailable), database.writing() as connection:
                connection.execute(insert)
            assert time.monotonic() - began < 2


def test_failure_quotes_nothing_of_the_row(database_url):
    insert = sa.insert(shoppers).values(
        id="secretive", token_hash=b"a", consent=None, created=sa.func.current_timestamp()
    )
    with (
        opened(database_url) as database,
        pytest.raises(StoreUnavailable) as caught,
        database.writing() as connection,
    ):
        connection.execute(insert)
    assert "secretive" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("no url", "is no URL"),
        ("mysql://host/name", "begins with mysql://"),
        ("sqlite://", "names its file"),
        ("postgresql://someone:hidden@127.0.0.1:1/name", r"someone:\*\*\*@127\.0\.0\.1:1/name"),
        ("postgres://someone:hidden@127.0.0.1:1/name", r"cannot be opened"),
    ],
)
def test_database_that_cannot_be_opened_is_named_without_password(url, words):
    with pytest.raises(StoreUnavailable, match=words) as caught:
        open_database(url)
    assert "hidden" not in str(caught.value)


def test_unusable_file_is_named(tmp_path):
    broken = tmp_path / "assistant.db"
    broken.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreUnavailable, match=r"assistant\.db cannot be opened"):
        open_database(f"sqlite:///{broken}")


def test_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(dialects, "find_spec", lambda _: None)
    with pytest.raises(StoreUnavailable, match="uv sync --extra postgresql"):
        open_database("postgresql://127.0.0.1/name")


def test_file_is_opened_for_two_processes(file_url):
    with opened(file_url) as database, database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


def test_files_are_for_their_owner_only(tmp_path, file_url):
    (tmp_path / "a.db").touch(mode=0o644)
    with opened(file_url) as database:
        with database.writing() as connection:
            connection.execute(
                sa.insert(shoppers).values(
                    id="a", token_hash=b"a", consent=False, created=sa.func.current_timestamp()
                )
            )
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}


def fill_and_delete_half(database) -> list[str]:
    ids = [secrets.token_hex(16) for _ in range(300)]
    with database.writing() as connection:
        for shopper_id in ids:
            connection.execute(
                sa.insert(shoppers).values(
                    id=shopper_id,
                    token_hash=secrets.token_bytes(32),
                    consent=False,
                    created=sa.func.current_timestamp(),
                )
            )
    with database.writing() as connection:
        connection.execute(sa.delete(shoppers).where(shoppers.c.id.in_(ids[::2])))
    return ids


def test_scrub_leaves_nothing_of_deleted_rows(tmp_path, file_url):
    # The second is what the action server has open.
    with opened(file_url) as database, opened(file_url) as other:
        ids = fill_and_delete_half(database)
        with other.reading() as connection:
            connection.scalar(sa.select(sa.func.count()).select_from(shoppers))
        database.scrub()
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [shopper_id for shopper_id in ids[::2] if shopper_id.encode() in written] == []
    assert all(shopper_id.encode() in written for shopper_id in ids[1::2])


def test_large_file_is_not_written_anew_but_shrinks_in_steps(tmp_path, file_url, monkeypatch):
    monkeypatch.setattr(dialects, "SMALL_FILE", 0)
    monkeypatch.setattr(dialects, "PAGES_AT_ONCE", 4)
    with opened(file_url) as database:
        fill_and_delete_half(database)
        with database.writing() as connection:
            connection.execute(sa.delete(shoppers))
        database.scrub()
        before = (tmp_path / "a.db").stat().st_size
        assert (tmp_path / "a.db-wal").stat().st_size == 0
        steps = 1
        while database.give_back():
            steps += 1
        database.scrub()
        assert steps > 1
        assert (tmp_path / "a.db").stat().st_size < before


def test_blocks_within_a_block_are_kept_or_undone_with_it(database_url):
    with closing(Stores.open(database_url)) as stores:
        with stores.database.writing():
            first, _ = stores.shoppers.create()
            assert stores.shoppers.get(first) is not None
        with pytest.raises(RuntimeError), stores.database.writing():
            second, _ = stores.shoppers.create()
            raise RuntimeError
        assert stores.shoppers.get(first) is not None
        assert stores.shoppers.get(second) is None


def test_connections_that_died_are_replaced(empty_postgresql):
    """As after the server was restarted."""
    with opened(empty_postgresql) as database, opened(empty_postgresql) as other:
        with database.reading() as connection:
            process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({process})")
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != process


def test_database_that_answers_is_named_and_left_as_it_is(empty_postgresql):
    assert name_of_database(empty_postgresql).startswith("postgresql 1")
    engine = sa.create_engine(empty_postgresql.replace("postgresql:", "postgresql+psycopg:"))
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        name_of_database("postgresql://127.0.0.1:1/name")


def test_what_databases_differ_in_stands_in_one_file():
    folder = Path(dialects.__file__).parent
    special = re.compile(r"sqlite3|sqlalchemy\.dialects|psycopg|PRAGMA|dialect\.name")
    files = [file for file in folder.glob("*.py") if special.search(file.read_text("utf-8"))]
    # The other one says to a person which kind of database answers.
    assert {file.name for file in files} == {"dialects.py", "database.py"}
