"""The door: signing in and out."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.datastructures import Cookie

from sync.central import people
from sync.central.centre import Shared, aside
from sync.central.pages.shared import (
    COOKIE,
    Web,
    form_of,
    from_here,
    go,
    own_form,
    page_of,
    person_of,
)


@get("/login")
async def login_page(request: Web, centre: Shared) -> Response[str]:
    return page_of(request, centre, "login.html", None, failed=False)


@post("/login")
async def login(request: Web, centre: Shared) -> Response[str]:
    form = await form_of(request)
    token = None
    if from_here(request):
        source = request.client.host if request.client else ""
        name, password = form.get("name", ""), form.get("password", "")
        token = await aside(
            lambda: people.sign_in(
                centre.database, centre.clock, centre.ids, name, password, source
            )
        )
    if token is None:
        return page_of(request, centre, "login.html", None, failed=True, status=403)
    answer = go("/")
    answer.cookies.append(
        Cookie(
            key=COOKIE,
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=centre.secure_cookies,
            max_age=int(people.LONGEST.total_seconds()),
        )
    )
    return answer


@post("/logout")
async def logout(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    if await own_form(request, person) is None:
        return page_of(request, centre, "missing.html", person, status=403)
    token = request.cookies[COOKIE]
    await aside(lambda: people.sign_out(centre.database, token))
    answer = go("/login")
    answer.delete_cookie(COOKIE)
    return answer


handlers = (login_page, login, logout)
