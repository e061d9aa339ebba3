"""what became of the goods after their drop, and the books over it"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAMED = ("bag_id", "container_id", "manifest_id", "return_id")


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _table(name: str, key: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    names = ("tenant", *key)
    op.create_table(
        name,
        *(_text(one) for one in names),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{name}_tenant")),
        sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{name}")),
    )


def _movements() -> None:
    _table(
        "movements",
        ("source", "source_id"),
        _text("kind"),
        *(_text(name, "") for name in ("site", "return_id", "line_id", "bag_id")),
        *(_text(name, "") for name in ("container_id", "manifest_id")),
        sa.Column("count", sa.BigInteger(), server_default="-1", nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        *(_text(name, "") for name in ("currency", "detail")),
        *(_at(name) for name in ("told_at", "received_at")),
        _text("digest"),
    )
    op.create_index("ix_movements_tenant_received_at", "movements", ["tenant", "received_at"])
    for name in _NAMED:
        named = sa.text(f"{name} != ''")
        op.create_index(
            f"ix_movements_tenant_{name}",
            "movements",
            ["tenant", name],
            sqlite_where=named,
            postgresql_where=named,
        )


def upgrade() -> None:
    _movements()
    unit = ("unit_kind", "unit_id", "part_id")
    _table("awaited", (*unit, "rule"), _at("since"))
    op.create_index("ix_awaited_tenant_rule_since", "awaited", ["tenant", "rule", "since"])
    _table("differences", ("kind", *unit), _text("digest"), _at("found_at"))
    op.create_index(
        "ix_differences_tenant_unit_kind_unit_id", "differences", ["tenant", "unit_kind", "unit_id"]
    )
    _table("tolerances", ("name",), sa.Column("value", sa.BigInteger(), nullable=False))
    _table("reconciled", ("what",), _at("at"))
    op.create_table(
        "numberings",
        _text("tenant"),
        _text("device_id"),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name="fk_numberings_tenant"),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name="fk_numberings_device_id"
        ),
        sa.PrimaryKeyConstraint("tenant", "device_id", name="pk_numberings"),
    )
    moments = ("starts_at", "ends_at", "until", "closed_at")
    _table("closings", ("day",), *(_at(name) for name in moments))
    op.create_index("ix_closings_tenant_starts_at", "closings", ["tenant", "starts_at"])
    _table(
        "books",
        ("day", "site"),
        sa.Column("stages", sa.JSON(), nullable=False),
        *(_text(name) for name in ("facts", "previous", "digest")),
    )


def downgrade() -> None:
    for name in ("books", "closings", "numberings", "reconciled", "tolerances"):
        op.drop_table(name)
    for name in ("differences", "awaited", "movements"):
        op.drop_table(name)
