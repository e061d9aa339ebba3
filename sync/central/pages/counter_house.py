"""The parts of a site's house: shelves, carriers, hours, rules. Each form changes the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response, get, post

from kiosk import words
from kiosk.domain.counter.proving import Document, Proof
from sync.central.centre import Centre, Shared, aside
from sync.central.counter_book import houses, reading
from sync.central.counter_book.houses import House, Overtaken
from sync.central.counter_book.reading import SIZES, Faults
from sync.central.counter_book.shelves import rows
from sync.central.pages.counter_words import CounterWords
from sync.central.pages.counters import RUN, at, missing, site_of, ticked_of
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission
from sync.wire.counter_book import CarrierTold, HoldTold, HouseTold, ProofTold

Said = Mapping[str, Any]
MOST_SHOWN = 400


@dataclass(frozen=True, slots=True)
class _Part:
    """One page: its template, what its form holds before anybody typed, and its fields in their
    order."""

    name: str
    template: str
    fresh: Callable[[HouseTold, Web], Said]
    fields: tuple[str, ...]


async def _show(
    request: Web,
    centre: Centre,
    who: Person,
    site: str,
    part: _Part,
    faults: Mapping[str, str] | None = None,
    said: Said | None = None,
) -> Response[str]:
    def load() -> House | None:
        with centre.database.reading() as c:
            return houses.load(c, who.tenant, site)

    found = await aside(load)
    if found is None:
        return missing(request, centre, who)
    house = found.shown
    return page_of(
        request,
        centre,
        part.template,
        who,
        told=CounterWords(voice_of(request)),
        one=found,
        house=house,
        said=said if said is not None else part.fresh(house, request),
        rows=rows(house.shelves),
        most=MOST_SHOWN,
        sizes=SIZES,
        proofs=tuple(Proof),
        documents=tuple(Document),
        known=reading.carriers(),
        languages=words.languages(),
        faults=faults or {},
        status=422 if faults else 200,
    )


async def _save(
    request: Web,
    centre: Centre,
    part: _Part,
    read: Callable[[HouseTold, Mapping[str, str], Mapping[str, list[str]]], HouseTold | Faults],
    onward: str = "",
) -> Response[str]:
    """A form read against the draft as it is: two people who change two parts lose nothing."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, ticked = await form_of(request), await ticked_of(request)
    site, actor = form.get("site", "").replace("\0", ""), person.doing(Permission.RUN_COUNTERS)
    wrong: Faults = {}

    def how(house: HouseTold) -> HouseTold:
        found = read(house, form, ticked)
        wrong.clear()
        if isinstance(found, dict):
            wrong.update(found)
            return house
        return found

    done = await aside(
        lambda: houses.change(centre.database, centre.clock, actor, site, part.name, how)
    )
    if done is None or isinstance(done, Overtaken):
        return missing(request, centre, person)
    if wrong:
        ordered = {name: wrong[name] for name in part.fields if name in wrong}
        told = CounterWords(voice_of(request)).faults({**ordered, **wrong})
        said = {**form, "ticked": ticked}
        return await _show(request, centre, person, site, part, told, said)
    return go(at(onward or part.name, site))


async def _page(request: Web, centre: Centre, part: _Part) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _show(request, centre, person, site_of(request), part)


# --- shelves -----------------------------------------------------------------------------------

SHELVES = _Part(
    "shelves",
    "counter_shelves.html",
    lambda _house, _request: {"room": "20"},
    ("pattern", "zone", "room", "gone"),
)
_HOLD = ("days", "remind", "extend_by", "extensions")


@get("/counters/shelves", opt=RUN)
async def shelves(request: Web, centre: Shared) -> Response[str]:
    return await _page(request, centre, SHELVES)


@post("/counters/shelves", opt=RUN)
async def put_shelves(request: Web, centre: Shared) -> Response[str]:
    return await _save(request, centre, SHELVES, reading.shelves)


@post("/counters/shelves/remove", opt=RUN)
async def remove_shelves(request: Web, centre: Shared) -> Response[str]:
    return await _save(
        request, centre, SHELVES, lambda house, form, _: reading.without_shelves(house, form)
    )


# --- carriers ----------------------------------------------------------------------------------


