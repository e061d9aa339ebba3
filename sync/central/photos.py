"""Photographs that drops name: awaited from the event on, taken in parts, shown with their drop.

Only what an accepted event of this tenant names is taken, and only bytes that have the hash that
it named: nobody can fill the disk with something else, and nobody changes a photograph later. They
lie beside the events, by hash, so the same file is kept once. Pictures of kiosks' screens
(sync.central.screens) come the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.ports import Clock
from sync.central import opened
from sync.central.database import Database, Transactions, insert_new, locked
from sync.central.devices import Refused
from sync.central.received import Received
from sync.central.tables import drop_photos, drops, events, photos, screens
from sync.wire.messages import MAX_PHOTO, PhotoHeld, Problem

LATE_AFTER: Final = timedelta(days=1)
"""A photograph that has not come for so long since its drop came is shown as missing."""
_MOST_ASKED: Final = 20
_JPEG: Final = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Shown:
    """A drop's photograph on its page: `state` is here, awaited, late or lost."""

    line_id: str
    sha256: str
    state: str


def expect(c: sa.Connection, came: Received, fact: facts.DropCommitted) -> None:
    """Wait for what a drop names. What could be no photograph's is passed over: the drop counts
    all the same."""
    for position, photo in enumerate(fact.photos):
        if not 0 < photo.size <= MAX_PHOTO or not is_hash(photo.sha256):
            continue
        row = {
            "drop_id": fact.drop_id,
            "position": position,
            "tenant": came.tenant,
            "device_id": came.device_id,
            "line_id": photo.line_id,
            "sha256": photo.sha256,
            "size": photo.size,
            "received_at": came.received_at,
            "awaited": not _here(c, came.tenant, photo.sha256),
        }
        insert_new(c, drop_photos, row)
        if row["awaited"] and _told_lost(c, came, photo.sha256):
            lost(c, came, photo.sha256)


def lost(c: sa.Connection, came: Received, sha256: str) -> None:
    """Its kiosk cannot read it any more: nobody waits for it, and a person is told. What comes all
    the same is taken."""
    mine = sa.and_(
        drop_photos.c.tenant == came.tenant,
        drop_photos.c.sha256 == sha256,
        drop_photos.c.device_id == came.device_id,
        drop_photos.c.awaited.is_(True),
    )
    named = (
        sa.select(drops.c.drop_id, drops.c.bag_id, drops.c.return_id, drops.c.drop_number)
        .add_columns(drop_photos.c.line_id)
        .join(drop_photos, drop_photos.c.drop_id == drops.c.drop_id)
        .where(mine)
        .order_by(drops.c.drop_id)
    )
    opened.photo_lost(c, came, sha256, c.execute(named).all())
    c.execute(drop_photos.update().where(mine).values(awaited=False))


def _told_lost(c: sa.Connection, came: Received, sha256: str) -> bool:
    """Whether the kiosk told so before its drop could be used: a record that was set apart comes
    again, and what was told of its photographs does not."""
    told = sa.select(events.c.id).where(
        events.c.tenant == came.tenant,
        events.c.subject == sha256,
        events.c.type == facts.PhotoLost.type,
        events.c.device_id == came.device_id,
        events.c.state == "accepted",
    )
    return c.execute(told).first() is not None


def take(
    database: Transactions, clock: Clock, tenant: str, sha256: str, start: int, part: bytes
) -> PhotoHeld | Refused:
    """A part of a photograph, from byte `start` on. One that begins elsewhere than where we stand
    changes nothing; the answer says where that is."""

    def work(c: sa.Connection) -> PhotoHeld | Refused:
        now = clock.now()
        size = _expected(c, tenant, sha256)
        if size is None:
            return Refused(404, Problem(kind="not_expected"))
        insert_new(
            c, photos, {"tenant": tenant, "sha256": sha256, "size": size, "have": 0, "data": b""}
        )
        here = sa.and_(photos.c.tenant == tenant, photos.c.sha256 == sha256)
        row = c.execute(locked(sa.select(photos).where(here))).one()
        if row.came_at is not None:
            _came(c, tenant, sha256)
            return PhotoHeld(have=row.have, done=True, server_time=now)
        data = bytes(row.data)
        if start != len(data) or not part:
            return PhotoHeld(have=len(data), done=False, server_time=now)
        data += part
        fault = _fault(data, size, sha256)
        if fault:
            c.execute(photos.update().where(here).values(data=b"", have=0))
            return Refused(422, Problem(kind=fault))
        done = len(data) == size
        values = {"data": data, "have": len(data), "came_at": now if done else None}
        c.execute(photos.update().where(here).values(values))
        if done:
            _came(c, tenant, sha256)
            opened.photo_found(c, tenant, now, sha256, _naming(c, tenant, sha256))
        return PhotoHeld(have=len(data), done=done, server_time=now)

    return database.write(work)


