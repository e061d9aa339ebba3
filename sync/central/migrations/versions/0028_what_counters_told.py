"""what staffed counters told, by site, and the things that it is about

Their facts in one order, who told last, which facts touch which thing, and the things folded from
them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_INDEXES = (
    ("tenant", "kind", "name"),
    ("tenant", "kind", "changed_at", "site", "name"),
    ("tenant", "kind", "state", "changed_at"),
    ("tenant", "site", "kind", "state", "until"),
    ("tenant", "site", "container"),
)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _place() -> sa.Column[int]:
    return sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, _INSTANT, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _table(name: str, *columns: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        _text("tenant"),
        _text("site"),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{name}_tenant")),
        sa.PrimaryKeyConstraint("tenant", "site", *key, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table("counter_sites", _number("position", "0"), _text("hlc", ""), key=())
    _table("counter_tellers", _text("device"), _number("position"), _moment("at"), key=("device",))
    _table(
        "counter_facts",
        _place(),
        sa.Column("event_id", sa.Text()),
        *(_text(one) for one in ("device", "hlc", "type", "body")),
        *(_moment(one) for one in ("at", "received_at")),
        sa.UniqueConstraint("event_id", name=op.f("uq_counter_facts_event_id")),
        key=("position",),
    )
    _table(
        "counter_touched",
        *(_text(one) for one in ("kind", "name")),
        _place(),
        key=("kind", "name", "position"),
    )
    _things()


def _things() -> None:
    _table(
        "counter_things",
        *(_text(one) for one in ("kind", "name", "state")),
        *(_text(one, "") for one in ("carrier", "size", "shelf", "container", "manifest")),
        *(_text(one, "") for one in ("plate", "until", "recipient")),
        _number("room", "0"),
        *(_flag(one) for one in ("here", "announced", "left_behind")),
        _number("facts"),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        _flag("disputed"),
        *(_moment(one) for one in ("first_at", "since", "changed_at")),
        key=("kind", "name"),
    )
    for columns in _INDEXES:
        name = op.f("_".join(("ix_counter_things", *columns)))
        op.create_index(name, "counter_things", list(columns))


def downgrade() -> None:
    for columns in _INDEXES:
        op.drop_index(op.f("_".join(("ix_counter_things", *columns))), "counter_things")
    for name in ("things", "touched", "facts", "tellers", "sites"):
        op.drop_table(f"counter_{name}")
