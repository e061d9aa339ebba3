"""A kiosk changes its key: the new one comes signed by the one in force, both count for a while.

The overlap is for replies that get lost and for a kiosk that runs on with the key it started
with. An old key only lets in; it makes no further key, so that whoever finds one gains nothing
that lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal import keys
from sync.central.database import Transactions, locked
from sync.central.tables import devices, old_keys
from sync.wire.messages import Problem, Rotate, Rotated

OVERLAP = timedelta(days=7)


def accepted(c: sa.Connection, device_id: str, current: str, now: datetime) -> Iterator[bytes]:
    """The keys that let this kiosk in, the one in force first."""
    yield bytes.fromhex(current)
    mine = sa.and_(old_keys.c.device_id == device_id, old_keys.c.until > now)
    newest = old_keys.c.replaced_at.desc()
    for public in c.execute(sa.select(old_keys.c.public_key).where(mine).order_by(newest)):
        yield bytes.fromhex(public[0])


def rotate(
    database: Transactions, clock: Clock, device_id: str, signed_by: str, ask: Rotate
) -> Rotated | Problem:
    """Put the new key in force. `signed_by` is the public key, hex, that the request was signed
    with. Asking again for the key in force answers the same: the first reply may have been lost."""

    def work(c: sa.Connection) -> Rotated | Problem:
        now = clock.now()
        row = c.execute(
            locked(sa.select(devices).where(devices.c.device_id == device_id))
        ).one_or_none()
        new = ask.public_key.lower()
        if row is None or not _proven(device_id, ask):
            return Problem(kind="bad_request", detail="no proof of the new key")
        if row.state == "revoked":
            return Problem(kind="revoked")
        if row.public_key == new:
            return Rotated(public_key=new, server_time=now)
        if row.public_key != signed_by or _had(c, device_id, new):
            return Problem(kind="superseded")
        old = {"device_id": device_id, "public_key": row.public_key}
        c.execute(old_keys.insert(), {**old, "replaced_at": now, "until": now + OVERLAP})
        mine = devices.c.device_id == device_id
        c.execute(devices.update().where(mine).values(public_key=new))
        return Rotated(public_key=new, server_time=now)

    return database.write(work)


def _had(c: sa.Connection, device_id: str, public: str) -> bool:
    same = sa.and_(old_keys.c.device_id == device_id, old_keys.c.public_key == public)
    return c.execute(sa.select(old_keys.c.device_id).where(same)).first() is not None


def _proven(device_id: str, ask: Rotate) -> bool:
    """Whether the caller holds the key it names."""
    try:
        public, proof = bytes.fromhex(ask.public_key), bytes.fromhex(ask.proof)
    except ValueError:
        return False
    return keys.verify(public, proof, ask.proven(device_id, ask.public_key.lower()))
