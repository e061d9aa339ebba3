"""Policy: which rules kiosks decide by, since when, by whom, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.policy_words import PolicyWords
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.policy import (
    contents,
    drafts,
    listing,
    rollouts,
    versions,
    written,
)
from sync.central.policy.comparing import Compared, compare
from sync.central.policy.drafts import Draft
from sync.central.policy.listing import Listed, Version
from sync.central.policy.rollouts import Rollout
from sync.central.roles import Permission

_SEE = needs(Permission.SEE_POLICY)


@dataclass(frozen=True, slots=True)
class _Overview:
    """`reach` is how many kiosks the running roll-out is for."""

    listed: Listed
    rollout: Rollout | None
    reach: int
    draft: Draft | None
    shops: Mapping[str, str]


def number_of(text: str) -> int:
    """0 for what is no number of a bundle."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


@get("/policy", opt=_SEE)
async def overview(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    before = number_of(request.query_params.get("before", ""))
    found = await aside(lambda: _overview(centre, person.tenant, before))
    return page_of(
        request,
        centre,
        "policy.html",
        person,
        told=PolicyWords(voice_of(request), found.shops),
        found=found,
        before=before,
    )


def _overview(centre: Centre, tenant: str, before: int) -> _Overview:
    listed = listing.versions(centre.database, tenant, before)
    with centre.database.reading() as c:
        rollout = rollouts.running(c, tenant)
        reach = rollouts.counted(c, tenant, rollout.share)[0] if rollout else 0
        known = contents.shops(c, tenant)
        shops = {one.merchant.merchant_id: one.merchant.name for one in known}
        return _Overview(listed, rollout, reach, drafts.load(c, tenant), shops)


@get("/policy/versions/{number:str}", opt=_SEE)
async def version(request: Web, centre: Shared, number: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    found = await aside(lambda: _version(centre, person.tenant, number_of(number)))
    if found is None:
        return missing(request, centre, person)
    one, fleet, compared, running = found
    return page_of(
        request,
        centre,
        "policy_version.html",
        person,
        told=PolicyWords(voice_of(request)),
        one=one,
        fleet=fleet,
        compared=compared,
        running=running,
    )


def missing(request: Web, centre: Centre, person: Person) -> Response[str]:
    return page_of(request, centre, "missing.html", person, status=404)


def _version(
    centre: Centre, tenant: str, number: int
) -> tuple[Version, int, Compared | None, bool] | None:
    """With what changed against the version before it, where both were kept."""
    found = listing.one(centre.database, tenant, number)
    if found is None:
        return None
    one, fleet = found
    against = one.changes.against or number - 1
    with centre.database.reading() as c:
        now = versions.load(c, tenant, number)
        before = versions.load(c, tenant, against)
        running = rollouts.running(c, tenant) is not None
    first = versions.Version() if not one.changes.against and number == 1 else None
    older = before or first
    return one, fleet, compare(now, older) if now and older else None, running


@get("/policy/versions/{number:str}/file", opt=_SEE)
async def file(request: Web, centre: Shared, number: FromPath[str]) -> Response[str]:
    """The version as a policy file: to read, to change, to publish again."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, named = person.tenant, number_of(number)

    def read() -> versions.Version | None:
        with centre.database.reading() as c:
            return versions.load(c, tenant, named)

    found = await aside(read)
    if found is None:
        return missing(request, centre, person)
    headers = {
        "content-disposition": f'attachment; filename="policy-{named}.toml"',
        "cache-control": "no-store",
    }
    text = written.written(found)
    return Response(text, media_type="application/toml; charset=utf-8", headers=headers)


handlers = (overview, version, file)
