"""Whether the events should lie in a partition for each month: `make bench ARGS=partitions`,
ROWS=2000000 for the stated size.

Both hold two years of the same events, with the same indexes. Ids begin with their time, as kiosks
make them. In one table an id is unique by the key; a partitioned one can hold only keys that have
its month in them, so there an id is kept unique by a table of its own. Then what the centre asks
of its events, each so many times, on PostgreSQL; the two take turns. A month that is older than all
others is taken away in the end.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.bench import drain_centre as centres
from tests.bench.crowd import size
from tests.bench.environment import percentile

MONTHS, KIOSKS, BATCH, BATCHES, TIMES = 24, 200, 500, 60, 40
END = datetime(2026, 5, 1, tzinfo=UTC)
SPAN = timedelta(days=30)
BEGIN = END - MONTHS * SPAN
Connection = psycopg.Connection[Any]

_COLUMNS = (
    "id text NOT NULL, tenant text NOT NULL, device_id text NOT NULL, epoch text NOT NULL,"
    " sequence bigint NOT NULL, type text NOT NULL, subject text NOT NULL,"
    " received_at timestamptz NOT NULL, body text NOT NULL, digest text NOT NULL"
)
_INDEXES = ("tenant, subject", "tenant, type, received_at", "device_id, received_at")
_ROW = (
    "lpad(to_hex(n), 12, '0') || md5(n::text), 'acme', 'kiosk-' || n %% %(kiosks)s, 'e', n,"
    " CASE WHEN n %% 2 = 0 THEN 'drop' ELSE 'receipt' END, 'D-' || n / 2,"
    " %(begin)s + n::float8 / %(rows)s * %(span)s, repeat('x', 600), md5(n::text)"
)


@dataclass(slots=True)
class Way:
    """One of the two. `took` is in seconds, by what was asked."""

    name: str
    keys: bool
    took: dict[str, list[float]] = field(default_factory=dict)


def run() -> Iterator[str]:
    rows = size("ROWS", 200_000)
    ways = (Way("plain", False), Way("monthly", True))
    yield f"partitions: PostgreSQL, {rows:,} events in {MONTHS} months"
    with (
        tempfile.TemporaryDirectory(prefix="partitions-bench-") as made,
        centres.database("PostgreSQL", Path(made)) as url,
        psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as c,
    ):
        for way in ways:
            _make(c, way, rows)
        c.execute("VACUUM ANALYZE")
        for turn in range(3):
            for way in ways:
                _ask(c, way, rows, random.Random(turn))
        for way in ways:
            _clock(way, "an old month taken away, ms", lambda way=way: _away(c, way), 1e3)
    yield f"  {'p50':38} {'plain':>10} {'monthly':>10}"
    for what in ways[0].took:
        told = [percentile(way.took[what], 0.5) for way in ways]
        yield f"  {what:38} {told[0]:10.2f} {told[1]:10.2f}   {told[1] / told[0]:.2f} times"


def _make(c: Connection, way: Way, rows: int) -> None:
    name = way.name
    if way.keys:
        c.execute(
            f"CREATE TABLE {name} ({_COLUMNS}, PRIMARY KEY (id, received_at))"
            " PARTITION BY RANGE (received_at)"
        )
        for month in range(MONTHS + 1):
            a, b = BEGIN + month * SPAN, BEGIN + (month + 1) * SPAN
            c.execute(
                f"CREATE TABLE {name}_{month} PARTITION OF {name}"
                f" FOR VALUES FROM ('{a.isoformat()}') TO ('{b.isoformat()}')"
            )
        c.execute(f"CREATE TABLE {name}_keys (id text PRIMARY KEY, received_at timestamptz)")
    else:
        c.execute(f"CREATE TABLE {name} ({_COLUMNS}, PRIMARY KEY (id))")
    for index in _INDEXES:
        c.execute(f"CREATE INDEX ON {name} ({index})")
    told = {"kiosks": KIOSKS, "begin": BEGIN, "rows": rows, "span": MONTHS * SPAN}
    c.execute(f"INSERT INTO {name} SELECT {_ROW} FROM generate_series(0, {rows - 1}) n", told)
    if way.keys:
        c.execute(f"INSERT INTO {name}_keys SELECT id, received_at FROM {name}")


def _clock(way: Way, what: str, work: Callable[[], object], factor: float) -> None:
    began = time.perf_counter()
    work()
    way.took.setdefault(what, []).append((time.perf_counter() - began) * factor)


def _ask(c: Connection, way: Way, rows: int, dice: random.Random) -> None:
    name = way.name
    for batch in range(BATCHES // 3):
        made = _batch(dice, batch)
        _clock(way, "a batch taken in, us an event", lambda m=made: _put(c, way, m), 1e6 / BATCH)
    recent = END - timedelta(days=1)
    for _ in range(TIMES // 3):
        of_drop = (f"D-{dice.randrange(rows // 2)}",)
        kiosk = (f"kiosk-{dice.randrange(KIOSKS)}",)
        asked = (
            ("a drop's story, ms", f"tenant = 'acme' AND subject = '{of_drop[0]}'", "*"),
            ("so many of a kind today, ms", f"{_KIND} >= '{recent.isoformat()}'", "count(*)"),
            (
                "a kiosk's events of an hour, ms",
                f"device_id = '{kiosk[0]}' AND received_at BETWEEN"
                f" '{recent.isoformat()}' AND '{(recent + timedelta(hours=1)).isoformat()}'",
                "*",
            ),
        )
        for what, where, columns in asked:
            sql = f"SELECT {columns} FROM {name} WHERE {where}"
            _clock(way, what, lambda s=sql: c.execute(s).fetchall(), 1e3)


_KIND = "tenant = 'acme' AND type = 'drop' AND received_at"


def _batch(dice: random.Random, batch: int) -> list[tuple[Any, ...]]:
    at = END + timedelta(minutes=batch)
    told = "x" * 600, "0" * 32
    return [
        (_name(dice, at), "acme", "kiosk-1", "e", n, "drop", f"D-new-{n}", at, *told)
        for n in range(BATCH)
    ]


def _name(dice: random.Random, at: datetime) -> str:
    return f"{int(at.timestamp() * 1000):012x}{dice.getrandbits(128):032x}"


def _put(c: Connection, way: Way, rows: list[tuple[Any, ...]]) -> None:
    """As the centre takes them in: are they known, then all at once."""
    names = [row[0] for row in rows]
    known = f"{way.name}_keys" if way.keys else way.name
    with c.transaction():
        found = c.execute(
            f"SELECT id FROM {known} WHERE id IN (SELECT unnest(%s::text[]))", (names,)
        ).fetchall()
        assert not found
        with c.cursor() as cursor, cursor.copy(f"COPY {way.name} FROM STDIN") as into:
            for row in rows:
                into.write_row(row)
        if way.keys:
            with c.cursor() as cursor, cursor.copy(f"COPY {known} FROM STDIN") as into:
                for row in rows:
                    into.write_row((row[0], row[7]))


def _away(c: Connection, way: Way) -> None:
    until = (BEGIN + SPAN).isoformat()
    if way.keys:
        c.execute(f"DELETE FROM {way.name}_keys WHERE received_at < '{until}'")
        c.execute(f"DROP TABLE {way.name}_0")
        return
    c.execute(f"DELETE FROM {way.name} WHERE received_at < '{until}'")
    c.execute(f"VACUUM {way.name}")
