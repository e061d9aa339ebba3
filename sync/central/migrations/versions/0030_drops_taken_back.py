"""drops that staff took back on their day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_HEARD = sa.text("void_heard_at IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "drops", sa.Column("voided", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for name in ("voided_at", "void_heard_at"):
        op.add_column("drops", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("voided_by", "void_reason"):
        op.add_column("drops", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_drops_void_heard",
        "drops",
        ["tenant", "void_heard_at"],
        sqlite_where=_HEARD,
        postgresql_where=_HEARD,
    )


def downgrade() -> None:
    op.drop_index("ix_drops_void_heard", "drops")
    for name in ("void_reason", "voided_by", "void_heard_at", "voided_at", "voided"):
        op.drop_column("drops", name)
