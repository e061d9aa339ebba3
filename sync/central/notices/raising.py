"""What is due, from how things stand: looked at again and again, and queued once.

Nothing here remembers what it saw. Each look asks for what is true now and has no notice yet; so a
look that fails, is repeated, or comes late loses nothing and says nothing twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from sync.central.centre import Centre
from sync.central.jobs import GoOn
from sync.central.notices import contacts, raising_parcels, raising_returns
from sync.central.tables import notice_channels

_LOG = logging.getLogger(__name__)

LATELY: Final = timedelta(hours=3)
"""What changed since is looked at often; everything else once an hour, for what only time brings
(reminders) and for what a counter that was away told late."""


def lately(centre: Centre, go_on: GoOn) -> str:
    """What changed a short while ago."""
    return _looked(centre, go_on, centre.clock.now() - LATELY)


def whole(centre: Centre, go_on: GoOn) -> str:
    """Everything that somebody is to be told of; and contacts whose time is over go."""
    told = _looked(centre, go_on, None)
    for tenant in _tenants(centre):
        if go_on():
            now = centre.clock.now()
            centre.database.write(partial(contacts.sweep, tenant=tenant, now=now))
    return told


def _tenants(centre: Centre) -> list[str]:
    """Those that send at all."""
    query = sa.select(notice_channels.c.tenant).distinct().order_by(notice_channels.c.tenant)
    with centre.database.reading() as c:
        return list(c.execute(query).scalars())


def _looked(centre: Centre, go_on: GoOn, since: datetime | None) -> str:
    parcels = returns = 0
    for tenant in _tenants(centre):
        if not go_on():
            break
        parcels += raising_parcels.look(centre, tenant, since, go_on)
        returns += raising_returns.look(centre, tenant, since)
    return f"parcels {parcels}, returns {returns}"
