"""The schema: up, down, and equal to what the code declares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sync.central.database import Database, migrate
from sync.central.tables import metadata


def test_the_migrated_schema_is_the_declared_one(database_url):
    database = Database(database_url)
    with database.reading() as c:
        context = MigrationContext.configure(c)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_every_step_can_be_taken_back(database_url):
    database = Database(database_url)
    migrate(database, "base")
    with database.reading() as c:
        assert set(sa.inspect(c).get_table_names()) <= {"alembic_version"}
    migrate(database)
    migrate(database)
    with database.reading() as c:
        assert set(metadata.tables) <= set(sa.inspect(c).get_table_names())
    database.close()
