"""What the other counters of a site told, and the centre itself, page by page.

The order is the centre's own (`counter_facts.position`), in which a fact never appears below
another that can be seen already (sync.central.counter.writing). A kiosk keeps how far it has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central.counter.telling import CENTRE
from sync.central.database import Transactions
from sync.central.devices import Device, Refused
from sync.central.tables import counter_facts, counter_sites, counter_tellers, devices
from sync.wire.messages import CounterFact, CounterFacts, Problem

PAGE: Final = 500
PAGE_BYTES: Final = 700_000
"""Of facts: an answer stays under the kiosk's limit of 1 MiB."""
BUSY: Final = timedelta(minutes=10)
AGAIN_S: Final = 5
"""While another counter of the site is at work, the next question comes so soon: a shelf that it
gave a parcel is known here within seconds. Otherwise heartbeats tell that there is something."""
_BIG: Final = 1 << 53


def page(
    database: Transactions, clock: Clock, device: Device, after: int
) -> CounterFacts | Refused:
    """What was told after place `after`, oldest first. Only of the site that the kiosk is at, and
    nothing that it told itself."""
    if device.revoked:
        return Refused(403, Problem(kind="revoked"))
    with database.reading() as c:
        site = c.execute(
            sa.select(devices.c.site).where(devices.c.device_id == device.device_id)
        ).scalar_one()
        newest = _newest(c, device.tenant, site)
        rows = c.execute(_query(device, site, min(after, _BIG), newest)).all()
        again = _others_busy(c, clock, device, site)
    told, place = _told(rows, newest)
    return CounterFacts(
        facts=told,
        after=place,
        more=len(told) < len(rows),
        again_s=AGAIN_S if again else 0,
    )


def _newest(c: sa.Connection, tenant: str, site: str) -> int:
    """Read first: what is told meanwhile is left for the next page."""
    query = sa.select(counter_sites.c.position).where(
        counter_sites.c.tenant == tenant, counter_sites.c.site == site
    )
    return c.execute(query).scalar() or 0


def _query(device: Device, site: str, after: int, newest: int) -> sa.Select[Any]:
    """A centre that came back from a backup has lost places that a kiosk has read past: then it
    begins anew, and what it knows already changes nothing."""
    facts = counter_facts.c
    begin = after if after <= newest else 0
    return (
        sa.select(facts.position, facts.device, facts.hlc, facts.type, facts.body)
        .where(
            facts.tenant == device.tenant,
            facts.site == site,
            facts.position > begin,
            facts.position <= newest,
            facts.device != device.device_id,
        )
        .order_by(facts.position)
        .limit(PAGE + 1)
    )


def _told(rows: Sequence[Any], newest: int) -> tuple[tuple[CounterFact, ...], int]:
    """A page, and the place it goes to."""
    told: list[CounterFact] = []
    size, place = 0, newest
    for at, row in enumerate(rows[:PAGE]):
        size += len(row.body.encode())
        if told and size > PAGE_BYTES:
            return tuple(told), rows[at - 1].position
        data = msgspec.json.decode(row.body, type=dict[str, Any])
        told.append(CounterFact(hlc=row.hlc, device=row.device, type=row.type, data=data))
    if len(rows) > PAGE:
        place = rows[PAGE - 1].position
    return tuple(told), place


def _others_busy(c: sa.Connection, clock: Clock, device: Device, site: str) -> bool:
    tellers = counter_tellers.c
    query = sa.select(sa.func.max(tellers.at)).where(
        tellers.tenant == device.tenant,
        tellers.site == site,
        tellers.device.not_in((device.device_id, CENTRE)),
    )
    last = c.execute(query).scalar()
    return last is not None and last > clock.now() - BUSY


def hint(device: sa.ColumnElement[str], tenant: sa.ColumnElement[str]) -> sa.ScalarSelect[Any]:
    """The newest place that a kiosk has to hear of, as a part of another question about it."""
    tellers, me = counter_tellers.c, devices.alias("me").c
    return (
        sa.select(sa.func.max(tellers.position))
        .select_from(counter_tellers)
        .where(
            tellers.tenant == tenant,
            tellers.site == sa.select(me.site).where(me.device_id == device).scalar_subquery(),
            tellers.device != device,
        )
        .scalar_subquery()
    )


def newest_for(c: sa.Connection, tenant: str, device_id: str) -> int:
    """As `hint`, by itself."""
    query = sa.select(hint(sa.literal(device_id), sa.literal(tenant)))
    return c.execute(query).scalar() or 0
