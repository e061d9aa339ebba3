"""versions of the rules: who published them, to whom first, drafts, and what they would do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_BUNDLES = sa.table(
    "bundles",
    sa.column("tenant", sa.Text()),
    sa.column("number", sa.BigInteger()),
    sa.column("policy", sa.Text()),
    sa.column("version", sa.BigInteger()),
)


def upgrade() -> None:
    number = sa.Column("version", sa.BigInteger(), server_default="0", nullable=False)
    early: sa.Column[bool] = sa.Column(
        "early", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    for column in (number, early, _text("published_by"), _text("note")):
        op.add_column("bundles", column)
    _begin()
    begins, early_only = sa.text("version = number"), sa.text("early IS TRUE")
    for name, where in (("versions", begins), ("early", early_only)):
        op.create_index(
            f"ix_bundles_{name}",
            "bundles",
            ["tenant", "number"],
            sqlite_where=where,
            postgresql_where=where,
        )
    _rollouts()
    _drafts()


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _begin() -> None:
    """Each bundle's version: the first of those in a row that have the same rules."""
    connection = op.get_bind()
    order = sa.select(_BUNDLES.c.tenant, _BUNDLES.c.number, _BUNDLES.c.policy)
    tenant, policy, version, rows = None, None, 0, []
    for row in connection.execute(order.order_by(_BUNDLES.c.tenant, _BUNDLES.c.number)):
        if (row.tenant, row.policy) != (tenant, policy):
            tenant, policy, version = row.tenant, row.policy, row.number
        rows.append({"of": row.tenant, "at": row.number, "began": version})
    if rows:
        mine = sa.and_(
            _BUNDLES.c.tenant == sa.bindparam("of"), _BUNDLES.c.number == sa.bindparam("at")
        )
        connection.execute(
            _BUNDLES.update().where(mine).values(version=sa.bindparam("began")), rows
        )


def _rollouts() -> None:
    op.create_table(
        "policy_rollouts",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("policy", None),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        _text("state", None),
        sa.Column("began_at", _MOMENT, nullable=False),
        _text("began_by", None),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name="fk_policy_rollouts_tenant_tenants"
        ),
        sa.PrimaryKeyConstraint("tenant", "number", name="pk_policy_rollouts"),
    )
    runs = sa.text("state = 'running'")
    op.create_index(
        "uq_policy_rollouts_running",
        "policy_rollouts",
        ["tenant"],
        unique=True,
        sqlite_where=runs,
        postgresql_where=runs,
    )


def _drafts() -> None:
    op.create_table(
        "policy_drafts",
        sa.Column("tenant", sa.Text(), nullable=False),
        _text("body", None),
        _text("merchant_id"),
        _text("digest", None),
        sa.Column("saved_at", _MOMENT, nullable=False),
        _text("saved_by", None),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name="fk_policy_drafts_tenant_tenants"
        ),
        sa.PrimaryKeyConstraint("tenant", name="pk_policy_drafts"),
    )
    op.create_table(
        "policy_trials",
        sa.Column("tenant", sa.Text(), nullable=False),
        _text("digest", None),
        sa.Column("days", sa.BigInteger(), nullable=False),
        _text("state", None),
        sa.Column("began_at", _MOMENT, nullable=False),
        _text("began_by", None),
        _text("report", "{}"),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name="fk_policy_trials_tenant_tenants"
        ),
        sa.PrimaryKeyConstraint("tenant", name="pk_policy_trials"),
    )


def downgrade() -> None:
    op.drop_table("policy_trials")
    op.drop_table("policy_drafts")
    op.drop_index("uq_policy_rollouts_running", "policy_rollouts")
    op.drop_table("policy_rollouts")
    op.drop_index("ix_bundles_early", "bundles")
    op.drop_index("ix_bundles_versions", "bundles")
    for name in ("note", "published_by", "early", "version"):
        op.drop_column("bundles", name)
