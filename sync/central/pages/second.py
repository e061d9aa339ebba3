"""The second factor at the door: its code, or setting one up first; and one-time links."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from markupsafe import Markup

from sync.central.audit import Actor
from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import OPEN
from sync.central.pages.names import Names
from sync.central.pages.shared import (
    Web,
    browser_of,
    form_of,
    go,
    page_of,
    token_of,
    voice_of,
    with_session,
)
from sync.central.people import Person, account, codes, links, sessions, signing_in
from sync.central.people.links import NotDone
from sync.central.people.passwords import Weak
from sync.central.people.sessions import Half, Stage
from sync.central.roles import Permission

_HERE = "/login/second-factor"


async def _half(request: Web, centre: Centre, stage: Stage) -> Half | None:
    """Who stands between password and second factor, at this stage."""
    token = token_of(request, centre)
    half = await aside(lambda: sessions.half_signed_in(centre.database, centre.clock, token))
    return half if half is not None and half.stage is stage else None


@get("/login/code", opt=OPEN)
async def code_page(request: Web, centre: Shared) -> Response[str]:
    half = await _half(request, centre, Stage.CODE)
    if half is None:
        return go("/login")
    return page_of(request, centre, "code.html", None, half=half)


@post("/login/code", opt=OPEN)
async def code(request: Web, centre: Shared) -> Response[str]:
    half, form = await _half(request, centre, Stage.CODE), await form_of(request)
    if half is None or form.get("csrf") != half.csrf:
        return go("/login")
    token, given, browser = token_of(request, centre), form.get("code", ""), browser_of(request)
    t = voice_of(request).t
    if not given.strip():
        empty = {"code": t("Type the code.")}
        return page_of(request, centre, "code.html", None, half=half, faults=empty, status=422)
    fresh = await aside(
        lambda: signing_in.second_step(
            centre.database, centre.clock, centre.ids, token, given, browser
        )
    )
    if fresh is None:
        no = t("That does not fit, or there were too many tries. Please try again later.")
        faults = {"code": no}
        return page_of(request, centre, "code.html", None, half=half, faults=faults, status=403)
    return with_session(go("/"), centre, fresh)


@get(_HERE, opt=OPEN)
async def enrol_page(request: Web, centre: Shared) -> Response[str]:
    half = await _half(request, centre, Stage.ENROL)
    return go("/login") if half is None else await set_up(request, centre, half, _HERE)


async def set_up(
    request: Web, centre: Centre, who: Half | Person, action: str, given: str | None = None
) -> Response[str]:
    """The secret as text and as a code to scan, and the form for its first code. `given` is a code
    that did not fit."""
    token = token_of(request, centre)
    secret = await aside(lambda: account.begin_second_factor(centre.database, centre.ids, token))
    t, faults, status = voice_of(request).t, dict[str, str](), 200
    if given is not None:
        no = t(
            "These digits do not fit. Wait for the next ones, and see that the telephone’s clock "
            "is right."
        )
        faults["code"], status = (no, 403) if given.strip() else (t("Type the code."), 422)
    return page_of(
        request,
        centre,
        "second_factor.html",
        who if isinstance(who, Person) else None,
        action=action,
        csrf=who.csrf,
        secret=secret,
        picture=Markup(codes.picture(secret, who.name, who.tenant)),  # noqa: S704 - segno's
        faults=faults,
        status=status,
    )


@post(_HERE, opt=OPEN)
async def enrol(request: Web, centre: Shared) -> Response[str]:
    half, form = await _half(request, centre, Stage.ENROL), await form_of(request)
    if half is None or form.get("csrf") != half.csrf:
        return go("/login")
    token, given, browser = token_of(request, centre), form.get("code", ""), browser_of(request)
    actor = Actor(half.tenant, half.name, browser.source, Permission.OWN_ACCOUNT.value)
    done = await aside(
        lambda: account.confirm_second_factor(
            centre.database, centre.clock, centre.ids, token, actor, given, browser
        )
    )
    if done is None:
        return await set_up(request, centre, half, _HERE, given)
    fresh, made = done
    shown = page_of(request, centre, "recovery.html", None, codes=made, onward="/")
    return with_session(shown, centre, fresh)


@get("/welcome/{token:str}", opt=OPEN)
async def welcome_page(request: Web, centre: Shared, token: FromPath[str]) -> Response[str]:
    return await _welcome(request, centre, token, None)


async def _welcome(request: Web, centre: Centre, token: str, weak: Weak | None) -> Response[str]:
    name = await aside(lambda: links.invited(centre.database, centre.clock, token))
    if name is None:
        return page_of(request, centre, "link_gone.html", None, status=404)
    faults = {} if weak is None else {"password": Names(voice_of(request)).weak(weak)}
    status = 422 if faults else 200
    return page_of(request, centre, "welcome.html", None, name=name, faults=faults, status=status)


@post("/welcome/{token:str}", opt=OPEN)
async def welcome(request: Web, centre: Shared, token: FromPath[str]) -> Response[str]:
    form, source = await form_of(request), browser_of(request).source
    password = form.get("password", "")
    told = await aside(
        lambda: links.accept(centre.database, centre.clock, centre.ids, token, password, source)
    )
    if told is None:
        return go("/login")
    weak = None if isinstance(told, NotDone) else told
    return await _welcome(request, centre, token, weak)


handlers = (code_page, code, enrol_page, enrol, welcome_page, welcome)
