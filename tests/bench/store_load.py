"""A promise while the kiosk is busy with other things: bundles load, deltas are laid over them, a
week's queue drains.

Shoppers drop one return after another, far more often than any do, and each promise is timed from
the bag to the disk. Meanwhile one thread of the same process, as in the kiosk, does the real work:
`store.policy.install` and `apply` over ROWS returns, and the real agent pushing to a real centre
(in a process of its own) that takes as fast as it can. Beside each promise, in turn, stands what
the disk itself takes: one page appended and put on it. The goal: the promise's p99 at most the
fsync's p99 and 10 ms. On a machine with other work both wait for a processor; the first row, with
nothing else to do, tells by how much. The rows take turns, ROUNDS times; those "in the way" do the
same without resting for anybody, and sync once at the end (kiosk.store.giving_way).
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from kiosk.domain.events import ReceiptSettled
from kiosk.store import giving_way, policy_writing
from kiosk.store.giving_way import Way
from sync.agent.agent import Agent
from sync.agent.bounded import Session
from tests.bench import drain_centre as centres
from tests.bench import policy_shop as shop
from tests.bench.crowd import size
from tests.bench.drain import agent_of
from tests.bench.environment import percentile
from tests.bench.store_drops import Fsync, Took
from tests.bench.store_shop import DEVICE, Kiosk, bag, kiosk

ROWS = 50_000
QUEUED = 600
ROUNDS = 3
QUIET = 100
BEFORE_KIB = 32_768
EVERY_S = 0.02
GOAL_MS = 10.0


def run() -> list[str]:
    return list(_lines(size("ROWS", ROWS), size("QUEUED", QUEUED), size("ROUNDS", ROUNDS)))


def _lines(rows: int, queued: int, rounds: int) -> Iterator[str]:
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-bench-")))
        box = stack.enter_context(kiosk(place / "kiosk", 20_000))
        fsync = Fsync(place / "fsync")
        stack.callback(fsync.close)
        for number in range(queued):
            drop = box.promise(box.present(number), number)
            box.store.record(ReceiptSettled(drop.drop_id, "printed", ""), drop.drop_id)
        url = stack.enter_context(centres.database("SQLite", place))
        centres.fill(url, [DEVICE], box.key, queued)
        served = stack.enter_context(centres.serving(url))
        agent = agent_of(box, served.url, Session())
        stack.callback(agent.stop)
        shoppers = Shoppers(box, fsync, queued)
        yield f"store_load: a promise every {1e3 * EVERY_S:.0f} ms; milliseconds by the wall"
        yield (
            "                               s  drops    p50    p99   busy  fsync p50    p99  beyond"
        )
        for _ in range(rounds):
            shoppers.during("nothing else", lambda: time.sleep(QUIET * EVERY_S))
            shoppers.during(f"a bundle of {rows:,} loads", lambda: _install(box, rows))
            with in_the_way():
                shoppers.during("  the same, in the way", lambda: _install(box, rows))
            shoppers.during(f"a delta of {rows // 20:,}", lambda: _apply(box, rows // 20))
            shoppers.during("the layers are merged", box.store.policy.merge)
        shoppers.during(f"{2 * queued:,} events drain", lambda: _drain(box, agent))
        yield from shoppers.table()
        yield (
            "  busy: the promise's p99 of processor time; beyond: its p99 less the fsync's,"
            f" by the wall; the goal is at most {GOAL_MS:.0f}"
        )


@contextmanager
def in_the_way() -> Iterator[None]:
    """A load that rests for nobody and syncs once, at its end."""
    with (
        patch.object(Way, "give", lambda _: None),
        patch.object(giving_way, "PORTION", sys.maxsize),
        patch.object(giving_way, "CHUNKS", sys.maxsize),
        patch.object(policy_writing, "CACHE_KIB", BEFORE_KIB),
    ):
        yield


@dataclass
class Row:
    """What was timed while one thing was done; `spent` is how long that took, each time."""

    promises: Took = field(default_factory=Took)
    disk: Took = field(default_factory=Took)
    spent: list[float] = field(default_factory=list)


class Shoppers:
    """They go on while something is done, and drop what was not dropped before."""

    def __init__(self, box: Kiosk, fsync: Fsync, first: int) -> None:
        self._box = box
        self._fsync = fsync
        self._next = first
        self._rows: dict[str, Row] = {}

    def during(self, what: str, work: Callable[[], object]) -> None:
        row = self._rows.setdefault(what, Row())
        promises, disk = row.promises, row.disk
        thread = threading.Thread(target=lambda: row.spent.append(_timed(work)))
        thread.start()
        while thread.is_alive():
            number, self._next = self._next, self._next + 1
            drop = self._box.present(number)
            self._box.get_ready(drop)
            held_up = bag(number)
            promises.time(lambda d=drop, b=held_up: self._box.commit(d, b))
            disk.time(self._fsync)
            self._box.settle(drop)
            time.sleep(EVERY_S)
        thread.join()

    def table(self) -> Iterator[str]:
        for what, row in self._rows.items():
            wall, disk = row.promises.wall, row.disk.wall
            cells = [1e3 * percentile(times, p) for times in (wall, disk) for p in (0.5, 0.99)]
            busy = 1e3 * percentile(row.promises.busy, 0.99)
            spent = sum(row.spent) / len(row.spent)
            yield (
                f"  {what:26} {spent:5.1f} {len(wall):6} {cells[0]:6.1f} {cells[1]:6.1f}"
                f" {busy:6.1f} {cells[2]:10.1f} {cells[3]:6.1f} {cells[1] - cells[3]:7.1f}"
            )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _install(box: Kiosk, rows: int) -> None:
    number = box.store.policy.number + 1
    box.store.policy.install(
        number=number,
        previous=number - 1,
        tenant="bench",
        scope="all",
        issued=shop.NOW,
        warn_after=shop.NOW + timedelta(days=30),
        accept_until=shop.NOW + timedelta(days=60),
        content=shop.content(number),
        authorisations=shop.authorisations(rows),
    )


def _apply(box: Kiosk, changed: int) -> None:
    base = box.store.policy.number
    box.store.policy.apply(
        number=base + 1,
        previous=base,
        tenant="bench",
        scope="all",
        issued=shop.NOW,
        warn_after=shop.NOW + timedelta(days=30),
        accept_until=shop.NOW + timedelta(days=60),
        content=shop.content(base + 1),
        puts=map(shop.authorisation, range(100, 100 + changed)),
        removes=map(shop.return_id, range(changed // 10)),
        base=base,
    )


def _drain(box: Kiosk, agent: Agent) -> None:
    while box.store.outbox.position().queued > 50:  # new ones come all the while
        agent.turn()
