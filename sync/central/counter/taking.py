"""What counters tell, as their events come in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeGuard

import sqlalchemy as sa

from kiosk.domain.counter.facts import FACTS, Fact, touched
from kiosk.domain.counter.log import Stamp
from kiosk.domain.counter.settled_facts import ConflictSettled
from sync.central.counter import writing
from sync.central.counter.booking import book
from sync.central.counter.writing import Site, Told
from sync.central.received import Received
from sync.central.tables import devices

_KINDS: Final = frozenset(FACTS.values())
_CENTRES: Final = (ConflictSettled,)
"""Facts that no counter makes: what a person decided at the centre."""
_STAMP: Final = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}")
FARTHEST_MS: Final = 1 << 47
"""No stamp lies later (the year 6429), as at the counters: a clock there could not be moved on."""
LONGEST: Final = 200
MOST: Final = 5_000
"""Things that one fact may touch: far more than a lorry takes from one shop."""


def is_counters(fact: object) -> TypeGuard[Fact]:
    """Whether a fact is one of a counter's."""
    return type(fact) in _KINDS


def unfit(fact: Fact, hlc: str) -> str:
    """Why a counter's fact cannot be used, "" for no reason: it can be put in no order, or names
    what cannot be a thing, or is not for a counter to tell."""
    if not _STAMP.fullmatch(hlc) or int(hlc[:12], 16) >= FARTHEST_MS:
        return "stamp"
    if isinstance(fact, _CENTRES):
        return "teller"
    names = [subject.name for subject in touched(fact)]
    if len(names) > MOST:
        return "things"
    if any(not name or len(name) > LONGEST for name in names):
        return "name"
    return ""


def take(c: sa.Connection, entries: Sequence[tuple[Received, Fact]]) -> None:
    """Facts of one counter's batch, in the transaction that keeps their events. What is known is
    passed over; what contradicts something becomes a case."""
    if not entries:
        return
    came, _ = entries[0]
    query = sa.select(devices.c.site).where(devices.c.device_id == came.device_id)
    site = Site(came.tenant, c.execute(query).scalar_one())
    told = [
        Told(one.event_id, Stamp(one.hlc, one.device_id), fact, one.corrected_at)
        for one, fact in entries
    ]
    writing.put(c, site, came.received_at, writing.hold(c, site), told)
    book(c, site, came.received_at, told)
