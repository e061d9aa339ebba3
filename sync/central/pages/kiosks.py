"""The kiosks: all of them, whoever needs somebody first."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Response, get

from sync.central.centre import Shared, aside
from sync.central.fleet import reading
from sync.central.fleet.reading import STATES, Wanted
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission


def _wanted(request: Web) -> Wanted:
    asked = {
        name: str(request.query_params.get(name, "")).replace("\0", "")[:200]
        for name in ("site", "state", "page")
    }
    page = asked["page"]
    return Wanted(
        site=asked["site"] or None,
        state=asked["state"] if asked["state"] in STATES else "",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _address(wanted: Wanted, page: int) -> str:
    named = {"site": wanted.site or "", "state": wanted.state}
    told = {name: value for name, value in named.items() if value}
    return "/kiosks?" + urlencode({**told, "page": page})


@get("/kiosks", opt=needs(Permission.SEE_KIOSKS))
async def kiosks(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now, wanted = person.tenant, centre.clock.now(), _wanted(request)
    fleet = await aside(lambda: reading.listed(centre.database, tenant, now, wanted))
    return page_of(
        request,
        centre,
        "kiosks.html",
        person,
        told=FleetWords(voice_of(request), now),
        fleet=fleet,
        wanted=wanted,
        states=STATES,
        before=_address(wanted, wanted.page - 1),
        after=_address(wanted, wanted.page + 1),
    )


handlers = (kiosks,)
