"""People of counters: who works where, their cards, and who is out."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Any
from urllib.parse import quote

import segno
from litestar import Response, get, post
from markupsafe import Markup

from kiosk.domain.counter.commands import Role
from sync.central.centre import Centre, Shared, aside
from sync.central.counter_book import houses, people
from sync.central.counter_book.people import ROLES, Card, Changing, NotDone
from sync.central.pages.counter_words import CounterWords
from sync.central.pages.counters import FRESH, missing, ticked_of
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

_PEOPLE = needs(Permission.RUN_COUNTERS, fresh=True)
_FIELDS = {
    NotDone.NO_NAME: "name",
    NotDone.LONG_NAME: "name",
    NotDone.NO_ROLE: "role",
    NotDone.NO_SITE: "at",
    NotDone.FULL: "at",
    NotDone.BAD_DAY: "until",
}
"""Beside which field each is told; the others no field can mend."""


def _changing(centre: Centre, who: Person) -> Changing:
    key = centre.bundle_keys.get(who.tenant)
    actor = who.doing(Permission.RUN_COUNTERS)
    return Changing(centre.database, centre.clock, centre.ids, actor, key)


async def _ticked(request: Web) -> tuple[frozenset[Role], frozenset[str]]:
    fields = await ticked_of(request)
    known = {role.value: role for role in ROLES}
    roles = frozenset(known[one] for one in fields.get("role", ()) if one in known)
    return roles, frozenset(one for one in fields.get("at", ()) if "\0" not in one)


def _until(centre: Centre, text: str) -> int | NotDone | None:
    """The end of that day, by the office's clock; None for no end."""
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return NotDone.BAD_DAY
    end = datetime.combine(day, time.max, centre.timezone)
    return int(end.timestamp()) + 1


def _faults(request: Web, *wrong: NotDone) -> dict[str, str]:
    told = CounterWords(voice_of(request))
    return {_FIELDS[one]: told.not_done(one) for one in wrong if one in _FIELDS}


# --- all of them -------------------------------------------------------------------------------


