"""the facts of a day's book are found by when they happened

Without it each look at an open day, and each closing, reads all drops and movements there are.
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_drops_tenant_corrected_at", "drops", ["tenant", "corrected_at"])
    op.create_index("ix_movements_tenant_told_at", "movements", ["tenant", "told_at"])


def downgrade() -> None:
    op.drop_index("ix_movements_tenant_told_at", "movements")
    op.drop_index("ix_drops_tenant_corrected_at", "drops")
