"""Kiosks of the story: enrolled by a code, with one chain of records each, pushed by the real door.

A box is not the kiosk's program: it has no store and no screen. It records what a kiosk records,
in the same form, and the centre cannot tell the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk import __version__ as VERSION
from kiosk.app import committing, judging, numbers
from kiosk.domain import chain, codes
from kiosk.domain.events import (
    DropCommitted,
    DropRefused,
    Event,
    KioskStarted,
    PhotoFact,
)
from kiosk.domain.visit import OpenDrop
from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central import demo, devices
from sync.central.beats import beat
from sync.central.database import Database
from sync.central.devices import Device
from sync.central.ingest import push
from sync.central.tables import devices as kiosks
from sync.wire import codec
from sync.wire.messages import MAX_EVENTS, Enrol, Enrolled, EventRecord, Heartbeat, Push, Pushed

_SEED_BITS: Final = 256
_A_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kiosk stands, and its visitors on a usual day."""

    code: str
    site: str
    usual: int


@dataclass
class Box:
    """`first_bag` is the number of its first bag; `bundle` the rules that it decides by."""

    place: Place
    device: Device
    first_bag: int
    epoch: str
    bundle: int = 0
    drops: int = 0
    bags: int = 0
    sequence: int = 0
    head: str = chain.GENESIS
    sent: str = chain.GENESIS
    waiting: list[EventRecord] = field(default_factory=list)

    def record(self, ids: Ids, fact: Event, subject: str, at: datetime) -> None:
        self.record_raw(ids, fact.type, msgspec.json.decode(msgspec.json.encode(fact)), subject, at)

    def record_raw(
        self, ids: Ids, kind: str, data: dict[str, Any], subject: str, at: datetime
    ) -> None:
        self.sequence += 1
        event = EventRecord(
            id=ids.uuid(),
            type=kind,
            time=at,
            subject=subject,
            epoch=self.epoch,
            sequence=self.sequence,
            chain="",
            policyversion=self.bundle,
            data=data,
        )
        link = codec.link(self.head, event)
        assert link is not None, "what is recorded here can be hashed"
        self.head = link
        self.waiting.append(msgspec.structs.replace(event, chain=link))

    def fact_of(self, drop: OpenDrop, photos: Sequence[PhotoFact] = ()) -> DropCommitted:
        """Takes the next drop number, and the next bag where goods come in."""
        self.drops += 1
        if drop.needs_bag:
            self.bags += 1
        bag = codes.bag_code(self.first_bag + self.bags) if drop.needs_bag else ""
        number = numbers.drop_number(self.place.code, self.drops)
        return committing.fact_of(drop, number, bag, judging.kept(drop), tuple(photos))

    def refused(self, ids: Ids, drop: OpenDrop, at: datetime) -> None:
        lines, shared = judging.kept(drop)
        fact = DropRefused(
            drop.drop_id,
            drop.visit_id,
            drop.authorisation.return_id,
            drop.merchant.merchant_id,
            drop.policy_number,
            lines,
            shared,
        )
        self.record(ids, fact, drop.drop_id, at)

    def tell(self, database: Database, clock: Clock) -> None:
        """Push all that waits."""
        while self.waiting:
            batch, self.waiting = self.waiting[:MAX_EVENTS], self.waiting[MAX_EVENTS:]
            ask = Push(epoch=self.epoch, prev_chain=self.sent, events=tuple(batch))
            answer = push(database, clock, self.device, codec.as_told(ask))
            assert isinstance(answer, Pushed), answer
            self.sent = answer.chain_head

    def beat(
        self,
        database: Database,
        clock: Clock,
        troubles: Sequence[str] = (),
        *,
        back: bool = False,
    ) -> None:
        """Unless it is `back` from a silence, it has called each minute until now, telling the same
        troubles as last; those calls would have changed nothing but when it was heard."""
        now = clock.now()
        if not back:
            self._called(database, now - _A_MINUTE)
        oldest = int((now - self.waiting[0].time).total_seconds()) if self.waiting else 0
        told = Heartbeat(
            time=now,
            version=VERSION,
            epoch=self.epoch,
            cursor=self.sequence - len(self.waiting),
            chain_head=self.sent,
            queued=len(self.waiting),
            oldest_queued_s=oldest,
            policy_number=self.bundle,
            troubles=tuple(troubles),
            disk_free_mb=41_000 - 7 * self.drops,
            clock_offset_ms=0,
            clock_error_ms=40,
            checked_s=3600,
        )
        beat(database, clock, self.device, told)

    def _called(self, database: Database, at: datetime) -> None:
        earlier = sa.and_(kiosks.c.device_id == self.device.device_id, kiosks.c.beat_at < at)
        heard = kiosks.update().where(earlier).values(beat_at=at)
        database.write(lambda c: c.execute(heard))


def enrolled(database: Database, clock: Clock, ids: Ids, place: Place) -> Box:
    """By a one-time code, as an engineer does. The private key is thrown away: this kiosk is told
    of from inside the process alone."""
    tenant = demo.TENANT
    code = devices.create_enrolment(database, clock, ids, tenant, place.site, place.code)
    key = SigningKey(place.code, ids.token(_SEED_BITS).to_bytes(_SEED_BITS // 8))
    ask = Enrol(
        code=code,
        public_key=key.public.hex(),
        proof=key.sign(code.encode()).hex(),
        version=VERSION,
    )
    made = devices.enrol(database, clock, ids, ask, "")
    assert isinstance(made, Enrolled), made
    device = Device(made.device_id, tenant, False, key.public.hex())
    box = Box(place, device, ids.token(32), ids.uuid())
    now = clock.now()
    box.record(ids, KioskStarted(VERSION, 0, 0), device.device_id, now)
    return box
