"""photographs that drops name"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drop_photos",
        sa.Column("drop_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_drop_photos_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["drop_id"], ["drops.drop_id"], name=op.f("fk_drop_photos_drop_id")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_drop_photos_tenant")),
        sa.PrimaryKeyConstraint("drop_id", "position", name=op.f("pk_drop_photos")),
    )
    for columns in (["device_id"], ["tenant", "received_at"]):
        op.create_index(
            op.f(f"ix_drop_photos_{'_'.join(columns)}"),
            "drop_photos",
            columns,
            sqlite_where=sa.text("awaited IS 1"),
            postgresql_where=sa.text("awaited IS true"),
        )
    op.create_index(op.f("ix_drop_photos_tenant_sha256"), "drop_photos", ["tenant", "sha256"])
    op.create_table(
        "photos",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("have", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_photos_tenant")),
        sa.PrimaryKeyConstraint("tenant", "sha256", name=op.f("pk_photos")),
    )


def downgrade() -> None:
    op.drop_table("photos")
    op.drop_table("drop_photos")
