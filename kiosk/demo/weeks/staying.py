"""The story's kiosks go on calling, so that a back office shows them as they are."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central.beats import beat
from sync.central.database import Database
from sync.central.demo import TENANT
from sync.central.devices import Device
from sync.central.tables import devices, epochs
from sync.wire.messages import Heartbeat

EVERY_S: Final = 30.0


def beat_all(database: Database, clock: Clock, silent: frozenset[str]) -> int:
    """One heartbeat of every kiosk of the demo that has told something, as its last one was, but
    for `silent` codes; how many."""
    here = sa.and_(epochs.c.device_id == devices.c.device_id, epochs.c.epoch == devices.c.epoch)
    query = (
        sa.select(devices, epochs.c.cursor, epochs.c.chain_head)
        .join(epochs, here)
        .where(devices.c.tenant == TENANT, devices.c.state == "enrolled")
    )
    with database.reading() as c:
        rows = [row for row in c.execute(query) if row.kiosk_code not in silent]
    for row in rows:
        beat(database, clock, Device(row.device_id, TENANT, False), _as_last(row, clock))
    return len(rows)


def _as_last(row: sa.Row[Any], clock: Clock) -> Heartbeat:
    return Heartbeat(
        time=clock.now(),
        version=row.version,
        epoch=row.epoch,
        cursor=row.cursor,
        chain_head=row.chain_head,
        queued=0,
        policy_number=row.policy_number,
        troubles=tuple(row.troubles.split()),
        disk_free_mb=row.disk_free_mb,
        clock_error_ms=40,
        checked_s=3600,
    )
