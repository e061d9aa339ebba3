"""Today, drops and their photographs."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from sync.central import finding, glance, photos, views
from sync.central.centre import Shared, aside
from sync.central.finding import REACH, Partly
from sync.central.pages.case_words import CaseWords
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.goods_words import GoodsWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission


@get("/", opt=needs(Permission.SEE_DROPS))
async def today(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, merchant, now = person.tenant, person.merchant, centre.clock.now()
    seen = await aside(
        lambda: glance.today(centre.database, tenant, now, centre.timezone, merchant)
    )
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "today.html",
        person,
        today=seen,
        now=now,
        told=CaseWords(voice),
        fleet=FleetWords(voice, now),
    )


@get("/drops", opt=needs(Permission.SEE_DROPS))
async def drops(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, merchant = person.tenant, person.merchant
    search = str(request.query_params.get("q", ""))[:100].strip().replace("\0", "")
    asked = str(request.query_params.get("page", "1"))
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = max(1, page)
    names = finding.read(search)

    def look() -> Partly:
        if search:
            return finding.by_part(
                centre.database, tenant, names, merchant=merchant, page=page, size=views.PAGE
            )
        return Partly(*views.list_drops(centre.database, tenant, page, merchant), None)

    found = await aside(look)
    return page_of(
        request, centre, "drops.html", person, found=found, reach=REACH, search=search, page=page
    )


@get("/drops/{drop_id:str}", opt=needs(Permission.SEE_DROPS))
async def drop(request: Web, centre: Shared, drop_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, merchant, now = person.tenant, person.merchant, centre.clock.now()
    wanted = drop_id.replace("\0", "")
    story = await aside(lambda: views.story(centre.database, tenant, wanted, now, merchant))
    if story is None:
        return page_of(request, centre, "missing.html", person, status=404)
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "drop.html",
        person,
        story=story,
        told=CaseWords(voice),
        goods=GoodsWords(voice),
    )


@get("/photos/{sha256:str}", opt=needs(Permission.SEE_DROPS))
async def photo(request: Web, centre: Shared, sha256: FromPath[str]) -> Response[Any]:
    """A photograph of goods, for the pages of drops."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, merchant = person.tenant, person.merchant
    found = None
    if photos.is_hash(sha256) and await aside(
        lambda: views.shows_photo(centre.database, tenant, sha256, merchant)
    ):
        found = await aside(lambda: photos.read(centre.database, tenant, sha256))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    return Response(found, media_type="image/jpeg", headers={"cache-control": "no-store"})


handlers = (today, drops, drop, photo)