def _fault(data: bytes, size: int, sha256: str) -> str:
    if not data.startswith(_JPEG[: len(data)]):
        return "no_photograph"
    if len(data) > size:
        return "too_large"
    if len(data) == size and hashlib.sha256(data).hexdigest() != sha256:
        return "wrong_hash"
    return ""


def _expected(c: sa.Connection, tenant: str, sha256: str) -> int | None:
    """The size that was named; where two events differ, whatever the hash will bear out."""
    named = sa.select(sa.func.max(drop_photos.c.size)).where(
        drop_photos.c.tenant == tenant, drop_photos.c.sha256 == sha256
    )
    found: int | None = c.execute(named).scalar_one()
    return _of_a_screen(c, tenant, sha256) if found is None else found


def _of_a_screen(c: sa.Connection, tenant: str, sha256: str) -> int | None:
    """The size of a picture of a kiosk's screen (sync.central.screens), which travels as well."""
    told = sa.select(sa.func.max(screens.c.size)).where(
        screens.c.tenant == tenant, screens.c.sha256 == sha256
    )
    found: int | None = c.execute(told).scalar_one()
    return found


def _here(c: sa.Connection, tenant: str, sha256: str) -> bool:
    """Whether another drop brought the same file."""
    whole = sa.select(photos.c.came_at).where(
        photos.c.tenant == tenant, photos.c.sha256 == sha256, photos.c.came_at.is_not(None)
    )
    return c.execute(whole).first() is not None


def _came(c: sa.Connection, tenant: str, sha256: str) -> None:
    awaited = sa.and_(
        drop_photos.c.tenant == tenant, drop_photos.c.sha256 == sha256, drop_photos.c.awaited
    )
    c.execute(drop_photos.update().where(awaited).values(awaited=False))


def _naming(c: sa.Connection, tenant: str, sha256: str) -> Sequence[str]:
    named = sa.select(drop_photos.c.drop_id).where(
        drop_photos.c.tenant == tenant, drop_photos.c.sha256 == sha256
    )
    return c.execute(named.distinct()).scalars().all()


def awaits(device_id: sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Whether any is lacking: a part of a larger query."""
    return sa.exists().where(drop_photos.c.device_id == device_id, drop_photos.c.awaited.is_(True))


def lacking(c: sa.Connection, device_id: str) -> tuple[str, ...]:
    """Some of what this kiosk's drops name and is not here: it is told so with its heartbeat."""
    query = sa.select(drop_photos.c.sha256).where(
        drop_photos.c.device_id == device_id, drop_photos.c.awaited.is_(True)
    )
    rows = c.execute(query.order_by(drop_photos.c.received_at).limit(_MOST_ASKED))
    return tuple(dict.fromkeys(rows.scalars()))


def of_drop(c: sa.Connection, drop_id: str, now: datetime) -> tuple[Shown, ...]:
    """A drop's photographs, in the order in which they were taken."""
    whole = sa.and_(
        photos.c.tenant == drop_photos.c.tenant, photos.c.sha256 == drop_photos.c.sha256
    )
    rows = c.execute(
        sa.select(drop_photos, photos.c.came_at)
        .outerjoin(photos, whole)
        .where(drop_photos.c.drop_id == drop_id)
        .order_by(drop_photos.c.position)
    )
    return tuple(Shown(row.line_id, row.sha256, _state(row, now)) for row in rows)


def _state(row: sa.Row[Any], now: datetime) -> str:
    if row.came_at is not None:
        return "here"
    if not row.awaited:
        return "lost"
    return "late" if row.received_at < now - LATE_AFTER else "awaited"


def read(database: Database, tenant: str, sha256: str) -> bytes | None:
    """The file, once it is here whole."""
    query = sa.select(photos.c.data).where(
        photos.c.tenant == tenant, photos.c.sha256 == sha256, photos.c.came_at.is_not(None)
    )
    with database.reading() as c:
        found = c.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)


def is_hash(text: str) -> bool:
    """Whether this is a SHA-256 in small hex."""
    return len(text) == 64 and frozenset("0123456789abcdef").issuperset(text)
