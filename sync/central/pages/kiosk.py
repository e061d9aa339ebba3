"""One kiosk: how it is and was, what it did last, what it was ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from sync.central import orders, screens
from sync.central.centre import Shared, aside
from sync.central.fleet import ordering, settable, told
from sync.central.fleet.one import one
from sync.central.pages.case_words import CaseWords
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission


@get("/kiosks/{device_id:str}", opt=needs(Permission.SEE_KIOSKS))
async def kiosk(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now, named = person.tenant, centre.clock.now(), device_id.replace("\0", "")
    found = await aside(lambda: one(centre.database, tenant, named, now))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    given = await aside(lambda: orders.history(centre.database, named, most=10))
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "kiosk.html",
        person,
        told=FleetWords(voice, now),
        of_case=CaseWords(voice),
        one=found,
        row=found.kiosk,
        given=_with_states(given, now),
        kinds=ordering.KINDS,
        shown=settable.shown,
        now=now,
    )


def _with_states(given: orders.History, now: datetime) -> orders.History:
    told = tuple({**row, "state": ordering.state(row, now)} for row in given.commands)
    return replace(given, commands=told)


@get("/kiosks/{device_id:str}/screens/{event_id:str}", opt=needs(Permission.SEE_KIOSKS))
async def screen(
    request: Web, centre: Shared, device_id: FromPath[str], event_id: FromPath[str]
) -> Response[Any]:
    """A picture of its screen."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, named, which = person.tenant, device_id.replace("\0", ""), event_id.replace("\0", "")
    found = await aside(lambda: screens.read(centre.database, tenant, named, which))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    return Response(found, media_type="image/jpeg", headers={"cache-control": "no-store"})


@get("/kiosks/{device_id:str}/told", opt=needs(Permission.SEE_KIOSKS))
async def told_file(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[Any]:
    """What it told of itself, to take away."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now, named = person.tenant, centre.clock.now(), device_id.replace("\0", "")
    found = await aside(lambda: told.lines(centre.database, tenant, named, now))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    headers = {
        "cache-control": "no-store",
        "content-disposition": 'attachment; filename="kiosk-told.jsonl"',
    }
    return Response(found, media_type="application/jsonl", headers=headers)


handlers = (kiosk, screen, told_file)
