"""Sends merchants' events to their webhooks, each at least once, signed (Standard Webhooks 1.0).

Each event is a delivery of its own, so that one that a receiver cannot take delays no other. A
receiver that does not answer, is in trouble (5xx) or asks for patience (429) is left alone as a
whole: one try tells as much as a hundred. After each failure the pause doubles, with jitter, up to
six hours. What failed for five days is dead; it stands in the log and in the feed, and a replay
sends it again. Only one worker sends to a webhook at a time; one that dies holds it for a minute.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from sync.central.centre import Centre, aside
from sync.central.database import insert_set
from sync.central.rest import feed, hook_cases
from sync.central.rest.hook_shapes import Sent
from sync.central.rest.posting import DEADLINE_S, Answered, Failed, post
from sync.central.rest.targets import Targets
from sync.central.sealing import WEBHOOK, Unreadable
from sync.central.tables import merchant_events, webhook_deliveries, webhooks
from sync.central.watch import measures

_LOG = logging.getLogger(__name__)

EVERY_S = 2.0
AT_ONCE = 50
MOST_AT_ONCE = 500  # webhooks in one turn; those with nothing to send do not count
SIDE_BY_SIDE = 8
HOLD = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
DEAD_AFTER = timedelta(days=5)
GONE = 410
_PATIENCE = (408, 425, 429)


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """`secret` in base64, without its prefix."""
    told = f"{message_id}.{int(at.timestamp())}.".encode() + body
    made = hmac.digest(base64.b64decode(secret), told, hashlib.sha256)
    return "v1," + base64.b64encode(made).decode()


class Sender:
    """`run` goes on until it is cancelled; `turn` sends what is due now."""

    def __init__(self, centre: Centre, targets: Targets, deadline_s: float = DEADLINE_S) -> None:
        self._centre = centre
        self._targets = targets
        self._deadline_s = deadline_s

    async def run(self) -> None:
        while True:
            try:
                busy = await self.turn()
            except Exception:  # noqa: BLE001 - the next turn may find the database again
                _LOG.exception("webhooks were not sent")
                busy = False
            await asyncio.sleep(0 if busy else EVERY_S)

    async def turn(self) -> bool:
        """Whether there may be more at once."""
        due = await aside(self._due)
        if not due:
            return False
        limit = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(webhook_id: str) -> int:
            async with limit:
                return await self._serve(webhook_id)

        return any(await asyncio.gather(*(one(webhook_id) for webhook_id in due)))

    def _due(self) -> list[str]:
        """Webhooks with something to send. Events are given their positions first."""
        now, database = self._centre.clock.now(), self._centre.database
        ready = sa.and_(
            webhooks.c.state == "active", webhooks.c.next_at <= now, webhooks.c.held_until <= now
        )
        with database.reading() as c:
            tenants = list(
                c.execute(sa.select(webhooks.c.tenant).where(ready).distinct()).scalars()
            )
        for tenant in tenants:
            feed.number(database, self._centre.ids, tenant)
        query = sa.select(webhooks.c.webhook_id).where(ready, sa.or_(_has_fresh(), _has_due(now)))
        with database.reading() as c:
            return list(c.execute(query.order_by(webhooks.c.next_at).limit(MOST_AT_ONCE)).scalars())

    async def _serve(self, webhook_id: str) -> int:
        """Hold one webhook, send what is due of it, let it go; how many were delivered."""
        database, clock = self._centre.database, self._centre.clock
        held = await aside(lambda: database.write(lambda c: _hold(c, webhook_id, clock.now())))
        if held is None:
            return 0
        done = 0
        for row in await aside(partial(self._queued, webhook_id)):
            if not await aside(partial(self._keep, webhook_id)):
                return done  # ended meanwhile
            told = await self._send(held, row)
            measures.DELIVERIES.labels(_outcome(told)).inc()
            good = await aside(partial(self._settle, webhook_id, row, told))
            done += good
            if not good and _is_trouble(told):
                break
        await aside(partial(self._let_go, webhook_id))
        return done

    def _queued(self, webhook_id: str) -> list[sa.Row[Any]]:
        now = self._centre.clock.now()
        self._centre.database.write(lambda c: _queue(c, webhook_id, now))
        query = _waiting(webhook_id, now).order_by(webhook_deliveries.c.position).limit(AT_ONCE)
        with self._centre.database.reading() as c:
            return list(c.execute(query))

    def _keep(self, webhook_id: str) -> bool:
        until = self._centre.clock.now() + HOLD
        change = webhooks.update().where(webhooks.c.webhook_id == webhook_id)
        values = change.values(held_until=until)
        return self._centre.database.write(lambda c: c.execute(values).rowcount == 1)

    def _let_go(self, webhook_id: str) -> None:
        change = webhooks.update().where(webhooks.c.webhook_id == webhook_id)
        values = change.values(held_until=self._centre.clock.now())
        self._centre.database.write(lambda c: c.execute(values))

    async def _send(self, held: sa.Row[Any], row: sa.Row[Any]) -> Answered | Failed:
        event, now = feed.event_of(row), self._centre.clock.now()
        try:
            secrets = self._centre.database.secrets
            secret = secrets.open(held.secret, WEBHOOK, held.webhook_id)
        except Unreadable as error:
            _LOG.error("nothing can be signed for webhook %s: %s", held.webhook_id, error)
            return Failed("secret")
        body = msgspec.json.encode(
            Sent(
                type=event.type,
                timestamp=event.at,
                position=event.position,
                subject=event.subject,
                data=event.data,
            )
        )
        headers = {
            "content-type": "application/json",
            "user-agent": "takeback-webhooks/1",
            "webhook-id": event.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature(secret, event.id, now, body),
        }
        return await post(held.url, headers, body, self._targets, self._deadline_s)

    def _settle(self, webhook_id: str, row: sa.Row[Any], told: Answered | Failed) -> bool:
        """Write down what became of one sending; whether it is delivered."""
        now = self._centre.clock.now()
        fraction = self._centre.ids.token(16) / (1 << 16)

        def work(c: sa.Connection) -> bool:
            return _settle(c, webhook_id, row.position, told, now, fraction)

        return self._centre.database.write(work)


def pause(failures: int, fraction: float) -> timedelta:
    """After so many failures in a row; `fraction` of 1 is chance."""
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(failures - 1, 20)))
    return whole * (0.5 + fraction / 2)


def _has_fresh() -> sa.ColumnElement[bool]:
    """Whether a webhook has events of which no delivery was made."""
    table = merchant_events
    return sa.exists().where(
        table.c.tenant == webhooks.c.tenant,
        table.c.merchant_id == webhooks.c.merchant_id,
        table.c.position > webhooks.c.queued,
    )


def _has_due(now: datetime) -> sa.ColumnElement[bool]:
    table = webhook_deliveries
    return sa.exists().where(
        table.c.webhook_id == webhooks.c.webhook_id,
        table.c.state == "waiting",
        table.c.next_at <= now,
    )


def _is_trouble(told: Answered | Failed) -> bool:
    """Whether it says something about the receiver, and not about this one event."""
    if isinstance(told, Failed):
        return True
    return not 400 <= told.status < 500 or told.status in (*_PATIENCE, GONE)


def _outcome(told: Answered | Failed) -> str:
    if isinstance(told, Answered) and 200 <= told.status < 300:
        return "delivered"
    return "failed" if _is_trouble(told) else "refused"


def _hold(c: sa.Connection, webhook_id: str, now: datetime) -> sa.Row[Any] | None:
    free = sa.and_(
        webhooks.c.webhook_id == webhook_id,
        webhooks.c.state == "active",
        webhooks.c.held_until <= now,
    )
    taken = webhooks.update().where(free).values(held_until=now + HOLD).returning(webhooks)
    return c.execute(taken).one_or_none()


def _queue(c: sa.Connection, webhook_id: str, now: datetime) -> None:
    """Events since the last time, each as a delivery."""
    its = webhooks.c.webhook_id == webhook_id
    hook = c.execute(sa.select(webhooks).where(its)).one_or_none()
    if hook is None:
        return
    events = feed.after(c, hook.tenant, hook.merchant_id, hook.queued, 10 * AT_ONCE)
    if not events:
        return
    wanted = set(hook.types.split())
    rows = [
        {
            "webhook_id": webhook_id,
            "position": event.position,
            "tenant": hook.tenant,
            "event_id": event.id,
            "first_at": now,
            "next_at": now,
        }
        for event in events
        if not wanted or event.type in wanted
    ]
    insert_set(c, webhook_deliveries, rows)
    c.execute(webhooks.update().where(its).values(queued=events[-1].position))


def _waiting(webhook_id: str, now: datetime) -> sa.Select[Any]:
    """Events that are due, with their deliveries' positions."""
    table = webhook_deliveries
    return (
        sa.select(merchant_events)
        .join(table, table.c.event_id == merchant_events.c.id)
        .where(
            table.c.webhook_id == webhook_id,
            table.c.state == "waiting",
            table.c.next_at <= now,
        )
    )


