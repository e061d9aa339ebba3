"""The audit of changes, to look through."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from litestar import Response, get

from sync.central import audit
from sync.central.centre import Shared, aside
from sync.central.pages.audit_words import AuditWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission
from sync.central.tables import cases

PAGE = 50
Row = sa.Row[Any]


@get("/audit", opt=needs(Permission.SEE_AUDIT))
async def audit_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant = person.tenant
    wanted = request.query_params.get("q", "")[:100].strip().replace("\0", "")
    asked = request.query_params.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0

    def look() -> tuple[tuple[audit.Entry, ...], dict[str, Row]]:
        with centre.database.reading() as c:
            found = audit.entries(c, tenant, wanted, before, PAGE + 1)
            return found, _cases(c, tenant, found)

    rows, about = await aside(look)
    return page_of(
        request,
        centre,
        "audit.html",
        person,
        told=AuditWords(voice_of(request)),
        rows=rows[:PAGE],
        about=about,
        more=len(rows) > PAGE,
        search=wanted,
        before=before,
    )


def _cases(c: sa.Connection, tenant: str, rows: tuple[audit.Entry, ...]) -> dict[str, Row]:
    """By the key that a row names: what kind of case it is, and where."""
    keys = {row.subject for row in rows if row.what.startswith("case.")}
    named = sa.and_(cases.c.tenant == tenant, cases.c.key.in_(keys))
    return {row.key: row for row in c.execute(sa.select(cases).where(named))}


handlers = (audit_page,)
