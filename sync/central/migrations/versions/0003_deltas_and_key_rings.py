"""bundles: deltas, files in parts, key rings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_MOMENTS = ("not_before", "not_after", "revoked_at")


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{table}_tenant"))


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("bundle_keys", sa.Column(name, _MOMENT))
    op.create_table(
        "key_rings",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        _tenant("key_rings"),
        sa.PrimaryKeyConstraint("tenant", "version", name=op.f("pk_key_rings")),
    )
    op.add_column(
        "authorisations", sa.Column("bundle", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_index("ix_authorisations_tenant_bundle", "authorisations", ["tenant", "bundle"])
    op.create_table(
        "removed_authorisations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("bundle", sa.BigInteger(), server_default="0", nullable=False),
        _tenant("removed_authorisations"),
        sa.PrimaryKeyConstraint("tenant", "return_id", name=op.f("pk_removed_authorisations")),
    )
    op.create_table(
        "bundle_chunks",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _tenant("bundle_chunks"),
        sa.PrimaryKeyConstraint("tenant", "sha256", "start", name=op.f("pk_bundle_chunks")),
    )
    _bundle_files(sa.Column("size", sa.BigInteger(), nullable=False))


def downgrade() -> None:
    _bundle_files(sa.Column("data", sa.LargeBinary(), nullable=False))
    op.drop_table("bundle_chunks")
    op.drop_table("removed_authorisations")
    op.drop_index("ix_authorisations_tenant_bundle", "authorisations")
    op.drop_column("authorisations", "bundle")
    op.drop_table("key_rings")
    for name in reversed(_MOMENTS):
        op.drop_column("bundle_keys", name)


def _bundle_files(content: sa.Column[object]) -> None:
    """Anew and empty: files of the one form are of no use in the other, and the centre, which
    sees that they are gone, publishes within minutes."""
    op.drop_table("bundle_files")
    op.create_table(
        "bundle_files",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        content,
        _tenant("bundle_files"),
        sa.PrimaryKeyConstraint("tenant", "sha256", name=op.f("pk_bundle_files")),
    )
