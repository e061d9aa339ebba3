"""pictures of kiosks' screens"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screens",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("troubles", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_screens_device_id")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_screens_tenant")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_screens")),
    )
    for columns in (["device_id", "received_at"], ["tenant", "sha256"], ["tenant", "received_at"]):
        op.create_index(op.f(f"ix_screens_{'_'.join(columns)}"), "screens", columns)


def downgrade() -> None:
    op.drop_table("screens")
