"""Returns as merchants authorised them: a list, one with its items, and what can be done to it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import FromPath

from kiosk.domain.returns import AuthorisationState as State
from sync.central.centre import Centre, Shared, aside
from sync.central.pages.case_words import CaseWords
from sync.central.pages.guard import needs
from sync.central.pages.policy_words import ReturnWords
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.policy import returns
from sync.central.rest.problems import Problem
from sync.central.roles import Permission
from sync.central.tables import merchants

LONGEST_REASON: Final = 200
_SEE = needs(Permission.SEE_DROPS)
_CHANGE = needs(Permission.CHANGE_RETURNS)


def _asked(request: Web, name: str) -> str:
    return str(request.query_params.get(name, "")).replace("\0", "")[:200]


@get("/returns", opt=_SEE)
async def listed(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    if number := _asked(request, "number").strip():
        return go(f"/returns/{quote(number, safe='')}")
    tenant, now = person.tenant, centre.clock.now()
    merchant = person.merchant or _asked(request, "merchant")
    state = _asked(request, "state") if _asked(request, "state") in set(State) else ""
    after = _asked(request, "after")
    rows, onward = await aside(
        lambda: returns.page(centre.database, tenant, now, merchant, state, after)
    )
    shops = await aside(lambda: () if person.merchant else _shops(centre, tenant))
    asked = {"merchant": merchant, "state": state}
    return page_of(
        request,
        centre,
        "returns.html",
        person,
        told=ReturnWords(voice_of(request)),
        rows=rows,
        shops=shops,
        wanted=asked,
        states=tuple(State),
        after=after,
        onward="/returns?" + urlencode({**asked, "after": onward}) if onward else "",
    )


def _shops(centre: Centre, tenant: str) -> tuple[tuple[str, str], ...]:
    query = sa.select(merchants.c.merchant_id, merchants.c.name).where(merchants.c.tenant == tenant)
    with centre.database.reading() as c:
        found = c.execute(query.order_by(merchants.c.name))
        return tuple((row.merchant_id, row.name) for row in found)


@get("/returns/{return_id:str}", opt=_SEE)
async def one(request: Web, centre: Shared, return_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _one(request, centre, person, return_id, None)


async def _one(
    request: Web, centre: Centre, person: Person, named: str, wrong: Problem | str | None
) -> Response[str]:
    now, return_id = centre.clock.now(), named.replace("\0", "")
    found = await aside(
        lambda: returns.story(centre.database, person.tenant, now, person.merchant, return_id)
    )
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    today = now.astimezone(centre.timezone).date()
    return page_of(
        request,
        centre,
        "return.html",
        person,
        told=ReturnWords(voice_of(request)),
        cases=CaseWords(voice_of(request)),
        story=found,
        wrong=wrong,
        faults={"until": voice_of(request).t("Choose a day.")} if wrong == "day" else {},
        soonest=today + timedelta(days=1),
        later=today + timedelta(days=30),
        longest=LONGEST_REASON,
        status=200 if wrong is None else 422,
    )


@post("/returns/{return_id:str}/cancel", opt=_CHANGE)
async def cancel(request: Web, centre: Shared, return_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    reason = (await form_of(request)).get("reason", "").strip()[:LONGEST_REASON]
    actor = person.doing(Permission.CHANGE_RETURNS)
    done = await aside(
        lambda: returns.cancel(centre.database, centre.clock, centre.ids, actor, return_id, reason)
    )
    if isinstance(done, Problem):
        return await _one(request, centre, person, return_id, done)
    return go(f"/returns/{quote(return_id, safe='')}")


@post("/returns/{return_id:str}/extend", opt=_CHANGE)
async def extend(request: Web, centre: Shared, return_id: FromPath[str]) -> Response[str]:
    """Until the end of a day, by the back office's clock."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    actor, told = person.doing(Permission.CHANGE_RETURNS), (await form_of(request)).get("until", "")
    try:
        day = datetime.strptime(told, "%Y-%m-%d").replace(tzinfo=centre.timezone)
    except ValueError:
        return await _one(request, centre, person, return_id, "day")
    until = datetime.combine(day.date(), time(23, 59, 59), centre.timezone)
    done = await aside(
        lambda: returns.extend(centre.database, centre.clock, centre.ids, actor, return_id, until)
    )
    if isinstance(done, Problem):
        return await _one(request, centre, person, return_id, done)
    return go(f"/returns/{quote(return_id, safe='')}")


handlers = (listed, one, cancel, extend)
