"""People of counters as they are: who works where, what they may, and whether they can sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.domain.counter.commands import Role
from sync.central.tables import counter_member_sites as working
from sync.central.tables import counter_members as members

_FEW = 250
"""So many people at most are asked for by name: those of one site."""
ROLES = (Role.ASSOCIATE, Role.SUPERVISOR, Role.ENGINEER)


@dataclass(frozen=True, slots=True)
class Person:
    """`sites` are where they work; `badges` those of them where their badge is known."""

    staff_id: str
    name: str
    roles: tuple[Role, ...]
    sites: tuple[str, ...]
    badges: tuple[str, ...]
    has_pin: bool
    pin_round: int
    active: bool
    not_before: int
    until: int | None
    added_at: datetime
    badge_at: datetime | None

    def state(self, at: int) -> str:
        """revoked | ended | later | no_card | active"""
        if not self.active:
            return "revoked"
        if self.until is not None and at >= self.until:
            return "ended"
        if at < self.not_before:
            return "later"
        whole = self.has_pin and set(self.badges) == set(self.sites)
        return "active" if whole else "no_card"


def everybody(c: sa.Connection, tenant: str, site: str = "") -> tuple[Person, ...]:
    """Of a tenant, or of one site; those who are out last, then by name."""
    query = sa.select(members).where(members.c.tenant == tenant)
    if site:
        here = sa.select(working.c.staff_id).where(
            working.c.tenant == tenant, working.c.site == site
        )
        query = query.where(members.c.staff_id.in_(here))
    rows = c.execute(query).all()
    found = _people(c, tenant, rows)
    return tuple(sorted(found, key=lambda one: (not one.active, one.name.casefold())))


def one(c: sa.Connection, tenant: str, staff_id: str) -> Person | None:
    query = sa.select(members).where(members.c.tenant == tenant, members.c.staff_id == staff_id)
    return next(iter(_people(c, tenant, c.execute(query).all())), None)


def _people(c: sa.Connection, tenant: str, rows: Sequence[sa.Row[Any]]) -> list[Person]:
    where = sa.select(working).where(working.c.tenant == tenant).order_by(working.c.site)
    if len(rows) < _FEW:
        where = where.where(working.c.staff_id.in_([row.staff_id for row in rows]))
    sites: dict[str, list[str]] = {}
    known: dict[str, list[str]] = {}
    for place in c.execute(where):
        sites.setdefault(place.staff_id, []).append(place.site)
        if place.badge:
            known.setdefault(place.staff_id, []).append(place.site)
    roles = {role.value: role for role in ROLES}
    return [
        Person(
            row.staff_id,
            row.name,
            tuple(roles[one] for one in row.roles.split() if one in roles),
            tuple(sites.get(row.staff_id, ())),
            tuple(known.get(row.staff_id, ())),
            row.verifier != "",
            row.pin_round,
            row.active,
            row.not_before,
            row.until,
            row.added_at,
            row.badge_at,
        )
        for row in rows
    ]
