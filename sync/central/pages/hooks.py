"""Webhooks of all shops: made, paused, sent once more, ended; and what became of each message.

What is done is what a shop's own machine may do over the API (sync.central.rest.webhooks)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, quote

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.params import FromPath

from sync.central.audit import changed
from sync.central.centre import Centre, Shared, aside
from sync.central.database import Database
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person, managing
from sync.central.rest import feed, webhooks
from sync.central.rest.calls import Answer, Call
from sync.central.rest.hook_shapes import NewWebhook, Replay, WebhookMade
from sync.central.rest.keys import Key, Role
from sync.central.rest.problems import Problem
from sync.central.rest.serving import of_request
from sync.central.roles import Permission
from sync.central.tables import merchants, webhook_deliveries
from sync.central.tables import webhooks as hooks_table

_MANAGE = needs(Permission.MANAGE_KEYS, fresh=True)
SHOWN: Final = 50
_NOTED: Final = {
    "pause": "webhook.paused",
    "resume": "webhook.resumed",
    "replay": "webhook.replayed",
    "end": "webhook.ended",
}
Row = Mapping[str, Any]


def _hooks(tenant: str) -> sa.Select[Any]:
    """With its shop's name, and how many messages wait and died; without the secret."""
    table = webhook_deliveries
    counts = {
        state: sa.select(sa.func.count())
        .where(table.c.webhook_id == hooks_table.c.webhook_id, table.c.state == state)
        .scalar_subquery()
        .label(state)
        for state in ("waiting", "dead")
    }
    shops = sa.and_(
        merchants.c.tenant == hooks_table.c.tenant,
        merchants.c.merchant_id == hooks_table.c.merchant_id,
    )
    return (
        sa.select(
            *(one for one in hooks_table.c if one.name != "secret"),
            sa.func.coalesce(merchants.c.name, hooks_table.c.merchant_id).label("shop"),
            *counts.values(),
        )
        .outerjoin(merchants, shops)
        .where(hooks_table.c.tenant == tenant)
    )


def _listed(database: Database, tenant: str) -> tuple[Row, ...]:
    query = _hooks(tenant).order_by(hooks_table.c.merchant_id, hooks_table.c.created_at)
    with database.reading() as c:
        return tuple(dict(row) for row in c.execute(query).mappings())


def _one(database: Database, tenant: str, webhook_id: str) -> tuple[Row, tuple[Row, ...]] | None:
    """With its latest messages, the newest first."""
    query = _hooks(tenant).where(hooks_table.c.webhook_id == webhook_id)
    table = webhook_deliveries
    told = sa.select(table).where(table.c.webhook_id == webhook_id)
    with database.reading() as c:
        found = c.execute(query).mappings().one_or_none()
        if found is None:
            return None
        rows = c.execute(told.order_by(table.c.position.desc()).limit(SHOWN)).mappings()
        return dict(found), tuple(dict(row) for row in rows)


@get("/keys/webhooks", opt=_MANAGE)
async def hooks_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person, "")


async def _show(request: Web, centre: Centre, who: Person, wrong: str) -> Response[str]:
    """`wrong` is the field, "merchant" or "url", or ""."""
    rows = await aside(lambda: _listed(centre.database, who.tenant))
    shops = await aside(lambda: managing.list_merchants(centre.database, who.tenant))
    return page_of(
        request,
        centre,
        "hooks.html",
        who,
        rows=rows,
        shops=shops,
        types=feed.TYPES,
        said=await form_of(request) if wrong else {},
        ticked=await _types(request) if wrong else (),
        faults=_faults(request, wrong),
        status=422 if wrong else 200,
    )


async def _types(request: Web) -> tuple[str, ...]:
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return tuple(parse_qs(text, max_num_fields=20).get("type", []))
    except ValueError:
        return ()


