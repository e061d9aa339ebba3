"""The first ledger: drops, bags, print jobs, events and their outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    op.create_table("meta", sa.Column("key", sa.Text, primary_key=True), _text("value"))
    _drops()
    _goods()
    _facts()


def _drops() -> None:
    op.create_table(
        "drops",
        sa.Column("drop_id", sa.Text, primary_key=True),
        sa.Column("drop_number", sa.Text),
        *map(_text, ("visit_id", "return_id", "merchant_id", "state", "identified_by", "code_id")),
        _number("policy_number"),
        _number("offline"),
        *map(_text, ("bag_id", "opened_at", "changed_at")),
        sa.Column("committed_at", sa.Text),
        sa.Column("receipt", sa.Text),
        sa.CheckConstraint(
            "state IN ('open', 'decided', 'bagged', 'committed', 'contained', 'handed_over',"
            " 'received', 'abandoned', 'refused', 'voided')",
            name="state",
        ),
        sa.CheckConstraint(
            "state IN ('open', 'decided', 'bagged', 'abandoned', 'refused') OR"
            " (drop_number IS NOT NULL AND committed_at IS NOT NULL AND receipt IS NOT NULL)",
            name="promise",
        ),
    )
    op.create_index("uq_drops_number", "drops", ["drop_number"], unique=True)
    op.create_index(
        "uq_drops_open",
        "drops",
        ["return_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'decided', 'bagged')"),
    )
    op.create_index("ix_drops_return", "drops", ["return_id"])
    op.create_table(
        "drop_lines",
        sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
        sa.Column("line_id", sa.Text, primary_key=True),
        *map(_text, ("return_id", "sku", "state", "outcome", "reason")),
        *map(_number, ("brought", "price", "refund", "fee", "withheld")),
        _text("currency"),
    )
    op.create_index("ix_drop_lines_return", "drop_lines", ["return_id"])


def _goods() -> None:
    op.create_table(
        "bags",
        sa.Column("number", sa.Integer, primary_key=True),
        _text("bag_id"),
        sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), nullable=False),
        _text("taken_at"),
        sa.Column("released_at", sa.Text),
    )
    op.create_index(
        "uq_bags_held",
        "bags",
        ["bag_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "redeemed_codes",
        sa.Column("code_id", sa.Text, primary_key=True),
        sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
    )
    op.create_table(
        "print_jobs",
        sa.Column("drop_id", sa.Text, sa.ForeignKey("drops.drop_id"), primary_key=True),
        _text("state"),
        _text("fault"),
        _number("attempts"),
        _text("changed_at"),
        sa.CheckConstraint(
            "state IN ('queued', 'printing', 'printed', 'unconfirmed', 'failed')", name="state"
        ),
    )


def _facts() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True),
        *map(_text, ("id", "type", "time", "subject", "hlc")),
        *map(_number, ("monotonic_ms", "policyversion")),
        _text("data"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_events_id", "events", ["id"], unique=True)
    op.create_table(
        "epochs",
        sa.Column("epoch", sa.Text, primary_key=True),
        _number("number"),
        _text("started_at"),
        _number("base_sequence"),
        _text("base_chain"),
        _number("sequence"),
        _text("chain"),
        _number("cursor"),
    )
    op.create_index("uq_epochs_number", "epochs", ["number"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("epoch", sa.Text, sa.ForeignKey("epochs.epoch"), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.number"), nullable=False),
        _text("chain"),
        sa.Column("acked_at", sa.Text),
    )
    op.create_index("ix_outbox_event", "outbox", ["event"])


def downgrade() -> None:
    for table in (
        "outbox",
        "epochs",
        "events",
        "print_jobs",
        "redeemed_codes",
        "bags",
        "drop_lines",
        "drops",
        "meta",
    ):
        op.drop_table(table)
