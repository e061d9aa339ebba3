"""where merchants' events are sent to, and what became of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        *(_text(one) for one in ("webhook_id", "tenant", "merchant_id", "url", "types", "secret")),
        _text("state", "active"),
        *(_number(one) for one in ("queued", "failures")),
        *(
            sa.Column(name, _INSTANT, nullable=False)
            for name in ("created_at", "next_at", "held_until")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_webhooks_tenant")),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_tenant_merchant_id"), "webhooks", ["tenant", "merchant_id"])
    op.create_index(op.f("ix_webhooks_state_next_at"), "webhooks", ["state", "next_at"])
    op.create_table(
        "webhook_deliveries",
        _text("webhook_id"),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_text(one) for one in ("tenant", "event_id")),
        _text("state", "waiting"),
        _number("attempts"),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("first_at", "next_at")),
        sa.Column("settled_at", _INSTANT),
        _number("status"),
        _text("fault", ""),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.webhook_id"],
            name=op.f("fk_webhook_deliveries_webhook_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_webhook_deliveries_tenant")
        ),
        sa.PrimaryKeyConstraint("webhook_id", "position", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_id_state_next_at"),
        "webhook_deliveries",
        ["webhook_id", "state", "next_at"],
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
