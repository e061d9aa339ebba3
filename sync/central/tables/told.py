"""What kiosks told: the truth is `events` and `links`; the rest is folded from them."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    text("epoch"),
    number("sequence"),
    text("type"),
    text("subject"),
    sa.Column("told_at", Moment, nullable=False),
    sa.Column("corrected_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    text("body"),  # the whole record as JSON
    text("digest"),  # SHA-256 of what the chain covers, to tell a repeat from a clash
    text("state"),  # accepted | unknown | quarantined
    text("cause", ""),
    sa.Index(None, "tenant", "subject"),
    sa.Index(None, "tenant", "type", "received_at"),
    sa.Index(None, "device_id", "received_at"),
)

# Few of many: they are counted on the first page.
_QUARANTINED = events.c.state == "quarantined"
sa.Index(
    "ix_events_quarantined",
    events.c.tenant,
    events.c.received_at,
    sqlite_where=_QUARANTINED,
    postgresql_where=_QUARANTINED,
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    text("event_id"),
    text("chain"),
    sa.Column("clash", sa.Text),  # another body under an id already known: kept, no effect
)

# What kiosks swore (sync.central.heads): the newest of each kiosk, epoch and day of ours.
heads = sa.Table(
    "heads",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    number("sequence"),
    text("chain"),
    text("time"),  # the kiosk's clock, as sworn
    text("kid"),
    text("signature"),
    text("public_key"),  # hex; the one that it was checked with, as keys are changed
    sa.Column("received_at", Moment, nullable=False),
)

drops = sa.Table(
    "drops",
    metadata,
    sa.Column("drop_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    text("event_id"),
    text("drop_number"),
    text("visit_id"),
    text("return_id"),
    text("merchant_id"),
    text("order_number", ""),
    text("bag_id"),
    number("policy_number"),
    flag("offline"),
    flag("provisional"),
    flag("disputed"),
    text("identified_by"),
    text("code_id"),
    sa.Column("told_at", Moment, nullable=False),
    sa.Column("corrected_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    number("refund"),
    number("fee"),
    text("currency"),
    text("receipt", ""),  # printed | unconfirmed | failed
    text("receipt_fault", ""),
    text("verdict_check", ""),  # sync.central.recheck.Result; "" while not looked at
    text("verdict_check_why", ""),
    flag("fed"),  # whether its merchant's feed has it as it stands (sync.central.rest.feed)
    flag("voided"),  # staff took it back on its day (sync.central.counter.voiding)
    # When the void was first told, by the corrected clock, and received. They stay where later
    # facts say that the drop stands: what is in a closed book does not change.
    sa.Column("voided_at", Moment),
    sa.Column("void_heard_at", Moment),
    text("voided_by", ""),
    text("void_reason", ""),
    sa.Index(None, "tenant", "received_at"),
    sa.Index(None, "tenant", "corrected_at"),
    sa.Index(None, "tenant", "drop_number"),
    sa.Index(None, "tenant", "bag_id"),
    sa.Index(None, "tenant", "return_id"),
    sa.Index(None, "tenant", "order_number"),
)

_UNFED = drops.c.fed.is_(False)
sa.Index(
    "ix_drops_unfed",
    drops.c.tenant,
    drops.c.received_at,
    sqlite_where=_UNFED,
    postgresql_where=_UNFED,
)

# Few: the books and the reconciliation look for them beside what was dropped.
_VOID_HEARD = drops.c.void_heard_at.is_not(None)
sa.Index(
    "ix_drops_void_heard",
    drops.c.tenant,
    drops.c.void_heard_at,
    sqlite_where=_VOID_HEARD,
    postgresql_where=_VOID_HEARD,
)

_UNCHECKED = drops.c.verdict_check == ""
sa.Index(
    "ix_drops_unchecked",
    drops.c.tenant,
    drops.c.received_at,
    sqlite_where=_UNCHECKED,
    postgresql_where=_UNCHECKED,
)

drop_lines = sa.Table(
    "drop_lines",
    metadata,
    sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("line_id"),
    text("sku"),
    text("name", ""),
    text("outcome"),
    text("reason"),
    sa.Column("reason_values", sa.JSON, nullable=False),
    number("brought"),
    number("price"),
    number("refund"),
    number("fee"),
    number("withheld"),
    text("currency"),
    text("disposal"),
    flag("provisional"),
    sa.Column("rule_ids", sa.JSON, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    text("state"),
)

# The refund key. One row is one authorised unit; its first claim stands until its drop is voided.
claims = sa.Table(
    "claims",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("return_id", sa.Text, primary_key=True),
    sa.Column("line_id", sa.Text, primary_key=True),
    sa.Column("unit", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), nullable=False),
)

# What drops name, in their order; `photos` is what has come of it.
drop_photos = sa.Table(
    "drop_photos",
    metadata,
    sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    text("line_id"),
    text("sha256"),
    number("size"),
    sa.Column("received_at", Moment, nullable=False),  # of the drop
    sa.Column("awaited", sa.Boolean, nullable=False),  # not here yet
    sa.Index(None, "tenant", "sha256"),
)
# Few are awaited at any moment: a heartbeat must not look at all that ever came.
_AWAITED = drop_photos.c.awaited.is_(True)
for _columns in (("device_id",), ("tenant", "received_at")):
    sa.Index(
        None,
        *(drop_photos.c[name] for name in _columns),
        sqlite_where=_AWAITED,
        postgresql_where=_AWAITED,
    )

photos = sa.Table(
    "photos",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    number("size"),
    number("have"),
    sa.Column("data", sa.LargeBinary, nullable=False),  # JPEG; its first `have` bytes
    sa.Column("came_at", Moment),  # whole, and of this hash
    sa.Index(None, "tenant", "came_at"),
)
