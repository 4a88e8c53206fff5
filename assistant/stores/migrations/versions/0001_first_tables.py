"""Shoppers, their profile, and the log of conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "shoppers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("consent", sa.Boolean, nullable=False),
        sa.Column("consent_since", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shoppers"),
        sa.UniqueConstraint("token_hash", name="uq_shoppers_token_hash"),
    )
    op.create_table(
        "profile_facts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("shopper_id", sa.String(32), nullable=False),
        sa.Column("facet", sa.String, nullable=False),
        sa.Column("operator", sa.String(8), nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("strength", sa.String(8), nullable=False),
        sa.Column("learnt_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profile_facts"),
        sa.ForeignKeyConstraint(
            ["shopper_id"],
            ["shoppers.id"],
            name="fk_profile_facts_shopper_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_profile_facts_shopper_id", "profile_facts", ["shopper_id"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("shopper_id", sa.String(32)),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_shopper_id", "conversations", ["shopper_id"])
    op.create_index("ix_conversations_created", "conversations", ["created"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("client_message_id", sa.String(200), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("choice_id", sa.String(64)),
        sa.Column("label", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_messages_conversation_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("conversation_id", "number", name="uq_messages_number"),
        sa.UniqueConstraint(
            "conversation_id", "client_message_id", name="uq_messages_client_message_id"
        ),
    )


def downgrade():
    for table in ("messages", "conversations", "profile_facts", "shoppers"):
        op.drop_table(table)