@get("/counters/people", opt=_PEOPLE)
async def everybody(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    site = request.query_params.get("site", "").replace("\0", "")
    said = {"name": "", "roles": (Role.ASSOCIATE,), "sites": (site,), "until": ""}
    return await _list(request, centre, person, said)


async def _list(
    request: Web,
    centre: Centre,
    who: Person,
    said: dict[str, Any],
    faults: dict[str, str] | None = None,
) -> Response[str]:
    def load() -> tuple[tuple[people.Person, ...], tuple[str, ...]]:
        with centre.database.reading() as c:
            return people.everybody(c, who.tenant), houses.sites(c, who.tenant)

    rows, sites = await aside(load)
    return page_of(
        request,
        centre,
        "counter_people.html",
        who,
        told=CounterWords(voice_of(request)),
        rows=rows,
        sites=sites,
        roles=ROLES,
        said=said,
        now=int(centre.clock.now().timestamp()),
        signs=who.tenant in centre.bundle_keys,
        faults=faults or {},
        status=422 if faults else 200,
    )


@post("/counters/people", opt=_PEOPLE)
async def add(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, (roles, sites) = await form_of(request), await _ticked(request)
    name, until = form.get("name", ""), _until(centre, form.get("until", ""))
    made: Card | NotDone = NotDone.BAD_DAY
    if not isinstance(until, NotDone):
        do = _changing(centre, person)
        made = await aside(lambda: people.add(do, name, roles, sites, until))
    if isinstance(made, Card):
        return _card(request, centre, person, made)
    said = {"name": name, "roles": roles, "sites": sites, "until": form.get("until", "")}
    more = [NotDone.NO_ROLE] * (not roles) + [NotDone.NO_SITE] * (not sites)
    return await _list(request, centre, person, said, _faults(request, made, *more))


def _card(request: Web, centre: Centre, who: Person, card: Card) -> Response[str]:
    """Shown once: it is kept nowhere."""
    picture: Markup | None = None
    if card.badge:
        drawn = io.BytesIO()
        code = segno.make(card.badge, error="m", micro=False)
        code.save(drawn, kind="svg", xmldecl=False, scale=5, border=4, light="#fff")
        picture = Markup(drawn.getvalue().decode())  # noqa: S704 - segno's
    return page_of(request, centre, "counter_card.html", who, card=card, picture=picture)


# --- one of them -------------------------------------------------------------------------------


@get("/counters/person", opt=_PEOPLE)
async def one(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _one(request, centre, person, request.query_params.get("id", ""))


async def _one(
    request: Web,
    centre: Centre,
    who: Person,
    staff_id: str,
    wrong: NotDone | None = None,
    said: dict[str, Any] | None = None,
) -> Response[str]:
    def load() -> tuple[people.Person | None, tuple[str, ...]]:
        with centre.database.reading() as c:
            return people.one(c, who.tenant, staff_id.replace("\0", "")), houses.sites(
                c, who.tenant
            )

    found, sites = await aside(load)
    if found is None:
        return missing(request, centre, who)
    until = found.until
    ends = "" if until is None else _day(centre, until)
    here = {"name": found.name, "roles": found.roles, "sites": found.sites, "until": ends}
    told = CounterWords(voice_of(request))
    return page_of(
        request,
        centre,
        "counter_person.html",
        who,
        told=told,
        one=found,
        state=found.state(int(centre.clock.now().timestamp())),
        sites=sites,
        roles=ROLES,
        said={**here, **(said or {})},
        ends=ends,
        wrong=told.not_done(wrong) if wrong is not None and wrong not in _FIELDS else "",
        faults=_faults(request, wrong) if wrong is not None else {},
        signs=who.tenant in centre.bundle_keys,
        status=200 if wrong is None else 422,
    )


def _day(centre: Centre, until: int) -> str:
    return datetime.fromtimestamp(until - 1, centre.timezone).date().isoformat()


async def _done(
    request: Web,
    centre: Centre,
    do: Callable[[Changing, str], Card | NotDone | None],
    said: dict[str, Any] | None = None,
) -> Response[str]:
    """Do something to the person whom a form names, and show them, or their new card."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    staff_id, changing = (await form_of(request)).get("id", ""), _changing(centre, person)
    done = await aside(lambda: do(changing, staff_id.replace("\0", "")))
    match done:
        case Card():
            return _card(request, centre, person, done)
        case NotDone():
            return await _one(request, centre, person, staff_id, done, said)
        case None:
            return go(f"/counters/person?id={quote(staff_id, safe='')}")


@post("/counters/person/name", opt=FRESH)
async def rename(request: Web, centre: Shared) -> Response[str]:
    form = await form_of(request)
    name, until = form.get("name", ""), _until(centre, form.get("until", ""))
    said = {"name": name, "until": form.get("until", "")}
    if isinstance(until, NotDone):
        return await _done(request, centre, lambda _do, _id: NotDone.BAD_DAY, said)
    return await _done(
        request, centre, lambda do, staff_id: people.rename(do, staff_id, name, until), said
    )


@post("/counters/person/rights", opt=FRESH)
async def rights(request: Web, centre: Shared) -> Response[str]:
    roles, sites = await _ticked(request)
    return await _done(
        request,
        centre,
        lambda do, staff_id: people.set_rights(do, staff_id, roles, sites),
        {"roles": roles, "sites": sites},
    )


@post("/counters/person/card", opt=FRESH)
async def card(request: Web, centre: Shared) -> Response[str]:
    """A new badge, a new start PIN, or both."""
    what = (await form_of(request)).get("what", "")
    badge, pin = what in ("badge", "both"), what in ("pin", "both")
    if not badge and not pin:
        return await _done(request, centre, lambda _do, _id: None)
    return await _done(request, centre, partial(people.issue, badge=badge, pin=pin))


@post("/counters/person/revoke", opt=FRESH)
async def revoke(request: Web, centre: Shared) -> Response[str]:
    return await _done(request, centre, people.revoke)


@post("/counters/person/restore", opt=FRESH)
async def restore(request: Web, centre: Shared) -> Response[str]:
    return await _done(request, centre, people.restore)


handlers = (everybody, add, one, rename, rights, card, revoke, restore)
