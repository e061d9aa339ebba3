"""what the counters of a site go by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _site_tables()
    _people_tables()


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{table}_tenant"))


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _site_tables() -> None:
    op.create_table(
        "counter_houses",
        _text("tenant"),
        _text("site"),
        sa.Column("number", sa.BigInteger(), server_default="0", nullable=False),
        _text("etag", ""),
        _text("draft", ""),
        _moment("saved_at"),
        _text("saved_by", ""),
        _tenant("counter_houses"),
        sa.PrimaryKeyConstraint("tenant", "site", name=op.f("pk_counter_houses")),
    )
    op.create_table(
        "counter_books",
        _text("tenant"),
        _text("site"),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("issued_at", nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        _text("house"),
        _text("people"),
        _text("members_digest"),
        _text("published_by"),
        _text("note", ""),
        _tenant("counter_books"),
        sa.PrimaryKeyConstraint("tenant", "site", "number", name=op.f("pk_counter_books")),
    )


def _people_tables() -> None:
    op.create_table(
        "counter_members",
        _text("tenant"),
        _text("staff_id"),
        _text("name"),
        _text("roles"),
        _text("verifier", ""),
        sa.Column("pin_round", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("until", sa.BigInteger()),
        _moment("added_at", nullable=False),
        _moment("badge_at"),
        _tenant("counter_members"),
        sa.PrimaryKeyConstraint("tenant", "staff_id", name=op.f("pk_counter_members")),
    )
    op.create_table(
        "counter_member_sites",
        _text("tenant"),
        _text("site"),
        _text("staff_id"),
        _text("badge", ""),
        _text("pepper_id", ""),
        _tenant("counter_member_sites"),
        sa.PrimaryKeyConstraint("tenant", "site", "staff_id", name=op.f("pk_counter_member_sites")),
    )
    op.create_index(
        op.f("ix_counter_member_sites_tenant_staff_id"),
        "counter_member_sites",
        ["tenant", "staff_id"],
    )
    op.create_table(
        "counter_peppers",
        _text("pepper_id"),
        _text("tenant"),
        _text("site"),
        _text("secret"),
        _moment("made_at", nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        _tenant("counter_peppers"),
        sa.PrimaryKeyConstraint("pepper_id", name=op.f("pk_counter_peppers")),
    )
    op.create_index(op.f("ix_counter_peppers_tenant_site"), "counter_peppers", ["tenant", "site"])


def downgrade() -> None:
    for table in (
        "counter_peppers",
        "counter_member_sites",
        "counter_members",
        "counter_books",
        "counter_houses",
    ):
        op.drop_table(table)
