"""Runs migrations over a connection given by `sync.central.database.migrate`, or over the URL."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import context

from sync.central.database import Moment
from sync.central.tables import metadata


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    return "Moment()" if kind == "type" and isinstance(item, Moment) else False


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_render,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    with sa.create_engine(url).begin() as own:
        _run(own)
