"""All that a kiosk's page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central import screens
from sync.central.cases import UNSETTLED
from sync.central.cases.evidence import read
from sync.central.database import Database
from sync.central.fleet import reading, spans
from sync.central.tables import cases, devices, drops, epochs, events, merchants

Row = Mapping[str, Any]
LATEST: Final = 8
MOST_PICTURES: Final = 6
_DEVICES_FOR: Final = timedelta(days=90)
"""Kiosks tell of their devices at each start; one that was not heard of for longer is gone."""
_MOST_TOLD: Final = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A printer, camera or scanner, as it was told of last."""

    name: str
    family: str
    state: str
    fault: str
    at: datetime


@dataclass(frozen=True, slots=True)
class One:
    """`kiosk` is as reading.dressed makes it; `cursor` is how far its records have come here in
    its epoch; `newest` is the newest bundle for all."""

    kiosk: Row
    cursor: int
    newest: int
    parts: tuple[Part, ...]
    spans: tuple[Row, ...]
    drops: tuple[Row, ...]
    cases: tuple[Row, ...]
    screens: tuple[Row, ...]


def one(database: Database, tenant: str, device_id: str, now: datetime) -> One | None:
    with database.reading() as c:
        found = reading.dressed(c, tenant, now, only=device_id) if device_id else []
        if not found:
            return None
        return One(
            kiosk=found[0],
            cursor=_cursor(c, device_id, found[0]["epoch"]),
            newest=reading.issued(c, tenant, 0).newest,
            parts=_parts(c, device_id, now),
            spans=spans.latest(c, device_id, 20),
            drops=_drops(c, tenant, device_id),
            cases=_cases(c, tenant, device_id),
            screens=screens.of_kiosk(c, tenant, device_id, now, MOST_PICTURES),
        )


def _cursor(c: sa.Connection, device_id: str, epoch: str) -> int:
    here = sa.and_(epochs.c.device_id == device_id, epochs.c.epoch == epoch)
    return int(c.execute(sa.select(epochs.c.cursor).where(here)).scalar_one_or_none() or 0)


def _told(device_id: str, kind: str) -> sa.Select[Any]:
    """What a kiosk told of one kind, the newest first."""
    return (
        sa.select(events)
        .where(
            events.c.device_id == device_id,
            events.c.type == kind,
            events.c.state == "accepted",
        )
        .order_by(events.c.received_at.desc(), events.c.sequence.desc())
    )


def _parts(c: sa.Connection, device_id: str, now: datetime) -> tuple[Part, ...]:
    told = _told(device_id, facts.DeviceChanged.type).where(
        events.c.received_at > now - _DEVICES_FOR
    )
    found: dict[str, Part] = {}
    for row in c.execute(told.limit(_MOST_TOLD)):
        data = msgspec.json.decode(row.body)["data"]
        name, family = str(data["device"]), str(data["family"])
        state, fault = str(data["state"]), str(data["fault"])
        found.setdefault(name, Part(name, family, state, fault, row.corrected_at))
    return tuple(sorted(found.values(), key=lambda part: (part.family, part.name)))


def _drops(c: sa.Connection, tenant: str, device_id: str) -> tuple[Row, ...]:
    """The latest, found by the kiosk's own events: these have an index by kiosk."""
    latest = _told(device_id, facts.DropCommitted.type).limit(LATEST).subquery()
    shops = sa.and_(
        merchants.c.tenant == drops.c.tenant, merchants.c.merchant_id == drops.c.merchant_id
    )
    query = (
        sa.select(
            drops,
            sa.func.coalesce(merchants.c.name, drops.c.merchant_id).label("merchant"),
            devices.c.kiosk_code,
        )
        .join(latest, latest.c.subject == drops.c.drop_id)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(merchants, shops)
        .where(drops.c.tenant == tenant)
        .order_by(drops.c.received_at.desc(), drops.c.drop_id)
    )
    return tuple(dict(row) for row in c.execute(query).mappings())


def _cases(c: sa.Connection, tenant: str, device_id: str) -> tuple[Row, ...]:
    """Those that wait, the oldest first."""
    mine = sa.and_(
        cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED), cases.c.device_id == device_id
    )
    query = sa.select(cases).where(mine).order_by(cases.c.opened_at, cases.c.case_id)
    rows = c.execute(query.limit(LATEST)).mappings()
    return tuple({**row, "evidence": read(row["evidence"])} for row in rows)
