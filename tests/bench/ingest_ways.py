"""Three ways into PostgreSQL: the centre's own, one multi-row INSERT a table, one COPY a table.
Each batch is one transaction. A worker is a process; all begin at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import psycopg

from kiosk.seal.keys import SigningKey
from sync.central import heap, ingest
from sync.central.called import message
from sync.central.callers import Once, signed
from sync.central.database import Database
from sync.wire import codec
from sync.wire.messages import PushAsTold, Pushed
from tests.bench.drain_centre import Served
from tests.bench.ingest_events import CLOCK, Asked, Filled

Job = tuple[str, str, Sequence[Any]]
"""The way, the database, and the batches."""


@dataclass(frozen=True, slots=True)
class Took:
    """When the first began and the last ended (monotonic s), and the processor time of the workers
    and of their servers' processes."""

    began: float
    ended: float
    busy: float
    served: float


Way = tuple[Callable[[], None], int, Callable[[], None]]
"""What to run, the process of the server that works for it, and how to end."""


def ours(url: str, batches: Sequence[Asked], key: SigningKey) -> Way:
    """From the bytes of a request to those of its answer; of the centre only HTTP is not there."""
    database = Database(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with database.reading() as c:  # the one connection of its pool
        served = int(c.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    def run() -> None:
        for one in batches:
            caller = signed(
                database, CLOCK, one.device, one.authorization, "POST", one.path, one.body
            )
            ask = message("gzip", one.body, PushAsTold)
            answer = ingest.push(Once(database, caller), CLOCK, caller.device, ask, key)
            assert isinstance(answer, Pushed), answer
            assert not answer.notices, answer
            codec.encode(answer)

    return run, served, database.close


def insert(url: str, batches: Sequence[Sequence[Filled]]) -> Way:
    c = psycopg.connect(url)

    def run() -> None:
        for batch in batches:
            for one in batch:
                marks = f"({', '.join(['%s'] * len(one.columns))})"
                sql = f"INSERT INTO {one.table} ({', '.join(one.columns)}) VALUES "
                told = [value for row in one.rows for value in row]
                c.execute(sql + ", ".join([marks] * len(one.rows)), told)
            c.commit()

    return run, c.info.backend_pid, c.close


def copy(url: str, batches: Sequence[Sequence[Filled]]) -> Way:
    c = psycopg.connect(url)

    def run() -> None:
        for batch in batches:
            for one in batch:
                sql = f"COPY {one.table} ({', '.join(one.columns)}) FROM STDIN"
                with c.cursor().copy(sql) as into:
                    for row in one.rows:
                        into.write_row(row)
            c.commit()

    return run, c.info.backend_pid, c.close


def _loop(line: Connection, key: SigningKey) -> None:
    heap.settle()  # as `central serve` does; for all three
    while (job := line.recv()) is not None:
        way, url, batches = job
        match way:
            case "ours":
                run, pid, end = ours(url, batches, key)
            case "INSERT":
                run, pid, end = insert(url, batches)
            case _:
                run, pid, end = copy(url, batches)
        line.send("ready")
        line.recv()
        server = Served(url, pid)
        began, busy, served = time.perf_counter(), time.process_time(), server.busy()
        run()
        ended, busy, served = (
            time.perf_counter(),
            time.process_time() - busy,
            server.busy() - served,
        )
        end()
        line.send(Took(began, ended, busy, served))


@contextmanager
def workers(count: int, key: SigningKey) -> Any:
    """`go(jobs)`: a job for each worker, and what they took together."""
    spawn = get_context("spawn")
    lines = []
    made = []
    for _ in range(count):
        here, there = spawn.Pipe()
        made.append(spawn.Process(target=_loop, args=(there, key)))
        lines.append(here)
    for one in made:
        one.start()

    def go(jobs: Sequence[Job]) -> Took:
        used = lines[: len(jobs)]
        for line, job in zip(used, jobs, strict=True):
            line.send(job)
        for line in used:
            assert line.recv() == "ready"
        for line in used:
            line.send("go")
        took = [line.recv() for line in used]
        return Took(
            min(one.began for one in took),
            max(one.ended for one in took),
            sum(one.busy for one in took),
            sum(one.served for one in took),
        )

    try:
        yield go
    finally:
        for line in lines:
            line.send(None)
        for one in made:
            one.join()
