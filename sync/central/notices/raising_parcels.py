"""Notices of parcels: that one is here, that it waits, that it was handed out."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.codes import parse_pick_up
from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.codes.pick_up import BITS, pick_up_code
from kiosk.domain.counter.facts import Kind as Sort
from kiosk.domain.counter.parcel_facts import PickUpCodeIssued
from kiosk.domain.counter.parcels import ParcelState as S
from kiosk.domain.counter.pick_up import digest
from kiosk.domain.counter.pulling import ARRIVED, reminder
from sync.central.centre import Centre
from sync.central.counter import telling
from sync.central.jobs import GoOn
from sync.central.notices import contacts, places, queue
from sync.central.notices.hours import due
from sync.central.notices.model import PATIENCE, Hidden, Kind, Thing, Wanted, Why
from sync.central.notices.places import Place
from sync.central.sealing import Unreadable
from sync.central.tables import counter_things, notice_contacts, notices

_LOG = logging.getLogger(__name__)

PORTION: Final = 500
SETTLED: Final = timedelta(minutes=2)
"""A driver's parcels for one person come one after the other, and a scan may be taken back."""
COMES: Final = timedelta(days=30)
"""So long after it was announced a parcel may still come."""
WAITS: Final = (S.RECEIVED.value, S.SHELVED.value)
GONE: Final = (S.RETURNED_TO_SENDER.value, S.REFUSED_OUT.value, S.REFUSED_IN.value)
Row = Mapping[str, Any]


def look(centre: Centre, tenant: str, since: datetime | None, go_on: GoOn) -> int:
    """Queue what is due of one tenant's parcels; how many."""
    made = _left(centre, tenant, since)
    last = ""
    while go_on():
        rows = _waiting(centre, tenant, since, last)
        if not rows:
            return made
        for (site, who), group in _by_person(rows).items():
            made += centre.database.write(partial(_told, centre, tenant, site, who, group))
        last = rows[-1]["about"]
    return made


def _joined(tenant: str) -> sa.FromClause:
    t, n = counter_things.c, notice_contacts.c
    same = sa.and_(
        n.tenant == tenant,
        n.thing == Thing.PARCEL.value,
        n.about == t.name,
        sa.or_(n.site == "", n.site == t.site),
    )
    return counter_things.join(notice_contacts, same)


def _query(tenant: str, states: Iterable[str], since: datetime | None) -> sa.Select[Any]:
    t = counter_things.c
    shown = [t[one] for one in ("state", "carrier", "until", "since")]
    query = (
        sa.select(
            *(one for one in notice_contacts.c if one.name not in ("site", "until")),
            t.site,
            *(one.label(f"its_{one.name}") for one in shown),
        )
        .select_from(_joined(tenant))
        .where(t.tenant == tenant, t.kind == Sort.PARCEL.value, t.state.in_(list(states)))
    )
    return query if since is None else query.where(t.changed_at >= since)


def _waiting(centre: Centre, tenant: str, since: datetime | None, after: str) -> list[Row]:
    query = _query(tenant, WAITS, since).where(notice_contacts.c.about > after)
    with centre.database.reading() as c:
        return [
            dict(row)
            for row in c.execute(query.order_by(notice_contacts.c.about).limit(PORTION)).mappings()
        ]


