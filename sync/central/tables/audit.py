"""What was changed by whom, and how often somebody tried."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text

# Rows are only added; triggers of the database refuse everything else (migration).
office_audit = sa.Table(
    "office_audit",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    text("person"),
    text("source"),  # an address, "" for a command at the centre
    text("permission"),
    text("what"),
    text("subject"),
    text("before"),  # JSON, as it was hashed
    text("after"),
    text("previous"),
    text("hash"),
    sa.Index(None, "tenant", "at"),
)

office_audit_heads = sa.Table(
    "office_audit_heads",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    number("number"),
    text("hash"),
)

limits = sa.Table(
    "limits",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # a hash: what is typed as a name may be a secret
    text("scope"),
    number("failures", "0"),
    sa.Column("free_at", Moment, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "at"),
)
