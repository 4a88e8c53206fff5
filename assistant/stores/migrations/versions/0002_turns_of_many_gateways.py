"""Whose turn it is and how much was asked of late, for several gateways on one database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "turn_locks",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("held_until", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_turn_locks"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_turn_locks_conversation_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "rate_windows",
        sa.Column("budget", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("window", sa.BigInteger, nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("stale_after", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("budget", "key", name="pk_rate_windows"),
    )
    op.create_index("ix_rate_windows_stale_after", "rate_windows", ["stale_after"])


def downgrade():
    for table in ("rate_windows", "turn_locks"):
        op.drop_table(table)
