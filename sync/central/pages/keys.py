"""Keys of machines: made and shown once, listed, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from litestar import Response, get, post

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person, managing
from sync.central.rest import keys
from sync.central.rest.keys import Key, Role
from sync.central.roles import Permission

_MANAGE = needs(Permission.MANAGE_KEYS, fresh=True)
DAYS: Final = (30, 90, 365, 0)
"""How long a key may be good; 0 until it is revoked."""


@get("/keys", opt=_MANAGE)
async def keys_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person, "")


async def _show(request: Web, centre: Centre, who: Person, wrong: str) -> Response[str]:
    """`wrong` names the field."""
    said = await form_of(request) if wrong else {}
    rows = await aside(lambda: keys.listed(centre.database, who.tenant))
    shops = await aside(lambda: managing.list_merchants(centre.database, who.tenant))
    return page_of(
        request,
        centre,
        "keys.html",
        who,
        rows=rows,
        shops=shops,
        names_of=dict(shops),
        roles=tuple(Role),
        days=DAYS,
        now=centre.clock.now(),
        said=said,
        faults=_faults(request, wrong, said),
        status=422 if wrong else 200,
    )


def _faults(request: Web, wrong: str, said: dict[str, str]) -> dict[str, str]:
    """Whose key it is, is chosen for a shop and written for others. What stands in no list of ours
    was not sent by our form: nothing is said of it."""
    t = voice_of(request).t
    match wrong:
        case "name":
            return {"name": t("A name has 1 to 100 characters.")}
        case "subject":
            whose = t("Say whose key it is: choose the shop, or write the name, without spaces.")
            return {"merchant" if said.get("role") == Role.MERCHANT else "subject": whose}
        case _:
            return {}


def _subject(form: dict[str, str], role: Role) -> str:
    if role is Role.EXPORTS:
        return ""
    return form.get("merchant" if role is Role.MERCHANT else "subject", "").strip()


@post("/keys/make", opt=_MANAGE)
async def make(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form = await form_of(request)
    if form.get("role") not in set(Role):
        return await _show(request, centre, person, "role")
    role, days = Role(form["role"]), form.get("days", "")
    subject, name = _subject(form, role), form.get("name", "").strip()
    if role is not Role.EXPORTS and not keys.fits(subject):
        return await _show(request, centre, person, "subject")
    if days not in {str(one) for one in DAYS}:
        return await _show(request, centre, person, "days")
    made = await aside(
        lambda: keys.make(
            centre.database,
            centre.clock,
            centre.ids,
            person.tenant,
            role,
            subject,
            name=name,
            read_only="read_only" in form,
            life=timedelta(days=int(days)) if int(days) else None,
            actor=person.doing(Permission.MANAGE_KEYS),
        )
    )
    if isinstance(made, str):
        return await _show(request, centre, person, "name" if len(name) > 100 else "subject")
    return _made(request, centre, person, *made)


def _made(request: Web, centre: Centre, who: Person, key: Key, token: str) -> Response[str]:
    return page_of(request, centre, "key_made.html", who, key=key, token=token)


@post("/keys/revoke", opt=_MANAGE)
async def revoke(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    prefix = (await form_of(request)).get("prefix", "").replace("\0", "")
    actor = person.doing(Permission.MANAGE_KEYS)
    await aside(lambda: keys.revoke(centre.database, centre.clock, person.tenant, prefix, actor))
    return go("/keys")


handlers = (keys_page, make, revoke)
