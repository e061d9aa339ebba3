"""The books: days, one day with its sites, proved again and closed by hand."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.case_words import CaseWords
from sync.central.pages.goods_words import GoodsWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.reconcile import books as kept
from sync.central.reconcile import reading
from sync.central.roles import Permission

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@get("/books", opt=needs(Permission.SEE_BOOKS))
async def books(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    asked = str(request.query_params.get("page", "1"))
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    tenant, now = person.tenant, centre.clock.now()
    found = await aside(lambda: reading.days(centre.database, tenant, now, centre.timezone, page))
    return page_of(request, centre, "books.html", person, found=found, page=page)


@get("/books/{day:str}", opt=needs(Permission.SEE_BOOKS))
async def book(request: Web, centre: Shared, day: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    proved = None
    if request.query_params.get("check") and _DAY.fullmatch(day):
        proved = await aside(lambda: reading.proved(centre.database, person.tenant, day))
    return await _show(request, centre, person, day, proved=proved)


async def _show(
    request: Web, centre: Centre, person: Person, day: str, status: int = 200, **values: Any
) -> Response[str]:
    tenant, now, found = person.tenant, centre.clock.now(), None
    if _DAY.fullmatch(day):
        found = await aside(lambda: reading.day(centre.database, tenant, day, now, centre.timezone))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    site = request.query_params.get("site")
    chosen = next((one for one in found.sites if one.site == site), None)
    opened = await aside(
        lambda: reading.opened_in(centre.database, tenant, found.starts_at, found.ends_at)
    )
    voice = voice_of(request)
    shown = {"proved": None, "not_closed": False, **values}
    return page_of(
        request,
        centre,
        "book.html",
        person,
        day=found,
        book=chosen or found.whole,
        chosen=chosen,
        opened=opened,
        stages=reading.STAGES,
        goods=GoodsWords(voice),
        told=CaseWords(voice),
        status=status,
        **shown,
    )


@post("/books/{day:str}/close", opt=needs(Permission.CLOSE_BOOKS, fresh=True))
async def close(request: Web, centre: Shared, day: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    actor, now = person.doing(Permission.CLOSE_BOOKS), centre.clock.now()
    done = _DAY.fullmatch(day) is not None and await aside(
        lambda: kept.close_early(centre.database, actor, day, now, centre.timezone)
    )
    if not done:
        return await _show(request, centre, person, day, status=409, not_closed=True)
    return go(f"/books/{day}")


handlers = (books, book, close)
