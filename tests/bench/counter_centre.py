"""What a counter's fact costs the centre, beside a shopper's event in the same run: kept, put in
its place, and the parcel folded anew out of all its facts. `make bench ARGS=counter_centre`.

Timed is `sync.central.ingest.push` in this process, with its transaction: no HTTP. A parcel has
five facts here; all five are told in a row, once in batches of one and once in batches of 500.
Then what the feed costs that brings them to another counter. Processor time is this process's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from kiosk.domain import chain
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.parcel_facts import (
    ParcelAnnounced,
    ParcelCollected,
    ParcelNotified,
    ParcelReceived,
    ParcelShelved,
    ProofFact,
)
from kiosk.domain.events import Event, StaffNeeded
from kiosk.domain.hlc import advance
from kiosk.world import SystemClock, SystemIds
from sync.central import ingest
from sync.central.counter import feed
from sync.central.database import Database
from sync.central.devices import Device
from sync.wire import codec
from sync.wire.messages import CounterFacts, EventRecord, Push, Pushed
from tests.bench import drain_centre as centres
from tests.bench.crowd import size

SIZES = {1: 200, 500: 10_000}
"""Events of one round, by the size of its batches."""
IDS, CLOCK = SystemIds(), SystemClock()


def run() -> list[str]:
    return list(_lines(size("ROUNDS", 3)))


def _lines(rounds: int) -> Iterator[str]:
    yield f"counter_centre: {rounds} rounds, us an event by the wall and of processor"
    yield "  database     batch     a counter's fact      a shopper's event   times as much"
    for kind in centres.KINDS:
        with (
            tempfile.TemporaryDirectory(prefix="counter-bench-") as made,
            centres.database(kind, Path(made)) as url,
        ):
            yield from _of(kind, url, rounds)


def _of(kind: str, url: str, rounds: int) -> Iterator[str]:
    names = ("counter", "kiosk", "other")
    centres.fill(url, names, centres.BUNDLE_KEY, 1)
    there = Database(url)
    tellers = {name: _Teller(there, name) for name in names}
    parcels = 0
    for batch, count in SIZES.items():
        costs = {"counter": [0.0, 0.0], "kiosk": [0.0, 0.0]}
        for _ in range(rounds):
            facts = [fact for at in range(count // 5) for fact in _life(f"P{parcels + at}")]
            parcels += count // 5
            calls = [StaffNeeded(f"v-{at}", "RMA-1", "help", {}) for at in range(count)]
            for name, told in (("counter", facts), ("kiosk", calls)):
                wall, busy = tellers[name].tell(told, batch)
                costs[name][0] += wall
                costs[name][1] += busy
        ours, theirs = ([1e6 * cost / rounds / count for cost in costs[n]] for n in costs)
        yield (
            f"  {kind:10} {batch:7} {ours[0]:12,.0f} {ours[1]:9,.0f} {theirs[0]:12,.0f}"
            f" {theirs[1]:9,.0f} {ours[1] / theirs[1]:14.1f}"
        )
    yield _heard(kind, there)
    there.close()


def _life(number: str) -> tuple[Fact, ...]:
    return (
        ParcelAnnounced(number, "dhl", "small", "ab" * 16),
        ParcelReceived(number, "dhl", "2026-05-04", "2026-05-11", "anna", "small"),
        ParcelShelved(number, "A1", "anna"),
        ParcelNotified(number, "arrived"),
        ParcelCollected(number, "anna", ProofFact(code=True)),
    )


def _heard(kind: str, there: Database) -> str:
    device, place, count, pages = Device("other", centres.TENANT, False), 0, 0, 0
    began, busy = time.perf_counter(), time.process_time()
    while True:
        page = feed.page(there, CLOCK, device, place)
        assert isinstance(page, CounterFacts)
        place, count, pages = page.after, count + len(page.facts), pages + 1
        if not page.more:
            break
    took, worked = time.perf_counter() - began, time.process_time() - busy
    return (
        f"  {kind:10} heard by another counter: {count:,} facts in {pages} pages,"
        f" {1e6 * took / count:.0f} us a fact ({1e6 * worked / count:.0f} of processor)"
    )


class _Teller:
    """A kiosk's chain."""

    def __init__(self, there: Database, name: str) -> None:
        self.there, self.device = there, Device(name, centres.TENANT, False)
        self.sequence, self.head, self.hlc = 0, chain.GENESIS, ""

    def tell(self, facts: Sequence[Event], batch: int) -> tuple[float, float]:
        """Seconds by the wall, and of this process."""
        pushes = [self._push(facts[start : start + batch]) for start in range(0, len(facts), batch)]
        asked = [codec.as_told(one) for one in pushes]
        began, busy = time.perf_counter(), time.process_time()
        for ask in asked:
            answer = ingest.push(self.there, CLOCK, self.device, ask)
            assert isinstance(answer, Pushed), answer
            assert not answer.notices, answer.notices
        return time.perf_counter() - began, time.process_time() - busy

    def _push(self, facts: Sequence[Event]) -> Push:
        before = self.head
        made = tuple(self._record(fact) for fact in facts)
        return Push(epoch="e1", prev_chain=before, events=made)

    def _record(self, fact: Event) -> EventRecord:
        self.sequence += 1
        now = CLOCK.now()
        self.hlc = advance(self.hlc, int(now.timestamp() * 1000))
        plain = EventRecord(
            id=IDS.uuid(),
            type=fact.type,
            time=now,
            subject="bench",
            epoch="e1",
            sequence=self.sequence,
            chain="",
            hlc=self.hlc,
            data=_data(fact),
        )
        self.head = codec.link(self.head, plain) or ""
        return msgspec.structs.replace(plain, chain=self.head)


def _data(fact: Event) -> dict[str, object]:
    return dict(codec.decode(codec.encode(fact), dict) or {})
