"""Settings and commands for kiosks, from afar. Whoever may gives them; the centre signs them with
its tenant's bundle key, where it holds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from sync.central import orders
from sync.central.centre import Centre, Shared, aside
from sync.central.fleet import joining, ordering, settable
from sync.central.fleet.one import one
from sync.central.fleet.ordering import KINDS
from sync.central.fleet.settable import BY_NAME, SETTINGS, Bad, Value
from sync.central.pages.fleet_words import FleetWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

_ORDER = needs(Permission.ORDER_KIOSKS, fresh=True)
_SITE = "site:"


@get("/kiosks/orders", opt=_ORDER)
async def orders_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _all(request, centre, person, "")


async def _all(request: Web, centre: Centre, who: Person, wrong: str) -> Response[str]:
    """`wrong`: "key", "to", "kind", "value", or "" """
    tenant, now = who.tenant, centre.clock.now()
    _, sites = await aside(lambda: joining.suggestion(centre.database, tenant))
    rows = await aside(lambda: ordering.latest(centre.database, tenant, 50))
    told, said = FleetWords(voice_of(request), now), await form_of(request) if wrong else {}
    return page_of(
        request,
        centre,
        "orders.html",
        who,
        told=told,
        sites=sites,
        rows=[{**row, "state": ordering.state(row, now)} for row in rows],
        kinds=KINDS,
        settings=SETTINGS,
        signs=tenant in centre.bundle_keys,
        said=said,
        wrong=wrong,
        faults=_faults(told, voice_of(request).t, wrong, said),
        status=422 if wrong else 200,
    )


def _faults(
    told: FleetWords, t: Callable[[str], str], wrong: str, said: Mapping[str, str]
) -> dict[str, str]:
    """By the fields of that of the two forms which was sent; {} for what no field can mend."""
    match wrong:
        case "to":
            form = "to-setting" if "setting" in said else "to-command"
            return {form: t("Choose whom it is for.")}
        case "value" if said.get("setting") in BY_NAME:
            return {"value": told.bounds(BY_NAME[said["setting"]])}
        case "value":
            return {"value": t("This cannot be used here.")}
        case _:
            return {}


async def _targets(centre: Centre, tenant: str, to: str) -> Sequence[str]:
    if to != "all" and not to.startswith(_SITE):
        return ()
    site = None if to == "all" else to.removeprefix(_SITE).replace("\0", "")
    return await aside(lambda: ordering.targets(centre.database, tenant, site))


@post("/kiosks/orders", opt=_ORDER)
async def order(request: Web, centre: Shared) -> Response[str]:
    """A command, or one setting, to a site or to all."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form = await form_of(request)
    to = await _targets(centre, person.tenant, form.get("to", ""))
    if not to:
        return await _all(request, centre, person, "to")
    if "setting" in form:
        try:
            changes = {form["setting"]: _value(form["setting"], form.get("value", ""))}
        except Bad:
            return await _all(request, centre, person, "value")
        done = await _change(centre, person, to, changes)
    else:
        if form.get("kind") not in KINDS:
            return await _all(request, centre, person, "kind")
        done = await _command(centre, person, to, form["kind"])
    return go("/kiosks/orders") if done else await _all(request, centre, person, "key")


def _value(name: str, text: str) -> Value | None:
    if name not in BY_NAME:
        raise Bad
    return settable.read(BY_NAME[name], text)


async def _command(centre: Centre, who: Person, to: Sequence[str], kind: str) -> bool:
    key, actor = centre.bundle_keys.get(who.tenant), who.doing(Permission.ORDER_KIOSKS)
    if key is None:
        return False
    work = partial(ordering.command, centre.database, centre.clock, actor, key, to, kind)
    return not await aside(work)


async def _change(
    centre: Centre, who: Person, to: Sequence[str], changes: Mapping[str, Value | None]
) -> bool:
    key, actor = centre.bundle_keys.get(who.tenant), who.doing(Permission.ORDER_KIOSKS)
    if key is None:
        return False
    work = partial(ordering.change, centre.database, centre.clock, actor, key, to, changes)
    return not await aside(work)


@post("/kiosks/{device_id:str}/command", opt=_ORDER)
async def command(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    named, kind = device_id.replace("\0", ""), (await form_of(request)).get("kind", "")
    to = await aside(lambda: ordering.targets(centre.database, person.tenant, None, named))
    if not named or not to or kind not in KINDS:
        return page_of(request, centre, "missing.html", person, status=404)
    if not await _command(centre, person, to, kind):
        return await _all(request, centre, person, "key")
    return go(f"/kiosks/{quote(named, safe='')}#orders")


@get("/kiosks/{device_id:str}/settings", opt=_ORDER)
async def settings_page(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _form(request, centre, person, device_id.replace("\0", ""), frozenset(), {})


async def _form(
    request: Web,
    centre: Centre,
    who: Person,
    device_id: str,
    wrong: frozenset[str],
    said: Mapping[str, str],
) -> Response[str]:
    now = centre.clock.now()
    found = await aside(lambda: one(centre.database, who.tenant, device_id, now))
    if found is None:
        return page_of(request, centre, "missing.html", who, status=404)
    newest = await aside(lambda: orders.newest(centre.database, device_id))
    values = {} if newest is None else newest.values
    told = FleetWords(voice_of(request), now)
    return page_of(
        request,
        centre,
        "kiosk_settings.html",
        who,
        told=told,
        row=found.kiosk,
        version=0 if newest is None else newest.version,
        settings=SETTINGS,
        values={one.name: settable.shown(values.get(one.name)) for one in SETTINGS} | dict(said),
        faults={
            f"set-{one.name.replace('.', '-')}": told.bounds(one)
            for one in SETTINGS
            if one.name in wrong
        },
        signs=who.tenant in centre.bundle_keys,
        status=422 if wrong else 200,
    )


@post("/kiosks/{device_id:str}/settings", opt=_ORDER)
async def change(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    named, form = device_id.replace("\0", ""), await form_of(request)
    to = await aside(lambda: ordering.targets(centre.database, person.tenant, None, named))
    if not named or not to:
        return page_of(request, centre, "missing.html", person, status=404)
    said = {one.name: form[one.name] for one in SETTINGS if one.name in form}
    changes, wrong = dict[str, Value | None](), set[str]()
    for name, text in said.items():
        try:
            changes[name] = _value(name, text)
        except Bad:
            wrong.add(name)
    if wrong:
        return await _form(request, centre, person, named, frozenset(wrong), said)
    if not await _change(centre, person, to, changes):
        return await _all(request, centre, person, "key")
    return go(f"/kiosks/{quote(named, safe='')}#orders")


handlers = (orders_page, order, command, settings_page, change)
