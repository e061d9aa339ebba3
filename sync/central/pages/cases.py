"""Cases: what waits for somebody, one case with its evidence, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from litestar import Response, get, post
from litestar.params import FromPath

from sync.central.cases import RESOLUTIONS, Kind, State, Step
from sync.central.cases.acting import BY_HAND, LONGEST_COMMENT, NotDone, act
from sync.central.cases.lifecycle import allowed
from sync.central.cases.reading import ALL, UNDONE, Wanted, listed, one
from sync.central.centre import Centre, Shared, aside
from sync.central.pages.case_words import CaseWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission

_STATUS = {NotDone.UNKNOWN: 404, NotDone.OVERTAKEN: 409, NotDone.NOT_NOW: 409}


def _wanted(request: Web) -> Wanted:
    asked = {
        name: str(request.query_params.get(name, "")).replace("\0", "")[:200]
        for name in ("kind", "state", "owner", "site", "page")
    }
    page = asked["page"]
    return Wanted(
        kind=asked["kind"] if asked["kind"] in set(Kind) else "",
        state=asked["state"] if asked["state"] in {*State, ALL} else UNDONE,
        owner=asked["owner"],
        site=asked["site"],
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _address(wanted: Wanted, page: int) -> str:
    named = {"kind": wanted.kind, "owner": wanted.owner, "site": wanted.site}
    state = {} if wanted.state == UNDONE else {"state": wanted.state}
    told = {name: value for name, value in {**named, **state}.items() if value}
    return "/cases?" + urlencode({**told, "page": page})


@get("/cases", opt=needs(Permission.SEE_CASES))
async def cases(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    wanted = _wanted(request)
    found = await aside(lambda: listed(centre.database, person.tenant, wanted))
    return page_of(
        request,
        centre,
        "cases.html",
        person,
        told=CaseWords(voice_of(request)),
        found=found,
        wanted=wanted,
        kinds=tuple(Kind),
        states=tuple(State),
        newer=_address(wanted, wanted.page - 1),
        older=_address(wanted, wanted.page + 1),
    )


@get("/cases/{case_id:str}", opt=needs(Permission.SEE_CASES))
async def case(request: Web, centre: Shared, case_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person, case_id, None)


async def _show(
    request: Web, centre: Centre, person: Person, case_id: str, wrong: NotDone | None
) -> Response[str]:
    tenant, named = person.tenant, case_id.replace("\0", "")
    told = CaseWords(voice_of(request))
    found = await aside(lambda: one(centre.database, tenant, named))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    form = await form_of(request) if wrong is not None else {}
    state = State(found.case["state"])
    return page_of(
        request,
        centre,
        "case.html",
        person,
        told=told,
        one=found,
        wrong=wrong,
        faults=_faults(told, wrong, form),
        said=form,
        can={step.value for step in BY_HAND if allowed(state, step)},
        ways=RESOLUTIONS[Kind(found.case["kind"])],
        longest=LONGEST_COMMENT,
        status=200 if wrong is None else _STATUS.get(wrong, 422),
    )


_SAYS = {Step.SETTLED: "why", Step.REOPENED: "again", Step.COMMENTED: "comment"}
"""In which field each step's comment is written."""


def _faults(told: CaseWords, wrong: NotDone | None, form: Mapping[str, str]) -> dict[str, str]:
    """By the form's fields; {} for what no field can mend."""
    match wrong:
        case NotDone.NO_RESOLUTION:
            faults = {"resolution": told.not_done(wrong)}
            if not form.get("comment", "").strip():
                faults["why"] = told.not_done(NotDone.NO_COMMENT)
            return faults
        case NotDone.NO_COMMENT:
            return {_SAYS[Step(form["step"])]: told.not_done(wrong)}
        case _:
            return {}


@post("/cases/{case_id:str}", opt=needs(Permission.SETTLE_CASES))
async def step(request: Web, centre: Shared, case_id: FromPath[str]) -> Response[str]:
    """One step. The form names it, and how many steps the case had when its page was made."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, named = await form_of(request), case_id.replace("\0", "")
    seen, wish = form.get("seen", ""), form.get("step", "")
    if wish not in set(Step) or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        return page_of(request, centre, "missing.html", person, status=400)
    actor = person.doing(Permission.SETTLE_CASES)
    wrong = await aside(
        lambda: act(
            centre.database,
            centre.clock,
            actor,
            named,
            int(seen),
            Step(wish),
            resolution=form.get("resolution", ""),
            comment=form.get("comment", ""),
        )
    )
    if wrong is not None:
        return await _show(request, centre, person, named, wrong)
    return go(f"/cases/{quote(named, safe='')}")


handlers = (cases, case, step)
