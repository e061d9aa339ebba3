"""A webhook that was given up is a case: a shop is not told what it should know."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from sync.central.cases import Evidence, Found, Gone, Kind, key_of, open_many, settle_many
from sync.central.tables import webhook_deliveries, webhooks

_SUBJECT = "webhook"


def given_up(c: sa.Connection, webhook_id: str, now: datetime) -> None:
    """Deliveries died, or the receiver said that it is gone. In the transaction that noted it."""
    hook = c.execute(sa.select(webhooks).where(webhooks.c.webhook_id == webhook_id)).one()
    dead = sa.and_(
        webhook_deliveries.c.webhook_id == webhook_id, webhook_deliveries.c.state != "delivered"
    )
    count = c.execute(
        sa.select(sa.func.count()).select_from(webhook_deliveries).where(dead)
    ).scalar_one()
    evidence = Evidence(numbers={"count": int(count), "shop": hook.merchant_id}, detail=hook.url)
    found = Found(Kind.WEBHOOK_DEAD, _SUBJECT, webhook_id, now, evidence)
    open_many(c, hook.tenant, [found])


def replayed(c: sa.Connection, tenant: str, webhook_id: str, now: datetime) -> None:
    """It is tried anew: the case is over, and opens again should it fail again."""
    key = key_of(Kind.WEBHOOK_DEAD, _SUBJECT, webhook_id)
    settle_many(c, tenant, [Gone(key, now, Evidence(detail="sent once more"))])
