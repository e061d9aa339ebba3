"""Durable drops a second: the product's own promise beside bare sqlite3, taking turns in one run.

Ours is `DropOff.commit` as the screen calls it: the rules of a promise looked up again, the event
and its link, the receipt signed with Ed25519, and one commit. What the event tells of the lines is
reckoned when the bag is asked for (`get_ready`), in a row of its own here. Bare is Python's sqlite3
with the same tables, pragmas and rows, all of it computed before: it looks nothing up, hashes and
signs nothing. Nothing durable can be quicker than that; the share is how much of its rate ours has.
After each, its receipt is settled as the printer does it: there our log is folded into the file,
which bare's sqlite3 does in the middle of whichever commit makes the log long.

Times are told by the wall, and as time that this thread had a processor: on a machine with other
work only the second tells the two apart.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.store import open_store
from tests.bench.crowd import size
from tests.bench.environment import percentile
from tests.bench.store_shop import Kiosk, bag, kiosk

DROPS = 600
GOAL = 0.40

Row = Mapping[str, Any]


@dataclass(slots=True)
class Took:
    """Seconds of each turn."""

    wall: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], object]) -> None:
        busy, wall = time.thread_time(), time.perf_counter()
        work()
        self.wall.append(time.perf_counter() - wall)
        self.busy.append(time.thread_time() - busy)


def run() -> list[str]:
    count = size("DROPS", DROPS)
    with tempfile.TemporaryDirectory(prefix="drops-bench-") as made:
        place = Path(made)
        with kiosk(place / "kiosk", count + 50) as ours:
            bare = Bare(place / "bare", ours)
            try:
                return list(_lines(ours, bare, place, count))
            finally:
                bare.close()


def _lines(ours: Kiosk, bare: Bare, place: Path, count: int) -> Iterator[str]:
    names = (
        "bare sqlite3",
        "a promise",
        "an fsync",
        "a return is opened",
        "a bag is asked for",
        "a receipt is settled",
    )
    took = {name: Took() for name in names}
    fsync = Fsync(place / "fsync")
    for number in range(count):
        opened: list[Any] = []
        took["a return is opened"].time(lambda n=number, o=opened: o.append(ours.present(n)))
        [drop] = opened
        bare.opened(drop.drop_id)
        held_up = bag(number)
        took["a bag is asked for"].time(lambda d=drop: ours.get_ready(d))
        took["a promise"].time(lambda d=drop, b=held_up: ours.commit(d, b))
        write = bare.promise(drop.drop_id)
        took["bare sqlite3"].time(write)
        took["an fsync"].time(fsync)
        took["a receipt is settled"].time(lambda d=drop: ours.settle(d))
    fsync.close()
    library = sqlite3.sqlite_version
    yield f"store_drops: {count} promises of each, taking turns; bare is SQLite {library}"
    yield "                       drops/s   wall p50      p99   busy p50      p99  (milliseconds)"
    for name, times in took.items():
        yield _row(name, times)
    floor, mine = took["bare sqlite3"], took["a promise"]
    early = took["a bag is asked for"]
    yield f"  share of bare: {_share(floor, mine)}; the goal is {GOAL:.0%}"
    whole = _share(floor, _both(mine, early))
    yield f"  with what was reckoned when the bag was asked for: {whole}"


def _share(floor: Took, mine: Took) -> str:
    by_wall = sum(floor.wall) / sum(mine.wall)
    by_busy = sum(floor.busy) / sum(mine.busy)
    return (
        f"{by_wall:.0%} by the wall, {by_busy:.0%} by processor time"
        f" (median {_median(floor.wall, mine.wall):.0%}, {_median(floor.busy, mine.busy):.0%})"
    )


def _both(one: Took, other: Took) -> Took:
    """Each turn's time in both."""
    return Took(
        [a + b for a, b in zip(one.wall, other.wall, strict=True)],
        [a + b for a, b in zip(one.busy, other.busy, strict=True)],
    )


def _median(floor: Sequence[float], mine: Sequence[float]) -> float:
    return statistics.median(floor) / statistics.median(mine)


def _row(name: str, took: Took) -> str:
    cells = [
        1000 * percentile(times, share) for times in (took.wall, took.busy) for share in (0.5, 0.99)
    ]
    rate = len(took.wall) / sum(took.wall)
    return f"  {name:20} {rate:8.0f}   " + "  ".join(f"{cell:8.2f}" for cell in cells)


class Fsync:
    """What the disk itself takes: one page appended and put on it."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._page = bytes(range(256)) * 16

    def __call__(self) -> None:
        os.write(self._fd, self._page)
        os.fsync(self._fd)

    def close(self) -> None:
        os.close(self._fd)


class Bare:
    """The same rows into a ledger with the same schema, by Python's own sqlite3."""

    def __init__(self, folder: Path, ours: Kiosk) -> None:
        self._ours = ours.store
        open_store(folder, ours.clock, ours.ids).close()
        self._epoch = ""
        self._db = sqlite3.connect(folder / "ledger.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        [(self._epoch,)] = self._db.execute("SELECT epoch FROM epochs").fetchall()

    def opened(self, drop_id: str) -> None:
        """The row of the open drop, as ours has it by now."""
        self._put("drops", self._rows("SELECT * FROM drops WHERE drop_id = :it", drop_id))

    def promise(self, drop_id: str) -> Callable[[], None]:
        """To be timed: all that our promise wrote, its values at hand."""
        [drop] = self._rows("SELECT * FROM drops WHERE drop_id = :it", drop_id)
        [event] = self._rows("SELECT * FROM events WHERE subject = :it", drop_id)
        [link] = self._rows("SELECT * FROM outbox WHERE event = :it", event["number"])
        link = {**link, "epoch": self._epoch}
        changed = ("state", "drop_number", "bag_id", "committed_at", "day", "changed_at", "receipt")
        settings = ", ".join(f"{name} = :{name}" for name in changed)
        meta = [
            {"key": key, "value": value}
            for key, value in self._pairs("hlc", "drops.counter").items()
        ]
        parts = [
            _insert(table, rows)
            for table in ("drop_lines", "bags", "redeemed_codes", "print_jobs")
            if (rows := self._rows(f"SELECT * FROM {table} WHERE drop_id = :it", drop_id))
        ]
        update = f"UPDATE drops SET {settings} WHERE drop_id = :drop_id"
        head = "UPDATE epochs SET sequence = :sequence, chain = :chain WHERE epoch = :epoch"
        upsert = (
            "INSERT INTO meta VALUES (:key, :value)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        )
        recorded = [_insert("events", [event]), _insert("outbox", [link])]

        def write() -> None:
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            db.executemany(upsert, meta)
            for sql, rows in recorded:
                db.execute(sql, rows[0])
            db.execute(head, link)
            db.execute(update, drop)
            for sql, rows in parts:
                db.executemany(sql, rows)
            db.execute("COMMIT")

        return write

    def _pairs(self, *keys: str) -> dict[str, str]:
        with self._ours.look() as work:
            return {key: work.get(key) or "" for key in keys}

    def _rows(self, sql: str, it: object) -> list[dict[str, Any]]:
        with self._ours._database.reading() as connection:
            cursor = connection.exec_driver_sql(sql, {"it": it})
            return [dict(row) for row in cursor.mappings()]

    def _put(self, table: str, rows: Sequence[Row]) -> None:
        sql, given = _insert(table, rows)
        self._db.executemany(sql, given)

    def close(self) -> None:
        self._db.close()


def _insert(table: str, rows: Sequence[Row]) -> tuple[str, Sequence[Row]]:
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    return f"INSERT INTO {table} ({names}) VALUES ({values})", rows
