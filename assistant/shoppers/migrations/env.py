"""Alembic's entry: migrates over the connection it is handed, inside the transaction that is already open."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=False,  # the caller commits, so that two processes never migrate at once
)
context.run_migrations()
