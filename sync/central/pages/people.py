"""People: who works here, and what is done to their accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, quote

from litestar import Response, get, post

from sync.central.audit import Actor
from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.names import Names
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person, managing
from sync.central.people.links import Link, NotDone
from sync.central.roles import Permission, Role

_MANAGE = needs(Permission.MANAGE_PEOPLE, fresh=True)
_FIELDS: Final = {
    NotDone.BAD_NAME: "name",
    NotDone.TAKEN: "name",
    NotDone.NO_ROLE: "role",
    NotDone.LAST_ADMIN: "role",
    NotDone.NO_MERCHANT: "merchant",
    NotDone.HOUSE_ONLY: "merchant",
}
"""Beside which field each is told; what is not among them, no field can mend."""
_FRESH: Final[Mapping[str, Any]] = {"name": "", "roles": (Role.VIEWER,), "merchant": ""}


async def _roles(request: Web) -> frozenset[Role]:
    """The boxes that were ticked."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        ticked = parse_qs(text, max_num_fields=20).get("role", [])
    except ValueError:
        return frozenset()
    known = set(Role)
    return frozenset(Role(one) for one in ticked if one in known)


@get("/people", opt=_MANAGE)
async def people_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _list(request, centre, person)


def _told(request: Web, *wrong: NotDone) -> dict[str, str]:
    """A sentence for each field."""
    names = Names(voice_of(request))
    return {_FIELDS[one]: names.not_done(one) for one in wrong if one in _FIELDS}


async def _list(
    request: Web,
    centre: Centre,
    who: Person,
    faults: Mapping[str, str] | None = None,
    said: Mapping[str, Any] = _FRESH,
) -> Response[str]:
    """`said` is what the form of an invitation holds."""
    rows = await aside(lambda: managing.list_people(centre.database, who.tenant))
    shops = await aside(lambda: managing.list_merchants(centre.database, who.tenant))
    return page_of(
        request,
        centre,
        "people.html",
        who,
        rows=rows,
        shops=shops,
        roles=tuple(Role),
        faults=faults or {},
        said=said,
        status=422 if faults else 200,
    )


@post("/people/invite", opt=_MANAGE)
async def invite(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, roles = await form_of(request), await _roles(request)
    actor = person.doing(Permission.MANAGE_PEOPLE)
    name, merchant = form.get("name", "").strip(), form.get("merchant", "")
    told = await aside(
        lambda: managing.invite(
            centre.database, centre.clock, centre.ids, actor, name, roles, merchant
        )
    )
    if isinstance(told, NotDone):
        more = () if roles else (NotDone.NO_ROLE,)  # whoever forgot both hears of both
        said = {"name": name, "roles": roles, "merchant": merchant}
        return await _list(request, centre, person, _told(request, told, *more), said)
    return _link(request, centre, person, name, told)


def _link(request: Web, centre: Centre, who: Person, name: str, link: Link) -> Response[str]:
    scheme = "https" if centre.secure_cookies else request.base_url.scheme
    address = f"{scheme}://{request.base_url.netloc}/welcome/{link.token}"
    return page_of(request, centre, "link.html", who, name=name, address=address, link=link)


@get("/people/person", opt=_MANAGE)
async def person_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _one(request, centre, person, request.query_params.get("name", ""), None)


async def _one(
    request: Web,
    centre: Centre,
    who: Person,
    name: str,
    wrong: NotDone | None,
    said: Mapping[str, Any] | None = None,
) -> Response[str]:
    """`said` is what the form of their rights holds; None: what they have. What is wrong with
    another form of the page is told above it."""
    rows = await aside(lambda: managing.list_people(centre.database, who.tenant))
    found = [row for row in rows if row["name"] == name]
    if not found:
        return page_of(request, centre, "missing.html", who, status=404)
    shops = await aside(lambda: managing.list_merchants(centre.database, who.tenant))
    row = found[0]
    return page_of(
        request,
        centre,
        "person.html",
        who,
        row=row,
        shops=shops,
        roles=tuple(Role),
        said=said or {"roles": row["roles"].split(), "merchant": row["merchant_id"]},
        wrong=wrong,
        faults=_told(request, wrong) if wrong and said else {},
        status=200 if wrong is None else 422,
    )


async def _done(
    request: Web,
    centre: Centre,
    do: Callable[[Actor, str], NotDone | None],
    said: Mapping[str, Any] | None = None,
) -> Response[str]:
    """Do something to the person whom a form names, and show that person, with what the form
    said where it was not done."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    name, actor = (await form_of(request)).get("name", ""), person.doing(Permission.MANAGE_PEOPLE)
    wrong = await aside(lambda: do(actor, name))
    if wrong is not None:
        return await _one(request, centre, person, name, wrong, said)
    return go(f"/people/person?name={quote(name, safe='')}")


@post("/people/roles", opt=_MANAGE)
async def roles(request: Web, centre: Shared) -> Response[str]:
    chosen, merchant = await _roles(request), (await form_of(request)).get("merchant", "")
    return await _done(
        request,
        centre,
        lambda actor, name: managing.set_roles(
            centre.database, centre.clock, actor, name, chosen, merchant
        ),
        {"roles": chosen, "merchant": merchant},
    )


@post("/people/disable", opt=_MANAGE)
async def disable(request: Web, centre: Shared) -> Response[str]:
    return await _done(
        request,
        centre,
        lambda actor, name: managing.disable(centre.database, centre.clock, actor, name),
    )


@post("/people/enable", opt=_MANAGE)
async def enable(request: Web, centre: Shared) -> Response[str]:
    return await _done(
        request,
        centre,
        lambda actor, name: managing.enable(centre.database, centre.clock, actor, name),
    )


@post("/people/second-factor", opt=_MANAGE)
async def reset(request: Web, centre: Shared) -> Response[str]:
    return await _done(
        request,
        centre,
        lambda actor, name: managing.reset_second_factor(
            centre.database, centre.clock, actor, name
        ),
    )


@post("/people/link", opt=_MANAGE)
async def new_link(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    name, actor = (await form_of(request)).get("name", ""), person.doing(Permission.MANAGE_PEOPLE)
    told = await aside(
        lambda: managing.new_link(centre.database, centre.clock, centre.ids, actor, name)
    )
    if isinstance(told, NotDone):
        return await _one(request, centre, person, name, told)
    return _link(request, centre, person, name, told)


handlers = (people_page, invite, person_page, roles, disable, enable, reset, new_link)
