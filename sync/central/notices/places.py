"""What a site and its tenant say of sending: the time there, and the hours without notices."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.notices import addresses
from sync.central.notices.hours import Quiet
from sync.central.tables import notice_settings


def zone(c: sa.Connection, tenant: str, site: str, otherwise: ZoneInfo) -> ZoneInfo:  # noqa: ARG001
    return otherwise


def quiet(c: sa.Connection, tenant: str) -> Quiet:
    """The tenant's quiet hours, in the time of each site."""
    n = notice_settings.c
    mine = sa.select(n.quiet_from, n.quiet_until).where(n.tenant == tenant)
    row = c.execute(mine).one_or_none()
    return Quiet() if row is None else Quiet(row.quiet_from, row.quiet_until)


def set_quiet(c: sa.Connection, ids: Ids, tenant: str, told: Quiet) -> None:
    addresses.pepper(c, ids, tenant)  # the row is there from now on
    n = notice_settings.c
    values = {"quiet_from": told.begins, "quiet_until": told.ends}
    c.execute(notice_settings.update().where(n.tenant == tenant).values(values))
