"""The people of a site as its book names them."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from sync.central.tables import counter_member_sites as working
from sync.central.tables import counter_members as members
from sync.wire.counter_book import MemberTold


class PersonKept(msgspec.Struct, frozen=True, kw_only=True):
    """What a published book is remembered to say of somebody: nothing secret."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    active: bool
    pin_round: int
    badge: bool
    not_before: int = 0
    until: int | None = None


def members_of(c: sa.Connection, tenant: str, site: str) -> tuple[MemberTold, ...]:
    """By staff id. Whoever was revoked is named, so that a counter knows that they are."""
    rows = c.execute(
        sa.select(members, working.c.badge)
        .select_from(
            working.join(
                members,
                sa.and_(
                    members.c.tenant == working.c.tenant,
                    members.c.staff_id == working.c.staff_id,
                ),
            )
        )
        .where(working.c.tenant == tenant, working.c.site == site)
    )
    found = (
        MemberTold(
            staff_id=row.staff_id,
            name=row.name,
            roles=tuple(row.roles.split()),
            # Of somebody who is out nothing is told that could let them in.
            badge=row.badge if row.active else "",
            verifier=row.verifier if row.active else "",
            must_choose_pin=True,
            pin_round=row.pin_round,
            active=row.active,
            not_before=row.not_before,
            until=row.until,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: one.staff_id))


def people_json(told: tuple[MemberTold, ...]) -> str:
    kept = [
        PersonKept(
            staff_id=one.staff_id,
            name=one.name,
            roles=one.roles,
            active=one.active,
            pin_round=one.pin_round,
            badge=one.badge != "",
            not_before=one.not_before,
            until=one.until,
        )
        for one in told
    ]
    return msgspec.json.encode(kept).decode()


def read_people(text: str) -> tuple[PersonKept, ...]:
    return msgspec.json.decode(text, type=tuple[PersonKept, ...])
