"""other networks' return codes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: a batch would build the table anew, and others point to it.
    op.add_column("tenants", sa.Column("code_pepper", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "third_party_forms",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_third_party_forms_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_third_party_forms")),
    )


def downgrade() -> None:
    op.drop_table("third_party_forms")
    op.drop_column("tenants", "code_pepper")
