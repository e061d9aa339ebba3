"""Draining a week's queue: events a second of the real agent to the real centre over loopback.

The kiosk's ledger is filled with real promises (each a `drop.committed` and the `receipt.settled`
of its print job), and the agent takes its turns until the centre has acknowledged all of them. The
centre is `takeback central serve` in a process of its own, over SQLite and over PostgreSQL. Floor:
the very bytes that were posted, posted again with the same client to the same server (uvicorn)
with an application that does nothing.

Told apart is where the time goes: processor time of the agent (reading, checking every link,
packing, signing, one durable acknowledgement a batch) and of the centre's process (checking every
link again, one transaction a batch; PostgreSQL's own work is in other processes and not in it).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa
from requests.adapters import HTTPAdapter

from kiosk.domain.events import ReceiptSettled
from kiosk.world import SystemClock, SystemIds
from sync.agent.agent import Agent
from sync.agent.bounded import Session
from sync.agent.pace import Pace
from sync.central.database import Database
from sync.central.tables import drops, events
from tests.bench import drain_centre as centres
from tests.bench.crowd import size
from tests.bench.store_shop import DEVICE, Kiosk, kiosk

DROPS = 1_500


class Posted(HTTPAdapter):
    """Sends as the agent does, and keeps the batches that were sent."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self._inner = inner
        self.batches: list[tuple[bytes, dict[str, str]]] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        if str(request.url).endswith("/events") and isinstance(request.body, bytes):
            self.batches.append((request.body, dict(request.headers)))
        return self._inner.send(request, *args, **more)

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the wall, and of processor time on either side."""

    wall: float
    here: float
    there: float


def run() -> list[str]:
    return list(_lines(size("DROPS", DROPS)))


def _lines(count: int) -> Iterator[str]:
    told = 2 * count
    yield f"drain: {count} drops with their receipts, {told} events"
    yield (
        "                        events/s     wall s  agent busy s  centre busy s  of the floor"
        "  events a busy second of the centre"
    )
    for kind in centres.KINDS:
        with tempfile.TemporaryDirectory(prefix="drain-bench-") as made:
            drain, floor, batches, packed = _of(kind, Path(made), count)
        rates = [told / took.wall for took in (drain, floor)]
        yield (
            f"  {kind:18} {rates[0]:12.0f} {drain.wall:10.2f} {drain.here:13.2f}"
            f" {drain.there:14.2f} {rates[0] / rates[1]:13.1%} {told / drain.there:12,.0f}"
        )
        yield (
            f"  - its floor        {rates[1]:12.0f} {floor.wall:10.2f} {floor.here:13.2f}"
            f" {floor.there:14.2f}   {batches} batches, {packed / told:.0f} bytes an event"
        )


def _of(kind: str, folder: Path, count: int) -> tuple[Took, Took, int, int]:
    with kiosk(folder / "kiosk", count) as box, centres.database(kind, folder) as url:
        _record(box, count)
        centres.fill(url, [DEVICE], box.key, count)
        posted = Posted(Session().adapters["http://"])
        with centres.serving(url) as served:
            drain = _drain(box, served, posted)
        _all_there(url, count)
        with centres.floor() as served:
            floor = _post(served, posted)
    packed = sum(len(body) for body, _ in posted.batches)
    return drain, floor, len(posted.batches), packed


def _record(box: Kiosk, count: int) -> None:
    for number in range(count):
        drop = box.promise(box.present(number), number)
        box.store.record(ReceiptSettled(drop.drop_id, "printed", ""), drop.drop_id)


def agent_of(box: Kiosk, url: str, session: requests.Session) -> Agent:
    """The agent of this kiosk, on the machine's own clock."""
    return Agent(
        box.store,
        url,
        DEVICE,
        box.key,
        {centres.BUNDLE_KEY.kid: centres.BUNDLE_KEY.public},
        SystemClock(),
        SystemIds(),
        "1.0",
        10.0,
        lambda _state: None,
        tenant=centres.TENANT,
        pace=Pace(first_contact=0.0),
        session=session,
    )


def _drain(box: Kiosk, served: centres.Served, posted: Posted) -> Took:
    session = Session()
    session.mount("http://", posted)
    agent = agent_of(box, served.url, session)
    wall, here, there = time.perf_counter(), time.thread_time(), served.busy()
    while box.store.outbox.position().queued:
        agent.turn()
        assert agent.state.error == "", agent.state
    took = Took(time.perf_counter() - wall, time.thread_time() - here, served.busy() - there)
    agent.stop()
    return took


def _all_there(url: str, count: int) -> None:
    there = Database(url)
    with there.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(drops)).scalar_one() == count
        accepted = sa.select(sa.func.count()).where(events.c.state == "accepted")
        assert c.execute(accepted).scalar_one() >= 2 * count
    there.close()


def _post(served: centres.Served, posted: Posted) -> Took:
    session = Session()
    wall, here, there = time.perf_counter(), time.thread_time(), served.busy()
    for body, headers in posted.batches:
        session.post(
            served.url + "/v1/events", data=body, headers=headers, timeout=10
        ).raise_for_status()
    took = Took(time.perf_counter() - wall, time.thread_time() - here, served.busy() - there)
    session.close()
    return took
