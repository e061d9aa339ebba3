"""One shop, one kiosk, and whatever is told of its bags: for single situations."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from sync.central.cases import UNSETTLED
from sync.central.database import Database, upsert
from sync.central.reconcile import books
from sync.central.reconcile.model import Kind, Movement
from sync.central.reconcile.record import Recorded, record_many
from sync.central.reconcile.run import Reconciled, reconcile
from sync.central.tables import cases, devices, drop_lines, drops
from tests.sync.conftest import TENANT

MONDAY = datetime(2026, 5, 4, 10, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


@dataclass
class Shop:
    database: Database
    now: datetime = MONDAY
    names: Any = field(default_factory=lambda: itertools.count(1))
    words: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        row = {
            "device_id": "K1",
            "tenant": TENANT,
            "site": "Main Street",
            "kiosk_code": "K1",
            "public_key": "",
            "enrolled_at": self.now,
        }
        self.database.write(lambda c: upsert(c, devices, [row]))

    def dropped(
        self,
        bag_id: str = "B1",
        return_id: str = "R1",
        *,
        units: int = 1,
        number: int = 0,
        at: datetime | None = None,
        **values: Any,
    ) -> None:
        """A drop of one line of 10 EUR each; told now."""
        count = next(self.names)
        name = f"drop-{count}"
        moments = {"told_at": at or self.now, "corrected_at": at or self.now}
        drop = {
            "drop_id": name,
            "tenant": TENANT,
            "device_id": "K1",
            "event_id": f"event-{count}",
            "drop_number": f"K1-{number or count:06d}-X",
            "visit_id": "",
            "return_id": return_id,
            "merchant_id": "linden",
            "bag_id": bag_id,
            "policy_number": 1,
            "identified_by": "signed",
            "code_id": "",
            "received_at": self.now,
            **moments,
            "refund": 1000 * units,
            "fee": 0,
            "currency": "EUR",
            **values,
        }
        line = {
            "drop_id": name,
            "position": 0,
            "tenant": TENANT,
            "line_id": "L1",
            "sku": "S",
            "outcome": "accept",
            "reason": "",
            "reason_values": {},
            "brought": units,
            "price": 1000,
            "refund": 1000,
            "fee": 0,
            "withheld": 0,
            "currency": "EUR",
            "disposal": "none",
            "rule_ids": [],
            "answers": {},
            "state": "accepted",
        }

        def write(c: sa.Connection) -> None:
            c.execute(drops.insert(), drop)
            c.execute(drop_lines.insert(), line)

        self.database.write(write)

    def told(self, kind: Kind, *, at: datetime | None = None, **values: Any) -> Recorded:
        told = {"source": "hub:north", "source_id": f"{kind}-{next(self.words)}", **values}
        one = Movement(kind=kind, told_at=at or self.now, **told)
        return self.database.write(lambda c: record_many(c, TENANT, [one], self.now))

    def later(self, **span: float) -> Reconciled:
        """Time goes by, and the matching runs."""
        self.now += timedelta(**span)
        return reconcile(self.database, TENANT, self.now)

    def close(self) -> tuple[str, ...]:
        return books.close(self.database, TENANT, self.now, ZONE)

    def open(self) -> list[str]:
        with self.database.reading() as c:
            query = sa.select(cases.c.key).where(cases.c.state.in_(UNSETTLED))
            return sorted(c.execute(query).scalars())

    def case(self, key: str) -> Any:
        with self.database.reading() as c:
            return c.execute(sa.select(cases).where(cases.c.key == key)).one()
