"""How a month comes to the centre: by the real door, in some order, in some portions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from kiosk.domain import chain
from sync.central import policy
from sync.central.cases import UNSETTLED
from sync.central.database import Database
from sync.central.devices import Device
from sync.central.ingest import push
from sync.central.reconcile import books
from sync.central.reconcile.record import record_many
from sync.central.reconcile.run import reconcile
from sync.central.tables import case_events, cases, devices
from sync.central.tables.reconcile import awaited
from sync.central.tables.reconcile import books as books_kept
from sync.wire import codec
from sync.wire.messages import EventRecord, Push, Pushed
from tests.sync.conftest import TENANT
from tests.sync.reconcile.faults import device
from tests.sync.reconcile.month import BEGIN, Happened, Month, Planted

ZONE = ZoneInfo("Europe/Berlin")


@dataclass
class Moving:
    """A clock that goes on a little with every look at it."""

    at: datetime

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=50)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Kiosk:
    """Its outbox: events in its own order, in one chain."""

    device: Device
    head: str = chain.GENESIS
    sequence: int = 0
    waiting: list[EventRecord] = field(default_factory=list)

    def record(self, one: Happened) -> None:
        self.sequence += 1
        event = EventRecord(
            id=one.event_id,
            type=one.fact.type,
            time=one.at,
            subject=one.subject,
            epoch="e1",
            sequence=self.sequence,
            chain="",
            data=msgspec.json.decode(msgspec.json.encode(one.fact)),
        )
        link = codec.link(self.head, event)
        assert link is not None
        self.head = link
        self.waiting.append(msgspec.structs.replace(event, chain=link))


@dataclass
class Arriving:
    """One centre that hears of a month."""

    database: Database
    month: Month
    clock: Moving
    dice: random.Random
    kiosks: dict[int, Kiosk] = field(default_factory=dict)
    sent: dict[int, str] = field(default_factory=lambda: defaultdict(lambda: chain.GENESIS))

    def prepare(self) -> None:
        policy.put_authorisations(self.database, TENANT, self.month.authorisations())
        rows = [
            {
                "device_id": device(site),
                "tenant": TENANT,
                "site": f"Shop {site:02}",
                "kiosk_code": f"K{site}",
                "public_key": "",
                "enrolled_at": self.clock.now(),
            }
            for site in range(self.month.sites)
        ]
        self.database.write(lambda c: c.execute(devices.insert(), rows))
        self.kiosks = {
            site: Kiosk(Device(device(site), TENANT, False)) for site in range(self.month.sites)
        }

    def all_at_once(self, told: Sequence[Happened], between: float = 0.0) -> None:
        """In random order and portions, with a run of the matching between them now and then;
        only a kiosk keeps the order of its own events."""
        for one in told:
            if one.site >= 0:
                self.kiosks[one.site].record(one)
        moved = [one.movement for one in told if one.movement is not None]
        self.dice.shuffle(moved)
        while moved or any(kiosk.waiting for kiosk in self.kiosks.values()):
            many = self.dice.choice((1, 20, 200, 500))
            if moved and self.dice.random() < 0.5:
                self._record(moved[:many])
                del moved[:many]
            else:
                self._push(self.dice.choice(sorted(self.kiosks)), many)
            if self.dice.random() < between:
                self.match()

    def day_by_day(self, told: Iterable[Happened]) -> None:
        """As it happens, hour by hour; every night the matching and the books."""
        for hour, facts in groupby(told, key=lambda one: one.at.replace(minute=0, second=0)):
            if hour.date() > self.clock.at.date():
                self._night(hour.replace(hour=0) + timedelta(minutes=1))
            self.wait(hour + timedelta(minutes=59))
            self._tell(list(facts))

    def _tell(self, told: Sequence[Happened]) -> None:
        for one in told:
            if one.site >= 0:
                self.kiosks[one.site].record(one)
        for site in sorted({one.site for one in told if one.site >= 0}):
            self._push(site, 500)
        self._record([one.movement for one in told if one.movement is not None])

    def _night(self, at: datetime) -> None:
        self.wait(at)
        self.match()
        self.close()

    def close(self) -> tuple[str, ...]:
        return books.close(self.database, TENANT, self.clock.now(), ZONE)

    def _push(self, site: int, many: int) -> None:
        kiosk = self.kiosks[site]
        events, kiosk.waiting = kiosk.waiting[:many], kiosk.waiting[many:]
        if not events:
            return
        ask = Push(epoch="e1", prev_chain=self.sent[site], events=tuple(events))
        answer = push(self.database, self.clock, kiosk.device, codec.as_told(ask))
        assert isinstance(answer, Pushed), answer
        self.sent[site] = answer.chain_head

    def _record(self, rows: Sequence[object]) -> None:
        now = self.clock.now()
        self.database.write(lambda c: record_many(c, TENANT, rows, now))

    def match(self, portion: int = 0) -> object:
        return reconcile(self.database, TENANT, self.clock.now(), portion=portion)

    def match_all(self) -> object:
        """Everything that was ever told, once more, in small portions."""
        return reconcile(self.database, TENANT, self.clock.now(), since=BEGIN, portion=1500)

    def wait(self, until: datetime) -> None:
        self.clock.at = max(self.clock.at, until)

    # --- what the centre makes of it ---

    def found(self) -> list[Planted]:
        """The open cases, as the month names what it planted."""
        with self.database.reading() as c:
            rows = c.execute(sa.select(cases).where(cases.c.state.in_(UNSETTLED)))
            return sorted(_named(row) for row in rows)

    def proofs(self) -> set[tuple[str, ...]]:
        """The open cases with the hashes of their evidence; of a second drop it depends on which
        came first."""
        with self.database.reading() as c:
            rows = c.execute(
                sa.select(cases.c.key, cases.c.digest).where(
                    cases.c.state.in_(UNSETTLED), cases.c.subject_kind != "drop_line"
                )
            )
            return {tuple(row) for row in rows}

    def steps(self) -> int:
        """How many steps all cases have taken."""
        with self.database.reading() as c:
            return c.execute(sa.select(sa.func.count()).select_from(case_events)).scalar_one()

    def kept(self) -> list[tuple[object, ...]]:
        """The closed books."""
        with self.database.reading() as c:
            rows = c.execute(sa.select(books_kept).order_by(books_kept.c.day, books_kept.c.site))
            return [tuple(row) for row in rows]

    def waits(self) -> int:
        with self.database.reading() as c:
            return c.execute(sa.select(sa.func.count()).select_from(awaited)).scalar_one()


def _named(case: sa.Row[Any]) -> Planted:
    subject, _, part = case.subject.partition("/")
    if case.subject_kind == "drop_line":  # of the second drop, whichever that was
        return (case.kind, "line", case.evidence["returns"][0], case.evidence["lines"][0])
    return (case.kind, case.subject_kind, subject, part)
