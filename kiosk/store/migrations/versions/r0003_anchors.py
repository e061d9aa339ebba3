"""What the centre has sworn to hold of this kiosk's chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("epoch", "day", name="pk_anchors"),
    )


def downgrade() -> None:
    op.drop_table("anchors")
