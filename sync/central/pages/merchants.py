"""Merchants, for people of the house: all of them, and one."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from sync.central import shops, views
from sync.central.centre import Shared, aside
from sync.central.pages.case_words import CaseWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission

_LATEST = 8


@get("/merchants", opt=needs(Permission.SEE_BOOKS))
async def merchants(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now = person.tenant, centre.clock.now()
    rows = await aside(lambda: shops.listed(centre.database, tenant, now))
    return page_of(request, centre, "merchants.html", person, rows=rows)


@get("/merchants/{merchant_id:str}", opt=needs(Permission.SEE_BOOKS))
async def merchant(request: Web, centre: Shared, merchant_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, named, now = person.tenant, merchant_id.replace("\0", ""), centre.clock.now()
    found = await aside(lambda: shops.one(centre.database, tenant, named, now))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    latest, _ = await aside(lambda: views.list_drops(centre.database, tenant, 1, named))
    return page_of(
        request,
        centre,
        "merchant.html",
        person,
        one=found,
        latest=latest[:_LATEST],
        told=CaseWords(voice_of(request)),
    )


handlers = (merchants, merchant)
