"""What the counters of a site told, and the centre itself, page by page.

A counter hears itself as well: it knows those facts, unless its disk was put back from an older
image, which then knows again what it did since.

The order is the centre's own (`counter_facts.position`), in which a fact never appears below
another that can be seen already (sync.central.counter.writing). A kiosk keeps the place up to which
it has read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central.counter.telling import CENTRE
from sync.central.database import Transactions
from sync.central.devices import Device, Refused
from sync.central.prepared import Prepared
from sync.central.tables import counter_facts, counter_sites, counter_tellers, devices
from sync.wire.messages import CounterFact, CounterFacts, Problem

PAGE: Final = 500
PAGE_BYTES: Final = 700_000
"""Of facts: an answer stays under the kiosk's limit of 1 MiB."""
BUSY: Final = timedelta(minutes=10)
AGAIN_S: Final = 5
"""While another counter of the site is at work, the next question comes so soon: a shelf that it
gave a parcel is known here within seconds. Otherwise heartbeats tell that there is something."""
_CHECK_BITS: Final = 20
_BIG: Final = 1 << 33
"""Positions that a place in JSON has room for."""


def page(
    database: Transactions, clock: Clock, device: Device, after: int
) -> CounterFacts | Refused:
    """What was told after place `after`, oldest first. Only of the site that the kiosk is at."""
    if device.revoked:
        return Refused(403, Problem(kind="revoked"))
    with database.reading() as c:
        site = c.execute(
            sa.select(devices.c.site).where(devices.c.device_id == device.device_id)
        ).scalar_one()
        newest = _newest(c, device.tenant, site)
        known = _holds(c, device.tenant, site, after)
        begin = after >> _CHECK_BITS if known else 0
        rows = c.execute(_query(device, site, begin, newest)).all()
        end = _place_at(c, device.tenant, site, newest)
        again = _others_busy(c, clock, device, site)
    told, place = _told(rows, end)
    more = len(told) < len(rows)
    soon = AGAIN_S if again else 0
    return CounterFacts(facts=told, after=place, more=more, again_s=soon, anew=not known)


def _place(row: Any) -> int:
    """A place: the position, and a part of a hash of what stands there. A centre that came back
    from a backup gives its last positions once more, to other facts; by the hash it sees that a
    kiosk has read in the order that was lost, and begins anew with it. What the kiosk knows
    already changes nothing there."""
    seal = hashlib.sha256(f"{row.hlc}\0{row.device}".encode()).digest()
    position: int = row.position
    return position << _CHECK_BITS | int.from_bytes(seal[:4]) >> (32 - _CHECK_BITS)


def _at(tenant: str, site: str, position: int) -> sa.Select[Any]:
    facts = counter_facts.c
    return sa.select(facts.position, facts.hlc, facts.device).where(
        facts.tenant == tenant, facts.site == site, facts.position == position
    )


def _holds(c: sa.Connection, tenant: str, site: str, place: int) -> bool:
    """Whether a place is one of this order; 0 is the beginning of any."""
    if place == 0:
        return True
    position = place >> _CHECK_BITS
    row = c.execute(_at(tenant, site, position)).first() if position < _BIG else None
    return row is not None and _place(row) == place


def _place_at(c: sa.Connection, tenant: str, site: str, position: int) -> int:
    row = c.execute(_at(tenant, site, position)).first() if position else None
    return 0 if row is None else _place(row)


def _newest(c: sa.Connection, tenant: str, site: str) -> int:
    """Read first: what is told meanwhile is left for the next page."""
    query = sa.select(counter_sites.c.position).where(
        counter_sites.c.tenant == tenant, counter_sites.c.site == site
    )
    return c.execute(query).scalar() or 0


def _query(device: Device, site: str, after: int, newest: int) -> sa.Select[Any]:
    facts = counter_facts.c
    return (
        sa.select(facts.position, facts.device, facts.hlc, facts.type, facts.body)
        .where(
            facts.tenant == device.tenant,
            facts.site == site,
            facts.position > after,
            facts.position <= newest,
        )
        .order_by(facts.position)
        .limit(PAGE + 1)
    )


def _told(rows: Sequence[Any], end: int) -> tuple[tuple[CounterFact, ...], int]:
    """A page, and the place it goes to: `end`, where it has all of `rows`."""
    told: list[CounterFact] = []
    size = 0
    for at, row in enumerate(rows[:PAGE]):
        size += len(row.body.encode())
        if told and size > PAGE_BYTES:
            return tuple(told), _place(rows[at - 1])
        data = msgspec.json.decode(row.body, type=dict[str, Any])
        told.append(CounterFact(hlc=row.hlc, device=row.device, type=row.type, data=data))
    return tuple(told), _place(rows[PAGE - 1]) if len(rows) > PAGE else end


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
    newest = sa.func.max(tellers.position) * (1 << _CHECK_BITS)  # before any place there
    return (
        sa.select(newest)
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
    row = _NEWEST.first(c, {"of": device_id, "tenant": tenant})
    return 0 if row is None or row.place is None else int(row.place)


_NEWEST: Final = Prepared(
    sa.select(
        hint(sa.bindparam("of", type_=sa.Text), sa.bindparam("tenant", type_=sa.Text)).label(
            "place"
        )
    )
)
