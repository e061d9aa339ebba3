"""What kiosks swore their chain to be: the newest head of each kiosk, epoch and day.

With it the centre can show anybody what a kiosk once said, whatever the kiosk shows later. A head
that does not hold is told to the kiosk and not kept; the events it came with are judged by their
own links, as a drop is never refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from kiosk.seal import sworn
from kiosk.seal.keys import SigningKey
from kiosk.seal.sworn import Kind, Sworn
from sync.central.rotation import accepted
from sync.central.tables import devices, heads
from sync.wire.messages import Notice, PushAsTold, Pushed


def keep(c: sa.Connection, now: datetime, device_id: str, ask: PushAsTold) -> Notice | None:
    """Keep the head of a batch that was taken, under the lock on its device."""
    told = ask.head
    if told is None or not ask.events:
        return None
    last = ask.events[-1]
    about = (told.device, told.epoch, told.sequence, told.chain)
    if about != (device_id, ask.epoch, last.sequence, last.chain):
        return Notice(sequence=last.sequence, kind="head", reason="about something else")
    public = c.execute(
        sa.select(devices.c.public_key).where(devices.c.device_id == device_id)
    ).scalar_one()
    held = accepted(c, device_id, public, now)
    signed_by = next((key for key in held if sworn.holds(Kind.HEAD, told, key)), None)
    if signed_by is None:
        return Notice(sequence=last.sequence, kind="head", reason="not signed by this kiosk")
    _put(c, now, told, signed_by.hex())
    return None


def _put(c: sa.Connection, now: datetime, told: Sworn, public: str) -> None:
    day = now.date().isoformat()
    mine = sa.and_(
        heads.c.device_id == told.device, heads.c.epoch == told.epoch, heads.c.day == day
    )
    values = {
        "sequence": told.sequence,
        "chain": told.chain,
        "time": told.time,
        "kid": told.kid,
        "signature": told.signature,
        "public_key": public,
        "received_at": now,
    }
    known = c.execute(sa.select(heads.c.sequence).where(mine)).scalar_one_or_none()
    if known is None:
        key = {"device_id": told.device, "epoch": told.epoch, "day": day}
        c.execute(heads.insert(), {**key, **values})
    elif told.sequence >= known:
        c.execute(heads.update().where(mine).values(values))


def of_device(c: sa.Connection, device_id: str) -> Iterator[tuple[Sworn, str]]:
    """Every head kept of a kiosk and the public key (hex) it was checked with, in the order in
    which they came."""
    mine = sa.select(heads).where(heads.c.device_id == device_id)
    for row in c.execute(mine.order_by(heads.c.received_at, heads.c.epoch, heads.c.sequence)):
        told = Sworn(
            row.device_id, row.epoch, row.sequence, row.chain, row.time, row.kid, row.signature
        )
        yield told, row.public_key


def anchor(told: Pushed, device_id: str, key: SigningKey) -> Sworn | None:
    """The centre's oath on what it answers; None where it holds nothing yet."""
    return oath(key, device_id, told.epoch, told.cursor, told.chain_head, told.server_time)


def oath(
    key: SigningKey | None, device_id: str, epoch: str, cursor: int, head: str, at: datetime
) -> Sworn | None:
    """That the centre holds this link at this place; None without a key, or where it holds
    nothing."""
    if key is None or not cursor:
        return None
    return sworn.swear(Kind.ANCHOR, key, device_id, epoch, cursor, head, at)
