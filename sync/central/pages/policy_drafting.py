"""A draft of the rules: written, checked, kept for somebody else to look at."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get, post

from sync.central.centre import Centre, Shared, aside
from sync.central.pages.guard import needs
from sync.central.pages.policy_words import PolicyWords
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.policy import (
    contents,
    drafts,
    trials,
    versions,
    written,
)
from sync.central.policy.comparing import Compared, compare
from sync.central.policy.drafts import LONGEST, Coming, Draft
from sync.central.policy.reading import Reading, WhoseRules
from sync.central.policy.trials import Trial
from sync.central.roles import Permission

_SEE = needs(Permission.SEE_POLICY)
_WRITE = needs(Permission.DRAFT_POLICY)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a draft comes to, for its page. `compared` is None for one that is not fit."""

    reading: Reading | None
    whose: WhoseRules | None
    compared: Compared | None

    @property
    def fit(self) -> bool:
        return self.compared is not None


@dataclass(frozen=True, slots=True)
class _Desk:
    """`body` is what stands in the field: the draft, or the rules in force to begin with."""

    draft: Draft | None
    checked: Checked | None
    body: str
    shops: tuple[tuple[str, str], ...]
    trial: Trial | None


def check(centre: Centre, tenant: str, draft: Draft) -> Checked:
    today = centre.clock.now().date()
    with centre.database.reading() as c:
        found = drafts.read(c, tenant, draft, today)
    match found:
        case Coming():
            return Checked(found.reading, None, compare(found.after, found.before))
        case Reading():
            return Checked(found, None, None)
        case WhoseRules():
            return Checked(None, found, None)


def _desk(centre: Centre, tenant: str) -> _Desk:
    with centre.database.reading() as c:
        draft = drafts.load(c, tenant)
        known = contents.shops(c, tenant)
        now = written.written(versions.standing(c, tenant)) if not draft else ""
        trial = trials.load(c, tenant, centre.clock.now())
    shops = tuple((one.merchant.merchant_id, one.merchant.name) for one in known)
    checked = check(centre, tenant, draft) if draft else None
    mine = trial if trial and draft and trial.digest == draft.digest else None
    return _Desk(draft, checked, draft.body if draft else now, shops, mine)


@get("/policy/draft", opt=_SEE)
async def draft(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person, "", {})


async def _show(
    request: Web, centre: Centre, person: Person, wrong: str, typed: dict[str, str]
) -> Response[str]:
    """`wrong` is what kept it from being saved or tried: overtaken | too_long | empty | busy.
    What was typed then stays in the field."""
    desk, t = await aside(lambda: _desk(centre, person.tenant)), voice_of(request).t
    of_body = {
        "too_long": t("The draft is too long: {most} characters at most.", most=LONGEST),
        "empty": t("There is nothing in it."),
    }
    return page_of(
        request,
        centre,
        "policy_draft.html",
        person,
        told=PolicyWords(voice_of(request)),
        desk=desk,
        typed=typed.get("body", desk.body),
        merchant=typed.get("merchant", desk.draft.merchant_id if desk.draft else ""),
        wrong=wrong,
        faults={"body": of_body[wrong]} if wrong in of_body else {},
        longest=LONGEST,
        spans=trials.DAYS,
        status={"": 200, "overtaken": 409, "busy": 503}.get(wrong, 422),
    )


@post("/policy/draft", opt=_WRITE)
async def save(request: Web, centre: Shared) -> Response[str]:
    """Keep it and check it; nothing goes out."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, actor = await form_of(request), person.doing(Permission.DRAFT_POLICY)
    body, merchant, seen = (form.get(name, "") for name in ("body", "merchant", "seen"))
    body = form.get("file", "") or body
    if not body.strip() or len(body) > LONGEST:
        wrong = "too_long" if body.strip() else "empty"
        return await _show(request, centre, person, wrong, form)
    saved = await aside(
        lambda: drafts.save(centre.database, centre.clock, actor, body, merchant, seen)
    )
    if saved is None:
        return await _show(request, centre, person, "overtaken", form)
    return go("/policy/draft#check")


@post("/policy/draft/discard", opt=_WRITE)
async def discard(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    actor = person.doing(Permission.DRAFT_POLICY)
    seen = (await form_of(request)).get("seen", "")
    gone = await aside(lambda: drafts.discard(centre.database, centre.clock, actor, seen))
    return go("/policy") if gone else await _show(request, centre, person, "overtaken", {})


@post("/policy/draft/try", opt=_WRITE)
async def try_it(request: Web, centre: Shared) -> Response[str]:
    """What the draft would have made of past drops. It changes nothing."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, tenant = await form_of(request), person.tenant
    actor, told = person.doing(Permission.DRAFT_POLICY), form.get("days", "")
    days = next((span for span in trials.DAYS if str(span) == told), 0)
    coming = await aside(lambda: _coming(centre, tenant, form.get("seen", "")))
    if coming is None or not days:
        return await _show(request, centre, person, "overtaken", {})
    begun = await aside(
        lambda: trials.start(centre.database, centre.clock, actor, form["seen"], coming, days)
    )
    if not begun:
        return await _show(request, centre, person, "busy", {})
    return go("/policy/draft#what-if")


def _coming(centre: Centre, tenant: str, digest: str) -> Coming | None:
    """The draft that was seen, where it is still that one and fit to go out."""
    with centre.database.reading() as c:
        found = drafts.load(c, tenant)
        if found is None or found.digest != digest:
            return None
        read = drafts.read(c, tenant, found, centre.clock.now().date())
    return read if isinstance(read, Coming) else None


handlers = (draft, save, discard, try_it)
