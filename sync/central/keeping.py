"""How long what is kept: once a day what is older goes, by tenant, in portions.

What the books, the verdicts and the audit stand on is never touched here: events, drops, claims,
movements, refunds, cases and their steps, `office_audit`. Of what may go, nothing goes that an
unsettled case is about, or that somebody is still to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum, unique
from functools import partial
from typing import Final

import sqlalchemy as sa

from sync.central import limits
from sync.central.audit import Actor, changed
from sync.central.cases import UNSETTLED
from sync.central.centre import Centre
from sync.central.counter import forgetting
from sync.central.database import Database, upsert
from sync.central.jobs import GoOn, Job
from sync.central.people.sessions import LONGEST
from sync.central.rest.serving import REMEMBERED
from sync.central.screens import forget
from sync.central.tables import (
    api_answers,
    attempts,
    case_links,
    cases,
    drop_photos,
    drops,
    invitations,
    keeping,
    merchant_events,
    notice_contacts,
    notices,
    photos,
    screens,
    sessions,
    tenants,
    ways,
    webhook_deliveries,
    webhooks,
)

EVERY: Final = timedelta(days=1)
PORTION: Final = 500
LINKS: Final = timedelta(days=30)
"""One-time links, used or not, for whoever asks what became of one."""
DAY: Final = timedelta(days=1)


@unique
class What(StrEnum):
    """What a tenant may keep longer or shorter."""

    MERCHANT_EVENTS = "merchant-events"
    DELIVERIES = "deliveries"
    PHOTOGRAPHS = "photographs"
    SCREENS = "screens"  # pictures of kiosks' screens
    COUNTERS = "counters"  # what counters told of what is over
    NOTICES = "notices"  # that somebody was told, never whom nor what


USUAL: Final[Mapping[What, int]] = {
    What.MERCHANT_EVENTS: 400,
    What.DELIVERIES: 30,
    What.PHOTOGRAPHS: 180,
    What.SCREENS: 30,
    What.COUNTERS: 90,
    What.NOTICES: 90,
}
LEAST: Final[Mapping[What, int]] = {
    What.MERCHANT_EVENTS: 30,  # a merchant's system may be away for a while
    What.DELIVERIES: 7,  # longer than an event is tried
    What.PHOTOGRAPHS: 1,
    What.SCREENS: 1,
    What.COUNTERS: 30,  # a counter may be away for a while
    What.NOTICES: 7,  # longer than any is tried
}
"""Days; 0 is for ever."""
_BY_ITSELF: Final = "the centre"


def times(database: Database, tenant: str) -> dict[What, int]:
    """Days by what, as they are in force."""
    query = sa.select(keeping.c.what, keeping.c.days).where(keeping.c.tenant == tenant)
    with database.reading() as c:
        told = {What(what): days for what, days in c.execute(query)}
    return {**USUAL, **told}


def put(database: Database, actor: Actor, now: datetime, what: What, days: int) -> str:
    """Keep something for so many days from now on; "" or a sentence why not."""
    if days and not LEAST[what] <= days <= 36_500:
        return f"{what} are kept for {LEAST[what]} to 36500 days, or 0 for ever"

    def work(c: sa.Connection) -> None:
        mine = keeping.c.tenant == actor.tenant, keeping.c.what == what.value
        before = c.execute(sa.select(keeping.c.days).where(*mine)).scalar_one_or_none()
        upsert(c, keeping, [{"tenant": actor.tenant, "what": what.value, "days": days}])
        was = USUAL[what] if before is None else int(before)
        told = {"before": {"days": was}, "after": {"days": days}}
        changed(c, actor, now, "keeping.set", what.value, **told)

    database.write(work)
    return ""


# --- what may go: each deletes a portion, and tells how many -------------------------------------

_Sweep = Callable[[sa.Connection, str, datetime], int]


def _merchant_events(c: sa.Connection, tenant: str, before: datetime) -> int:
    """Not what a webhook has not been told."""
    event, tried = merchant_events, webhook_deliveries
    under_way = sa.exists().where(
        tried.c.webhook_id == webhooks.c.webhook_id,
        tried.c.position == event.c.position,
        tried.c.state == "waiting",
    )
    not_yet = sa.and_(webhooks.c.state == "active", webhooks.c.queued < event.c.position)
    waits = sa.exists().where(
        webhooks.c.tenant == event.c.tenant,
        webhooks.c.merchant_id == event.c.merchant_id,
        sa.or_(not_yet, under_way.correlate(webhooks, event)),
    )
    old = sa.and_(event.c.tenant == tenant, event.c.at < before, event.c.position.is_not(None))
    fit = ~waits.correlate(event)
    query = sa.select(event.c.id).where(old, fit).order_by(event.c.at).limit(PORTION)
    ids = c.execute(query).scalars().all()
    gone = event.delete().where(event.c.tenant == tenant, event.c.id.in_(ids))
    return c.execute(gone).rowcount if ids else 0


def _deliveries(c: sa.Connection, tenant: str, before: datetime) -> int:
    tried = webhook_deliveries
    query = sa.select(tried.c.webhook_id, tried.c.position).where(
        tried.c.tenant == tenant, tried.c.settled_at < before
    )
    keys = [tuple(row) for row in c.execute(query.order_by(tried.c.settled_at).limit(PORTION))]
    key = sa.tuple_(tried.c.webhook_id, tried.c.position)
    return c.execute(tried.delete().where(key.in_(keys))).rowcount if keys else 0


def _photographs(c: sa.Connection, tenant: str, before: datetime) -> int:
    """A file goes once no drop that is younger, and none of an unsettled case, names it. What was
    named so long ago and never came is waited for no more."""
    named, link = drop_photos, case_links
    about = sa.or_(
        sa.and_(link.c.thing == "drop", link.c.id == named.c.drop_id),
        sa.and_(link.c.thing == "bag", link.c.id == drops.c.bag_id),
        sa.and_(link.c.thing == "return", link.c.id == drops.c.return_id),
    )
    open_ = (
        sa.exists()
        .where(link.c.tenant == tenant, about, cases.c.case_id == link.c.case_id)
        .where(cases.c.state.in_(UNSETTLED))
        .correlate(named, drops)
    )
    needed = sa.or_(named.c.received_at >= before, open_)
    held = sa.exists().where(
        named.c.tenant == tenant,
        named.c.sha256 == photos.c.sha256,
        drops.c.drop_id == named.c.drop_id,
        needed,
    )
    pictured = sa.exists().where(
        screens.c.tenant == tenant, screens.c.sha256 == photos.c.sha256
    )  # these have their own time
    fit = ~sa.or_(held.correlate(photos), pictured.correlate(photos))
    old = sa.and_(photos.c.tenant == tenant, photos.c.came_at < before, fit)
    query = sa.select(photos.c.sha256).where(old).order_by(photos.c.came_at).limit(PORTION // 5)
    hashes = c.execute(query).scalars().all()
    for table in (named, photos):
        mine = sa.and_(table.c.tenant == tenant, table.c.sha256.in_(hashes))
        if hashes:
            c.execute(table.delete().where(mine))
    never = sa.and_(
        named.c.tenant == tenant,
        named.c.awaited.is_(True),
        named.c.received_at < before,
        sa.exists().where(drops.c.drop_id == named.c.drop_id, ~open_).correlate(named),
    )
    c.execute(named.delete().where(never))
    return len(hashes)


def _screens(c: sa.Connection, tenant: str, before: datetime) -> int:
    old = sa.and_(screens.c.tenant == tenant, screens.c.received_at < before)
    query = sa.select(screens.c.event_id).where(old).order_by(screens.c.received_at).limit(PORTION)
    ids = c.execute(query).scalars().all()
    forget(c, tenant, ids)
    return len(ids)


def _notices(c: sa.Connection, tenant: str, before: datetime) -> int:
    """Not while there is somebody to tell of the same thing: it would be told again."""
    n = notices.c
    known = sa.exists().where(
        notice_contacts.c.tenant == n.tenant,
        notice_contacts.c.thing == n.thing,
        notice_contacts.c.about == n.about,
    )
    old = sa.and_(n.tenant == tenant, n.created_at < before, n.settled_at.is_not(None), ~known)
    query = sa.select(n.notice_id).where(old).order_by(n.created_at).limit(PORTION)
    ids = c.execute(query).scalars().all()
    gone = notices.delete().where(n.tenant == tenant, n.notice_id.in_(ids))
    return c.execute(gone).rowcount if ids else 0


def _counters(c: sa.Connection, tenant: str, before: datetime) -> int:
    return forgetting.forget(c, tenant, before, PORTION)


_SWEEPS: Final[Mapping[What, _Sweep]] = {
    What.MERCHANT_EVENTS: _merchant_events,
    What.DELIVERIES: _deliveries,
    What.PHOTOGRAPHS: _photographs,
    What.SCREENS: _screens,
    What.COUNTERS: _counters,
    What.NOTICES: _notices,
}


def _swept(what: What, tenant: str, before: datetime, c: sa.Connection) -> int:
    return _SWEEPS[what](c, tenant, before)


# --- the job -------------------------------------------------------------------------------------


def work(centre: Centre, go_on: GoOn) -> str:
    with centre.database.reading() as c:
        names = list(c.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
    gone = dict.fromkeys(What, 0)
    for tenant in names:
        for what, days in times(centre.database, tenant).items():
            if days and go_on():
                gone[what] += _of_tenant(centre, go_on, tenant, what, timedelta(days=days))
        before = centre.clock.now() - REMEMBERED
        centre.database.write(partial(_answers, tenant=tenant, before=before))
    centre.database.write(partial(_short_lived, now=centre.clock.now()))
    return ", ".join(f"{what} {count}" for what, count in gone.items())


def _of_tenant(centre: Centre, go_on: GoOn, tenant: str, what: What, life: timedelta) -> int:
    now, done = centre.clock.now(), 0
    while go_on():
        part = centre.database.write(partial(_swept, what, tenant, now - life))
        done += part
        if not part:
            break
    if done:
        actor = Actor(tenant, _BY_ITSELF)
        after = {"count": done, "days": life.days}
        centre.database.write(
            lambda c: changed(c, actor, now, "keeping.deleted", what.value, after=after)
        )
    return done


def _short_lived(c: sa.Connection, now: datetime) -> None:
    """What opens nothing any more, of all tenants."""
    limits.sweep(c, now)
    for column, life in (
        (sessions.c.created_at, LONGEST),
        (ways.c.created_at, DAY),
        (invitations.c.expires_at, LINKS),
        (attempts.c.at, DAY),
    ):
        c.execute(column.table.delete().where(column < now - life))


def _answers(c: sa.Connection, tenant: str, before: datetime) -> None:
    old = sa.and_(api_answers.c.tenant == tenant, api_answers.c.at < before)
    c.execute(api_answers.delete().where(old))


JOB: Final = Job("keeping", EVERY, work)
