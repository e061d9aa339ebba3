"""A site's peppers: secrets that digests of badges and pick-up codes are made with.

New digests are made with the newest. When it is changed, the one before stays beside it, so that
badges which were issued and codes that people hold are still known: a counter tries both, the
newest first. At most two are in use; the older one is given up once nothing needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.audit import Actor, changed
from sync.central.sealing import PEPPER
from sync.central.tables import counter_member_sites as working
from sync.central.tables import counter_members as members
from sync.central.tables import counter_peppers as peppers
from sync.wire.counter_book import MAX_PEPPERS, PEPPER_BYTES


@dataclass(frozen=True, slots=True)
class Pepper:
    pepper_id: str
    secret: bytes = field(repr=False)


def in_use(c: sa.Connection, tenant: str, site: str) -> tuple[Pepper, ...]:
    """The newest first; () for a site without a counter. Raises sealing.Unreadable."""
    rows = c.execute(
        sa.select(peppers.c.pepper_id, peppers.c.secret)
        .where(peppers.c.tenant == tenant, peppers.c.site == site, peppers.c.retired.is_(False))
        .order_by(peppers.c.made_at.desc(), peppers.c.pepper_id.desc())
    )
    secrets = sealing.of(c)
    return tuple(
        Pepper(row.pepper_id, bytes.fromhex(secrets.open(row.secret, PEPPER, row.pepper_id)))
        for row in rows
    )


def newest_pepper(c: sa.Connection, tenant: str, site: str) -> Pepper | None:
    """The one to make new digests with (kiosk.domain.counter.pick_up.digest); None for a site
    without a counter."""
    found = in_use(c, tenant, site)
    return found[0] if found else None


def make(c: sa.Connection, ids: Ids, now: datetime, tenant: str, site: str) -> Pepper:
    """A new one, which is the newest from now on."""
    secret = ids.token(8 * PEPPER_BYTES).to_bytes(PEPPER_BYTES)
    made = Pepper(ids.uuid(), secret)
    row = {
        "pepper_id": made.pepper_id,
        "tenant": tenant,
        "site": site,
        "secret": sealing.of(c).seal(secret.hex(), ids, PEPPER, made.pepper_id),
        "made_at": now,
    }
    c.execute(peppers.insert(), row)
    return made


def change(c: sa.Connection, ids: Ids, now: datetime, by: Actor, site: str) -> Pepper | None:
    """A new one beside the one in use; None where two are in use already, or none is."""
    there = in_use(c, by.tenant, site)
    if not 0 < len(there) < MAX_PEPPERS:
        return None
    made = make(c, ids, now, by.tenant, site)
    changed(c, by, now, "counter.secret_changed", site, after={"pepper": made.pepper_id})
    return made


def old_badges(c: sa.Connection, tenant: str, site: str) -> int:
    """How many badges that still let in were made with an older pepper."""
    there = in_use(c, tenant, site)
    if len(there) < 2:
        return 0
    query = (
        sa.select(sa.func.count())
        .select_from(
            working.join(
                members,
                sa.and_(
                    members.c.tenant == working.c.tenant,
                    members.c.staff_id == working.c.staff_id,
                ),
            )
        )
        .where(
            working.c.tenant == tenant,
            working.c.site == site,
            working.c.badge != "",
            working.c.pepper_id != there[0].pepper_id,
            members.c.active.is_(True),
        )
    )
    return int(c.execute(query).scalar_one())


def retire(c: sa.Connection, now: datetime, by: Actor, site: str) -> bool:
    """Give up the older one. Badges and pick-up codes made with it are nothing from then on, so
    that it is refused while a badge needs it; False then, and where there is only one."""
    there = in_use(c, by.tenant, site)
    if len(there) < 2 or old_badges(c, by.tenant, site):
        return False
    older = there[-1].pepper_id
    c.execute(peppers.update().where(peppers.c.pepper_id == older).values(retired=True))
    changed(c, by, now, "counter.secret_given_up", site, before={"pepper": older})
    return True
