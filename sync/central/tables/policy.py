"""What kiosks are told."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text

merchants = sa.Table(
    "merchants",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("merchant_id", sa.Text, primary_key=True),
    text("name"),
    text("body"),  # kiosk.domain.returns.Merchant as JSON
    text("rules"),  # list of rule specifications as JSON
    text("look", "{}"),  # what kiosk.domain.look reads, as JSON
)

code_keys = sa.Table(
    "code_keys",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("kid", sa.Text, primary_key=True),
    text("body"),  # kiosk.domain.policy.bundle.CodeKey as JSON
)

bundle_keys = sa.Table(
    "bundle_keys",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("kid", sa.Text, primary_key=True),
    text("public_key"),  # Ed25519, hex; the private half is never in the database
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
    text("merchant_id"),
    text("order_number"),
    text("state"),
    text("body"),  # kiosk.domain.returns.Authorisation as JSON
    number("bundle", "0"),  # the first bundle with it as it stands; 0 is the next one
    text("short_code", ""),  # what a shopper types, "" for none; to be found by
    sa.Index(None, "tenant", "bundle"),
    sa.Index(None, "tenant", "merchant_id", "return_id"),
    sa.Index(None, "tenant", "state", "return_id"),
    sa.Index(None, "tenant", "order_number"),
)

_CODED = authorisations.c.short_code != ""
sa.Index(
    None,
    authorisations.c.tenant,
    authorisations.c.short_code,
    sqlite_where=_CODED,
    postgresql_where=_CODED,
)

removed_authorisations = sa.Table(
    "removed_authorisations",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("return_id", sa.Text, primary_key=True),
    number("bundle", "0"),
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
    text("body"),  # kiosk.domain.codes.third_party.ThirdPartyForm as JSON
)

bundles = sa.Table(
    "bundles",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    number("previous"),
    sa.Column("issued", Moment, nullable=False),
    sa.Column("warn_after", Moment, nullable=False),
    sa.Column("accept_until", Moment, nullable=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    sa.Column("files", sa.JSON, nullable=False),  # the SHA-256 of each file it names
    text("etag"),
    text("policy", ""),  # the digest of its row in `policies`
    text("changes", "{}"),  # policy_versions.Changes as JSON
    number("version", "0"),  # the bundle that began with these rules; later ones renew it
    flag("early"),  # for the kiosks of a roll-out alone (policy_rollouts)
    text("published_by", ""),  # "" for one that the centre renewed by itself
    text("note", ""),
)
_BEGINS = bundles.c.version == bundles.c.number
sa.Index(
    "ix_bundles_versions",
    bundles.c.tenant,
    bundles.c.number,
    sqlite_where=_BEGINS,
    postgresql_where=_BEGINS,
)
_EARLY = bundles.c.early.is_(True)
sa.Index(
    "ix_bundles_early",
    bundles.c.tenant,
    bundles.c.number,
    sqlite_where=_EARLY,
    postgresql_where=_EARLY,
)

# New rules on their way to ever more kiosks; one at a time in each tenant.
policy_rollouts = sa.Table(
    "policy_rollouts",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),  # its first bundle
    text("policy"),  # the digest of its row in `policies`
    number("percent"),
    sa.Column("sites", sa.JSON, nullable=False),
    text("state"),  # running | done | stopped
    sa.Column("began_at", Moment, nullable=False),
    text("began_by"),
    sa.Column("changed_at", Moment, nullable=False),
)
_RUNS = policy_rollouts.c.state == "running"
sa.Index(
    "uq_policy_rollouts_running",
    policy_rollouts.c.tenant,
    unique=True,
    sqlite_where=_RUNS,
    postgresql_where=_RUNS,
)

# What somebody is writing: one a tenant, for others to look at before it goes out.
policy_drafts = sa.Table(
    "policy_drafts",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    text("body"),  # a policy file, as it was typed
    text("merchant_id", ""),  # whose rules they are, where the file names no merchant
    text("digest"),  # of both: what was looked at is what goes out
    sa.Column("saved_at", Moment, nullable=False),
    text("saved_by"),
)

# A draft against past drops: the last time that it was tried.
policy_trials = sa.Table(
    "policy_trials",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    text("digest"),  # of the draft
    number("days"),
    text("state"),  # running | done | failed
    sa.Column("began_at", Moment, nullable=False),
    text("began_by"),
    text("report", "{}"),  # policy_trying.Report as JSON
)

# What people wrote, once for all bundles that have it: small, and kept for good.
policies = sa.Table(
    "policies",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    text("body"),  # policy_versions.Version as JSON
)

bundle_files = sa.Table(
    "bundle_files",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    number("size"),
)

bundle_chunks = sa.Table(
    "bundle_chunks",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    number("size"),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
