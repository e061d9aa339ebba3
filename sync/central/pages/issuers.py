"""Signing in through another service (OpenID Connect), there and back."""

from __future__ import annotations

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.params import FromPath

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import OPEN, needs
from sync.central.pages.shared import Web, browser_of, go, page_of, person_of, with_session
from sync.central.people import entering, oidc
from sync.central.roles import Permission

_COOKIE = "takeback_way"


@get("/login/with/{tenant:str}", opt=OPEN)
async def set_out(request: Web, centre: Shared, tenant: FromPath[str]) -> Response[str]:
    return await _there(request, centre, tenant, "")


@get("/again/issuer", opt=needs(Permission.OWN_ACCOUNT))
async def again(request: Web, centre: Shared) -> Response[str]:
    """The proof before a sensitive action, of whoever has no password here."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _there(request, centre, person.tenant, person.session_id)


async def _there(request: Web, centre: Centre, tenant: str, session_id: str) -> Response[str]:
    issuer = centre.issuers.get(tenant)
    if issuer is None:
        return page_of(request, centre, "missing.html", None, status=404)
    way = await aside(
        lambda: oidc.set_out(centre.database, centre.clock, centre.ids, tenant, issuer, session_id)
    )
    if way is None:
        return _turned_away(request, centre)
    answer = go(way.url)
    answer.cookies.append(_kept(centre, way.cookie, int(oidc.WAY_LIFE.total_seconds())))
    return answer


def _kept(centre: Centre, value: str, seconds: int) -> Cookie:
    """Lax: the issuer's page leads back here, and a strict cookie would stay behind."""
    return Cookie(
        key=_COOKIE,
        value=value,
        path="/login/back",
        httponly=True,
        samesite="lax",
        secure=centre.secure_cookies,
        max_age=seconds,
    )


def _turned_away(request: Web, centre: Centre) -> Response[str]:
    return page_of(request, centre, "turned_away.html", None, status=403)


@get("/login/back", opt=OPEN)
async def back(request: Web, centre: Shared) -> Response[str]:
    told = request.query_params
    state, code = told.get("state", ""), told.get("code", "")
    cookie, browser = request.cookies.get(_COOKIE, ""), browser_of(request)
    way = await aside(lambda: oidc.whose_way(centre.database, centre.clock, state, cookie))
    issuer = centre.issuers.get(way.tenant) if way is not None else None
    if way is None or issuer is None or not code or told.get("iss", issuer.issuer) != issuer.issuer:
        return _turned_away(request, centre)
    found, tenant = (
        await aside(lambda: oidc.come_back(issuer, way, code, centre.clock.now())),
        way.tenant,
    )
    if found is None:
        return _turned_away(request, centre)
    token = await aside(
        lambda: entering.enter(
            centre.database, centre.clock, centre.ids, tenant, issuer, found, browser
        )
    )
    if token is None:
        return _turned_away(request, centre)
    # A page and no redirect: after one that began elsewhere the strict cookie would not be sent.
    answer = with_session(page_of(request, centre, "let_in.html", None), centre, token)
    answer.cookies.append(_kept(centre, "", 0))
    return answer


handlers = (set_out, again, back)
