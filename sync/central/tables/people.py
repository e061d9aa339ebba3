"""Who works here."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, text

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("password"),  # scrypt$n$r$p$salt$hash
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
    text("csrf"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
