"""Where merchants' events are sent to, and what became of each sending."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("webhook_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("merchant_id"),
    text("url"),
    text("types"),  # joined by a space; "" for all
    text("secret"),  # base64 of the key that signs; it must be known to sign
    text("state", "active"),  # active | gone
    number("queued", "0"),  # the position up to which deliveries were made of events
    number("failures", "0"),  # in a row
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("next_at", Moment, nullable=False),  # nothing is sent before
    sa.Column("held_until", Moment, nullable=False),  # one worker sends at a time
    sa.Index(None, "tenant", "merchant_id"),
    sa.Index(None, "state", "next_at"),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("webhook_id", sa.Text, sa.ForeignKey("webhooks.webhook_id"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("event_id"),
    text("state", "waiting"),  # waiting | delivered | dead
    number("attempts", "0"),
    sa.Column("first_at", Moment, nullable=False),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("settled_at", Moment),
    number("status", "0"),  # of the last answer; 0 where none came
    text("fault", ""),
    sa.Index(None, "webhook_id", "state", "next_at"),
    sa.Index(None, "tenant", "settled_at"),
)
