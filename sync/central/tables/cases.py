"""What a person must settle."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, text

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("kind"),  # conflict | fork | quarantined | clash
    text("state", "open"),
    sa.Column("opened_at", Moment, nullable=False),
    text("device_id"),
    text("event_id", ""),
    text("return_id", ""),
    text("line_id", ""),
    text("first_drop_id", ""),
    text("first_bag_id", ""),
    text("second_drop_id", ""),
    text("second_bag_id", ""),
    text("detail", ""),
    sa.Index(None, "tenant", "state", "opened_at"),
)
