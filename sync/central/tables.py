"""The centre's tables. Every row carries its tenant, and its device where it has one.

The truth is `events` and `links`; `drops`, `drop_lines`, `claims` and the telling columns of
`devices` are folded from them and could be built again.
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.database import Moment

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=default)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


tenants = sa.Table(
    "tenants",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    _text("name"),
    _text("audience"),  # what a signed return code's aud claim must name
    _text("code_pepper", ""),  # hex; in the fingerprints of other networks' codes
)

# --- kiosks ------------------------------------------------------------------------------------

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("device_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    _text("site"),
    _text("kiosk_code"),
    _text("public_key"),  # Ed25519, hex
    _text("state", "enrolled"),  # enrolled | revoked
    sa.Column("enrolled_at", Moment, nullable=False),
    sa.Column("last_seen_at", Moment),
    _text("version", ""),
    _text("epoch", ""),  # the latest one seen
    _number("queued", "0"),
    _number("oldest_queued_s", "0"),
    _number("policy_number", "0"),
    _text("troubles", ""),  # joined by a space
    _number("disk_free_mb", "-1"),
    _number("clock_offset_ms", "0"),  # the centre's clock minus the kiosk's, as last seen
    _number("clock_error_ms", "-1"),  # as the kiosk bounds it; -1 where it does not
    _number("inodes_free", "-1"),
    _text("boot_id", ""),
    sa.Column("checked_at", Moment),  # when its ledger was last found whole
    _text("circuit", ""),
    _number("missed", "0"),  # calls in vain before the last heartbeat
    _number("settings_version", "0"),
    sa.Index(None, "tenant", "kiosk_code"),
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
    _number("cursor"),
    _text("chain_head"),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    _text("site"),
    _text("kiosk_code"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id")),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("attempt_id", sa.Text, primary_key=True),
    _text("kind"),  # enrol | login
    _text("source"),
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
    _text("body"),  # sync.wire.messages.DeviceSettings as JSON
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    _text("state", ""),  # taken | refused, as the kiosk told
    _text("cause", ""),
    sa.Column("settled_at", Moment),
)

device_commands = sa.Table(
    "device_commands",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("kind"),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    _text("outcome", ""),  # done | failed | expired | unknown, as the kiosk told
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("settled_at", Moment),
)

# --- what kiosks told --------------------------------------------------------------------------

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    _text("epoch"),
    _number("sequence"),
    _text("type"),
    _text("subject"),
    sa.Column("told_at", Moment, nullable=False),
    sa.Column("corrected_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    _text("body"),  # the whole record as JSON
    _text("digest"),  # SHA-256 of what the chain covers, to tell a repeat from a clash
    _text("state"),  # accepted | unknown | quarantined
    _text("cause", ""),
    sa.Index(None, "tenant", "subject"),
    sa.Index(None, "tenant", "type", "received_at"),
    sa.Index(None, "device_id", "received_at"),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("event_id"),
    _text("chain"),
    sa.Column("clash", sa.Text),  # another body under an id already known: kept, no effect
)

# What kiosks swore (sync.central.heads): the newest of each kiosk, epoch and day of ours.
heads = sa.Table(
    "heads",
    metadata,
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    _number("sequence"),
    _text("chain"),
    _text("time"),  # the kiosk's clock, as sworn
    _text("kid"),
    _text("signature"),
    _text("public_key"),  # hex; the one that it was checked with, as keys are changed
    sa.Column("received_at", Moment, nullable=False),
)

drops = sa.Table(
    "drops",
    metadata,
    sa.Column("drop_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), nullable=False),
    _text("event_id"),
    _text("drop_number"),
    _text("visit_id"),
    _text("return_id"),
    _text("merchant_id"),
    _text("order_number", ""),
    _text("bag_id"),
    _number("policy_number"),
    _flag("offline"),
    _flag("provisional"),
    _flag("disputed"),
    _text("identified_by"),
    _text("code_id"),
    sa.Column("told_at", Moment, nullable=False),
    sa.Column("corrected_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    _number("refund"),
    _number("fee"),
    _text("currency"),
    _text("receipt", ""),  # printed | unconfirmed | failed
    _text("receipt_fault", ""),
    sa.Index(None, "tenant", "received_at"),
    sa.Index(None, "tenant", "drop_number"),
    sa.Index(None, "tenant", "bag_id"),
    sa.Index(None, "tenant", "return_id"),
    sa.Index(None, "tenant", "order_number"),
)

drop_lines = sa.Table(
    "drop_lines",
    metadata,
    sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    _text("line_id"),
    _text("sku"),
    _text("name", ""),
    _text("outcome"),
    _text("reason"),
    sa.Column("reason_values", sa.JSON, nullable=False),
    _number("brought"),
    _number("price"),
    _number("refund"),
    _number("fee"),
    _number("withheld"),
    _text("currency"),
    _text("disposal"),
    _flag("provisional"),
    sa.Column("rule_ids", sa.JSON, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    _text("state"),
)

# The refund key. One row is one authorised unit; its first claim stands for ever.
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
    _text("line_id"),
    _text("sha256"),
    _number("size"),
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
    _number("size"),
    _number("have"),
    sa.Column("data", sa.LargeBinary, nullable=False),  # JPEG; its first `have` bytes
    sa.Column("came_at", Moment),  # whole, and of this hash
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    _text("kind"),  # conflict | fork | quarantined | clash
    _text("state", "open"),
    sa.Column("opened_at", Moment, nullable=False),
    _text("device_id"),
    _text("event_id", ""),
    _text("return_id", ""),
    _text("line_id", ""),
    _text("first_drop_id", ""),
    _text("first_bag_id", ""),
    _text("second_drop_id", ""),
    _text("second_bag_id", ""),
    _text("detail", ""),
    sa.Index(None, "tenant", "state", "opened_at"),
)

# --- what kiosks are told ----------------------------------------------------------------------

merchants = sa.Table(
    "merchants",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("merchant_id", sa.Text, primary_key=True),
    _text("name"),
    _text("body"),  # kiosk.domain.returns.Merchant as JSON
    _text("rules"),  # list of rule specifications as JSON
    _text("look", "{}"),  # what kiosk.domain.look reads, as JSON
)

code_keys = sa.Table(
    "code_keys",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("kid", sa.Text, primary_key=True),
    _text("body"),  # kiosk.domain.policy.bundle.CodeKey as JSON
)

bundle_keys = sa.Table(
    "bundle_keys",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("kid", sa.Text, primary_key=True),
    _text("public_key"),  # Ed25519, hex; the private half is never in the database
    sa.Column("not_before", Moment),
    sa.Column("not_after", Moment),
    sa.Column("revoked_at", Moment),
)

key_rings = sa.Table(
    "key_rings",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
)

authorisations = sa.Table(
    "authorisations",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("return_id", sa.Text, primary_key=True),
    _text("merchant_id"),
    _text("order_number"),
    _text("state"),
    _text("body"),  # kiosk.domain.returns.Authorisation as JSON
    _number("bundle", "0"),  # the first bundle with it as it stands; 0 is the next one
    sa.Index(None, "tenant", "bundle"),
)

removed_authorisations = sa.Table(
    "removed_authorisations",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("return_id", sa.Text, primary_key=True),
    _number("bundle", "0"),
)

revoked_codes = sa.Table(
    "revoked_codes",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("code_id", sa.Text, primary_key=True),
)

third_party_forms = sa.Table(
    "third_party_forms",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    _text("body"),  # kiosk.domain.codes.third_party.ThirdPartyForm as JSON
)

bundles = sa.Table(
    "bundles",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("previous"),
    sa.Column("issued", Moment, nullable=False),
    sa.Column("warn_after", Moment, nullable=False),
    sa.Column("accept_until", Moment, nullable=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # the SHA-256 of each file it names
    _text("etag"),
    _text("policy", ""),  # the digest of its row in `policies`
    _text("changes", "{}"),  # policy_versions.Changes as JSON
)

# What people wrote, once for all bundles that have it: small, and kept for good.
policies = sa.Table(
    "policies",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    _text("body"),  # policy_versions.Version as JSON
)

bundle_files = sa.Table(
    "bundle_files",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    _number("size"),
)

bundle_chunks = sa.Table(
    "bundle_chunks",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("size"),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# --- people ------------------------------------------------------------------------------------

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    _text("password"),  # scrypt$n$r$p$salt$hash
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
    _text("csrf"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
