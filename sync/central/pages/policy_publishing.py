"""Rules on their way to the kiosks: published, given to more, taken back, gone back to.

Each is two steps: a page that says what will change and for whom, and a form that does it. Both
ask for a fresh proof of who is there. Where the key that signs lies elsewhere, the page says which
command does it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import FromPath

from sync.central import policy
from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.policy import missing, number_of
from sync.central.pages.policy_drafting import Checked, check
from sync.central.pages.policy_words import PolicyWords
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.policy import (
    drafts,
    listing,
    rollouts,
    versions,
    widening,
)
from sync.central.policy.bundling import NotPublished
from sync.central.policy.comparing import Compared, compare
from sync.central.policy.drafts import Draft
from sync.central.policy.rollouts import EVERYBODY, Rollout, Share
from sync.central.roles import Permission
from sync.wire.messages import Manifest

_PUBLISH = needs(Permission.PUBLISH_POLICY, fresh=True)
STEPS: Final = (10, 25, 50, EVERYBODY)
MOST_SITES: Final = 150
LONGEST_NOTE: Final = 200
_NOBODY: Final = Share()


@dataclass(frozen=True, slots=True)
class Fleet:
    """`steps` are shares of all kiosks, each with how many that is now."""

    steps: tuple[tuple[int, int], ...]
    sites: tuple[str, ...]
    kiosks: int


def _fleet(c: sa.Connection, tenant: str, had: Share = _NOBODY) -> Fleet:
    """What a roll-out that has some kiosks already can be widened to."""
    counted = [
        (percent, rollouts.counted(c, tenant, Share(percent, had.sites)))
        for percent in STEPS
        if percent > had.percent
    ]
    sites = tuple(one for one in rollouts.sites(c, tenant) if one not in had.sites)
    steps = tuple((percent, held) for percent, (held, _) in counted)
    return Fleet(steps, sites[:MOST_SITES], counted[-1][1][1] if counted else 0)


async def _asked(request: Web, had: Share = _NOBODY) -> Share | None:
    """The share that a form chose, on top of what there was; None for one that names nobody."""
    text = (await request.body()).decode("utf-8", "replace")
    fields = parse_qs(text)
    to = fields.get("to", [""])[0]
    if to == "sites":
        sites = had.sites | frozenset(one for one in fields.get("site", []) if "\0" not in one)
        return Share(had.percent, sites) if sites > had.sites else None
    percent = int(to) if to in {str(step) for step in STEPS} else 0
    return Share(percent, had.sites) if percent else None


def _faults(request: Web, wrong: tuple[str, ...]) -> dict[str, str]:
    """Only whom it is for is chosen in a form; the rest is told above."""
    return {"to": PolicyWords(voice_of(request)).problem("whom")} if "whom" in wrong else {}


# --- a draft -----------------------------------------------------------------------------------


@get("/policy/publish", opt=_PUBLISH)
async def before(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _before(request, centre, person, (), {})


async def _before(
    request: Web, centre: Centre, person: Person, wrong: tuple[str, ...], typed: dict[str, str]
) -> Response[str]:
    found = await aside(lambda: _ready(centre, person.tenant))
    if found is None:
        return go("/policy/draft")
    draft, checked, fleet, rollout = found
    return page_of(
        request,
        centre,
        "policy_publish.html",
        person,
        told=PolicyWords(voice_of(request)),
        faults=_faults(request, wrong),
        draft=draft,
        checked=checked,
        fleet=fleet,
        rollout=rollout,
        signs=person.tenant in centre.bundle_keys,
        wrong=wrong,
        typed=typed,
        longest=LONGEST_NOTE,
        status=422 if wrong else 200,
    )


def _ready(centre: Centre, tenant: str) -> tuple[Draft, Checked, Fleet, Rollout | None] | None:
    """None where there is no draft, or one that is not fit to go out: its own page says why."""
    with centre.database.reading() as c:
        draft = drafts.load(c, tenant)
        fleet, rollout = _fleet(c, tenant), rollouts.running(c, tenant)
    checked = check(centre, tenant, draft) if draft else None
    if draft is None or checked is None or not checked.fit:
        return None
    return draft, checked, fleet, rollout


@post("/policy/publish", opt=_PUBLISH)
async def publish(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, share = await form_of(request), await _asked(request)
    key = centre.bundle_keys.get(person.tenant)
    if share is None or key is None:
        return await _before(request, centre, person, ("whom",) if key else (), form)
    actor, note = person.doing(Permission.PUBLISH_POLICY), form.get("note", "").strip()
    made = await aside(
        lambda: drafts.publish(
            centre.database,
            centre.clock,
            centre.ids,
            key,
            actor,
            form.get("digest", ""),
            share=share,
            note=note[:LONGEST_NOTE],
        )
    )
    match made:
        case Manifest():
            return go("/policy")
        case NotPublished():
            return await _before(request, centre, person, made.problems, form)
        case _:
            return go("/policy/draft")  # it is another one now: look at it first


# --- a roll-out --------------------------------------------------------------------------------


@get("/policy/rollout", opt=_PUBLISH)
async def rollout(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _going(request, centre, person, ())


async def _going(
    request: Web, centre: Centre, person: Person, wrong: tuple[str, ...]
) -> Response[str]:
    found = await aside(lambda: _under_way(centre, person.tenant))
    if found is None:
        return go("/policy")
    one, compared, fleet, kiosks, reach = found
    return page_of(
        request,
        centre,
        "policy_rollout.html",
        person,
        told=PolicyWords(voice_of(request)),
        faults=_faults(request, wrong),
        one=one,
        compared=compared,
        fleet=fleet,
        kiosks=kiosks,
        reach=reach,
        signs=person.tenant in centre.bundle_keys,
        wrong=wrong,
        status=422 if wrong else 200,
    )


def _under_way(centre: Centre, tenant: str) -> tuple[Rollout, Compared, Fleet, int, int] | None:
    with centre.database.reading() as c:
        one = rollouts.running(c, tenant)
        if one is None:
            return None
        coming = versions.read(c, tenant, one.policy) or versions.Version()
        compared = compare(coming, versions.standing(c, tenant))
        kiosks = listing.having(c, tenant).get(one.number, 0)
        reach = rollouts.counted(c, tenant, one.share)[0]
        return one, compared, _fleet(c, tenant, one.share), kiosks, reach


@post("/policy/rollout/widen", opt=_PUBLISH)
async def widen(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, actor = person.tenant, person.doing(Permission.PUBLISH_POLICY)

    def running() -> Rollout | None:
        with centre.database.reading() as c:
            return rollouts.running(c, tenant)

    one = await aside(running)
    if one is None:
        return go("/policy")
    share = await _asked(request, one.share)
    if share is None:
        return await _going(request, centre, person, ("whom",))
    made = await aside(lambda: widening.widen(centre.database, centre.clock, actor, share))
    if isinstance(made, NotPublished):
        return await _going(request, centre, person, made.problems)
    return go("/policy")


@post("/policy/rollout/stop", opt=_PUBLISH)
async def stop(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, actor = person.tenant, person.doing(Permission.PUBLISH_POLICY)
    key = centre.bundle_keys.get(tenant)
    if key is None:
        return await _going(request, centre, person, ())
    made = await aside(lambda: widening.stop(centre.database, centre.clock, tenant, key, actor))
    if isinstance(made, NotPublished):
        return await _going(request, centre, person, made.problems)
    return go("/policy")


# --- back --------------------------------------------------------------------------------------


@get("/policy/versions/{number:str}/back", opt=_PUBLISH)
async def back(request: Web, centre: Shared, number: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _back(request, centre, person, number_of(number), ())


async def _back(
    request: Web, centre: Centre, person: Person, number: int, wrong: tuple[str, ...]
) -> Response[str]:
    found = await aside(lambda: _there(centre, person.tenant, number))
    if found is None:
        return missing(request, centre, person)
    compared, rollout = found
    return page_of(
        request,
        centre,
        "policy_back.html",
        person,
        told=PolicyWords(voice_of(request)),
        number=number,
        compared=compared,
        rollout=rollout,
        signs=person.tenant in centre.bundle_keys,
        wrong=wrong,
        longest=LONGEST_NOTE,
        status=422 if wrong else 200,
    )


def _there(centre: Centre, tenant: str, number: int) -> tuple[Compared, Rollout | None] | None:
    """What going back to a version would change."""
    with centre.database.reading() as c:
        then = versions.load(c, tenant, number)
        if then is None:
            return None
        compared = compare(then, versions.standing(c, tenant))
        return compared, rollouts.running(c, tenant)


@post("/policy/versions/{number:str}/back", opt=_PUBLISH)
async def go_back(request: Web, centre: Shared, number: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, actor, named = person.tenant, person.doing(Permission.PUBLISH_POLICY), number_of(number)
    key = centre.bundle_keys.get(tenant)
    if key is None or await aside(lambda: _there(centre, tenant, named)) is None:
        return await _back(request, centre, person, named, ())
    note = (await form_of(request)).get("note", "").strip()[:LONGEST_NOTE]
    made = await aside(
        lambda: policy.roll_back(
            centre.database, centre.clock, tenant, key, named, by=actor, note=note
        )
    )
    if isinstance(made, NotPublished):
        return await _back(request, centre, person, named, made.problems)
    return go("/policy")


handlers = (before, publish, rollout, widen, stop, back, go_back)
