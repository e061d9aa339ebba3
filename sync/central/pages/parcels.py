"""What staffed counters have: parcels, containers, hand-over lists, and what waits where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import ParcelState
from sync.central.centre import Shared, aside
from sync.central.counter import reading, waiting
from sync.central.counter.announcing import plain_number
from sync.central.counter.reading import HERE, ODD, Wanted
from sync.central.pages.case_words import CaseWords
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.guard import needs
from sync.central.pages.parcel_words import ParcelWords
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.roles import Permission

_LONGEST: Final = 200
_STATES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.PARCEL: (HERE, ODD, *(state.value for state in ParcelState if state != "unknown")),
    Kind.BAG: (HERE, ODD, *(state.value for state in BagState if state != "unknown")),
    Kind.CONTAINER: (HERE, ODD, *(state.value for state in ContainerState if state != "unknown")),
    Kind.MANIFEST: (ODD, *(state.value for state in ManifestState if state != "unknown")),
}
_PATHS: Final = {
    Kind.PARCEL: "/parcels",
    Kind.CONTAINER: "/parcels/containers",
    Kind.MANIFEST: "/parcels/lists",
}


def _asked(request: Web, name: str) -> str:
    return str(request.query_params.get(name, ""))[:_LONGEST].strip().replace("\0", "")


async def _list(request: Web, centre: Shared, kind: Kind) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, asked = person.tenant, {name: _asked(request, name) for name in ("q", "state")}
    state = asked["state"] if asked["state"] in _STATES[kind] else ""
    name = plain_number(asked["q"]) if kind is Kind.PARCEL else asked["q"]
    site, carrier, after = (_asked(request, one) for one in ("site", "carrier", "after"))
    wanted = Wanted(kind, name, state, site, carrier, after)
    found = await aside(lambda: reading.listed(centre.database, tenant, wanted))
    kept = {"q": asked["q"], "state": state, "site": site, "carrier": carrier}
    filters = urlencode({name: value for name, value in kept.items() if value})
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "parcels.html",
        person,
        found=found,
        wanted=wanted,
        kind=kind.value,
        path=_PATHS[kind],
        search=asked["q"],
        states=_STATES[kind],
        filters=filters,
        told=ParcelWords(voice),
        case_told=CaseWords(voice),
        fleet=FleetWords(voice, centre.clock.now()),
    )


async def _one(request: Web, centre: Shared, kind: Kind, name: str) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, site, wanted = person.tenant, _asked(request, "site"), name.replace("\0", "")
    found = await aside(lambda: reading.one(centre.database, tenant, kind, wanted, site))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "parcel.html",
        person,
        one=found,
        kind=kind.value,
        path=_PATHS[kind],
        told=ParcelWords(voice),
        case_told=CaseWords(voice),
    )


@get("/parcels", opt=needs(Permission.SEE_BOOKS))
async def parcels(request: Web, centre: Shared) -> Response[str]:
    return await _list(request, centre, Kind.PARCEL)


@get("/parcels/containers", opt=needs(Permission.SEE_BOOKS))
async def containers(request: Web, centre: Shared) -> Response[str]:
    return await _list(request, centre, Kind.CONTAINER)


@get("/parcels/lists", opt=needs(Permission.SEE_BOOKS))
async def lists(request: Web, centre: Shared) -> Response[str]:
    return await _list(request, centre, Kind.MANIFEST)


@get("/parcels/one/{number:str}", opt=needs(Permission.SEE_BOOKS))
async def parcel(request: Web, centre: Shared, number: FromPath[str]) -> Response[str]:
    return await _one(request, centre, Kind.PARCEL, number)


@get("/parcels/containers/{container_id:str}", opt=needs(Permission.SEE_BOOKS))
async def container(request: Web, centre: Shared, container_id: FromPath[str]) -> Response[str]:
    return await _one(request, centre, Kind.CONTAINER, container_id)


@get("/parcels/lists/{manifest_id:str}", opt=needs(Permission.SEE_BOOKS))
async def manifest(request: Web, centre: Shared, manifest_id: FromPath[str]) -> Response[str]:
    return await _one(request, centre, Kind.MANIFEST, manifest_id)


@get("/parcels/waiting", opt=needs(Permission.SEE_BOOKS))
async def waits(request: Web, centre: Shared) -> Response[str]:
    """What waits at each site; of one site its shelves, too."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, site = person.tenant, _asked(request, "site")
    rows = await aside(lambda: waiting.sites(centre.database, tenant))
    chosen = site if site in {row.site for row in rows} else ""
    if len(rows) == 1:
        chosen = rows[0].site
    shelves = await aside(lambda: waiting.shelves(centre.database, tenant, chosen))
    voice = voice_of(request)
    return page_of(
        request,
        centre,
        "parcels_waiting.html",
        person,
        rows=rows,
        site=chosen,
        shelves=shelves if chosen else (),
        told=ParcelWords(voice),
        fleet=FleetWords(voice, centre.clock.now()),
        states=ParcelState,
    )


handlers = (parcels, containers, lists, parcel, container, manifest, waits)
