"""Files to take away: which rows, of which days, in which form.

A file is made while it is sent, and only two at once in a process: a month's Excel must not take
the places of people who look at pages.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from anyio import CancelScope
from litestar import Response, get
from litestar.response import Stream

from sync.central.centre import Centre, Shared, aside
from sync.central.exports import noting
from sync.central.exports.asking import MEDIA, Asked, Form, Scope, What, Wrong, ask, forms_of
from sync.central.exports.making import make
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of
from sync.central.people import Person
from sync.central.roles import Permission
from sync.central.tables import devices, merchants

AT_ONCE = 2
_places = threading.BoundedSemaphore(AT_ONCE)
_SHOWN = {
    What.DROPS: Permission.SEE_DROPS,
    What.LINES: Permission.SEE_DROPS,
    What.EVENTS: Permission.SEE_DROPS,
    What.CASES: Permission.SEE_CASES,
    What.KIOSKS: Permission.SEE_KIOSKS,
    What.MOVEMENTS: Permission.SEE_BOOKS,
}
"""What somebody may take away they may also see."""


class Place:
    """One of the places, given back once: at the end of a file, or when nobody asks for it."""

    def __init__(self) -> None:
        self._mine = _places.acquire(blocking=False)
        self.free = self._mine

    def leave(self) -> None:
        if self._mine:
            self._mine = False
            _places.release()

    def __del__(self) -> None:
        self.leave()


def allowed(person: Person) -> tuple[What, ...]:
    return tuple(what for what, permission in _SHOWN.items() if person.may(permission))


def scope_of(person: Person) -> Scope:
    """Somebody bound to a merchant sees that merchant's rows, whatever is asked for."""
    bound = frozenset({person.merchant}) if person.merchant else None
    return Scope(person.tenant, bound)


@get("/exports", opt=needs(Permission.EXPORT))
async def exports(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _page(request, centre, person)


async def _page(
    request: Web, centre: Centre, person: Person, problem: str = "", status: int = 200
) -> Response[str]:
    sites, shops = await aside(lambda: _choices(centre, person))
    today = centre.clock.now().astimezone(centre.timezone).date()
    told = request.query_params
    chosen = {
        "what": str(told.get("what", "drops")),
        "form": str(told.get("form", "csv")),
        "first": str(told.get("first", today.replace(day=1))),
        "last": str(told.get("last", today)),
        "site": str(told.get("site", "")),
        "merchant": str(told.get("merchant", "")),
    }
    return page_of(
        request,
        centre,
        "exports.html",
        person,
        whats=[what.value for what in allowed(person)],
        forms=[form.value for form in forms_of(What.DROPS)],
        sites=sites,
        shops=shops,
        chosen=chosen,
        problem=problem,
        status=status,
    )


def _choices(centre: Centre, person: Person) -> tuple[list[str], list[tuple[str, str]]]:
    """The sites of the tenant's kiosks, and its merchants: none to choose for one's own."""
    if person.merchant:
        return [], []
    site, shop = devices.c.site, (merchants.c.merchant_id, merchants.c.name)
    with centre.database.reading() as c:
        sites = sa.select(site).where(devices.c.tenant == person.tenant).distinct().order_by(site)
        shops = sa.select(*shop).where(merchants.c.tenant == person.tenant).order_by(shop[1])
        return [one for one in c.execute(sites).scalars() if one], [
            (row.merchant_id, row.name) for row in c.execute(shops)
        ]


@get("/exports/file", opt=needs(Permission.EXPORT))
async def file(request: Web, centre: Shared) -> Response[Any]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    asked = _asked(request, centre, person)
    if isinstance(asked, Wrong):
        status = 403 if asked.why == "rights" else 400
        return await _page(request, centre, person, problem=asked.why, status=status)
    place = Place()
    if not place.free:
        busy = await _page(request, centre, person, problem="busy", status=503)
        busy.headers["retry-after"] = "30"
        return busy
    now = centre.clock.now()
    actor = person.doing(Permission.EXPORT)
    await aside(lambda: noting.note(centre.database, actor, now, asked))
    parts = make(centre.database, asked, now)
    headers = {
        "content-disposition": f'attachment; filename="{asked.file_name}"',
        "cache-control": "no-store",
    }
    return Stream(_sent(parts, place), media_type=MEDIA[asked.form], headers=headers)


def _asked(request: Web, centre: Centre, person: Person) -> Asked | Wrong:
    told = {
        name: str(value)[:200].replace("\0", "") for name, value in request.query_params.items()
    }
    today = centre.clock.now().astimezone(centre.timezone).date()
    formed = Form.EPCIS if told.get("what") == What.EVENTS.value else None
    asked = ask(told, scope_of(person), centre.timezone, today, formed)
    if isinstance(asked, Asked) and asked.what not in allowed(person):
        return Wrong("rights")
    return asked


async def _sent(parts: Iterator[bytes], place: Place) -> AsyncIterator[bytes]:
    """Each part is made on a thread when the one before has gone out: a slow reader holds up
    nobody and fills no memory."""
    try:
        while (part := await aside(partial(next, parts, None))) is not None:
            if part:
                yield part
    finally:
        with CancelScope(shield=True):
            close = getattr(parts, "close", None)
            if close is not None:
                await aside(close)
        place.leave()


handlers = (exports, file)
