"""One's own account: password, second factor, recovery codes, sessions."""

from __future__ import annotations

from litestar import Response, get, post

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.names import Names
from sync.central.pages.second import set_up
from sync.central.pages.shared import (
    Web,
    browser_of,
    form_of,
    go,
    page_of,
    person_of,
    token_of,
    voice_of,
    with_session,
    without_session,
)
from sync.central.people import Person, account, sessions
from sync.central.people.passwords import Weak
from sync.central.roles import Permission

_OWN = needs(Permission.OWN_ACCOUNT)
_PROVED = needs(Permission.OWN_ACCOUNT, fresh=True)
_FACTOR = "/account/second-factor"


@get("/account", opt=_OWN)
async def account_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _account(request, centre, person)


async def _account(request: Web, centre: Centre, who: Person) -> Response[str]:
    database = centre.database
    mine = await aside(lambda: sessions.of_person(database, centre.clock, who.name))
    coded = await aside(lambda: account.has_second_factor(database, who.name))
    must = await aside(lambda: account.must_have_second_factor(database, who.tenant))
    left = await aside(lambda: account.recovery_left(database, who.name))
    return page_of(
        request, centre, "account.html", who, sessions=mine, coded=coded, must=must, left=left
    )


@get("/account/password", opt=_PROVED)
async def password_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return page_of(request, centre, "password.html", person)


@post("/account/password", opt=_PROVED)
async def password(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None or person.by_issuer:
        return go("/account")
    form, who = await form_of(request), person
    wanted = form.get("password", "")
    weak: Weak | None = await aside(
        lambda: account.change_password(centre.database, centre.clock, centre.ids, who, wanted)
    )
    if weak is not None:
        faults = {"password": Names(voice_of(request)).weak(weak)}
        return page_of(request, centre, "password.html", person, faults=faults, status=422)
    return without_session(go("/login"), centre)


@get(_FACTOR, opt=_PROVED)
async def factor_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await set_up(request, centre, person, _FACTOR)


@post(_FACTOR, opt=_PROVED)
async def factor(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None or person.by_issuer:
        return go("/account")
    form, who, token = await form_of(request), person, token_of(request, centre)
    given, actor = form.get("code", ""), person.doing(Permission.OWN_ACCOUNT)
    done = await aside(
        lambda: account.confirm_second_factor(
            centre.database, centre.clock, centre.ids, token, actor, given, browser_of(request)
        )
    )
    if done is None:
        return await set_up(request, centre, who, _FACTOR, given)
    fresh, made = done
    shown = page_of(request, centre, "recovery.html", None, codes=made, onward="/account")
    return with_session(shown, centre, fresh)


@post("/account/second-factor/remove", opt=_PROVED)
async def remove_factor(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is not None:
        who = person
        await aside(lambda: account.remove_second_factor(centre.database, centre.clock, who))
    return go("/account")


@post("/account/recovery-codes", opt=_PROVED)
async def recovery(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    who, database = person, centre.database
    if not await aside(lambda: account.has_second_factor(database, who.name)):
        return go("/account")
    made = await aside(lambda: account.renew_recovery(database, centre.clock, centre.ids, who))
    return page_of(request, centre, "recovery.html", person, codes=made, onward="/account")


@post("/account/sessions/end", opt=_OWN)
async def end_session(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, who = await form_of(request), person
    wanted = form.get("session", "")
    await aside(lambda: account.end_session(centre.database, centre.clock, who, wanted))
    return go("/account")


handlers = (
    account_page,
    password_page,
    password,
    factor_page,
    factor,
    remove_factor,
    recovery,
    end_session,
)
