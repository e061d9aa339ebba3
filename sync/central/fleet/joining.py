"""Kiosks that are to join: one-time codes, made by people, shown once, cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.database import Database
from sync.central.devices import CODE_LIFE, open_codes, put_code
from sync.central.tables import devices, enrolments

LONGEST_SITE: Final = 100
_KIOSK: Final = re.compile(r"[A-Z0-9]{1,8}")


@unique
class NotMade(StrEnum):
    """Why no code was made."""

    BAD_SITE = "bad_site"
    BAD_CODE = "bad_code"
    TAKEN = "taken"  # a kiosk that is not revoked has this code
    USED = "used"  # a revoked one had it: its drop numbers would come again


@dataclass(frozen=True, slots=True)
class Made:
    """The code itself is nowhere else."""

    code: str
    site: str
    kiosk_code: str
    expires_at: datetime


def make(
    database: Database,
    clock: Clock,
    ids: Ids,
    actor: Actor,
    site: str,
    kiosk_code: str,
    same: bool,
) -> Made | NotMade:
    """`same`: it is the machine that had the code before, whose ledger goes on counting."""
    if not 0 < len(site) <= LONGEST_SITE or not site.isprintable():
        return NotMade.BAD_SITE
    if not _KIOSK.fullmatch(kiosk_code):
        return NotMade.BAD_CODE

    def work(c: sa.Connection) -> Made | NotMade:
        now = clock.now()
        if why := _had(c, actor.tenant, kiosk_code, same):
            return why
        code = put_code(c, ids, now, actor, site, kiosk_code)
        return Made(code, site, kiosk_code, now + CODE_LIFE)

    return database.write(work)


def _had(c: sa.Connection, tenant: str, kiosk_code: str, same: bool) -> NotMade | None:
    mine = sa.and_(devices.c.tenant == tenant, devices.c.kiosk_code == kiosk_code)
    states = set(c.execute(sa.select(devices.c.state).where(mine)).scalars())
    if states - {"revoked"}:
        return NotMade.TAKEN
    return NotMade.USED if states and not same else None


def waiting(database: Database, tenant: str, now: datetime) -> tuple[Mapping[str, Any], ...]:
    """Codes that still let a kiosk in, without what they are; the newest first."""
    query = (
        sa.select(*(one for one in enrolments.c if one.name != "code_hash"))
        .where(open_codes(tenant, now))
        .order_by(enrolments.c.created_at.desc(), enrolments.c.ref)
    )
    with database.reading() as c:
        return tuple(dict(row) for row in c.execute(query).mappings())


def cancel(database: Database, clock: Clock, actor: Actor, ref: str) -> bool:
    """False where it is none that still lets in."""
    now = clock.now()
    this = sa.and_(open_codes(actor.tenant, now), enrolments.c.ref == ref, enrolments.c.ref != "")

    def work(c: sa.Connection) -> bool:
        ends = enrolments.update().where(this).values(cancelled_at=now)
        code = c.execute(ends.returning(enrolments.c.kiosk_code)).scalar_one_or_none()
        if code is None:
            return False
        changed(c, actor, now, "kiosk.code_cancelled", str(code))
        return True

    return database.write(work)


def suggestion(database: Database, tenant: str) -> tuple[str, tuple[str, ...]]:
    """A code that no kiosk has had, and the sites that there are."""
    query = sa.select(devices.c.kiosk_code, devices.c.site).where(devices.c.tenant == tenant)
    with database.reading() as c:
        rows = c.execute(query).all()
    numbers = (re.fullmatch(r"K([0-9]{1,6})", row.kiosk_code) for row in rows)
    highest = max((int(found[1]) for found in numbers if found), default=0)
    return f"K{highest + 1}", tuple(sorted({row.site for row in rows if row.site}))
