"""Kiosks, and what single ones are ordered."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("device_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("site"),
    text("kiosk_code"),
    text("public_key"),  # Ed25519, hex
    text("state", "enrolled"),  # enrolled | revoked
    sa.Column("enrolled_at", Moment, nullable=False),
    sa.Column("last_seen_at", Moment),
    text("version", ""),
    text("epoch", ""),  # the latest one seen
    number("queued", "0"),
    number("oldest_queued_s", "0"),
    number("policy_number", "0"),
    text("troubles", ""),  # joined by a space
    number("disk_free_mb", "-1"),
    number("clock_offset_ms", "0"),  # the centre's clock minus the kiosk's, as last seen
    number("clock_error_ms", "-1"),  # as the kiosk bounds it; -1 where it does not
    number("inodes_free", "-1"),
    text("boot_id", ""),
    sa.Column("checked_at", Moment),  # when its ledger was last found whole
    text("circuit", ""),
    number("missed", "0"),  # calls in vain before the last heartbeat
    number("settings_version", "0"),
    sa.Column("beat_at", Moment),  # its last heartbeat; a push makes `last_seen_at` later
    sa.Column("here_since", Moment),  # heartbeats without a break since then
    sa.Column("policy_since", Moment),  # decides by `policy_number` since then
    sa.Column("revoked_at", Moment),
    text("revoked_why", ""),
    sa.Index(None, "tenant", "kiosk_code"),
)

# What was wrong with a kiosk from when to when (sync.central.fleet.spans), as its heartbeats told.
device_spans = sa.Table(
    "device_spans",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),  # kiosk.ports.Trouble, or "silent"
    sa.Column("began_at", Moment, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index(None, "device_id", "began_at"),
)

old_keys = sa.Table(
    "old_keys",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("public_key", sa.Text, primary_key=True),
    sa.Column("replaced_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),  # lets in until then; is remembered for ever
)

epochs = sa.Table(
    "epochs",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("started_at", Moment, nullable=False),
    number("cursor"),
    text("chain_head"),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("site"),
    text("kiosk_code"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id")),
    text("ref", ""),  # names it on pages, which never show the hash
    text("made_by", ""),
    sa.Column("cancelled_at", Moment),
    sa.Index(None, "tenant", "expires_at"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("attempt_id", sa.Text, primary_key=True),
    text("kind"),  # enrol | login
    text("source"),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "kind", "source", "at"),
)

nonces = sa.Table(
    "nonces",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("nonce", sa.Text, primary_key=True),
    sa.Column("seen_at", Moment, nullable=False),
)

# What single kiosks are ordered (sync.central.orders), numbered for each and signed.
device_settings = sa.Table(
    "device_settings",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("issued_at", Moment, nullable=False),
    text("body"),  # sync.wire.messages.DeviceSettings as JSON
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    text("state", ""),  # taken | refused, as the kiosk told
    text("cause", ""),
    sa.Column("settled_at", Moment),
    text("given_by", ""),
)

device_commands = sa.Table(
    "device_commands",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    text("kind"),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    text("outcome", ""),  # done | failed | expired | unknown, as the kiosk told
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("settled_at", Moment),
    text("given_by", ""),
)

# Pictures of kiosks' screens (sync.central.screens); the files lie in `photos`.
screens = sa.Table(
    "screens",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    text("sha256"),
    number("size"),
    text("troubles"),  # what was wrong then, as in `devices`
    flag("ordered"),
    sa.Column("at", Moment, nullable=False),  # taken, by the corrected clock
    sa.Column("received_at", Moment, nullable=False),
    sa.Index(None, "device_id", "received_at"),
    sa.Index(None, "tenant", "sha256"),
    sa.Index(None, "tenant", "received_at"),
)
