"""What the centre takes in, beside what PostgreSQL takes of the very same rows.

Ours is the real path from a request's bytes to its answer's: signature and single use, unpacking,
reading, every link of the chain, what each event means, sets of rows, one commit. Floor: the rows
that this wrote (`events`, `links`, `drops`, `drop_lines`, `claims`), given to an equal database
with the same keys and indexes by one multi-row INSERT a table and by one COPY a table, each batch
one transaction, by psycopg and nothing else.

Half of the events are drops of one to three lines whose returns the centre knows, half are their
receipts. The three take turns, ROUNDS times, each time in a fresh database. Beside the time by the
wall is processor time, the worker's and that of its PostgreSQL process: it says the same on a
machine where others work, but nothing of waiting for the disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from sync.wire.messages import EventRecord
from tests.bench import drain_centre as centres
from tests.bench import ingest_events as told
from tests.bench import ingest_ways as ways
from tests.bench import storm_real as real
from tests.bench.crowd import size

SIZES = (1, 50, 500)
EVENTS = {1: 400, 50: 5_000, 500: 10_000}
"""Of one worker in one round, by the size of its batches."""
WAYS = ("ours", "INSERT", "COPY")
MOST = 2


def run() -> list[str]:
    return list(_lines(size("ROUNDS", 3)))


def _lines(rounds: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as made:
        like = real.a_drop(Path(made) / "kiosk")
        with (
            centres.database("PostgreSQL", Path(made)) as url,
            ways.workers(MOST, centres.BUNDLE_KEY) as go,
        ):
            plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
            names = [f"k{number}" for number in range(MOST)]
            centres.fill(url, names, told.KEY, MOST * max(EVENTS.values()) // 2)
            yield f"ingest: PostgreSQL, {rounds} rounds, events a second"
            yield (
                "                     events a second by the wall              "
                "processor time, us an event: worker + server"
            )
            yield (
                "  batch  workers     ours   INSERT     COPY  of COPY  "
                "        ours       INSERT         COPY  of COPY"
            )
            for many in range(1, MOST + 1):
                for batch in SIZES:
                    yield _cell(plain, go, like, names[:many], batch, rounds)


def _cell(url: str, go: Any, like: EventRecord, names: list[str], batch: int, rounds: int) -> str:
    count = EVENTS[batch]
    wall = dict.fromkeys(WAYS, 0.0)
    busy, served = dict(wall), dict(wall)
    for _ in range(rounds):
        asked = [
            told.requests(like, name, number * count // 2, batch, count // batch)
            for number, name in enumerate(names)
        ]
        rows: dict[str, Any] = {}
        for way in WAYS:
            with _fresh(url) as there:
                jobs = [
                    (way, there, one if way == "ours" else rows[name])
                    for name, one in zip(names, asked, strict=True)
                ]
                took = go(jobs)
                wall[way] += took.ended - took.began
                busy[way] += took.busy
                served[way] += took.served
                if way == "ours":
                    rows = told.rows(there, batch, names)
                    there_now = sum(_events(one) for one in rows.values())
                    assert there_now == count * len(names), there_now
    made = rounds * count * len(names)
    rates = [made / wall[way] for way in WAYS]
    costs = [f"{1e6 * busy[way] / made:6.0f} +{1e6 * served[way] / made:5.0f}" for way in WAYS]
    work = [busy[way] + served[way] for way in WAYS]
    return (
        f"  {batch:5} {len(names):8} {rates[0]:8,.0f} {rates[1]:8,.0f} {rates[2]:8,.0f}"
        f" {rates[0] / rates[2]:8.0%}  {costs[0]} {costs[1]} {costs[2]} {work[2] / work[0]:8.0%}"
    )


def _events(batches: list[list[told.Filled]]) -> int:
    return sum(len(one.rows) for batch in batches for one in batch if one.table == "events")


@contextmanager
def _fresh(url: str) -> Iterator[str]:
    """A copy of the prepared database, for one way to fill."""
    name = f"bench_{told.IDS.token(64):x}"
    beside = url.replace("/postgres?", "/template1?", 1)
    assert beside != url
    with psycopg.connect(beside, autocommit=True) as c:
        c.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
        try:
            yield url.replace("/postgres?", f"/{name}?", 1)
        finally:
            c.execute(f"DROP DATABASE {name} WITH (FORCE)")
