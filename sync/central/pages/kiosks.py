"""The kiosks."""

from __future__ import annotations

from litestar import Response, get

from sync.central import views
from sync.central.centre import Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of
from sync.central.roles import Permission


@get("/kiosks", opt=needs(Permission.SEE_KIOSKS))
async def kiosks(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, now = person.tenant, centre.clock.now()
    rows = await aside(lambda: views.list_kiosks(centre.database, tenant, now))
    return page_of(request, centre, "kiosks.html", person, rows=rows)


handlers = (kiosks,)
