"""What encryption costs a promise: commits to an encrypted and to a plain store, taking turns in
one run, beside bare sqlite3 with the same durability."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kiosk.domain.events import KioskStarted
from kiosk.store import open_store
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemClock, SystemIds

ROUNDS = 10
COMMITS = 60
"""In each round, of each."""

Commit = Callable[[], object]


def run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        ways = {
            "bare sqlite3": stack.enter_context(_bare(place)),
            "plain": stack.enter_context(_store(place, encrypted=False)),
            "encrypted": stack.enter_context(_store(place, encrypted=True)),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, commit in ways.items():
                for _ in range(COMMITS):
                    begun = time.perf_counter()
                    commit()
                    took[name].append(time.perf_counter() - begun)
    return list(_told(took))


def _told(took: dict[str, list[float]]) -> Iterator[str]:
    yield f"store_key: an event a commit, {ROUNDS * COMMITS} of each, taking turns"
    yield "                    commits/s   median ms   p99 ms   of plain"
    plain = statistics.median(took["plain"])
    for name, times in took.items():
        median, late = statistics.median(times), statistics.quantiles(times, n=100)[-1]
        yield (
            f"  {name:16} {len(times) / sum(times):10.0f} {median * 1e3:11.2f}"
            f" {late * 1e3:8.2f} {plain / median:9.2f}"
        )


@contextmanager
def _store(place: Path, *, encrypted: bool) -> Iterator[Commit]:
    data = place / ("encrypted" if encrypted else "plain")
    clock, ids = SystemClock(), SystemIds()
    assert settle(data, Wanted(encrypted, place / "keys" / "store.key"), ids) is None
    store = open_store(data, clock, ids)
    try:
        yield lambda: store.record(KioskStarted("1.0", 1, 0), "kiosk")
    finally:
        store.close()


@contextmanager
def _bare(place: Path) -> Iterator[Commit]:
    connection = sqlite3.connect(place / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)")
    body = "x" * 600
    try:
        yield lambda: connection.execute("INSERT INTO t (body) VALUES (?)", (body,))
    finally:
        connection.close()
