"""How far the centre's clock was from ours when an event was recorded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("offset_ms", sa.Integer))


def downgrade() -> None:
    op.execute("ALTER TABLE events DROP COLUMN offset_ms")
