"""A promise while the kiosk is busy with other things: bundles load, deltas are laid over them, a
week's queue drains.

Shoppers drop one return after another, far more often than any do, and each promise is timed from
the bag to the disk. Meanwhile one thread of the same process, as in the kiosk, does the real work:
`store.policy.install` and `apply` over ROWS returns, and the real agent pushing to a real centre
(in a process of its own) that takes as fast as it can. Beside each promise, in turn, stands what
the disk itself takes: one page appended and put on it. The goal: the promise's p99 at most the
fsync's p99 and 10 ms. On a machine with other work both wait for a processor; the first row, with
nothing else to do, tells by how much.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from kiosk.domain.events import ReceiptSettled
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
QUIET = 200
EVERY_S = 0.02
GOAL_MS = 10.0


def run() -> list[str]:
    return list(_lines(size("ROWS", ROWS), size("QUEUED", QUEUED)))


def _lines(rows: int, queued: int) -> Iterator[str]:
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
        yield shoppers.row("nothing else", lambda: time.sleep(QUIET * 2 * EVERY_S))
        yield shoppers.row(f"a bundle of {rows:,} loads", lambda: _install(box, rows))
        yield shoppers.row(f"a delta of {rows // 20:,}", lambda: _apply(box, rows // 20))
        yield shoppers.row("the layers are merged", box.store.policy.merge)
        yield shoppers.row(f"{2 * queued:,} events drain", lambda: _drain(box, agent))
        yield (
            "  busy: the promise's p99 of processor time; beyond: its p99 less the fsync's,"
            f" by the wall; the goal is at most {GOAL_MS:.0f}"
        )


class Shoppers:
    """They go on while something is done, and drop what was not dropped before."""

    def __init__(self, box: Kiosk, fsync: Fsync, first: int) -> None:
        self._box = box
        self._fsync = fsync
        self._next = first

    def row(self, what: str, work: Callable[[], object]) -> str:
        promises, disk = Took(), Took()
        spent: list[float] = []
        thread = threading.Thread(target=lambda: spent.append(_timed(work)))
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
        wall, disk_wall = promises.wall, disk.wall
        cells = [1e3 * percentile(times, p) for times in (wall, disk_wall) for p in (0.5, 0.99)]
        busy = 1e3 * percentile(promises.busy, 0.99)
        return (
            f"  {what:26} {spent[0]:5.1f} {len(wall):6} {cells[0]:6.1f} {cells[1]:6.1f}"
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
