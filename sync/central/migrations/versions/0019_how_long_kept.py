"""when jobs went well, how long what is kept, and cases whose steps stay"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("well_at", sa.DateTime(timezone=True)))
    op.add_column("jobs", sa.Column("took_ms", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "keeping",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_keeping_tenant")),
        sa.PrimaryKeyConstraint("tenant", "what", name=op.f("pk_keeping")),
    )
    op.create_index("ix_merchant_events_tenant_at", "merchant_events", ["tenant", "at"])
    op.create_index(
        "ix_webhook_deliveries_tenant_settled_at",
        "webhook_deliveries",
        ["tenant", "settled_at"],
    )
    op.create_index("ix_photos_tenant_came_at", "photos", ["tenant", "came_at"])
    _steps_stay()


def _steps_stay() -> None:
    """The steps of a case are only added to, as the audit is."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_events_no_{verb.lower()} BEFORE {verb} ON case_events "
                "BEGIN SELECT RAISE(ABORT, 'the steps of a case are only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION case_events_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the steps of a case are only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION case_events_stay()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER case_events_no_{verb}")
    else:
        op.execute("DROP TRIGGER case_events_stay ON case_events")
        op.execute("DROP FUNCTION case_events_stay()")
    op.drop_index("ix_photos_tenant_came_at", "photos")
    op.drop_index("ix_webhook_deliveries_tenant_settled_at", "webhook_deliveries")
    op.drop_index("ix_merchant_events_tenant_at", "merchant_events")
    op.drop_table("keeping")
    for name in ("took_ms", "well_at"):
        op.drop_column("jobs", name)
