"""roles, second factors, invitations, limits, and the audit of changes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_PEOPLE = (
    ("roles", ""),
    ("merchant_id", ""),
    ("state", "active"),
    ("totp_secret", ""),
    ("issuer", ""),
    ("subject", ""),
)
_SESSIONS = (("session_id", ""), ("stage", "in"), ("source", ""), ("agent", ""), ("pending", ""))
_EVERYTHING = "viewer agent policy fleet admin auditor"
_ONE_SUBJECT = "uq_people_tenant_issuer_subject"


def upgrade() -> None:
    op.add_column(
        "tenants",
        sa.Column("second_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _people()
    _sessions()
    _codes_and_links()
    _limits()
    _audit()
    _append_only()


def _people() -> None:
    for name, default in _PEOPLE:
        op.add_column("people", sa.Column(name, sa.Text(), server_default=default, nullable=False))
    op.add_column(
        "people", sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("people", sa.Column("signed_in_at", _INSTANT))
    # Whoever was there had been made by `create-admin` and could do all there was.
    op.execute(f"UPDATE people SET roles = '{_EVERYTHING}'")  # noqa: S608 - a text of ours
    op.create_index("ix_people_tenant", "people", ["tenant"])
    only = sa.text("subject <> ''")
    op.create_index(
        _ONE_SUBJECT,
        "people",
        ["tenant", "issuer", "subject"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )


def _sessions() -> None:
    op.execute("DELETE FROM sessions")  # made by the old rules; everybody signs in again
    for name, default in _SESSIONS:
        column = sa.Column(name, sa.Text(), server_default=default, nullable=False)
        op.add_column("sessions", column)
    op.add_column("sessions", sa.Column("proved_at", _INSTANT))
    op.create_index("ix_sessions_name", "sessions", ["name"])


def _codes_and_links() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.ForeignKeyConstraint(["name"], ["people.name"], name=op.f("fk_recovery_codes_name")),
        sa.PrimaryKeyConstraint("name", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.ForeignKeyConstraint(["name"], ["people.name"], name=op.f("fk_invitations_name")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_name", "invitations", ["name"])
    op.create_table(
        "ways",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("again", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_ways_tenant")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_ways")),
    )


def _limits() -> None:
    op.create_table(
        "limits",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("free_at", _INSTANT, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
    )
    op.create_index("ix_limits_at", "limits", ["at"])


def _audit() -> None:
    words = ("person", "source", "permission", "what", "subject", "before", "after")
    op.create_table(
        "office_audit",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*words, "previous", "hash")),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_office_audit_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", "number", name=op.f("pk_office_audit")),
    )
    op.create_index("ix_office_audit_tenant_at", "office_audit", ["tenant", "at"])
    op.create_table(
        "office_audit_heads",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_office_audit_heads_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_office_audit_heads")),
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER office_audit_no_{verb.lower()} BEFORE {verb} ON office_audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION office_audit_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER office_audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON office_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION office_audit_stays()"
    )


def downgrade() -> None:
    op.drop_table("office_audit_heads")
    op.drop_table("office_audit")  # and its triggers
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION office_audit_stays()")
    for name in ("limits", "ways", "invitations", "recovery_codes"):
        op.drop_table(name)
    op.drop_index("ix_sessions_name", "sessions")
    op.drop_index(_ONE_SUBJECT, "people")
    op.drop_index("ix_people_tenant", "people")
    for name in ("proved_at", *(name for name, _ in _SESSIONS)):
        op.drop_column("sessions", name)
    for name in ("signed_in_at", "totp_step", *(name for name, _ in _PEOPLE)):
        op.drop_column("people", name)
    op.drop_column("tenants", "second_factor")
