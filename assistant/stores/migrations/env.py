"""Alembic's entry: migrates over the connection handed to it, in the transaction already open."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=False,  # the caller commits, so that two processes never migrate at once
)
context.run_migrations()