def _settle(
    c: sa.Connection,
    webhook_id: str,
    position: int,
    told: Answered | Failed,
    now: datetime,
    fraction: float,
) -> bool:
    table, its = webhook_deliveries, webhooks.c.webhook_id == webhook_id
    this = sa.and_(table.c.webhook_id == webhook_id, table.c.position == position)
    status = told.status if isinstance(told, Answered) else 0
    fault = told.fault if isinstance(told, Failed) else ""
    values: dict[str, Any] = {"status": status, "fault": fault, "attempts": table.c.attempts + 1}
    if 200 <= status < 300:
        values |= {"state": "delivered", "settled_at": now}
        c.execute(table.update().where(this).values(values))
        c.execute(webhooks.update().where(its).values(failures=0))
        return True
    tried = c.execute(sa.select(table.c.attempts).where(this)).scalar_one_or_none()
    hook = c.execute(sa.select(webhooks.c.failures).where(its)).one_or_none()
    if tried is None or hook is None:
        return False
    if _is_trouble(told):
        wait = pause(hook.failures + 1, fraction)
        if isinstance(told, Answered):
            wait = max(wait, min(LONGEST_PAUSE, timedelta(seconds=told.retry_after)))
        down = {"failures": hook.failures + 1, "next_at": now + wait}
        down |= {"state": "gone"} if status == GONE else {}
        c.execute(webhooks.update().where(its).values(down))
    else:
        wait = pause(tried + 1, fraction)
    c.execute(table.update().where(this).values(**values, next_at=now + wait))
    old = sa.and_(
        table.c.webhook_id == webhook_id,
        table.c.state == "waiting",
        table.c.attempts > 0,
        table.c.first_at <= now - DEAD_AFTER,
    )
    dead = c.execute(table.update().where(old).values(state="dead", settled_at=now)).rowcount
    if dead or status == GONE:
        hook_cases.given_up(c, webhook_id, now)
    return False
