"""A log that power cuts tore is no damage; one that the disk changed is."""

from __future__ import annotations

import sqlite3

import pytest

from kiosk.store.recovery import pages

FRAME, HEADER = 24 + pages.PAGE, 32


class Disk:
    """An SQLite file whose log's frames can be kept from arriving."""

    def __init__(self, folder) -> None:
        self.file, self.log = folder / "one.db", folder / "one.db-wal"
        self._connection: sqlite3.Connection | None = None
        self.write(rows=1)

    def write(self, rows: int) -> tuple[int, int]:
        """One transaction that touches about so many pages; its first frame, and the one behind
        its last."""
        first = len(pages.frames(self.log))
        if self._connection is None:
            self._connection = sqlite3.connect(self.file, isolation_level=None)
            for word in ("page_size=4096", "journal_mode=WAL", "wal_autocheckpoint=0"):
                self._connection.execute(f"PRAGMA {word}")
        c = self._connection
        c.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, big BLOB)")
        c.execute("BEGIN")
        for _ in range(rows):
            c.execute("INSERT INTO t (big) VALUES (randomblob(4000))")
        c.execute("COMMIT")
        c.execute("SELECT count(*) FROM t").fetchall()
        return first, len(pages.frames(self.log))

    def cut(self) -> None:
        """The power goes: nothing is folded, nothing more is written."""
        log, file = self.log.read_bytes(), self.file.read_bytes()
        assert self._connection is not None
        self._connection.close()
        self._connection = None
        self.file.write_bytes(file)
        self.log.write_bytes(log)
        self.log.with_name("one.db-shm").unlink(missing_ok=True)

    def lose(self, before: bytes, *frames: int) -> None:
        """These frames never arrived: what was there before is."""
        log = bytearray(self.log.read_bytes())
        for at in frames:
            place = HEADER + at * FRAME
            there = before[place : place + FRAME]
            log[place : place + len(there)] = there
            if len(there) < FRAME:
                log[place + len(there) : place + FRAME] = bytes(FRAME - len(there))
        self.log.write_bytes(log)

    def broken(self) -> bool:
        return pages.broken(pages.frames(self.log))


@pytest.fixture
def disk(tmp_path) -> Disk:
    return Disk(tmp_path)


def test_a_torn_transaction_is_no_damage(disk) -> None:
    before = disk.log.read_bytes()
    first, _ = disk.write(rows=6)
    disk.cut()
    disk.lose(before, first + 1)
    assert not disk.broken()


def test_nor_is_what_an_earlier_cut_tore_behind_the_next_one(disk) -> None:
    """A long transaction is torn; after the start a shorter one is written over its first frames,
    and is torn too. The end of the shorter one arrived, and behind it lie frames of the longer."""
    begun = disk.log.read_bytes()
    first, end = disk.write(rows=12)
    disk.cut()
    disk.lose(begun, first)
    before = disk.log.read_bytes()
    disk.write(rows=1)
    disk.cut()
    found = pages.frames(disk.log)
    behind = next(at for at in range(first, end) if found[at].commits) + 1
    assert behind < end, "the second one was to be shorter"
    disk.lose(before, first)
    found = pages.frames(disk.log)
    assert not found[first].good
    assert found[behind - 1].good
    assert found[behind - 1].commits
    assert any(frame.good for frame in found[behind:])
    assert not disk.broken()


def test_what_was_synced_and_is_bad_is_damage(disk) -> None:
    first, _ = disk.write(rows=3)
    disk.write(rows=3)
    disk.cut()
    log = bytearray(disk.log.read_bytes())
    log[HEADER + first * FRAME + 24 + 100] ^= 1
    disk.log.write_bytes(log)
    assert disk.broken()
