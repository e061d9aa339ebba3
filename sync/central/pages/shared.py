"""What every page of the back office shares: how it is drawn, who looks, what a form brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import State

from kiosk import words
from sync.central import people
from sync.central.centre import Centre, aside
from sync.central.people import Person
from sync.central.speech import Speech

Web = Request[None, None, State]

COOKIE = "takeback_session"
_HERE = Path(__file__).parent.parent
_HTML = "text/html"
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _language(request: Web) -> str:
    """The first language of the browser's list that we speak."""
    spoken = words.languages()
    for wish in request.headers.get("accept-language", "").split(",")[:10]:
        tag = wish.partition(";")[0].strip().partition("-")[0].lower()
        if tag in spoken:
            return tag
    return "en"


def page_of(
    request: Web, centre: Centre, template: str, person: Person | None, **values: Any
) -> Response[str]:
    """A page in the reader's language. `status` is its HTTP status; templates see it, too."""
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


def go(path: str) -> Response[str]:
    """Look there next (303: by GET, also after a form)."""
    headers = {"location": path, "cache-control": "no-store"}
    return Response("", status_code=303, media_type=_HTML, headers=headers)


async def person_of(request: Web, centre: Centre) -> Person | None:
    """Who is signed in; None leads to the door."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    return await aside(lambda: people.signed_in(centre.database, centre.clock, token))


def from_here(request: Web) -> bool:
    """Whether a form came from our own pages (the session cookie is SameSite=Strict besides)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "")
    return not origin or urlsplit(origin).netloc == request.headers.get("host", "")


async def form_of(request: Web) -> dict[str, str]:
    """What a form brings; of fields that come twice the first. {} where it cannot be read."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


async def own_form(request: Web, person: Person) -> dict[str, str] | None:
    """A form that this person sent from a page of ours; None for any other."""
    form = await form_of(request)
    return form if form.get("csrf") == person.csrf and from_here(request) else None
