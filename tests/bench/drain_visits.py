"""What a drain costs whoever stands at the kiosk: promises while a week's queue goes to the centre,
and promises in peace, in blocks that take turns in one run.

The agent drains on a thread of its own as it does in the shop, to `takeback central serve` in a
process of its own, as fast as both can: a loopback is the worst line there is for the shopper.
Once the queue is empty it is rewound, so there is always something to drain. A promise is
`DropOff.commit`, which is what stands between the bag's code and the receipt; the fsync beside it
is what the disk itself takes at that moment.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from kiosk.domain.events import KioskStarted
from sync.agent.agent import Agent
from sync.agent.bounded import Session
from tests.bench import drain_centre as centres
from tests.bench.crowd import size
from tests.bench.drain import agent_of
from tests.bench.environment import percentile
from tests.bench.store_drops import Fsync, Took
from tests.bench.store_shop import DEVICE, Kiosk, bag, kiosk

QUEUE = 2_000
BLOCKS, BLOCK = 12, 25
"""So many blocks of each kind, of so many promises."""


class Drain:
    """Drains for ever while `on`; `acked` counts the events that the centre acknowledged."""

    def __init__(self, box: Kiosk, agent: Agent) -> None:
        self._box, self._agent = box, agent
        self.on, self.over = threading.Event(), threading.Event()
        self.acked = 0
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        outbox = self._box.store.outbox
        while not self.over.is_set():
            if not self.on.wait(0.05):
                continue
            if not outbox.position().queued:
                assert outbox.rewind(0)
            before = outbox.position().cursor
            self._agent.turn()
            self.acked += outbox.position().cursor - before
            assert self._agent.state.error == "", self._agent.state

    def close(self) -> None:
        self.over.set()
        self._thread.join()
        self._agent.stop()


def run() -> list[str]:
    return list(_lines(size("QUEUE", QUEUE)))


def _lines(queue: int) -> Iterator[str]:
    drops = 2 * BLOCKS * BLOCK
    took = {name: Took() for name in ("in peace", "while it drains", "an fsync")}
    with (
        tempfile.TemporaryDirectory(prefix="drain-visits-") as made,
        kiosk(Path(made) / "kiosk", drops) as box,
        centres.database("SQLite", Path(made)) as url,
    ):
        _fill(box, queue)
        centres.fill(url, [DEVICE], box.key, drops)
        with centres.serving(url) as served:
            drain = Drain(box, agent_of(box, served.url, Session()))
            try:
                _visits(box, drain, took, Fsync(Path(made) / "fsync"))
            finally:
                drain.close()
    told = f"{queue} events queued, {drain.acked} acknowledged meanwhile"
    yield f"drain_visits: {drops // 2} promises of each kind, taking turns; {told}"
    yield "                      p50 ms    p99 ms   most ms   busy p50  busy p99"
    for name, times in took.items():
        wall = [1000 * percentile(times.wall, share) for share in (0.5, 0.99)]
        busy = [1000 * percentile(times.busy, share) for share in (0.5, 0.99)]
        yield (
            f"  {name:17} {wall[0]:9.2f} {wall[1]:9.2f} {1000 * max(times.wall):9.2f}"
            f" {busy[0]:10.2f} {busy[1]:9.2f}"
        )
    late, calm, disk = (
        1000 * percentile(took[name].wall, 0.99)
        for name in ("while it drains", "in peace", "an fsync")
    )
    yield (
        f"  p99 while it drains: {late - calm:+.1f} ms beside peace, {late - disk:+.1f} ms beside"
        " one fsync; the goal is +10 ms beside an fsync on a quiet machine"
    )


def _fill(box: Kiosk, queue: int) -> None:
    for number in range(queue):
        box.store.record(KioskStarted("1.0", number, 0), "kiosk")


def _visits(box: Kiosk, drain: Drain, took: dict[str, Took], fsync: Fsync) -> None:
    number = 0
    for block in range(2 * BLOCKS):
        name = "while it drains" if block % 2 else "in peace"
        drain.on.set() if block % 2 else drain.on.clear()
        for _ in range(BLOCK):
            drop = box.present(number)
            box.get_ready(drop)
            held_up = bag(number)
            took[name].time(lambda d=drop, b=held_up: box.commit(d, b))
            took["an fsync"].time(fsync)
            box.settle(drop)
            number += 1
    fsync.close()
