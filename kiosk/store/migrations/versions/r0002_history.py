"""Whose returns they are, on which day, and what was charged once: for limits and fees over several
visits. Drops of before tell of no customer; what they were comes with the bundle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = (
    ("drops", "customer", ""),
    ("drops", "day", ""),
    ("drop_lines", "fees_once", "[]"),
    ("drop_lines", "bonuses_once", "[]"),
)


def upgrade() -> None:
    for table, name, default in _ADDED:
        op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=default))
    op.create_index("ix_drops_customer", "drops", ["customer", "merchant_id"])


def downgrade() -> None:
    op.drop_index("ix_drops_customer")
    for table, name, _ in reversed(_ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