def _carrier(house: HouseTold, request: Web) -> Said:
    wanted = request.query_params.get("carrier", "")
    there = next((one for one in house.carriers if one.carrier == wanted), None)
    blank = CarrierTold(carrier="", name="", proof=ProofTold(ask=("code",), documents=()))
    one, hold = there or blank, (there.hold if there else None) or house.hold
    said: dict[str, Any] = {"carrier": one.carrier, "shown": one.name, "room": str(one.room)}
    said |= {"age": str(one.proof.age), **_hold_said(hold)}
    said["ticked"] = {"ask": one.proof.ask, "document": one.proof.documents}
    flags = {
        "ask_nothing": one.proof.ask == ("none",),
        "proxies": one.proof.proxies,
        "own_hold": one.hold is not None,
    }
    return said | {name: "on" for name, on in flags.items() if on}


def _hold_said(hold: HoldTold) -> Said:
    told = msgspec.to_builtins(hold)
    return {**{key: str(value) for key, value in told.items()}, "remind": _list(hold.remind)}


def _list(parts: tuple[object, ...]) -> str:
    return ", ".join(map(str, parts))


CARRIERS = _Part(
    "carriers",
    "counter_carriers.html",
    _carrier,
    ("carrier", "shown", "room", "ask", "document", "age", *_HOLD),
)


@get("/counters/carriers", opt=RUN)
async def carriers(request: Web, centre: Shared) -> Response[str]:
    return await _page(request, centre, CARRIERS)


@post("/counters/carriers", opt=RUN)
async def put_carrier(request: Web, centre: Shared) -> Response[str]:
    return await _save(request, centre, CARRIERS, reading.carrier)


@post("/counters/carriers/remove", opt=RUN)
async def remove_carrier(request: Web, centre: Shared) -> Response[str]:
    return await _save(
        request,
        centre,
        CARRIERS,
        lambda house, form, _: reading.without_carrier(house, form.get("gone", "")),
    )


# --- hours and rules ---------------------------------------------------------------------------


def _hours(house: HouseTold, _request: Web) -> Said:
    opening = house.opening
    said: dict[str, Any] = {f"closes-{one.weekday}": one.at for one in opening.closes}
    said |= {"zone": opening.zone, "holidays": _list(opening.holidays)}
    said |= {"no_work": _list(opening.no_work)}
    return said | {"ticked": {"weekend": [str(day) for day in opening.weekend]}}


HOURS = _Part(
    "hours",
    "counter_hours.html",
    _hours,
    (*(f"closes-{day}" for day in range(7)), "zone", "holidays", "no_work", "weekend"),
)


@get("/counters/hours", opt=RUN)
async def hours(request: Web, centre: Shared) -> Response[str]:
    return await _page(request, centre, HOURS)


@post("/counters/hours", opt=RUN)
async def put_hours(request: Web, centre: Shared) -> Response[str]:
    return await _save(request, centre, HOURS, reading.hours, "site")


def _rules(house: HouseTold, _request: Web) -> Said:
    times = house.times
    said: dict[str, Any] = {"least": str(house.pins.least), "most": str(house.pins.most)}
    said |= {"idle": str(times.idle // 60), "absolute": str(times.absolute // 3600)}
    said |= {"aside": str(times.aside // 60), "language": house.language}
    said |= {name: "on" for name in ("badge_alone", "pin_alone") if getattr(house.sign_in, name)}
    said |= {one.limited: reading.amount_text(one.minor, one.currency) for one in house.limits}
    said["currency"] = next((one.currency for one in house.limits), "EUR")
    return {**said, **_hold_said(house.hold)}


_STAFF = ("least", "most", "idle", "absolute", "aside")
RULES = _Part(
    "rules",
    "counter_rules.html",
    _rules,
    (*_STAFF, "drop_value", "override_value", "currency", *_HOLD),
)


@get("/counters/rules", opt=RUN)
async def rules(request: Web, centre: Shared) -> Response[str]:
    return await _page(request, centre, RULES)


@post("/counters/rules", opt=RUN)
async def put_rules(request: Web, centre: Shared) -> Response[str]:
    spoken = words.languages()
    return await _save(
        request,
        centre,
        RULES,
        lambda house, form, _: reading.rules(house, form, spoken),
        "site",
    )


handlers = (
    shelves,
    put_shelves,
    remove_shelves,
    carriers,
    put_carrier,
    remove_carrier,
    hours,
    put_hours,
    rules,
    put_rules,
)
