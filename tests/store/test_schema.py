"""The ledger's schema: what migrations build is what the tables declare."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy import create_engine

from kiosk.domain.drops import PROMISED, DropState
from kiosk.store import StoreCause, StoreFailed, tables
from kiosk.store.database import Database
from kiosk.store.migrate import move
from kiosk.store.space import Ballast


def schema(connection: Any) -> dict[str, str]:
    """Name -> statement, white space and quotes evened out."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {
        name: re.sub(r"\s+", "", sql).replace('"', "").replace(",)", ")")
        for name, sql in rows
        if not name.startswith(("sqlite_", "alembic_"))
    }


@pytest.fixture
def declared() -> dict[str, str]:
    memory = driver.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", module=driver, creator=lambda: memory)
    tables.metadata.create_all(engine)
    return schema(memory)


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "ledger.db", Ballast(tmp_path / "ballast"))
    yield database
    database.close()


def on_disk(database: Database) -> dict[str, str]:
    return schema(driver.connect(str(database.path)))


def test_the_migrated_schema_is_the_declared_one(database, declared):
    move(database, f"{tables.VERSION:04d}")
    assert on_disk(database) == declared
    assert database.pragma("user_version") == tables.VERSION


def test_every_step_goes_down_and_up_again(database, declared):
    move(database, f"{tables.VERSION:04d}")
    for number in range(tables.VERSION - 1, -1, -1):
        move(database, f"{number:04d}" if number else "base")
        assert database.pragma("user_version") == number
    assert on_disk(database) == {}
    move(database, f"{tables.VERSION:04d}")
    assert on_disk(database) == declared


def test_a_migration_that_fails_half_way_leaves_the_old_schema(database):
    with database.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE outbox (in_the_way TEXT)")
    before = on_disk(database)
    with pytest.raises(StoreFailed):  # the last but one table of the first revision
        move(database, "0001")
    assert on_disk(database) == before
    assert database.pragma("user_version") == 0


def test_a_ledger_of_a_later_program_is_refused(shelf):
    shelf.open().close()
    raw = driver.connect(str(shelf.directory / "ledger.db"))
    raw.execute(f"PRAGMA user_version={tables.VERSION + 1}")
    raw.close()
    with pytest.raises(StoreFailed) as refused:
        shelf.open()
    assert refused.value.cause is StoreCause.NEWER


def test_alembic_is_loaded_for_a_migration_only(tmp_path):
    script = (
        "import sys; from pathlib import Path; from kiosk.store import open_store;"
        "from kiosk.world import SystemClock, SystemIds;"
        "before = 'sqlalchemy' in sys.modules;"
        "open_store(Path(sys.argv[1]), SystemClock(), SystemIds()).close();"
        "print(before, 'alembic' in sys.modules)"
    )
    run = [sys.executable, "-c", script, str(tmp_path / "data")]
    first, second = (
        subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    )
    assert first == ["False", "True"]
    assert second == ["False", "False"]


def test_the_ledger_knows_every_state_of_a_drop():
    assert set(tables.DROP_STATES) == {state.value for state in DropState}
    standing = {state.value for state in PROMISED} - {DropState.VOIDED.value}
    assert set(tables.GIVEN_STATES) == standing