def _by_person(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """By site and recipient; whoever is not known is told of each parcel alone."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["site"], row["recipient"] or f"\0{row['about']}"].append(row)
    return found


def _told(
    centre: Centre, tenant: str, site: str, who: str, rows: list[Row], c: sa.Connection
) -> int:
    place = places.place(c, tenant, site, centre.timezone)
    if place is None or place.pepper is None:
        return 0  # no counter could check a code
    now = centre.clock.now()
    today = now.astimezone(place.zone).date()
    here = rows if who.startswith("\0") else _all_of(c, tenant, site, who)
    before = _notices_of(c, tenant, [row["about"] for row in rows])
    fresh = [
        row
        for row in rows
        if (Kind.ARRIVED.value, _occasion(row)) not in before[row["about"]]
        and row["its_since"] <= now - SETTLED
    ]
    made = 0
    if fresh:
        made += _arrived(centre, c, place, fresh, here, now)
    for row in rows:
        came = before[row["about"]].get((Kind.ARRIVED.value, _occasion(row)))
        if came is not None:
            came_on = came.astimezone(place.zone).date()
            made += _reminded(centre, c, place, row, len(here), came_on, today)
    return made


def _all_of(c: sa.Connection, tenant: str, site: str, who: str) -> list[Row]:
    query = _query(tenant, WAITS, None).where(
        counter_things.c.site == site, notice_contacts.c.recipient == who
    )
    return [dict(row) for row in c.execute(query).mappings()]


def _occasion(row: Row) -> str:
    """Another announcement of the same number is another parcel."""
    return str(row["came_at"].isoformat())


def _notices_of(
    c: sa.Connection, tenant: str, numbers: list[str]
) -> dict[str, dict[tuple[str, str], datetime]]:
    n = notices.c
    mine = sa.and_(n.tenant == tenant, n.thing == Thing.PARCEL.value, n.about.in_(numbers))
    found: defaultdict[str, dict[tuple[str, str], datetime]] = defaultdict(dict)
    for row in c.execute(sa.select(n.about, n.kind, n.occasion, n.created_at).where(mine)):
        found[row.about][row.kind, row.occasion] = row.created_at
    return found


def _arrived(
    centre: Centre, c: sa.Connection, place: Place, fresh: list[Row], here: list[Row], now: datetime
) -> int:
    """One message for all that came together; each of them is noted, so that none is told again."""
    try:
        code = _code(centre, c, place, here, now)
    except Unreadable as error:
        _LOG.error("contacts cannot be read: %s", error)
        return 0
    first, *others = fresh
    also = {
        "also": " ".join(row["about"] for row in others),
        "count": str(len(here)),
        "notice": ARRIVED,
    }
    hidden = contacts.with_code(c, centre.ids, first, code)
    made = _put(centre, c, place, first, Kind.ARRIVED, hidden, also)
    for row in others:
        same = contacts.with_code(c, centre.ids, row, code)
        its = _put(centre, c, place, row, Kind.ARRIVED, same, also)
        if its:
            queue.drop_one(c, place.tenant, its, Why.TOGETHER, now)
    return 1 if made else 0


def _code(centre: Centre, c: sa.Connection, place: Place, here: list[Row], now: datetime) -> str:
    """The one that this person has for this site, or a new one; issued for every parcel of theirs
    that has none. Raises Unreadable."""
    known = [contacts.opened(c, row).code for row in here if row["coded"]]
    code = next((one for one in known if one), "") or pick_up_code(centre.ids.token(BITS))
    uncoded = [row for row in here if not row["coded"]]
    parsed = parse_pick_up(code)
    if not uncoded or not isinstance(parsed, PickUpCode) or place.pepper is None:
        return code
    for row in uncoded:
        contacts.with_code(c, centre.ids, row, code)
    numbers = tuple(sorted(row["about"] for row in here))
    fact = PickUpCodeIssued(numbers, digest(parsed, place.pepper.secret))
    telling.tell(c, now, place.tenant, place.site, [fact])
    return code


def _reminded(
    centre: Centre,
    c: sa.Connection,
    place: Place,
    row: Row,
    count: int,
    came: date,
    today: date,
) -> int:
    """The latest reminder that has come, once; an extended parcel has another last day, and its
    reminders begin anew."""
    try:
        until = date.fromisoformat(row["its_until"])
    except ValueError:
        return 0
    passed = [
        days
        for days in place.remind(row["its_carrier"])
        if came < until - timedelta(days=days) <= today <= until
    ]
    if not passed:
        return 0
    days = min(passed)
    kind = Kind.REMINDER if days else Kind.LAST_DAY
    try:
        hidden = contacts.opened(c, row)
    except Unreadable:
        return 0
    told = {"notice": reminder(days), "count": str(count)}
    return bool(_put(centre, c, place, row, kind, hidden, told, f" {until} {days}"))


def _put(
    centre: Centre,
    c: sa.Connection,
    place: Place,
    row: Row,
    kind: Kind,
    hidden: Hidden,
    told: Mapping[str, str],
    occasion: str = "",
) -> str:
    """Queue one; `occasion` goes on from the parcel's own."""
    now = centre.clock.now()
    end = _end(place, kind, row["its_until"], now)
    known = {
        "shop": place.site,
        "carrier": place.carrier(row["its_carrier"]),
        "last_day": row["its_until"],
    }
    wanted = Wanted(
        kind,
        Thing.PARCEL,
        row["about"],
        _occasion(row) + occasion,
        row["language"],
        hidden,
        due(kind, now, places.quiet(c, place.tenant), place.zone, end),
        end,
        recipient=row["recipient"],
        site=place.site,
        told={**known, **told},
    )
    return queue.put(c, centre.ids, now, place.tenant, wanted)


def _end(place: Place, kind: Kind, until: str, now: datetime) -> datetime:
    """No later than the last day's closing, where it is of what waits."""
    end = now + PATIENCE[kind]
    if kind is Kind.COLLECTED:
        return end
    try:
        return max(now + timedelta(minutes=1), min(end, place.over(date.fromisoformat(until))))
    except ValueError:
        return end


# --- what is not here any more -------------------------------------------------------------------


def _left(centre: Centre, tenant: str, since: datetime | None) -> int:
    """Handed out: they are told, whoever fetched it. Gone in any case: nothing else is said, and
    whom to tell is forgotten."""
    with centre.database.reading() as c:
        query = _query(tenant, (S.COLLECTED.value, *GONE), since).limit(PORTION)
        rows = [dict(row) for row in c.execute(query).mappings()]
    made = 0
    for row in rows:
        made += centre.database.write(partial(_gone, centre, row))
    return made


def _gone(centre: Centre, row: Row, c: sa.Connection) -> int:
    tenant, number, now = str(row["tenant"]), str(row["about"]), centre.clock.now()
    made = 0
    if row["its_since"] < row["came_at"] and now < row["came_at"] + COMES:
        return 0  # an earlier parcel of the same number; this one is still to come
    if row["its_state"] == S.COLLECTED and row["its_since"] >= row["came_at"]:
        place = places.place(c, tenant, row["site"], centre.timezone)
        place = place or Place(tenant, row["site"], centre.timezone)
        try:
            hidden = contacts.opened(c, row)
        except Unreadable:
            hidden = None
        if hidden is not None:
            plain = Hidden(hidden.to, "", hidden.name)
            made = 1 if _put(centre, c, place, row, Kind.COLLECTED, plain, {}) else 0
    waiting = (Kind.ARRIVED, Kind.REMINDER, Kind.LAST_DAY)
    queue.drop_about(c, tenant, Thing.PARCEL, number, waiting, now)
    contacts.forget(c, tenant, Thing.PARCEL, number)
    return made
