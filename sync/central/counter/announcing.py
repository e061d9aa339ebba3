"""Carriers say which parcels will come to which counters."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from sync.central.counter import writing
from sync.central.counter.telling import tell
from sync.central.counter.writing import Site
from sync.central.database import among
from sync.central.tables import devices

_PSEUDONYM = 32  # hex digits; nobody guesses one, and a label has room for it


def unknown_sites(c: sa.Connection, tenant: str, names: Iterable[str]) -> set[str]:
    """Those of them at which the tenant has no kiosk."""
    wanted = set(names)
    query = sa.select(devices.c.site).where(
        devices.c.tenant == tenant, among(c, devices.c.site, sorted(wanted))
    )
    return wanted - set(c.execute(query.distinct()).scalars())


def pseudonym(key: bytes, tenant: str, person: str) -> str:
    """The same person, the same pseudonym; without the key nobody can tell who it is, nor try
    addresses until one fits."""
    told = b"takeback recipient\0" + tenant.encode() + b"\0" + person.strip().lower().encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:_PSEUDONYM]


def plain_number(number: str) -> str:
    """As a label's bars say it: without the spaces that it is printed with."""
    return "".join(number.split()).upper()


def announce(
    c: sa.Connection, now: datetime, tenant: str, rows: Sequence[tuple[str, ParcelAnnounced]]
) -> int:
    """Each with the site that it goes to; how many of them said anything new. What was announced so
    already is passed over, so that a list may come any number of times."""
    by_site: defaultdict[str, list[ParcelAnnounced]] = defaultdict(list)
    for site, fact in rows:
        by_site[site].append(fact)
    told = 0
    for site, facts in sorted(by_site.items()):  # in one order everywhere: each is a lock
        fresh = _fresh(c, Site(tenant, site), facts)
        tell(c, now, tenant, site, fresh)
        told += len(fresh)
    return told


def _fresh(c: sa.Connection, site: Site, facts: Sequence[ParcelAnnounced]) -> list[ParcelAnnounced]:
    writing.hold(c, site)  # or two that bring the same list at once would both find it new
    subjects = [Subject(Kind.PARCEL, fact.number) for fact in facts]
    known, _ = writing.load(c, site, list(dict.fromkeys(subjects)))
    fresh: list[ParcelAnnounced] = []
    for fact, subject in zip(facts, subjects, strict=True):
        said = [
            (one.record.stamp, one.record.fact)
            for one in known[subject]
            if isinstance(one.record.fact, ParcelAnnounced)
        ]
        if not said or max(said, key=lambda one: one[0])[1] != fact:
            fresh.append(fact)
    return fresh
