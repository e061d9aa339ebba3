"""Who works here."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("password"),  # $argon2id$... or scrypt$n$r$p$salt$hash; "" where there is none
    text("roles", ""),  # of sync.central.roles, joined by a space
    text("merchant_id", ""),  # bound to it; "" for a person of the house
    text("state", "active"),  # invited | active | disabled
    text("totp_secret", ""),  # Base32; "" without a second factor
    number("totp_step", "0"),  # of the last code that was used: none is used twice
    text("issuer", ""),  # of OpenID Connect, with `subject` who they are there
    text("subject", ""),
    sa.Column("signed_in_at", Moment),
    sa.Index(None, "tenant"),
    sa.Index(
        "uq_people_tenant_issuer_subject",
        "tenant",
        "issuer",
        "subject",
        unique=True,
        sqlite_where=sa.text("subject <> ''"),
        postgresql_where=sa.text("subject <> ''"),
    ),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
    text("csrf"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    text("session_id", ""),  # names it on the person's own page; opens nothing
    text("stage", "in"),  # in | code (the second factor is owed) | enrol (it is to be set up)
    sa.Column("proved_at", Moment),  # when its person last showed who they are
    text("source", ""),
    text("agent", ""),  # what the browser calls itself
    text("pending", ""),  # a second factor's secret that is being set up
    sa.Index(None, "name"),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), primary_key=True),
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("used_at", Moment),
)

# A link with which somebody sets a password: when invited, or when it was forgotten.
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, sa.ForeignKey("people.name"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Index(None, "name"),
)

# A way to an issuer of OpenID Connect that somebody has set out on and not come back from.
ways = sa.Table(
    "ways",
    metadata,
    sa.Column("state_hash", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("browser_hash"),  # of a cookie: whoever comes back is who set out
    text("nonce"),
    text("verifier"),
    text("again", ""),  # the session that is proved anew; "" for a new one
    sa.Column("created_at", Moment, nullable=False),
)
