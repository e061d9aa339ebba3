"""when a kiosk's last heartbeat came, beside when anything came of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("beat_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("devices", "beat_at")
