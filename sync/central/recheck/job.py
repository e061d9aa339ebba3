"""The verdict check by itself, every minute, for every tenant."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from sync.central.centre import Centre
from sync.central.jobs import GoOn, Job
from sync.central.recheck.running import Told, run
from sync.central.tables import tenants

EVERY: Final = timedelta(minutes=1)


def work(centre: Centre, go_on: GoOn) -> str:
    """A page of a tenant after the other, until all were looked at; what came of all of them."""
    with centre.database.reading() as c:
        names = list(c.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
    drops = opened = settled = 0
    for tenant in names:
        told = Told(more=True)
        while told.more and go_on():
            told = run(centre.database, centre.clock, tenant, pages=1)
            drops, opened = drops + told.drops, opened + told.opened
            settled += told.settled
    return f"drops {drops}, cases opened {opened}, settled {settled}"


JOB: Final = Job("recheck", EVERY, work)
