"""What a heartbeat costs the centre, beside the least that any signed request could.

Ours goes from a request's bytes to its answer's: who signed it, single use, what is known of the
kiosk, what it tells, the centre's oath, one commit; and the same again over HTTP, as `takeback
central serve` answers it. Bare is the driver alone (sqlite3, psycopg) with the same file or server
and the same durability: `SELECT 1`, one UPDATE of the kiosk's row, COMMIT.

They take turns, ROUNDS times BEATS each. Processor time, of the centre and of its PostgreSQL
process, says the same on a machine where others work, or nearly; time by the wall is mostly the
disk's.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kiosk.seal import tokens
from sync.central import beats, callers
from sync.central.called import message
from sync.central.database import Database
from sync.central.devices import Refused
from sync.wire import codec
from sync.wire.messages import Heartbeat, Push
from tests.bench import drain_centre as centres
from tests.bench import storm_real as real
from tests.bench.crowd import size
from tests.bench.drain_centre import Served

NAME = "k0"
PATH = f"/v1/devices/{NAME}/heartbeat"
WARM = 20


@dataclass(slots=True)
class Way:
    """`once` is one heartbeat or what stands beside it; `busy` the processor time of the centre so
    far and `served` that of its PostgreSQL process (None where there is none, or nobody knows which
    it is), both in seconds."""

    name: str
    once: Callable[[], None]
    busy: Callable[[], float]
    served: Callable[[], float] | None
    took: float = 0.0
    own: float = 0.0
    others: float = 0.0

    def run(self, times: int) -> None:
        serves = self.served or (lambda: 0.0)
        began, own, others = time.perf_counter(), self.busy(), serves()
        for _ in range(times):
            self.once()
        self.took += time.perf_counter() - began
        self.own += self.busy() - own
        self.others += serves() - others


Made = tuple[Callable[[], None], Callable[[], float] | None]
"""`once` and `served` of a way."""


def run() -> list[str]:
    return list(_lines(size("ROUNDS", 5), size("BEATS", 200)))


def _lines(rounds: int, count: int) -> Iterator[str]:
    yield f"heartbeat: {rounds} rounds of {count}, milliseconds each"
    yield "                              centre  PostgreSQL    wall"
    for kind in centres.KINDS:
        with tempfile.TemporaryDirectory(prefix="heartbeat-bench-") as made, ExitStack() as ends:
            ways = _ways(kind, Path(made), WARM + rounds * count, ends)
            for way in ways:
                way.run(WARM)
                way.took = way.own = way.others = 0.0
            for _ in range(rounds):
                for way in ways:
                    way.run(count)
            for way in ways:
                each = 1e3 / (rounds * count)
                its = f"{way.others * each:11.2f}" if way.served else f"{'':11}"
                yield (
                    f"  {kind:10} {way.name:15} {way.own * each:7.2f} {its} {way.took * each:7.1f}"
                )


def _ways(kind: str, folder: Path, count: int, ends: ExitStack) -> tuple[Way, ...]:
    """Over one database, of which the kiosk has told one drop."""
    url = ends.enter_context(centres.database(kind, folder))
    centres.fill(url, [NAME], real.KEY, 10)
    told = real.backlog(real.a_drop(folder / "kiosk"), 1)
    served = ends.enter_context(centres.serving(url))
    assert real.Caller(served.url, NAME).push(told, time.monotonic() + 60)
    inside, its_server = _inside(url, told, count, ends)
    once, bare_server = _bare(url, ends)
    http = real.Caller(served.url, NAME)
    client = http.client()
    ends.callback(client.close)
    return (
        Way("bare", once, time.process_time, bare_server),
        Way("ours", inside, time.process_time, its_server),
        Way("ours, over HTTP", lambda: http.beat(client, told), served.busy, None),
    )


def _inside(url: str, told: Push, count: int, ends: ExitStack) -> Made:
    database = Database(url)
    ends.callback(database.close)
    body = codec.encode(real.heartbeat(told))

    given = [_token(body) for _ in range(count)]  # a kiosk's work, and not the centre's

    def once() -> None:
        caller = callers.signed(database, real.CLOCK, NAME, given.pop(), "POST", PATH, body)
        ask = message("", body, Heartbeat)
        assert not isinstance(caller, Refused), caller
        assert not isinstance(ask, Refused), ask
        one = callers.Once(database, caller)
        answer = beats.beat(one, real.CLOCK, caller.device, ask, centres.BUNDLE_KEY)
        assert answer.anchor is not None
        codec.encode(answer)

    if database.sqlite:
        return once, None
    with database.reading() as c:  # the one connection of its pool
        pid = int(c.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    return once, Served("", pid).busy


def _token(body: bytes) -> str:
    made = tokens.issue(NAME, "POST", PATH, body, real.CLOCK.now(), real.IDS.uuid(), real.KEY)
    return callers.SCHEME + made


def _bare(url: str, ends: ExitStack) -> Made:
    moves = "UPDATE devices SET queued = queued + 1 WHERE device_id ="
    if url.startswith("sqlite"):
        file = ends.enter_context(closing(sqlite3.connect(url.removeprefix("sqlite:///"))))
        file.isolation_level = None
        file.execute("PRAGMA synchronous=FULL")
        file.execute("PRAGMA busy_timeout=10000")

        def here() -> None:
            file.execute("SELECT 1").fetchone()
            file.execute("BEGIN IMMEDIATE")
            file.execute(f"{moves} ?", (NAME,))
            file.execute("COMMIT")

        return here, None
    c = ends.enter_context(psycopg.connect(url.replace("+psycopg", "", 1)))

    def there() -> None:
        c.execute("SELECT 1").fetchone()
        c.execute(f"{moves} %s", (NAME,))
        c.commit()

    return there, Served("", c.info.backend_pid).busy