def _call(
    request: Web, centre: Centre, who: Person, merchant: str, webhook_id: str, body: Any
) -> Call:
    """As if that shop's machine had asked."""
    return Call(
        key=Key("", who.tenant, Role.MERCHANT, merchant, read_only=False),
        path={"webhook_id": webhook_id},
        query=None,
        body=body,
        now=centre.clock.now(),
        ids=centre.ids,
        targets=of_request(request).targets,
        source=who.source,
    )


def _faults(request: Web, wrong: str) -> dict[str, str]:
    t = voice_of(request).t
    known = {
        "merchant": t("Choose the shop."),
        "url": t(
            "Nothing can be sent there: use a public address that begins with {start}, without "
            "user and password. A shop has at most ten.",
            start="https://",
        ),
    }
    return {wrong: known[wrong]} if wrong else {}


@post("/keys/webhooks", opt=_MANAGE)
async def make(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, types = await form_of(request), await _types(request)
    merchant, url = form.get("merchant", ""), form.get("url", "").strip()
    shops = await aside(lambda: managing.list_merchants(centre.database, person.tenant))
    if merchant not in dict(shops):
        return await _show(request, centre, person, "merchant")
    ask = NewWebhook(url=url, types=types)
    call = _call(request, centre, person, merchant, "", ask)
    actor = person.doing(Permission.MANAGE_KEYS)

    def work(c: sa.Connection) -> Answer | Problem:
        told = webhooks.make(c, call)
        if isinstance(told, Answer) and isinstance(told.value, WebhookMade):
            after = {"shop": merchant, "url": url}
            its = told.value.webhook.webhook_id
            changed(c, actor, call.now, "webhook.made", its, after=after)
        return told

    told = await aside(lambda: centre.database.write(work))
    if isinstance(told, Problem) or not isinstance(told.value, WebhookMade):
        return await _show(request, centre, person, "url")
    return page_of(request, centre, "hook_made.html", person, made=told.value)


@get("/keys/webhooks/{webhook_id:str}", opt=_MANAGE)
async def hook_page(request: Web, centre: Shared, webhook_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    named = webhook_id.replace("\0", "")
    found = await aside(lambda: _one(centre.database, person.tenant, named))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    row, told = found
    return page_of(request, centre, "hook.html", person, row=row, told=told)


@post("/keys/webhooks/{webhook_id:str}", opt=_MANAGE)
async def act(request: Web, centre: Shared, webhook_id: FromPath[str]) -> Response[str]:
    """Pause it, go on, send once more from a position, end it."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    named, form = webhook_id.replace("\0", ""), await form_of(request)
    found = await aside(lambda: _one(centre.database, person.tenant, named))
    step, after = form.get("step", ""), form.get("after", "0").strip() or "0"
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else -1
    if found is None or step not in _NOTED or number < 0:
        return page_of(request, centre, "missing.html", person, status=404)
    merchant = str(found[0]["merchant_id"])
    call = _call(request, centre, person, merchant, named, Replay(after=number))
    actor = person.doing(Permission.MANAGE_KEYS)

    def work(c: sa.Connection) -> None:
        if _do(c, call, step):
            changed(c, actor, call.now, _NOTED[step], named, after={"shop": merchant})

    await aside(lambda: centre.database.write(work))
    return go("/keys/webhooks" if step == "end" else f"/keys/webhooks/{quote(named, safe='')}")


def _do(c: sa.Connection, call: Call, step: str) -> bool:
    """Whether anything changed."""
    its = hooks_table.c.webhook_id == call.path["webhook_id"]
    change = hooks_table.update().where(its)
    match step:
        case "pause":
            stops = change.where(hooks_table.c.state == "active").values(state=webhooks.PAUSED)
            return c.execute(stops).rowcount == 1
        case "resume":
            goes = change.where(hooks_table.c.state == webhooks.PAUSED)
            return c.execute(goes.values(state="active", next_at=call.now)).rowcount == 1
        case "replay":
            return isinstance(webhooks.replay(c, call), Answer)
        case _:
            return isinstance(webhooks.end(c, call), Answer)


handlers = (hooks_page, make, hook_page, act)
