"""files that were looked at and taken, maps of their columns, and orders that are searched for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_authorisations_tenant_order_number", "authorisations", ["tenant", "order_number"]
    )
    op.create_table(
        "import_maps",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_import_maps_tenant")),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_import_maps")),
    )
    op.create_table(
        "imports",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("map", sa.Text(), nullable=False),
        sa.Column("new", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("known", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opened", sa.JSON(), nullable=False),
        sa.Column("gone", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_imports_tenant")),
        sa.PrimaryKeyConstraint("tenant", "import_id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_tenant_state_at", "imports", ["tenant", "state", "at"])


def downgrade() -> None:
    op.drop_table("imports")
    op.drop_table("import_maps")
    op.drop_index("ix_authorisations_tenant_order_number", "authorisations")
