"""returns of a state that few have are found by it

Without it the list of such returns reads all that merchants ever authorised.
"""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEX = "ix_authorisations_tenant_state_return_id"


def upgrade() -> None:
    op.create_index(INDEX, "authorisations", ["tenant", "state", "return_id"])


def downgrade() -> None:
    op.drop_index(INDEX, "authorisations")
