"""what a tenant's places and parties are called in files for others"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "epcis_names",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name="fk_epcis_names_tenant"),
        sa.PrimaryKeyConstraint("tenant", "kind", "name", name="pk_epcis_names"),
    )


def downgrade() -> None:
    op.drop_table("epcis_names")
