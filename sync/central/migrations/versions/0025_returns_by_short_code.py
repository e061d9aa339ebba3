"""returns are found by the code that a shopper types"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_INDEX = "ix_authorisations_tenant_short_code"
_CODED = sa.text("short_code != ''")


def upgrade() -> None:
    column = sa.Column("short_code", sa.Text(), server_default="", nullable=False)
    op.add_column("authorisations", column)
    told = _told(op.get_bind().dialect.name)
    # As kiosks read a typed one: capitals, no separators, look-alikes folded.
    folded = f"translate(upper({told}), 'ILO -', '110')"
    if op.get_bind().dialect.name == "sqlite":
        folded = f"upper({told})"
        for sign, other in (("I", "1"), ("L", "1"), ("O", "0"), (" ", ""), ("-", "")):
            folded = f"replace({folded}, '{sign}', '{other}')"
    op.execute(
        f"UPDATE authorisations SET short_code = {folded} "  # noqa: S608 - nobody's text
        f"WHERE coalesce({told}, '') != ''"
    )
    op.create_index(
        _INDEX,
        "authorisations",
        ["tenant", "short_code"],
        sqlite_where=_CODED,
        postgresql_where=_CODED,
    )


def _told(dialect: str) -> str:
    if dialect == "sqlite":
        return "json_extract(body, '$.short_code')"
    return "(body::json ->> 'short_code')"


def downgrade() -> None:
    op.drop_index(_INDEX, "authorisations")
    op.drop_column("authorisations", "short_code")
