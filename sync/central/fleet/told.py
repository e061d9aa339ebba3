"""What a kiosk told of itself, as a file to take away: JSON lines, the oldest first.

A closed list of facts: its starts, devices, rules, settings, orders (with what they told, also the
lines of its log) and store. Nothing of a visit, a return, a code or a shopper is among them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.domain.staff.facts import BookRejected, RosterTaken
from sync.central.database import Database
from sync.central.tables import devices, events

SPAN: Final = timedelta(days=30)
MOST: Final = 5_000
"""Lines; the newest."""
KINDS: Final = tuple(
    kind.type
    for kind in (
        facts.KioskStarted,
        facts.DeviceChanged,
        facts.PolicyActivated,
        facts.PolicyRejected,
        facts.LookRefused,
        facts.SettingsTaken,
        facts.SettingsRefused,
        facts.CommandSettled,
        facts.StoreRecovered,
        facts.StoreReplayed,
        facts.PhotoLost,
        facts.ScreenPictured,
        RosterTaken,
        BookRejected,
    )
)


class Line(msgspec.Struct, frozen=True):
    """`time` is the kiosk's, as the centre corrected it; `number` its place in the epoch."""

    time: datetime
    received: datetime
    type: str
    epoch: str
    number: int
    data: msgspec.Raw


class _Body(msgspec.Struct, frozen=True):
    data: msgspec.Raw


def lines(database: Database, tenant: str, device_id: str, now: datetime) -> bytes | None:
    """The file; None for a kiosk that the tenant does not have."""
    whose = sa.select(devices.c.device_id).where(
        devices.c.tenant == tenant, devices.c.device_id == device_id
    )
    told = (
        sa.select(events)
        .where(
            events.c.device_id == device_id,
            events.c.received_at > now - SPAN,
            events.c.type.in_(KINDS),
            events.c.state == "accepted",
        )
        .order_by(events.c.received_at.desc(), events.c.sequence.desc())
        .limit(MOST)
    )
    with database.reading() as c:
        if c.execute(whose).first() is None:
            return None
        rows = c.execute(told).all()
    made = (
        Line(
            row.corrected_at,
            row.received_at,
            row.type,
            row.epoch,
            row.sequence,
            msgspec.json.decode(row.body, type=_Body).data,
        )
        for row in reversed(rows)
    )
    return msgspec.json.Encoder().encode_lines(list(made))
