"""Notices of returns: that a drop is in, and that money is on its way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.returns import AuthorisationState
from sync.central.centre import Centre
from sync.central.database import locked
from sync.central.notices import contacts, places, queue
from sync.central.notices.hours import due
from sync.central.notices.model import PATIENCE, Kind, Thing, Wanted
from sync.central.sealing import Unreadable
from sync.central.tables import (
    authorisations,
    devices,
    drops,
    merchant_refunds,
    merchants,
    notice_contacts,
    notices,
)

PORTION: Final = 200
AFTER: Final = timedelta(days=14)
"""So long is a contact kept once a refund was told: there may be a second one."""
_OVER: Final = (
    AuthorisationState.REJECTED.value,
    AuthorisationState.CANCELLED.value,
    AuthorisationState.CLOSED.value,
)


def look(centre: Centre, tenant: str, since: datetime | None) -> int:
    """Queue what is due; how many."""
    made = 0
    for rows in (_dropped(centre, tenant, since), _refunded(centre, tenant, since)):
        for row in rows:
            made += centre.database.write(partial(_queue, centre, row))
    centre.database.write(partial(_forget, tenant=tenant))
    return made


def _known(kind: Kind, occasion: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether such a notice was queued for the contact's return."""
    return sa.exists().where(
        notices.c.tenant == notice_contacts.c.tenant,
        notices.c.kind == kind.value,
        notices.c.thing == Thing.RETURN.value,
        notices.c.about == notice_contacts.c.about,
        notices.c.recipient == notice_contacts.c.recipient,
        notices.c.occasion == occasion,
    )


def _of_return(tenant: str, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    n = notice_contacts.c
    return sa.and_(n.tenant == tenant, n.thing == Thing.RETURN.value, n.about == column)


def _named() -> tuple[sa.ColumnElement[Any], ...]:
    """A contact, with its merchant and order."""
    return (
        *notice_contacts.c,
        authorisations.c.order_number,
        merchants.c.name.label("merchant"),
        merchants.c.body.label("merchant_body"),
    )


def _joined(source: sa.FromClause, tenant: str, return_id: sa.Column[str]) -> sa.FromClause:
    authorised = sa.and_(authorisations.c.tenant == tenant, authorisations.c.return_id == return_id)
    shop = sa.and_(
        merchants.c.tenant == tenant, merchants.c.merchant_id == authorisations.c.merchant_id
    )
    return (
        source.join(notice_contacts, _of_return(tenant, return_id))
        .join(authorisations, authorised)
        .join(merchants, shop)
    )


def _dropped(centre: Centre, tenant: str, since: datetime | None) -> list[Mapping[str, Any]]:
    d = drops.c
    query = (
        sa.select(*_named(), d.drop_id, d.drop_number, devices.c.site.label("dropped_at"))
        .select_from(
            _joined(drops, tenant, d.return_id).outerjoin(
                devices, devices.c.device_id == d.device_id
            )
        )
        .where(d.tenant == tenant, d.received_at >= notice_contacts.c.came_at, ~d.voided)
        .where(~_known(Kind.DROPPED_OFF, d.drop_id))
        .limit(PORTION)
    )
    if since is not None:
        query = query.where(d.received_at >= since)
    with centre.database.reading() as c:
        rows = [dict(row) for row in c.execute(query).mappings()]
    return [
        row
        | {
            "notice": Kind.DROPPED_OFF,
            "occasion": row["drop_id"],
            "at_site": row["dropped_at"] or "",
            "told": {"receipt": row["drop_number"]},
        }
        for row in rows
    ]


def _refunded(centre: Centre, tenant: str, since: datetime | None) -> list[Mapping[str, Any]]:
    r = merchant_refunds.c
    query = (
        sa.select(*_named(), r.refund_id, r.minor, r.currency)
        .select_from(_joined(merchant_refunds, tenant, r.return_id))
        .where(r.tenant == tenant, r.told_at >= notice_contacts.c.came_at)
        .where(~_known(Kind.REFUNDED, r.refund_id))
        .limit(PORTION)
    )
    if since is not None:
        query = query.where(r.told_at >= since)
    with centre.database.reading() as c:
        rows = [dict(row) for row in c.execute(query).mappings()]
    return [
        row
        | {
            "notice": Kind.REFUNDED,
            "occasion": row["refund_id"],
            "at_site": "",
            "told": {"minor": str(row["minor"]), "currency": row["currency"]},
        }
        for row in rows
    ]


def _queue(centre: Centre, row: Mapping[str, Any], c: sa.Connection) -> bool:
    now, kind, tenant = centre.clock.now(), Kind(row["notice"]), str(row["tenant"])
    if kind is Kind.DROPPED_OFF and not _stands(c, row["drop_id"]):
        return False
    try:
        hidden = contacts.opened(c, row)
    except Unreadable:
        return False
    support = str(msgspec.json.decode(row["merchant_body"]).get("support", ""))
    told = {"merchant": str(row["merchant"]), "order": str(row["order_number"]), **row["told"]}
    end = now + PATIENCE[kind]
    zone = places.zone(c, tenant, row["at_site"], centre.timezone)
    wanted = Wanted(
        kind,
        Thing.RETURN,
        row["about"],
        row["occasion"],
        row["language"],
        hidden,
        due(kind, now, places.quiet(c, tenant), zone, end),
        end,
        recipient=row["recipient"],
        site=row["at_site"],
        merchant_id=row["merchant_id"],
        told=told | {"support": support},
    )
    made = queue.put(c, centre.ids, now, tenant, wanted)
    if kind is Kind.REFUNDED:
        contacts.keep_until(c, tenant, Thing.RETURN, row["about"], now + AFTER)
    return bool(made)


def _stands(c: sa.Connection, drop_id: str) -> bool:
    """Whether it is not voided since it was looked for. Whoever voids it waits for this to be
    queued, and takes it out again."""
    query = sa.select(drops.c.voided).where(drops.c.drop_id == drop_id)
    return not c.execute(locked(query)).scalar_one()


def _forget(c: sa.Connection, tenant: str) -> None:
    """Contacts of returns that were called off or closed: what is queued has its own copy."""
    n = notice_contacts.c
    over = sa.exists().where(
        authorisations.c.tenant == tenant,
        authorisations.c.return_id == n.about,
        authorisations.c.state.in_(_OVER),
    )
    mine = sa.and_(n.tenant == tenant, n.thing == Thing.RETURN.value, over)
    c.execute(notice_contacts.delete().where(mine))
