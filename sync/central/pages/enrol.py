"""A kiosk joins by a one-time code, and leaves by being revoked."""

from __future__ import annotations

import io
from urllib.parse import quote

import segno
from litestar import Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from kiosk.domain import codes
from kiosk.domain.codes.enrolment import is_centre_url
from sync.central import devices
from sync.central.centre import Centre, Shared, aside
from sync.central.fleet import joining
from sync.central.fleet.joining import Made, NotMade
from sync.central.fleet.one import one
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

_ENROL = needs(Permission.ENROL_KIOSKS, fresh=True)
_REVOKE = needs(Permission.REVOKE_KIOSKS, fresh=True)
LONGEST_WHY = 300
_FIELDS = {
    NotMade.BAD_SITE: "site",
    NotMade.BAD_CODE: "code",
    NotMade.TAKEN: "code",
    NotMade.USED: "code",
}
"""Beside which field each is told."""


@get("/kiosks/enrol", opt=_ENROL)
async def enrol_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person, None)


async def _show(request: Web, centre: Centre, who: Person, wrong: NotMade | None) -> Response[str]:
    tenant, now = who.tenant, centre.clock.now()
    told = FleetWords(voice_of(request), now)
    waiting = await aside(lambda: joining.waiting(centre.database, tenant, now))
    code, sites = await aside(lambda: joining.suggestion(centre.database, tenant))
    form = await form_of(request) if wrong is not None else {"code": code}
    return page_of(
        request,
        centre,
        "enrol.html",
        who,
        told=told,
        waiting=waiting,
        sites=sites,
        said=form,
        wrong=wrong,
        faults={} if wrong is None else {_FIELDS[wrong]: told.not_made(wrong)},
        status=200 if wrong is None else 422,
    )


@post("/kiosks/enrol", opt=_ENROL)
async def make(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, actor = await form_of(request), person.doing(Permission.ENROL_KIOSKS)
    site, code = form.get("site", "").strip(), form.get("code", "").strip().upper()
    same = "same" in form
    told = await aside(
        lambda: joining.make(centre.database, centre.clock, centre.ids, actor, site, code, same)
    )
    if isinstance(told, NotMade):
        return await _show(request, centre, person, told)
    return _made(request, centre, person, told)


def _made(request: Web, centre: Centre, who: Person, made: Made) -> Response[str]:
    scheme = "https" if centre.secure_cookies else request.base_url.scheme
    address = f"{scheme}://{request.base_url.netloc}"
    whole = codes.enrolment_code(address, made.code) if is_centre_url(address) else ""
    return page_of(
        request,
        centre,
        "enrol_code.html",
        who,
        made=made,
        address=address,
        whole=whole,
        picture=_picture(whole) if whole else "",
    )


def _picture(text: str) -> Markup:
    """As an SVG to stand in a page, black on white in dark pages, too."""
    drawn = io.BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(drawn, kind="svg", scale=6, border=4, light="white", xmldecl=False, svgns=False)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno's


@post("/kiosks/enrol/cancel", opt=_ENROL)
async def cancel(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    ref, actor = (await form_of(request)).get("ref", ""), person.doing(Permission.ENROL_KIOSKS)
    await aside(lambda: joining.cancel(centre.database, centre.clock, actor, ref))
    return go("/kiosks/enrol")


@get("/kiosks/{device_id:str}/revoke", opt=_REVOKE)
async def revoke_page(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _ask(request, centre, person, device_id.replace("\0", ""), wrong=False)


async def _ask(
    request: Web, centre: Centre, who: Person, device_id: str, *, wrong: bool
) -> Response[str]:
    now = centre.clock.now()
    found = await aside(lambda: one(centre.database, who.tenant, device_id, now))
    if found is None:
        return page_of(request, centre, "missing.html", who, status=404)
    if found.kiosk["state"] == "revoked":
        return go(f"/kiosks/{quote(device_id, safe='')}")
    return page_of(
        request,
        centre,
        "revoke.html",
        who,
        told=FleetWords(voice_of(request), now),
        row=found.kiosk,
        faults={"why": voice_of(request).t("Write a few words: why?")} if wrong else {},
        longest=LONGEST_WHY,
        status=422 if wrong else 200,
    )


@post("/kiosks/{device_id:str}/revoke", opt=_REVOKE)
async def revoke(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    named, why = device_id.replace("\0", ""), (await form_of(request)).get("why", "")
    why = " ".join(why.replace("\0", "").split())[:LONGEST_WHY]
    if not why:
        return await _ask(request, centre, person, named, wrong=True)
    actor = person.doing(Permission.REVOKE_KIOSKS)
    await aside(lambda: devices.revoke(centre.database, centre.clock, actor, named, why))
    return go(f"/kiosks/{quote(named, safe='')}")


handlers = (enrol_page, make, cancel, revoke_page, revoke)
