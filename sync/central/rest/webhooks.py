"""Where a merchant wants its events sent to: made, shown, ended, replayed from a position."""

from __future__ import annotations

import base64
from typing import Any

import sqlalchemy as sa

from sync.central import sealing
from sync.central.rest import feed, hook_cases
from sync.central.rest.calls import Answer, Call
from sync.central.rest.hook_shapes import (
    Deliveries,
    DeliveriesQuery,
    Delivery,
    NewWebhook,
    Replay,
    Webhook,
    WebhookMade,
    Webhooks,
)
from sync.central.rest.problems import Kind, Problem, problem
from sync.central.tables import merchant_events, webhook_deliveries, webhooks

MOST = 10
PAUSED = "paused"  # by the back office: nothing is sent, and nothing is lost
SECRET_BITS = 256


def make(c: sa.Connection, call: Call) -> Answer | Problem:
    ask = call.asked(NewWebhook)
    if why := call.targets.problem(ask.url):
        return problem(Kind.UNFIT, f"The url {why}.")
    if unknown := set(ask.types) - set(feed.TYPES):
        return problem(Kind.UNFIT, f"There is no type {min(unknown)!r}: {', '.join(feed.TYPES)}.")
    if len(c.execute(_mine(call)).all()) >= MOST:
        return problem(Kind.UNFIT, f"A merchant has at most {MOST} webhooks.")
    secret = base64.b64encode(call.ids.token(SECRET_BITS).to_bytes(SECRET_BITS // 8)).decode()
    webhook_id = call.ids.uuid()
    row = {
        "webhook_id": webhook_id,
        "tenant": call.key.tenant,
        "merchant_id": call.key.subject,
        "url": ask.url,
        "types": " ".join(sorted(set(ask.types))),
        "secret": sealing.of(c).seal(secret, call.ids, sealing.WEBHOOK, webhook_id),
        "queued": _newest(c, call) if ask.after is None else ask.after,
        "created_at": call.now,
        "next_at": call.now,
        "held_until": call.now,
    }
    c.execute(webhooks.insert(), row)
    [made] = c.execute(_mine(call).where(webhooks.c.webhook_id == row["webhook_id"])).all()
    return Answer(WebhookMade(webhook=_shown(made), secret=f"whsec_{secret}"), 201)


def _newest(c: sa.Connection, call: Call) -> int:
    """The merchant's last position; what has none yet comes after it."""
    query = sa.select(sa.func.max(merchant_events.c.position)).where(
        merchant_events.c.tenant == call.key.tenant,
        merchant_events.c.merchant_id == call.key.subject,
    )
    return int(c.execute(query).scalar_one() or 0)


def listed(c: sa.Connection, call: Call) -> Answer | Problem:
    rows = c.execute(_mine(call).order_by(webhooks.c.created_at, webhooks.c.webhook_id))
    return Answer(Webhooks(webhooks=tuple(_shown(row) for row in rows)))


def one(c: sa.Connection, call: Call) -> Answer | Problem:
    row = _row(c, call)
    return problem(Kind.NOT_FOUND) if row is None else Answer(_shown(row))


def end(c: sa.Connection, call: Call) -> Answer | Problem:
    """What was not sent by now is not sent; the events stay in the feed."""
    row = _row(c, call)
    if row is None:
        return problem(Kind.NOT_FOUND)
    for table in (webhook_deliveries, webhooks):
        c.execute(table.delete().where(table.c.webhook_id == row.webhook_id))
    return Answer(_shown(row))


def replay(c: sa.Connection, call: Call) -> Answer | Problem:
    """All events after a position once more, with the ids that they had. Also wakes a webhook
    whose receiver had said that it is gone."""
    row, ask = _row(c, call), call.asked(Replay)
    if row is None:
        return problem(Kind.NOT_FOUND)
    table, its = webhook_deliveries, webhooks.c.webhook_id == row.webhook_id
    anew = {
        "state": "waiting",
        "attempts": 0,
        "first_at": call.now,
        "next_at": call.now,
        "settled_at": None,
        "status": 0,
        "fault": "",
    }
    after = sa.and_(table.c.webhook_id == row.webhook_id, table.c.position > ask.after)
    c.execute(table.update().where(after).values(anew))
    queued = min(int(row.queued), ask.after)
    state = PAUSED if row.state == PAUSED else "active"
    told = {"state": state, "failures": 0, "next_at": call.now, "queued": queued}
    c.execute(webhooks.update().where(its).values(told))
    hook_cases.replayed(c, call.key.tenant, row.webhook_id, call.now)
    return one(c, call)


def deliveries(c: sa.Connection, call: Call) -> Answer | Problem:
    row, ask = _row(c, call), call.sought(DeliveriesQuery)
    if row is None:
        return problem(Kind.NOT_FOUND)
    table = webhook_deliveries
    query = sa.select(table).where(
        table.c.webhook_id == row.webhook_id, table.c.position > ask.after
    )
    if ask.state is not None:
        query = query.where(table.c.state == ask.state)
    rows = c.execute(query.order_by(table.c.position).limit(ask.limit + 1)).all()
    shown = tuple(_delivery(one) for one in rows[: ask.limit])
    last = shown[-1].position if shown else ask.after
    return Answer(Deliveries(deliveries=shown, next=last, more=len(rows) > ask.limit))


def _mine(call: Call) -> sa.Select[Any]:
    return sa.select(webhooks).where(
        webhooks.c.tenant == call.key.tenant, webhooks.c.merchant_id == call.key.subject
    )


def _row(c: sa.Connection, call: Call) -> sa.Row[Any] | None:
    its = webhooks.c.webhook_id == call.path["webhook_id"]
    return c.execute(_mine(call).where(its)).one_or_none()


def _shown(row: sa.Row[Any]) -> Webhook:
    return Webhook(
        webhook_id=row.webhook_id,
        url=row.url,
        types=tuple(row.types.split()),
        state=row.state,
        failures=row.failures,
        created_at=row.created_at,
        next_at=row.next_at,
    )


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__struct_fields__})
