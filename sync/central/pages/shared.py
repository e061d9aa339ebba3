"""What every page of the back office shares: how it is drawn, who looks, what a form brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie, State, UploadFile
from litestar.exceptions import HTTPException

from kiosk import words
from sync.central.centre import Centre
from sync.central.pages.names import Names
from sync.central.people import LONGEST, Browser, Person
from sync.central.roles import Permission
from sync.central.speech import Speech

Web = Request[None, None, State]

_HERE = Path(__file__).parent.parent
_HTML = "text/html"
MOST_FIELDS = 200  # a box for each of many sites
_LONGEST_TEXT = 1 << 20  # bytes of a file that is read as text
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(wishes: str) -> str:
    """The first language of a browser's list (`Accept-Language`) that we speak."""
    spoken = words.languages()
    for wish in wishes.split(",")[:10]:
        tag = wish.partition(";")[0].strip().partition("-")[0].lower()
        if tag in spoken:
            return tag
    return "en"


def voice_of(request: Web) -> words.Words:
    """The reader's language."""
    return words.words(language_of(request.headers.get("accept-language", "")))


def prepared(template: str, language: str) -> bytes:
    """A page that tells everybody the same, made before anybody asks for it."""
    voice = words.words(language)
    html = _PAGES.get_template(template).render(
        t=voice.t,
        language=voice.language,
        direction="rtl" if voice.right_to_left else "ltr",
        person=None,
        may=lambda permission: False,  # noqa: ARG005 - nobody is there yet
        here="/",
        faults={},
        status=200,
    )
    return html.encode()


def page_of(
    request: Web, centre: Centre, template: str, person: Person | None, **values: Any
) -> Response[str]:
    """A page in the reader's language. `status` is its HTTP status; templates see it, too.
    `faults` is what is wrong with a form: a sentence by the id of the field, in their order. The
    first of them gets the cursor, and the page's title says that there is one (WCAG 2.2, G199 and
    ARIA21); parts.html has the macros that show them."""
    voice = voice_of(request)
    values = {"status": 200, "faults": {}, **values}
    html = _PAGES.get_template(template).render(
        t=voice.t,
        n=voice.n,
        say=Speech(voice, centre.timezone),
        names=Names(voice),
        sentence=voice.sentence,
        issuers=centre.issuers,
        language=voice.language,
        direction="rtl" if voice.right_to_left else "ltr",
        person=person,
        may=lambda permission: person is not None and person.may(Permission(permission)),
        here=request.scope["path"],
        **values,
    )
    headers = {"cache-control": "no-store"}
    return Response(html, status_code=values["status"], media_type=_HTML, headers=headers)


def first_of(path: str) -> str:
    """A family's first page, which its forms stand on or lead to."""
    return "/" + path.split("/")[1]


def go(path: str) -> Response[str]:
    """Look there next (303: by GET, also after a form)."""
    headers = {"location": path, "cache-control": "no-store"}
    return Response("", status_code=303, media_type=_HTML, headers=headers)


async def person_of(request: Web, centre: Centre) -> Person | None:  # noqa: ARG001 - as others
    """Who is signed in and may see this page, as `guard` found before; None leads to the door."""
    found: Person | None = request.state.get("person")
    return found


def cookie_name(centre: Centre) -> str:
    """With `__Host-` a browser takes the cookie from this host over TLS alone (RFC 6265bis)."""
    return "__Host-takeback_session" if centre.secure_cookies else "takeback_session"


def token_of(request: Web, centre: Centre) -> str:
    return request.cookies.get(cookie_name(centre), "")


def with_session(answer: Response[str], centre: Centre, token: str) -> Response[str]:
    """The answer that hands a session's token to the browser."""
    answer.cookies.append(
        Cookie(
            key=cookie_name(centre),
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=centre.secure_cookies,
            max_age=int(LONGEST.total_seconds()),
        )
    )
    return answer


def without_session(answer: Response[str], centre: Centre) -> Response[str]:
    answer.cookies.append(
        Cookie(
            key=cookie_name(centre),
            value="",
            path="/",
            httponly=True,
            samesite="strict",
            secure=centre.secure_cookies,
            max_age=0,
        )
    )
    return answer


def browser_of(request: Web) -> Browser:
    """Where a request comes from."""
    source = request.client.host if request.client else ""
    return Browser(source, request.headers.get("user-agent", ""))


def from_here(request: Web) -> bool:
    """Whether a form came from our own pages (the session cookie is SameSite=Strict besides).

    Where somebody on the way allows no referrer, a browser's Origin is "null" for our own pages,
    too (Fetch, "append a request Origin header"): then its Sec-Fetch-Site alone can say so."""
    site = request.headers.get("sec-fetch-site", "")
    if site not in ("same-origin", "none", ""):
        return False
    origin = request.headers.get("origin", "")
    if origin == "null":
        return site == "same-origin"
    return not origin or urlsplit(origin).netloc == request.headers.get("host", "")


async def form_of(request: Web) -> dict[str, str]:
    """What a form brings; of fields that come twice the first. {} where it cannot be read. A file
    is the text that it holds, "" where none was chosen."""
    if request.content_type[0] == "multipart/form-data":
        return await _parts_of(request)
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


async def _parts_of(request: Web) -> dict[str, str]:
    try:
        found = await request.form()
    except HTTPException:
        return {}
    told: dict[str, str] = {}
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            value = await _text_of(value)
        told.setdefault(name, str(value))
    return told


async def _text_of(file: UploadFile) -> str:
    """ "" for a larger file than forms ask for as text: such a one is read by its own page."""
    await file.seek(0)  # the guard has read it before
    data = await file.read(_LONGEST_TEXT + 1)
    return "" if len(data) > _LONGEST_TEXT else data.decode("utf-8-sig", "replace")


async def own_form(request: Web, person: Person) -> dict[str, str] | None:
    """A form that this person sent from a page of ours; None for any other."""
    form = await form_of(request)
    return form if form.get("csrf") == person.csrf and from_here(request) else None
