"""What the centre does by itself and who is at it, and how long what is kept."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text("holder", ""),  # the worker that is at it, "" for none
    sa.Column("held_until", Moment),  # unless it says so again: a worker may die
    sa.Column("began_at", Moment),
    sa.Column("ended_at", Moment),
    number("runs", "0"),
    text("report", ""),  # what the last run that ended well did
    text("error", ""),  # of the last run, "" where it ended well
    sa.Column("well_at", Moment),  # when the last run that ended well did
    number("took_ms", "0"),  # the last run that ended
)

# How long a tenant keeps what, where it is not the usual time (sync.central.keeping).
keeping = sa.Table(
    "keeping",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    number("days"),  # 0 for ever
)
