"""merchants' looks, and which rules each bundle had"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("merchants", sa.Column("look", sa.Text(), server_default="{}", nullable=False))
    op.add_column("bundles", sa.Column("policy", sa.Text(), server_default="", nullable=False))
    op.add_column("bundles", sa.Column("changes", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "policies",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_policies_tenant")),
        sa.PrimaryKeyConstraint("tenant", "digest", name=op.f("pk_policies")),
    )


def downgrade() -> None:
    op.drop_table("policies")
    op.drop_column("bundles", "changes")
    op.drop_column("bundles", "policy")
    op.drop_column("merchants", "look")
