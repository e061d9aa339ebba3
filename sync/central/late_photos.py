"""Photographs that a drop promised and that have not come: a case for each such drop, opened after
a day and settled again once none of them is awaited any more. Both by the centre's clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

import sqlalchemy as sa

from sync.central.cases import (
    UNSETTLED,
    Evidence,
    Found,
    Gone,
    Kind,
    key_of,
    open_many,
    settle_many,
)
from sync.central.centre import Centre
from sync.central.jobs import GoOn, Job
from sync.central.photos import LATE_AFTER
from sync.central.tables import cases, drop_photos, drops, tenants

EVERY: Final = timedelta(minutes=10)
PORTION: Final = 200
_SUBJECT: Final = "drop"
_KEYS: Final = key_of(Kind.PHOTO_LATE, _SUBJECT, "")


def work(centre: Centre, go_on: GoOn) -> str:
    """For one tenant after the other, in portions; how many cases."""
    with centre.database.reading() as c:
        names = list(c.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
    opened = settled = 0
    for tenant in names:
        opened += _in_portions(centre, tenant, go_on, open_late)
        settled += _in_portions(centre, tenant, go_on, settle_gone)
    return f"cases opened {opened}, settled {settled}"


class Step(Protocol):
    """A portion in one transaction; how many cases it moved."""

    def __call__(self, c: sa.Connection, tenant: str, now: datetime) -> int: ...


def _in_portions(centre: Centre, tenant: str, go_on: GoOn, step: Step) -> int:
    done = 0
    while go_on():
        now = centre.clock.now()
        count = centre.database.write(partial(step, tenant=tenant, now=now))
        done += count
        if count < PORTION:
            break
    return done


def open_late(c: sa.Connection, tenant: str, now: datetime) -> int:
    """Cases for drops that have none yet, the oldest first, at most a portion. One that a person
    has settled is not opened again: they know that it has not come."""
    late = sa.and_(
        drop_photos.c.tenant == tenant,
        drop_photos.c.awaited.is_(True),
        drop_photos.c.received_at < now - LATE_AFTER,
    )
    key = sa.literal(_KEYS) + drop_photos.c.drop_id
    known = sa.exists().where(cases.c.tenant == tenant, cases.c.key == key)
    of = (
        sa.select(drop_photos.c.drop_id)
        .where(late, ~known)
        .group_by(drop_photos.c.drop_id)
        .order_by(sa.func.min(drop_photos.c.received_at), drop_photos.c.drop_id)
        .limit(PORTION)
    )
    columns = drops.c.drop_id, drops.c.bag_id, drops.c.return_id, drops.c.drop_number
    its: sa.Select[Any] = (
        sa.select(*columns, drop_photos.c.device_id, drop_photos.c.line_id, drop_photos.c.sha256)
        .join(drop_photos, drop_photos.c.drop_id == drops.c.drop_id)
        .where(drops.c.tenant == tenant, late, drops.c.drop_id.in_(of))
        .order_by(drops.c.drop_id, drop_photos.c.position)
    )
    by_drop: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in c.execute(its):
        by_drop[row.drop_id].append(row)
    open_many(c, tenant, [_found(rows, now) for rows in by_drop.values()])
    return len(by_drop)


def _found(rows: Sequence[sa.Row[Any]], now: datetime) -> Found:
    """`rows` are one drop's."""
    drop = rows[0]
    proof = Evidence(
        drops=(drop.drop_id,),
        bags=(drop.bag_id,) if drop.bag_id else (),
        returns=(drop.return_id,),
        lines=tuple(dict.fromkeys(row.line_id for row in rows)),
        hashes=tuple(dict.fromkeys(row.sha256 for row in rows)),
        receipts=(drop.drop_number,),
    )
    return Found(Kind.PHOTO_LATE, _SUBJECT, drop.drop_id, now, proof, device_id=drop.device_id)


def settle_gone(c: sa.Connection, tenant: str, now: datetime) -> int:
    """Settle what came by now, and what its kiosk has told to be lost: that has a case of its
    own."""
    awaited = sa.exists().where(
        drop_photos.c.drop_id == cases.c.subject, drop_photos.c.awaited.is_(True)
    )
    query = (
        sa.select(cases.c.key, cases.c.subject)
        .where(
            cases.c.tenant == tenant,
            cases.c.state.in_(UNSETTLED),
            cases.c.kind == Kind.PHOTO_LATE.value,
            ~awaited,
        )
        .order_by(cases.c.opened_at, cases.c.key)
        .limit(PORTION)
    )
    rows = c.execute(query).all()
    gone = [
        Gone(row.key, now, Evidence(drops=(row.subject,), detail="no photograph is awaited now"))
        for row in rows
    ]
    return len(settle_many(c, tenant, gone))


JOB: Final = Job("photographs", EVERY, work)
