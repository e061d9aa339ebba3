"""Bundles and versions as people look at them: when, by whom, what changed, which kiosks have it.

A bundle is renewed every few hours with the rules that it had: all bundles from one change of
rules to the next are one version, named by the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from sync.central.database import Database, Transactions
from sync.central.policy import rollouts
from sync.central.policy.rollouts import State
from sync.central.policy.versions import Changes
from sync.central.tables import bundles, devices

PAGE: Final = 20


@unique
class Standing(StrEnum):
    """Where a version is."""

    IN_FORCE = "in_force"  # the newest that everybody may have
    ROLLING_OUT = "rolling_out"
    STOPPED = "stopped"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Version:
    """`kiosks` in service last said that they decide by it; `published_by` is "" where nobody
    wrote it down."""

    number: int
    issued: datetime
    published_by: str
    note: str
    changes: Changes
    standing: Standing
    kiosks: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest first; `fleet` is how many kiosks are in service."""

    versions: tuple[Version, ...]
    fleet: int
    more: bool = False


def versions(database: Transactions, tenant: str, before: int = 0, most: int = PAGE) -> Listed:
    """Those under the number `before`; 0 is from the newest on."""
    query = _versions(tenant).order_by(bundles.c.number.desc()).limit(most + 1)
    if before:
        query = query.where(bundles.c.number < before)
    with database.reading() as c:
        rows = c.execute(query).all()
        return Listed(_told(c, tenant, rows[:most]), fleet(c, tenant), len(rows) > most)


def one(database: Transactions, tenant: str, number: int) -> tuple[Version, int] | None:
    """A version by its number, and how many kiosks are in service."""
    with database.reading() as c:
        rows = c.execute(_versions(tenant).where(bundles.c.number == number)).all()
        return (_told(c, tenant, rows)[0], fleet(c, tenant)) if rows else None


def _versions(tenant: str) -> sa.Select[Any]:
    names = ("number", "issued", "published_by", "note", "changes", "early")
    columns = [bundles.c[name] for name in names]
    begins = bundles.c.version == bundles.c.number
    return sa.select(*columns).where(bundles.c.tenant == tenant, begins)


def _told(c: sa.Connection, tenant: str, rows: Iterable[sa.Row[Any]]) -> tuple[Version, ...]:
    found = list(rows)
    numbers = [row.number for row in found]
    states = rollouts.states(c, tenant, numbers)
    have, newest = having(c, tenant), in_force(c, tenant)
    return tuple(
        Version(
            number=row.number,
            issued=row.issued,
            published_by=row.published_by,
            note=row.note,
            changes=msgspec.json.decode(row.changes, type=Changes),
            standing=_standing(row, states.get(row.number), newest),
            kiosks=have.get(row.number, 0),
        )
        for row in found
    )


def _standing(row: sa.Row[Any], state: State | None, newest: int) -> Standing:
    if row.early:
        return Standing.ROLLING_OUT if state is State.RUNNING else Standing.STOPPED
    return Standing.IN_FORCE if row.number == newest else Standing.EARLIER


def in_force(c: sa.Connection, tenant: str) -> int:
    """The version that everybody may have; 0 before the first bundle."""
    mine = bundles.c.tenant == tenant, bundles.c.early.is_(False)
    query = sa.select(bundles.c.version).where(*mine).order_by(bundles.c.number.desc()).limit(1)
    return int(c.execute(query).scalar_one_or_none() or 0)


def having(c: sa.Connection, tenant: str) -> dict[int, int]:
    """How many kiosks in service last said that they decide by a version, by its number."""
    its = sa.and_(bundles.c.tenant == devices.c.tenant, bundles.c.number == devices.c.policy_number)
    query = (
        sa.select(bundles.c.version, sa.func.count())
        .select_from(devices.join(bundles, its))
        .where(devices.c.tenant == tenant, devices.c.state == "enrolled")
        .group_by(bundles.c.version)
    )
    return {int(version): int(count) for version, count in c.execute(query)}


def fleet(c: sa.Connection, tenant: str) -> int:
    """How many kiosks are in service."""
    mine = devices.c.tenant == tenant, devices.c.state == "enrolled"
    return int(c.execute(sa.select(sa.func.count()).where(*mine)).scalar_one())


# --- bundles -----------------------------------------------------------------------------------


def latest(database: Database, tenant: str, most: int = 10) -> list[dict[str, Any]]:
    """The last bundles, newest first: what each changed, and how many kiosks last said that they
    decide by it."""
    kiosks = (
        sa.select(sa.func.count())
        .select_from(devices)
        .where(devices.c.tenant == tenant, devices.c.policy_number == bundles.c.number)
        .scalar_subquery()
    )
    names = ("number", "issued", "accept_until", "policy", "changes", "early")
    columns = [*(bundles.c[name] for name in names), bundles.c.published_by, bundles.c.note]
    query = sa.select(*columns, kiosks.label("kiosks")).where(bundles.c.tenant == tenant)
    with database.reading() as c:
        rows = c.execute(query.order_by(bundles.c.number.desc()).limit(most)).all()
        going = rollouts.running(c, tenant)
    share = going.share.told() if going else ""
    return [
        {
            "number": row.number,
            "issued": f"{row.issued:%Y-%m-%dT%H:%MZ}",
            "until": f"{row.accept_until:%Y-%m-%dT%H:%MZ}",
            "policy": row.policy,
            "changes": msgspec.json.decode(row.changes, type=Changes),
            "kiosks": row.kiosks,
            "by": row.published_by,
            "note": row.note,
            "share": share if row.early and going and row.number >= going.number else "",
        }
        for row in rows
    ]


def in_short(c: sa.Connection, tenant: str, number: int) -> str:
    """What a bundle changed, in one line."""
    mine = bundles.c.tenant == tenant, bundles.c.number == number
    told = c.execute(sa.select(bundles.c.changes).where(*mine)).scalar_one()
    return "; ".join(lines(msgspec.json.decode(told, type=Changes)))


def lines(now: Changes, before: Changes | None = None) -> Iterator[str]:
    """What a bundle changed, a line each; nothing where it only renews the one before."""
    if now.restored:
        yield f"brings back the rules of bundle {now.restored}"
    if now.stopped:
        yield f"stops the roll-out of bundle {now.stopped}"
    named = (("new", now.added), ("gone", now.removed), ("details", now.details))
    for what, names in (*named, ("look", now.looks), ("forms", now.forms)):
        if names:
            yield f"{what}: {', '.join(names)}"
    for merchant, rules in now.rules.items():
        signs = (("+", rules.added), ("-", rules.removed), ("~", rules.changed))
        yield f"{merchant}: " + " ".join(f"{sign}{name}" for sign, ids in signs for name in ids)
    if now.returns:
        yield f"{now.returns} {'return' if now.returns == 1 else 'returns'}"
    if before is not None:
        for what, count in (
            ("code keys", now.keys - before.keys),
            ("revoked codes", now.revoked - before.revoked),
        ):
            if count:
                yield f"{count:+d} {what}"
