"""events that were set aside are counted without looking at the others"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ASIDE = sa.text("state = 'quarantined'")


def upgrade() -> None:
    op.create_index(
        "ix_events_quarantined",
        "events",
        ["tenant", "received_at"],
        sqlite_where=_ASIDE,
        postgresql_where=_ASIDE,
    )


def downgrade() -> None:
    op.drop_index("ix_events_quarantined", "events")
