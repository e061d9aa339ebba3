"""notices to recipients and shoppers

What is to be sent and what became of it, whom to tell of what, the ways there are, a tenant's own
words, and who does not want to be told.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, _INSTANT, nullable=False)


def _table(name: str, *columns: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{name}_tenant")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f("_".join(("ix", table, *columns))), table, list(columns))


def upgrade() -> None:
    _notices()
    _contacts()
    _table(
        "notice_channels",
        *(_text(one) for one in ("tenant", "channel", "channel_id", "hidden", "shown")),
        _text("state", "active"),
        _number("a_minute", "60"),
        _number("a_day", "5000"),
        _number("failures", "0"),
        _text("fault", ""),
        *(_moment(one) for one in ("next_at", "changed_at")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_notice_channels_channel_id")),
        key=("tenant", "channel"),
    )
    _table(
        "notice_templates",
        *(_text(one) for one in ("tenant", "merchant_id", "kind", "language")),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        *(_text(one) for one in ("subject", "body", "short")),
        _moment("saved_at"),
        _text("saved_by"),
        key=("tenant", "merchant_id", "kind", "language", "version"),
    )
    _table(
        "notice_refusals",
        *(_text(one) for one in ("tenant", "digest")),
        _moment("at"),
        key=("tenant", "digest"),
    )
    _table(
        "notice_settings",
        _text("tenant"),
        _number("quiet_from", "1260"),
        _number("quiet_until", "480"),
        _text("pepper"),
        key=("tenant",),
    )


def _notices() -> None:
    _table(
        "notices",
        *(_text(one) for one in ("notice_id", "tenant", "kind", "thing", "about")),
        *(_text(one) for one in ("recipient", "occasion")),
        *(_text(one, "") for one in ("site", "merchant_id")),
        _text("language"),
        _text("told", "{}"),
        _text("hidden"),
        _number("way", "0"),
        _text("channel", ""),
        _text("state", "queued"),
        *(_text(one, "") for one in ("why", "answer")),
        _number("attempts", "0"),
        *(_moment(one) for one in ("created_at", "due_at", "not_after")),
        *(sa.Column(one, _INSTANT) for one in ("held_until", "settled_at")),
        key=("notice_id",),
    )
    once = ["tenant", "kind", "thing", "about", "recipient", "occasion"]
    op.create_index("uq_notices_once", "notices", once, unique=True)
    _index("notices", "tenant", "state", "due_at")
    _index("notices", "tenant", "created_at")
    _index("notices", "tenant", "thing", "about")


def _contacts() -> None:
    _table(
        "notice_contacts",
        *(_text(one) for one in ("tenant", "thing", "about")),
        *(_text(one, "") for one in ("site", "merchant_id", "recipient")),
        *(_text(one) for one in ("language", "hidden")),
        sa.Column("coded", sa.Boolean(), server_default=sa.false(), nullable=False),
        *(_moment(one) for one in ("came_at", "until")),
        key=("tenant", "thing", "about"),
    )
    _index("notice_contacts", "tenant", "site", "recipient")
    _index("notice_contacts", "tenant", "until")


def downgrade() -> None:
    for name in ("settings", "refusals", "templates", "channels", "contacts"):
        op.drop_table(f"notice_{name}")
    op.drop_table("notices")
