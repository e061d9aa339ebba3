"""What the standings are worked out from, read once for all of them: drops with their lines, the
movements of bags, and what was told of returns.

Each fact of a touched unit is read in one pass, by whatever it is grouped; what needs the newest
of several asks again only for the few units of which several were told and differ.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.claiming import PROMISED
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import ARRIVED, UNPACKED, Where, first, latest, m, newest, total
from sync.central.reconcile.scratch import MOVED, TAKEN, TOLD, TOUCHED, fill, known
from sync.central.tables import devices, drop_lines, drops

_BAGS: Final = TOUCHED[Unit.BAG]
_CONTAINERS: Final = TOUCHED[Unit.CONTAINER]
_RETURNS: Final = TOUCHED[Unit.RETURN]
_CONTAINED: Final = m.kind == Kind.CONTAINED.value
_GONE: Final = m.kind.in_((Kind.HANDED_OVER.value, Kind.ACKNOWLEDGED.value))
_BACK: Final = m.kind == Kind.REFUNDED.value


def gather(c: sa.Connection, tenant: str) -> None:
    """Once all that is touched is named."""
    fill(c, TAKEN, _taken(tenant, drops.c.return_id == _RETURNS.c.unit_id))
    nameless = sa.and_(drops.c.return_id == "", drops.c.bag_id == _BAGS.c.unit_id)
    fill(c, TAKEN, _taken(tenant, nameless))
    known(c, TAKEN)
    fill(c, MOVED, _moved(tenant))
    fill(c, TOLD, _told(tenant))
    known(c, MOVED, TOLD)


def _taken(tenant: str, touched: Where) -> sa.Select[Any]:
    """Drops of touched returns, and those of touched bags that name no return. What staff took
    back went home: it is awaited nowhere, and whatever moves its bag all the same does not fit."""
    line = drop_lines.c
    units = sa.case((line.state == "accepted", line.brought), else_=0)
    withheld = sa.case((line.state.in_(sorted(PROMISED)), line.withheld), else_=0)
    return (
        sa.select(
            *(drops.c.drop_id, drops.c.bag_id, drops.c.return_id),
            sa.func.min(devices.c.site).label("site"),
            drops.c.corrected_at.label("dropped_at"),
            total(units).label("units"),
            *(drops.c.refund, total(withheld).label("withheld")),
            *(drops.c.disputed, drops.c.currency),
        )
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(drop_lines, line.drop_id == drops.c.drop_id)
        .where(drops.c.tenant == tenant, touched, ~drops.c.voided)
        .group_by(drops.c.drop_id)
    )


def _moved(tenant: str) -> sa.Select[Any]:
    """The bags that are touched, were ever in a touched container, or hold a drop taken above: in
    which container each is now, and where else it was seen."""
    told = _told_of_bags(tenant).subquery("told")
    now_in = newest(m.container_id, tenant, m.bag_id, told.c.bag_id, _CONTAINED)
    counted = newest(m.count, tenant, m.bag_id, told.c.bag_id, _COUNTED)
    return sa.select(
        *(told.c.bag_id, told.c.site),
        sa.case((told.c.one_box != told.c.other_box, now_in), else_=told.c.one_box).label(
            "container_id"
        ),
        *(told.c.since, told.c.gone_at, told.c.received_at),
        sa.case((told.c.fewest != told.c.most, counted), else_=told.c.most).label("received"),
        told.c.first_at,
    )


_COUNTED: Final = sa.and_(ARRIVED, m.count >= 0)


def _told_of_bags(tenant: str) -> sa.Select[Any]:
    named = _bags(tenant)
    box, count = sa.case((_CONTAINED, m.container_id)), sa.case((_COUNTED, m.count))
    return (
        sa.select(
            m.bag_id,
            sa.func.max(m.site).label("site"),
            *(sa.func.max(box).label("one_box"), sa.func.min(box).label("other_box")),
            latest(_CONTAINED).label("since"),
            first(_GONE).label("gone_at"),
            first(ARRIVED).label("received_at"),
            *(sa.func.min(count).label("fewest"), sa.func.max(count).label("most")),
            first(sa.true()).label("first_at"),
        )
        .join(named, named.c.unit_id == m.bag_id)
        .where(m.tenant == tenant, m.bag_id != "", sa.or_(_CONTAINED, _GONE, ARRIVED))
        .group_by(m.bag_id)
    )


def _bags(tenant: str) -> sa.Subquery:
    within = sa.and_(m.tenant == tenant, _CONTAINED, m.container_id != "", m.bag_id != "")
    ever = sa.select(m.bag_id).where(within, m.container_id == _CONTAINERS.c.unit_id)
    dropped = sa.select(TAKEN.c.bag_id).where(TAKEN.c.bag_id != "")
    return sa.union(sa.select(_BAGS.c.unit_id), ever, dropped).subquery("named")


def _told(tenant: str) -> sa.Select[Any]:
    """Refunds by currency, and when the hub told the first line."""
    return (
        sa.select(
            *(m.return_id, m.currency),
            total(sa.case((_BACK, 1), else_=0)).label("refunds"),
            total(sa.case((_BACK, m.amount), else_=0)).label("refunded"),
            first(_BACK).label("refunded_at"),
            first(UNPACKED).label("unpacked_at"),
        )
        .join(_RETURNS, _RETURNS.c.unit_id == m.return_id)
        .where(m.tenant == tenant, m.return_id != "", sa.or_(_BACK, UNPACKED))
        .group_by(m.return_id, m.currency)
    )
