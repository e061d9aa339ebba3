"""Before every page: who asks, whether they may, and whether a form is theirs.

Each handler names what it needs, and nothing is shown without:

    @get("/cases", opt=needs(Permission.SEE_CASES))
    @post("/people/disable", opt=needs(Permission.MANAGE_PEOPLE, fresh=True))
    @get("/login", opt=OPEN)

A page that names nothing is shown to nobody. Forms of signed-in people carry their session's
token; forms at the door must come from our own pages. `fresh` asks for a proof of the last ten
minutes: the password again, and the second factor.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from litestar import Response

from sync.central.centre import Centre, aside, of_request
from sync.central.pages import astray
from sync.central.pages.shared import (
    Web,
    browser_of,
    first_of,
    from_here,
    go,
    own_form,
    page_of,
    token_of,
)
from sync.central.people import Person, sessions
from sync.central.people.sessions import Stage
from sync.central.roles import Permission
from sync.central.uploads import TOO_LARGE, TOO_SLOW
from sync.central.watch import logs, measures

_LOG = logging.getLogger(__name__)
_READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Need:
    """What a handler asks of whoever comes; `permission` is None at the door."""

    permission: Permission | None
    fresh: bool = False


def needs(permission: Permission, *, fresh: bool = False) -> dict[str, Any]:
    return {"need": Need(permission, fresh)}


OPEN: Final[dict[str, Any]] = {"need": Need(None)}


async def let_in(request: Web) -> Response[str] | None:
    """An answer in the page's place, or None: the page is shown. Litestar's `before_request`."""
    centre = of_request(request.scope)
    if request.method == "OPTIONS":
        return None  # the framework's own answer: which methods there are
    if left_out := _left_out(request, centre):
        return left_out
    need = request.route_handler.opt.get("need")
    if not isinstance(need, Need):
        _LOG.error("%s names no permission: shown to nobody", measures.route_of(request.scope))
        return page_of(request, centre, "missing.html", None, status=403)
    if need.permission is None:
        return _at_the_door(request, centre)
    token = token_of(request, centre)
    source = browser_of(request).source
    person = None
    if token:
        person = await aside(
            lambda: sessions.signed_in(centre.database, centre.clock, token, source)
        )
    if person is None:
        return go(await _door(centre, token))
    return await _known(request, centre, person, need.permission, need.fresh)


def _left_out(request: Web, centre: Centre) -> Response[str] | None:
    """The answer where what was sent did not all get in."""
    most = request.scope.get(TOO_LARGE)
    if isinstance(most, int):
        return astray.too_large(request, centre, most)
    return astray.missing(request, 408) if TOO_SLOW in request.scope else None


def _at_the_door(request: Web, centre: Centre) -> Response[str] | None:
    if request.method in _READING or from_here(request):
        return None
    return page_of(request, centre, "missing.html", None, status=403)


async def _door(centre: Centre, token: str) -> str:
    """Where somebody who is not signed in goes on."""
    half = None
    if token:
        half = await aside(lambda: sessions.half_signed_in(centre.database, centre.clock, token))
    if half is None:
        return "/login"
    return "/login/code" if half.stage is Stage.CODE else "/login/second-factor"


async def _known(
    request: Web, centre: Centre, person: Person, permission: Permission, fresh: bool
) -> Response[str] | None:
    request.state["person"] = person
    logs.note(tenant=person.tenant)
    if not person.may(permission):
        return page_of(request, centre, "forbidden.html", person, status=403)
    reading = request.method in _READING
    if not reading and await own_form(request, person) is None:
        left_out = _left_out(request, centre)  # known only now: a file is read as it comes
        return left_out or page_of(request, centre, "missing.html", person, status=403)
    if fresh and not person.is_fresh(centre.clock.now()):
        return go(f"/again?next={quote(_onward(request.scope['path'], reading))}")
    return None


def _onward(path: str, reading: bool) -> str:
    """Where to go on after the proof. A form is not kept: back to the family's first page, which
    it stands on or leads to."""
    return path if reading else first_of(path)
