"""Cases: what somebody must settle."""

from __future__ import annotations

from litestar import Response, get

from sync.central import photos, views
from sync.central.centre import Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of
from sync.central.roles import Permission


@get("/cases", opt=needs(Permission.SEE_CASES))
async def cases(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant = person.tenant
    now = centre.clock.now()
    rows = await aside(lambda: views.list_cases(centre.database, tenant))
    late = await aside(lambda: photos.late(centre.database, tenant, now))
    return page_of(request, centre, "cases.html", person, rows=rows, late=late)


handlers = (cases,)
