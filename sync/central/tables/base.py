"""What every table of the centre is made of."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.database import Moment

__all__ = ["Moment", "flag", "metadata", "number", "tenants", "text"]

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=default)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


tenants = sa.Table(
    "tenants",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    text("name"),
    text("audience"),  # what a signed return code's aud claim must name
    text("code_pepper", ""),  # hex; in the fingerprints of other networks' codes
    flag("second_factor"),  # whether its people must have one
)
