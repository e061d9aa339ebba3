"""Staffed counters: which sites have one, how one stands, and its next book on its way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

import sqlalchemy as sa
from litestar import Response, get, post

from sync.central.centre import Centre, Shared, aside
from sync.central.counter_book import checking, comparing, houses, people, publishing
from sync.central.counter_book.checking import Problem
from sync.central.counter_book.comparing import Change, Version
from sync.central.counter_book.houses import House
from sync.central.counter_book.publishing import LONGEST_NOTE, NotPublished, Why
from sync.central.counter_book.roster import members_of
from sync.central.pages.counter_words import CounterWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

SEE = needs(Permission.SEE_KIOSKS)
RUN = needs(Permission.RUN_COUNTERS)
FRESH = needs(Permission.RUN_COUNTERS, fresh=True)
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """One site with a counter. `waits`: people changed, and no book that went out says so."""

    house: House
    people: int
    waits: bool
    problems: tuple[Problem, ...]

    @property
    def stopped(self) -> bool:
        return any(one.stops for one in self.problems)


def site_of(request: Web) -> str:
    return request.query_params.get("site", "").replace("\0", "")


def at(page: str, site: str) -> str:
    return f"/counters/{page}?site={quote(site, safe='')}"


async def ticked_of(request: Web) -> dict[str, list[str]]:
    """Every value of fields that may come several times."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(text, max_num_fields=200)
    except ValueError:
        return {}


def standing(c: sa.Connection, tenant: str, site: str) -> Standing | None:
    house = houses.load(c, tenant, site)
    if house is None:
        return None
    members = members_of(c, tenant, site)
    here = sum(one.active for one in members)
    waits = publishing.waits(c, tenant, site, members)
    return Standing(house, here, waits, checking.problems(house.shown, members))


# --- all of them -------------------------------------------------------------------------------


@get("/counters", opt=SEE)
async def counters(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _all(request, centre, person, {}, "")


async def _all(
    request: Web, centre: Centre, who: Person, faults: dict[str, str], said: str
) -> Response[str]:
    def load() -> tuple[list[Standing], tuple[str, ...]]:
        with centre.database.reading() as c:
            found = (standing(c, who.tenant, site) for site in houses.sites(c, who.tenant))
            return [one for one in found if one is not None], houses.without(c, who.tenant)

    rows, free = await aside(load)
    return page_of(
        request,
        centre,
        "counters.html",
        who,
        told=CounterWords(voice_of(request)),
        rows=rows,
        free=free,
        faults=faults,
        said=said,
        status=422 if faults else 200,
    )


@post("/counters", opt=RUN)
async def begin(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    site, actor = (
        (await form_of(request)).get("site", "").strip(),
        person.doing(Permission.RUN_COUNTERS),
    )
    zone = centre.timezone.key or "UTC"

    def work(c: sa.Connection) -> bool:
        return houses.begin(c, centre.ids, centre.clock.now(), actor, site, zone)

    if not await aside(lambda: centre.database.write(work)):
        t = voice_of(request).t
        told = t("Write the site’s name, of a site that has no counter yet.")
        return await _all(request, centre, person, {"site": told}, site)
    return go(at("site", site))


# --- one ---------------------------------------------------------------------------------------


@get("/counters/site", opt=SEE)
async def one(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    site, tenant = site_of(request), person.tenant

    def load() -> tuple[Standing | None, tuple[Version, ...], tuple[people.Person, ...]]:
        with centre.database.reading() as c:
            return (
                standing(c, tenant, site),
                comparing.history(c, tenant, site, HISTORY),
                people.everybody(c, tenant, site),
            )

    found, history, staff = await aside(load)
    if found is None:
        return missing(request, centre, person)
    return page_of(
        request,
        centre,
        "counter_site.html",
        person,
        told=CounterWords(voice_of(request)),
        one=found,
        house=found.house.shown,
        history=history,
        staff=staff,
        now=int(centre.clock.now().timestamp()),
        signs=tenant in centre.bundle_keys,
    )


def missing(request: Web, centre: Centre, who: Person) -> Response[str]:
    return page_of(request, centre, "missing.html", who, status=404)


# --- out it goes -------------------------------------------------------------------------------


@get("/counters/publish", opt=FRESH)
async def before(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _before(request, centre, person, site_of(request), None, "")


async def _before(
    request: Web, centre: Centre, who: Person, site: str, wrong: Why | None, note: str
) -> Response[str]:
    def load() -> tuple[Standing | None, tuple[Change, ...]]:
        with centre.database.reading() as c:
            found = standing(c, who.tenant, site)
            if found is None or not found.house.number:
                return found, ()
            return found, comparing.houses(found.house.standing, found.house.shown)

    found, changes = await aside(load)
    if found is None:
        return missing(request, centre, who)
    return page_of(
        request,
        centre,
        "counter_publish.html",
        who,
        told=CounterWords(voice_of(request)),
        one=found,
        changes=changes,
        wrong=wrong,
        note=note,
        longest=LONGEST_NOTE,
        signs=who.tenant in centre.bundle_keys,
        status=422 if wrong else 200,
    )


@post("/counters/publish", opt=FRESH)
async def publish(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, key = await form_of(request), centre.bundle_keys.get(person.tenant)
    site, note = form.get("site", "").replace("\0", ""), form.get("note", "").strip()
    if key is None:
        return await _before(request, centre, person, site, None, note)
    actor = person.doing(Permission.RUN_COUNTERS)
    made = await aside(
        lambda: publishing.publish(
            centre.database, centre.clock, key, actor, site, form.get("seen", ""), note
        )
    )
    if isinstance(made, NotPublished):
        return await _before(request, centre, person, site, made.why, note)
    return go(at("site", site))


@post("/counters/discard", opt=RUN)
async def discard(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form: dict[str, Any] = await form_of(request)
    site, seen = form.get("site", "").replace("\0", ""), form.get("seen", "")
    actor = person.doing(Permission.RUN_COUNTERS)
    await aside(lambda: houses.discard(centre.database, centre.clock, actor, site, seen))
    return go(at("site", site))


handlers = (counters, begin, one, before, publish, discard)
