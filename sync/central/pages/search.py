"""Search, and the way of what was found.

One exact hit is shown at once: who scans a bag wants its drop, not a list of one.
"""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from sync.central import finding
from sync.central.centre import Centre, Shared, aside
from sync.central.finding import REACH, Found, Names, Partly, Thing
from sync.central.finding.found import MOST, Row, Sees
from sync.central.pages.case_words import CaseWords
from sync.central.pages.goods_words import GoodsWords
from sync.central.pages.guard import needs
from sync.central.pages.parcel_words import ParcelWords
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

_LEAST = 3  # signs of a part of a name that is worth looking for


@get("/search", opt=needs(Permission.SEE_DROPS))
async def search(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    asked = finding.read(str(request.query_params.get("q", ""))[: 2 * finding.LONGEST])
    found = await aside(lambda: finding.find(centre.database, person.tenant, asked, _sees(person)))
    only = _only(found)
    if only:
        return go(only)
    partly = await aside(lambda: _partly(centre, person, asked, found))
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "search.html",
        person,
        asked=asked,
        found=found,
        partly=partly,
        reach=REACH,
        told=CaseWords(voice),
        goods=GoodsWords(voice),
        parcels=ParcelWords(voice),
    )


def _partly(centre: Centre, person: Person, asked: Names, found: Found) -> Partly:
    """Where nothing bears the whole name: the end of a label, as people read it out."""
    if not found.nothing or len(asked.text) < _LEAST:
        return Partly((), False, None)
    merchant = person.merchant
    return finding.by_part(centre.database, person.tenant, asked, merchant=merchant, size=MOST)


def _sees(person: Person) -> Sees:
    return Sees(
        merchant=person.merchant,
        kiosks=person.may(Permission.SEE_KIOSKS),
        cases=person.may(Permission.SEE_CASES),
        shops=person.may(Permission.SEE_BOOKS),
    )


def _only(found: Found) -> str:
    """The page of the one thing that was found, "" where there is none or are several."""
    pages = [
        *(f"/drops/{quote(row['drop_id'], safe='')}" for row in found.drops),
        *(f"/goods/{row['what']}/{quote(row['id'], safe='')}" for row in found.goods),
        *(_counters(row) for row in found.parcels),
        *(f"/kiosks/{quote(row['device_id'], safe='')}" for row in found.kiosks),
        *(f"/cases/{quote(row['case_id'], safe='')}" for row in found.cases),
        *(f"/merchants/{quote(row['merchant_id'], safe='')}" for row in found.shops),
    ]
    others = (*found.returns, *found.sites)
    return pages[0] if len(pages) == 1 and not others else ""


def _counters(row: Row) -> str:
    where = "lists" if row["kind"] == "manifest" else "one"
    return f"/parcels/{where}/{quote(row['name'], safe='')}?site={quote(row['site'], safe='')}"


@get("/goods/{what:str}/{name:str}", opt=needs(Permission.SEE_DROPS))
async def goods(
    request: Web, centre: Shared, what: FromPath[str], name: FromPath[str]
) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    way = None
    if what in set(Thing):
        tenant, merchant, named = person.tenant, person.merchant, name.replace("\0", "")
        way = await aside(
            lambda: finding.way_of(centre.database, tenant, Thing(what), named, merchant)
        )
    if way is None:
        return page_of(request, centre, "missing.html", person, status=404)
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "goods.html",
        person,
        way=way,
        told=CaseWords(voice),
        goods=GoodsWords(voice),
    )


handlers = (search, goods)
