"""Tables of the shopper's profile, and the one metadata that the whole database file shares."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the file: these two and those of the gateway's log."""

shoppers = Table(
    "shoppers",
    metadata,
    Column("id", String(32), primary_key=True),
    # The token itself is never stored: whoever reads the file cannot pass for a shopper.
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("consent", Boolean, nullable=False, default=False),
    Column("consent_since", DateTime, nullable=True),
    Column("created", DateTime, nullable=False),
)

profile_facts = Table(
    "profile_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "shopper_id",
        String(32),
        ForeignKey("shoppers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("facet", String, nullable=False),
    Column("operator", String(8), nullable=False),
    Column("values", JSON, nullable=False),
    Column("unit", String, nullable=True),
    Column("strength", String(8), nullable=False),
    Column("learnt_at", DateTime, nullable=False),
)
