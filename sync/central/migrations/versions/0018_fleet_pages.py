"""what a kiosk's page shows: troubles over time, since when, who ordered, why revoked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENTS = (
    ("devices", "here_since"),
    ("devices", "policy_since"),
    ("devices", "revoked_at"),
    ("enrolments", "cancelled_at"),
)
_TEXTS = (
    ("devices", "revoked_why"),
    ("enrolments", "ref"),
    ("enrolments", "made_by"),
    ("device_settings", "given_by"),
    ("device_commands", "given_by"),
)


def upgrade() -> None:
    for table, name in _MOMENTS:
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True)))
    for table, name in _TEXTS:
        op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_enrolments_tenant_expires_at"), "enrolments", ["tenant", "expires_at"])
    op.create_table(
        "device_spans",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_device_spans_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_device_spans_tenant")
        ),
        sa.PrimaryKeyConstraint("device_id", "code", "began_at", name=op.f("pk_device_spans")),
    )
    op.create_index("ix_device_spans_device_id_began_at", "device_spans", ["device_id", "began_at"])


def downgrade() -> None:
    op.drop_index("ix_device_spans_device_id_began_at", "device_spans")
    op.drop_table("device_spans")
    op.drop_index("ix_enrolments_tenant_expires_at", "enrolments")
    for table, name in reversed((*_MOMENTS, *_TEXTS)):
        op.drop_column(table, name)
