"""what came of judging each drop again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COLUMNS = ("verdict_check", "verdict_check_why")
_UNCHECKED = sa.text("verdict_check = ''")


def upgrade() -> None:
    for name in _COLUMNS:
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("drops", column)
    op.create_index(
        "ix_drops_unchecked",
        "drops",
        ["tenant", "received_at"],
        sqlite_where=_UNCHECKED,
        postgresql_where=_UNCHECKED,
    )


def downgrade() -> None:
    op.drop_index("ix_drops_unchecked", "drops")
    for name in reversed(_COLUMNS):
        op.drop_column("drops", name)
