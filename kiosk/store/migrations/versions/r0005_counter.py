"""What happened at the site's counters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter_facts",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hlc", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("twin", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_counter_facts"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_counter_facts_stamp", "counter_facts", ["hlc", "device", "part", "twin"], unique=True
    )


def downgrade() -> None:
    op.drop_table("counter_facts")
