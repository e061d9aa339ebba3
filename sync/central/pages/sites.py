"""The sites: how their kiosks are, and what came in today."""

from __future__ import annotations

from litestar import Response, get

from sync.central.centre import Shared, aside
from sync.central.fleet import reading
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of
from sync.central.roles import Permission


@get("/kiosks/sites", opt=needs(Permission.SEE_KIOSKS))
async def sites(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now = person.tenant, centre.clock.now()
    rows = await aside(lambda: reading.sites(centre.database, tenant, now, centre.timezone))
    return page_of(request, centre, "sites.html", person, rows=rows)


handlers = (sites,)
