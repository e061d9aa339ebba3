"""The back office: server-rendered pages that work without scripts.

One module for each family of pages, which names its handlers in `handlers`; a new one is named
here. What all share is in `shared`; each handler names what it needs of whoever comes (`guard`),
or it is shown to nobody.
"""

from __future__ import annotations

from pathlib import Path

from litestar import Response, Router, get

from sync.central.pages import (
    account,
    audit,
    books,
    cases,
    counter_house,
    counter_people,
    counters,
    door,
    drops,
    enrol,
    exports,
    hooks,
    imports,
    issuers,
    keys,
    kiosk,
    kiosks,
    merchants,
    notice_channels,
    notice_words,
    notices,
    ordering,
    parcels,
    people,
    policy,
    policy_drafting,
    policy_publishing,
    returns,
    search,
    second,
    sites,
    why,
)
from sync.central.pages.guard import OPEN, let_in

_STATIC = Path(__file__).parent.parent / "static"
_STYLE, _ICON = ((_STATIC / name).read_bytes() for name in ("office.css", "icon.svg"))
_KEPT = {"cache-control": "public, max-age=3600"}


@get("/office.css", opt=OPEN)
async def style() -> Response[bytes]:
    return Response(_STYLE, media_type="text/css", headers=_KEPT)


@get("/icon.svg", opt=OPEN)
async def icon() -> Response[bytes]:
    return Response(_ICON, media_type="image/svg+xml", headers=_KEPT)


router = Router(
    "/",
    route_handlers=[
        style,
        icon,
        *door.handlers,
        *second.handlers,
        *issuers.handlers,
        *account.handlers,
        *people.handlers,
        *audit.handlers,
        *drops.handlers,
        *parcels.handlers,
        *why.handlers,
        *kiosks.handlers,
        *kiosk.handlers,
        *enrol.handlers,
        *ordering.handlers,
        *sites.handlers,
        *keys.handlers,
        *hooks.handlers,
        *cases.handlers,
        *exports.handlers,
        *policy.handlers,
        *policy_drafting.handlers,
        *policy_publishing.handlers,
        *returns.handlers,
        *search.handlers,
        *books.handlers,
        *imports.handlers,
        *merchants.handlers,
        *notices.handlers,
        *notice_channels.handlers,
        *notice_words.handlers,
        *counters.handlers,
        *counter_house.handlers,
        *counter_people.handlers,
    ],
    before_request=let_in,
)
