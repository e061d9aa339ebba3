"""What a person must settle.

The truth of a case is its steps in `case_events`, which are only ever added to; state, owner and
settlement in `cases` are folded from them in the same transaction (sync.central.cases.lifecycle).
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("key"),  # "kind:subject kind:subject"; opening it twice is one case
    text("kind"),  # sync.central.cases.kinds.Kind
    text("subject_kind"),
    text("subject"),
    text("state", "open"),
    sa.Column("opened_at", Moment, nullable=False),
    text("device_id", ""),
    text("site", ""),
    sa.Column("evidence", sa.JSON, nullable=False),  # sync.central.cases.evidence.Evidence
    text("digest"),  # SHA-256 of the evidence: whether something new was found
    number("amount", "0"),  # at stake, in minor units
    text("currency", ""),
    number("steps", "1"),
    text("owner", ""),
    sa.Column("settled_at", Moment),
    text("settled_by", ""),
    text("resolution", ""),
    sa.UniqueConstraint("tenant", "key"),
    sa.Index(None, "tenant", "state", "opened_at"),
)

# Whatever a case is about, for the pages of drops, bags and events.
case_links = sa.Table(
    "case_links",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("thing", sa.Text, primary_key=True),  # drop | bag | event | return | ...
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, sa.ForeignKey("cases.case_id"), primary_key=True),
)

# Triggers of the database refuse everything but new rows (migration).
case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("case_id", sa.Text, sa.ForeignKey("cases.case_id"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    text("who", ""),  # "" for the centre itself
    text("step"),  # sync.central.cases.lifecycle.Step
    text("resolution", ""),
    text("comment", ""),
    sa.Column("evidence", sa.JSON, nullable=False),  # {} where nothing new was found
)
