"""Notices to recipients and shoppers: what waits, what failed and why; once more, or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import FromPath

from sync.central.audit import changed
from sync.central.centre import Centre, Shared, aside
from sync.central.database import Database, insert_new
from sync.central.notices import addresses, queue
from sync.central.notices.model import Address, State, Way, Why
from sync.central.pages.guard import needs
from sync.central.pages.notice_said import NoticeSaid
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.roles import Permission
from sync.central.sealing import Unreadable
from sync.central.tables import notice_channels, notice_refusals, notices

_SEE = needs(Permission.SEE_CASES)
_SETTLE = needs(Permission.SETTLE_CASES)
SHOWN: Final = 50
STATES: Final = (State.FAILED, State.QUEUED, State.SENT, State.DROPPED)
Row = Mapping[str, Any]


def _counts(c: sa.Connection, tenant: str) -> dict[str, int]:
    """Of what somebody may still be sent: few, whatever was sent in all the years."""
    n = notices.c
    query = (
        sa.select(n.state, sa.func.count())
        .where(n.tenant == tenant, n.state.in_([State.FAILED.value, State.QUEUED.value]))
        .group_by(n.state)
    )
    return {str(state): int(count) for state, count in c.execute(query)}


def _found(database: Database, tenant: str, state: str) -> tuple[dict[str, int], list[Row], bool]:
    """Counts, the newest rows of a state ("" for all) with masked addresses, and whether any
    channel is set up."""
    n = notices.c
    query = sa.select(notices).where(n.tenant == tenant)
    if state:
        query = query.where(n.state == state)
    with database.reading() as c:
        rows = c.execute(query.order_by(n.created_at.desc()).limit(SHOWN)).mappings().all()
        shown: list[Row] = [{**row, "hidden": "", "to": _masked(c, row)} for row in rows]
        mine = notice_channels.c.tenant == tenant
        there = c.execute(sa.select(notice_channels.c.channel).where(mine)).first()
        return _counts(c, tenant), shown, there is not None


def _masked(c: sa.Connection, row: sa.RowMapping) -> str:
    """Nobody here sees an address; "" once it is gone."""
    if not row["hidden"]:
        return ""
    try:
        return addresses.masked(queue.hidden_of(c, row).to[row["way"]])
    except Unreadable:
        return ""


@get("/notices", opt=_SEE)
async def notices_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person)


async def _show(
    request: Web, centre: Centre, who: Person, faults: dict[str, str] | None = None
) -> Response[str]:
    wanted = request.query_params.get("state", "")
    state = wanted if wanted in {one.value for one in STATES} else ""
    found = await aside(lambda: _found(centre.database, who.tenant, state))
    counts, rows, ready = found
    return page_of(
        request,
        centre,
        "notices.html",
        who,
        told=NoticeSaid(voice_of(request)),
        rows=rows,
        counts=counts,
        states=[one.value for one in STATES],
        wanted=state,
        ready=ready,
        said=await form_of(request) if faults else {},
        faults=faults or {},
        status=422 if faults else 200,
    )


@post("/notices/unwanted", opt=_SETTLE)
async def unwanted(request: Web, centre: Shared) -> Response[str]:
    """Somebody asked not to be told any more. Their address is not kept, only its digest."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    typed = (await form_of(request)).get("address", "")
    way = Way.EMAIL if "@" in typed else Way.SMS
    address = addresses.read(way.value, typed)
    if address is None:
        wrong = NoticeSaid(voice_of(request)).address_wrong()
        return await _show(request, centre, person, {"address": wrong})
    await aside(lambda: centre.database.write(lambda c: _refuse(c, centre, person, address)))
    return go("/notices")


def _refuse(c: sa.Connection, centre: Centre, who: Person, address: Address) -> None:
    now = centre.clock.now()
    key = addresses.pepper(c, centre.ids, who.tenant)
    row = {"tenant": who.tenant, "digest": addresses.digest(key, address), "at": now}
    if insert_new(c, notice_refusals, row):
        actor = who.doing(Permission.SETTLE_CASES)
        changed(c, actor, now, "notice.unwanted", addresses.masked(address))


@post("/notices/{notice_id:str}", opt=_SETTLE)
async def act(request: Web, centre: Shared, notice_id: FromPath[str]) -> Response[str]:
    """Once more, or never."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    step, its = (await form_of(request)).get("step", ""), notice_id.replace("\0", "")
    actor, now = person.doing(Permission.SETTLE_CASES), centre.clock.now()

    def work(c: sa.Connection) -> None:
        if step == "again" and queue.retry(c, person.tenant, its, now):
            changed(c, actor, now, "notice.again", its)
        if step == "drop" and queue.drop_one(c, person.tenant, its, Why.BY_HAND, now):
            changed(c, actor, now, "notice.dropped", its)

    await aside(lambda: centre.database.write(work))
    return go("/notices")


handlers = (notices_page, unwanted, act)
