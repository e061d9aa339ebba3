"""The door: signing in and out, and proving oneself again."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post

from sync.central import people
from sync.central.centre import Shared, aside
from sync.central.pages.guard import OPEN, needs
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
from sync.central.people import account, signing_in
from sync.central.roles import Permission

_OWN = needs(Permission.OWN_ACCOUNT)


@get("/login", opt=OPEN)
async def login_page(request: Web, centre: Shared) -> Response[str]:
    return page_of(request, centre, "login.html", None, name="")


@post("/login", opt=OPEN)
async def login(request: Web, centre: Shared) -> Response[str]:
    form, browser = await form_of(request), browser_of(request)
    name, password = form.get("name", ""), form.get("password", "")
    t = voice_of(request).t
    empty = {} if name.strip() else {"name": t("Type your name.")}
    if not password:
        empty["password"] = t("Type your password.")
    if empty:
        return page_of(request, centre, "login.html", None, name=name, faults=empty, status=422)
    token = await aside(
        lambda: people.sign_in(centre.database, centre.clock, centre.ids, name, password, browser)
    )
    if token is None:
        no = t(
            "This name and password do not fit, or there were too many tries. Please try again "
            "later."
        )
        faults = {"password": no}
        return page_of(request, centre, "login.html", None, name=name, faults=faults, status=403)
    return with_session(go("/"), centre, token)


@post("/logout", opt=_OWN)
async def logout(request: Web, centre: Shared) -> Response[str]:
    token = token_of(request, centre)
    await aside(lambda: people.sign_out(centre.database, token))
    return without_session(go("/login"), centre)


def _next(asked: str) -> str:
    """A page of ours, and nothing that a browser could take for another host."""
    plain = asked.isascii() and asked.isprintable() and "\\" not in asked and ":" not in asked
    return asked if plain and asked.startswith("/") and not asked.startswith("//") else "/"


@get("/again", opt=_OWN)
async def again_page(request: Web, centre: Shared) -> Response[str]:
    """Before a sensitive action, where the last proof is older than ten minutes."""
    return await _again(request, centre, _next(request.query_params.get("next", "/")), {})


async def _again(
    request: Web, centre: Shared, onward: str, faults: Mapping[str, str], status: int = 200
) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    name = person.name
    coded = await aside(lambda: account.has_second_factor(centre.database, name))
    return page_of(
        request,
        centre,
        "again.html",
        person,
        onward=onward,
        coded=coded,
        faults=faults,
        status=status,
    )


@post("/again", opt=_OWN)
async def again(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, token, who = await form_of(request), token_of(request, centre), person
    password, code = form.get("password", ""), form.get("code", "")
    onward, t = _next(form.get("next", "/")), voice_of(request).t
    empty = {} if password else {"password": t("Type your password.")}
    if not code.strip() and await aside(
        lambda: account.has_second_factor(centre.database, who.name)
    ):
        empty["code"] = t("Type the code.")
    if empty:
        return await _again(request, centre, onward, empty, 422)
    fresh = await aside(
        lambda: signing_in.prove_again(
            centre.database, centre.clock, centre.ids, token, who, password, code
        )
    )
    if fresh is None:
        no = t("That does not fit, or there were too many tries. Please try again later.")
        return await _again(request, centre, onward, {"password": no}, 403)
    return with_session(go(onward), centre, fresh)


handlers = (login_page, login, logout, again_page, again)
