"""Pictures of kiosks' screens: of faults, and as they were ordered.

A kiosk tells that it took one; the file comes as a photograph does (sync.central.photos), and lies
beside those. Of each kiosk only the newest are kept, so that none can fill the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central.database import Database, insert_new
from sync.central.photos import is_hash
from sync.central.received import Received
from sync.central.tables import drop_photos, photos, screens
from sync.wire.messages import MAX_SCREEN

MOST_KEPT: Final = 30
GIVEN_UP: Final = timedelta(days=1)
_LONGEST_TROUBLES: Final = 1000
Row = Mapping[str, Any]


def expect(c: sa.Connection, came: Received, fact: facts.ScreenPictured) -> None:
    """Take its file when it comes, in place of the oldest one. What could be no picture's is
    passed over: it is told all the same."""
    if not 0 < fact.size <= MAX_SCREEN or not is_hash(fact.sha256):
        return
    row = {
        "event_id": came.event_id,
        "tenant": came.tenant,
        "device_id": came.device_id,
        "sha256": fact.sha256,
        "size": fact.size,
        "troubles": " ".join(fact.troubles).replace("\0", "")[:_LONGEST_TROUBLES],
        "ordered": fact.ordered > 0,
        "at": came.corrected_at,
        "received_at": came.received_at,
    }
    if insert_new(c, screens, row):
        old = sa.select(screens.c.event_id).where(screens.c.device_id == came.device_id)
        old = old.order_by(screens.c.received_at.desc(), screens.c.event_id.desc())
        forget(c, came.tenant, c.execute(old.offset(MOST_KEPT)).scalars().all())


def forget(c: sa.Connection, tenant: str, event_ids: Sequence[str]) -> None:
    """These pictures, with the files that nothing else names."""
    mine = sa.and_(screens.c.tenant == tenant, screens.c.event_id.in_(event_ids))
    if not event_ids:
        return
    hashes = c.execute(sa.select(screens.c.sha256).where(mine)).scalars().all()
    c.execute(screens.delete().where(mine))
    named = (
        sa.exists().where(other.c.tenant == tenant, other.c.sha256 == photos.c.sha256)
        for other in (screens, drop_photos)
    )
    of_none = sa.and_(photos.c.tenant == tenant, photos.c.sha256.in_(hashes), ~sa.or_(*named))
    c.execute(photos.delete().where(of_none))


def of_kiosk(
    c: sa.Connection, tenant: str, device_id: str, now: datetime, most: int
) -> tuple[Row, ...]:
    """The newest first; `came_at` is None while the file is on its way. One that has not come for
    a day was given up."""
    query = (
        sa.select(
            *(one for one in screens.c if one.name != "tenant"),
            photos.c.came_at,
        )
        .outerjoin(photos, _whole())
        .where(screens.c.tenant == tenant, screens.c.device_id == device_id)
        .where(sa.or_(photos.c.came_at.is_not(None), screens.c.received_at > now - GIVEN_UP))
        .order_by(screens.c.received_at.desc(), screens.c.event_id.desc())
        .limit(most)
    )
    return tuple(dict(row) for row in c.execute(query).mappings())


def read(database: Database, tenant: str, device_id: str, event_id: str) -> bytes | None:
    """The JPEG, once it is here whole."""
    query = (
        sa.select(photos.c.data)
        .join(screens, _whole())
        .where(
            screens.c.tenant == tenant,
            screens.c.device_id == device_id,
            screens.c.event_id == event_id,
            photos.c.came_at.is_not(None),
        )
    )
    with database.reading() as c:
        found = c.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)


def _whole() -> sa.ColumnElement[bool]:
    return sa.and_(photos.c.tenant == screens.c.tenant, photos.c.sha256 == screens.c.sha256)
