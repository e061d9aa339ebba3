"""keys that a kiosk had before the one it has"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "old_keys",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_old_keys_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "public_key", name=op.f("pk_old_keys")),
    )


def downgrade() -> None:
    op.drop_table("old_keys")
