"""The audit of changes, to look through."""

from __future__ import annotations

from litestar import Response, get

from sync.central import audit
from sync.central.centre import Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of
from sync.central.roles import Permission

PAGE = 50


@get("/audit", opt=needs(Permission.SEE_AUDIT))
async def audit_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant = person.tenant
    wanted = request.query_params.get("q", "")[:100].strip().replace("\0", "")
    asked = request.query_params.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0

    def look() -> tuple[audit.Entry, ...]:
        with centre.database.reading() as c:
            return audit.entries(c, tenant, wanted, before, PAGE + 1)

    rows = await aside(look)
    return page_of(
        request,
        centre,
        "audit.html",
        person,
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        search=wanted,
        before=before,
    )


handlers = (audit_page,)
