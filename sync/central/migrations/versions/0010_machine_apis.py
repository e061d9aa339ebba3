"""keys of machines, what they were answered, and what merchants are told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _keys()
    _answers()
    _refunds()
    _events()
    fed: sa.Column[bool] = sa.Column("fed", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("drops", fed)
    unfed = sa.text("fed IS false")
    op.create_index(
        "ix_drops_unfed",
        "drops",
        ["tenant", "received_at"],
        sqlite_where=sa.text("fed IS 0"),
        postgresql_where=unfed,
    )
    op.create_index(
        op.f("ix_authorisations_tenant_merchant_id_return_id"),
        "authorisations",
        ["tenant", "merchant_id", "return_id"],
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{table}_tenant"))


def _keys() -> None:
    op.create_table(
        "api_keys",
        *(_text(name) for name in ("prefix", "tenant", "name", "role", "subject")),
        sa.Column("read_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("digest"),
        sa.Column("created_at", _INSTANT, nullable=False),
        *(sa.Column(name, _INSTANT) for name in ("expires_at", "revoked_at", "used_at")),
        _tenant("api_keys"),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_tenant_created_at"), "api_keys", ["tenant", "created_at"])


def _answers() -> None:
    op.create_table(
        "api_answers",
        *(_text(name) for name in ("tenant", "account", "idempotency_key", "fingerprint")),
        sa.Column("status", sa.BigInteger(), nullable=False),
        _text("etag"),
        _text("body"),
        sa.Column("at", _INSTANT, nullable=False),
        _tenant("api_answers"),
        sa.PrimaryKeyConstraint(
            "tenant", "account", "idempotency_key", name=op.f("pk_api_answers")
        ),
    )
    op.create_index(
        op.f("ix_api_answers_tenant_account_at"), "api_answers", ["tenant", "account", "at"]
    )


def _refunds() -> None:
    op.create_table(
        "merchant_refunds",
        *(_text(name) for name in ("tenant", "return_id", "refund_id", "merchant_id")),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _text("currency"),
        sa.Column("done_at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        _tenant("merchant_refunds"),
        sa.PrimaryKeyConstraint(
            "tenant", "return_id", "refund_id", name=op.f("pk_merchant_refunds")
        ),
    )
    op.create_index(
        op.f("ix_merchant_refunds_tenant_merchant_id_told_at"),
        "merchant_refunds",
        ["tenant", "merchant_id", "told_at"],
    )


def _events() -> None:
    op.create_table(
        "merchant_events",
        *(_text(name) for name in ("id", "tenant", "merchant_id")),
        sa.Column("position", sa.BigInteger()),
        *(_text(name) for name in ("type", "subject")),
        sa.Column("at", _INSTANT, nullable=False),
        _text("data"),
        _tenant("merchant_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant_events")),
    )
    op.create_index(
        op.f("ix_merchant_events_tenant_merchant_id_position"),
        "merchant_events",
        ["tenant", "merchant_id", "position"],
        unique=True,
    )
    waits = sa.text("position IS NULL")
    op.create_index(
        "ix_merchant_events_waiting",
        "merchant_events",
        ["tenant", "at"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        "merchant_heads",
        *(_text(name) for name in ("tenant", "merchant_id")),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        _tenant("merchant_heads"),
        sa.PrimaryKeyConstraint("tenant", "merchant_id", name=op.f("pk_merchant_heads")),
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_authorisations_tenant_merchant_id_return_id"), table_name="authorisations"
    )
    op.drop_index("ix_drops_unfed", table_name="drops")
    op.drop_column("drops", "fed")
    for table in (
        "merchant_heads",
        "merchant_events",
        "merchant_refunds",
        "api_answers",
        "api_keys",
    ):
        op.drop_table(table)
