"""Machines that call: their keys, what they were answered, and what merchants are told."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("prefix", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("name"),  # what people call it
    text("role"),  # sync.central.rest.keys.Role
    text("subject"),  # the merchant, hub or carrier that it acts for; "" for exports
    flag("read_only"),
    text("digest"),  # SHA-256 of the whole token, hex
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("used_at", Moment),
    sa.Index(None, "tenant", "created_at"),
)

# What a request with an Idempotency-Key was answered, so that it has one effect.
api_answers = sa.Table(
    "api_answers",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),  # role:subject, whatever key it came with
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    text("fingerprint"),  # SHA-256 of the request, hex
    number("status"),
    text("etag"),
    text("body"),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "tenant", "account", "at"),
)

# What merchants say they paid back: each refund once.
merchant_refunds = sa.Table(
    "merchant_refunds",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("return_id", sa.Text, primary_key=True),
    sa.Column("refund_id", sa.Text, primary_key=True),
    text("merchant_id"),
    number("minor"),
    text("currency"),
    sa.Column("done_at", Moment, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
    sa.Index(None, "tenant", "merchant_id", "told_at"),
)

# What merchants are told, each event once. The position is given afterwards, by one at a time
# (sync.central.rest.feed): whoever read up to a position never misses one that commits later.
merchant_events = sa.Table(
    "merchant_events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("merchant_id"),
    sa.Column("position", sa.BigInteger),
    text("type"),
    text("subject"),
    sa.Column("at", Moment, nullable=False),
    text("data"),  # JSON
    sa.Index(None, "tenant", "merchant_id", "position", unique=True),
    sa.Index(None, "tenant", "at"),
)
_WAITS = merchant_events.c.position.is_(None)
sa.Index(
    "ix_merchant_events_waiting",
    merchant_events.c.tenant,
    merchant_events.c.at,
    sqlite_where=_WAITS,
    postgresql_where=_WAITS,
)

# The last position given, by merchant; the row of merchant "" is the lock of its tenant.
merchant_heads = sa.Table(
    "merchant_heads",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("merchant_id", sa.Text, primary_key=True),
    number("position", "0"),
)
