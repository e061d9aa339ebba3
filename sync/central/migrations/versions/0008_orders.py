"""what single kiosks are ordered, and more of what they tell of themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBERS = (
    ("clock_error_ms", "-1"),
    ("inodes_free", "-1"),
    ("missed", "0"),
    ("settings_version", "0"),
)
_TEXTS = ("boot_id", "circuit")


def upgrade() -> None:
    for name, default in _NUMBERS:
        column = sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)
        op.add_column("devices", column)
    for name in _TEXTS:
        op.add_column("devices", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("devices", sa.Column("checked_at", sa.DateTime(timezone=True)))
    op.create_table(
        "device_settings",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_device_settings_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "version", name=op.f("pk_device_settings")),
    )
    op.create_table(
        "device_commands",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_device_commands_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "number", name=op.f("pk_device_commands")),
    )


def downgrade() -> None:
    op.drop_table("device_commands")
    op.drop_table("device_settings")
    for name in ("checked_at", *_TEXTS, *(name for name, _ in _NUMBERS)):
        op.drop_column("devices", name)
