"""The back office: server-rendered pages that work without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie, State
from litestar.params import FromPath

from kiosk import words
from sync.central import people, photos, views
from sync.central.centre import Shared, aside
from sync.central.people import Person
from sync.central.speech import Speech

Web = Request[None, None, State]

COOKIE = "takeback_session"
_HERE = Path(__file__).parent
_HTML = "text/html"
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = (_HERE / "static" / "office.css").read_bytes()


def _language(request: Web) -> str:
    """The first language of the browser's list that we speak."""
    spoken = words.languages()
    for wish in request.headers.get("accept-language", "").split(",")[:10]:
        tag = wish.partition(";")[0].strip().partition("-")[0].lower()
        if tag in spoken:
            return tag
    return "en"


def _page(
    request: Web, centre: Shared, template: str, person: Person | None, **values: Any
) -> Response[str]:
    voice = words.words(_language(request))
    html = _PAGES.get_template(template).render(
        t=voice.t,
        n=voice.n,
        say=Speech(voice, centre.timezone),
        language=voice.language,
        direction="rtl" if voice.right_to_left else "ltr",
        person=person,
        here=request.scope["path"],
        **values,
    )
    status = values.get("status", 200)
    return Response(
        html, status_code=status, media_type=_HTML, headers={"cache-control": "no-store"}
    )


def _go(path: str) -> Response[str]:
    headers = {"location": path, "cache-control": "no-store"}
    return Response("", status_code=303, media_type=_HTML, headers=headers)


async def _person(request: Web, centre: Shared) -> Person | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    return await aside(lambda: people.signed_in(centre.database, centre.clock, token))


def _from_here(request: Web) -> bool:
    """Whether a form came from our own pages (the session cookie is SameSite=Strict besides)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == request.headers.get("host", "")


async def _form(request: Web) -> dict[str, str]:
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


@get("/login")
async def login_page(request: Web, centre: Shared) -> Response[str]:
    return _page(request, centre, "login.html", None, failed=False)


@post("/login")
async def login(request: Web, centre: Shared) -> Response[str]:
    form = await _form(request)
    token = None
    if _from_here(request):
        source = request.client.host if request.client else ""
        name, password = form.get("name", ""), form.get("password", "")
        token = await aside(
            lambda: people.sign_in(
                centre.database, centre.clock, centre.ids, name, password, source
            )
        )
    if token is None:
        return _page(request, centre, "login.html", None, failed=True, status=403)
    answer = _go("/")
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
    person = await _person(request, centre)
    form = await _form(request)
    if person is None:
        return _go("/login")
    if form.get("csrf") != person.csrf or not _from_here(request):
        return _page(request, centre, "missing.html", person, status=403)
    token = request.cookies[COOKIE]
    await aside(lambda: people.sign_out(centre.database, token))
    answer = _go("/login")
    answer.delete_cookie(COOKIE)
    return answer


@get("/")
async def today(request: Web, centre: Shared) -> Response[str]:
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant, now = person.tenant, centre.clock.now()
    seen = await aside(lambda: views.today(centre.database, tenant, now, centre.timezone))
    return _page(request, centre, "today.html", person, today=seen, now=now)


@get("/drops")
async def drops(request: Web, centre: Shared) -> Response[str]:
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant = person.tenant
    search = str(request.query_params.get("q", ""))[:100].strip().replace("\0", "")
    asked = str(request.query_params.get("page", "1"))
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = max(1, page)
    rows, more = await aside(lambda: views.list_drops(centre.database, tenant, search, page))
    return _page(
        request, centre, "drops.html", person, rows=rows, more=more, search=search, page=page
    )


@get("/drops/{drop_id:str}")
async def drop(request: Web, centre: Shared, drop_id: FromPath[str]) -> Response[str]:
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant, now = person.tenant, centre.clock.now()
    wanted = drop_id.replace("\0", "")
    story = await aside(lambda: views.story(centre.database, tenant, wanted, now))
    if story is None:
        return _page(request, centre, "missing.html", person, status=404)
    return _page(request, centre, "drop.html", person, story=story)


@get("/photos/{sha256:str}")
async def photo(request: Web, centre: Shared, sha256: FromPath[str]) -> Response[Any]:
    """A photograph of goods, for the pages of drops."""
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant = person.tenant
    found = None
    if photos.is_hash(sha256):
        found = await aside(lambda: photos.read(centre.database, tenant, sha256))
    if found is None:
        return _page(request, centre, "missing.html", person, status=404)
    return Response(found, media_type="image/jpeg", headers={"cache-control": "no-store"})


@get("/kiosks")
async def kiosks(request: Web, centre: Shared) -> Response[str]:
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant, now = person.tenant, centre.clock.now()
    rows = await aside(lambda: views.list_kiosks(centre.database, tenant, now))
    return _page(request, centre, "kiosks.html", person, rows=rows)


@get("/cases")
async def cases(request: Web, centre: Shared) -> Response[str]:
    person = await _person(request, centre)
    if person is None:
        return _go("/login")
    tenant = person.tenant
    now = centre.clock.now()
    rows = await aside(lambda: views.list_cases(centre.database, tenant))
    late = await aside(lambda: photos.late(centre.database, tenant, now))
    return _page(request, centre, "cases.html", person, rows=rows, late=late)


@get("/office.css")
async def style() -> Response[bytes]:
    headers = {"cache-control": "public, max-age=3600"}
    return Response(_STYLE, media_type="text/css", headers=headers)


router = Router(
    "/",
    route_handlers=[login_page, login, logout, today, drops, drop, photo, kiosks, cases, style],
)
