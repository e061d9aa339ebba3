"""Run by Alembic: the revisions use the connection, and the transaction, of our caller."""

from __future__ import annotations

from alembic import context

from kiosk.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
