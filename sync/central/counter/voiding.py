"""Drops that staff took back on their day: what a believed `BagVoided` does to the drop itself.

The drop's row follows the fold of its bag: in whatever order the counters' lines bring their facts,
the same is so in the end. Where a fact that happened before says that the void cannot be (the bag
was in a container by then), the drop stands again, and the bag's conflict is a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.counter.bags import Bag, BagState
from kiosk.domain.counter.facts import Subject
from kiosk.domain.counter.outbound_facts import BagVoided
from sync.central.claiming import claim_again
from sync.central.counter.folding import Folded, Known, life
from sync.central.database import among
from sync.central.notices import queue
from sync.central.tables import devices, drops

LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Void:
    """A drop that was taken back: when by the centre's reckoning, by whom, and why."""

    bag_id: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stands:
    """A drop that is not taken back after all."""

    bag_id: str


Said = Void | Stands


def follow(
    c: sa.Connection,
    tenant: str,
    site: str,
    now: datetime,
    folded: Sequence[Folded],
    told: Mapping[Subject, Sequence[Known]],
    before: Mapping[Subject, Any],
) -> None:
    """`folded` are things whose rows were just written, `before` their rows until then."""
    said: dict[str, Said] = {}
    for one in folded:
        was = before.get(one.subject)
        if void := of_bag(one, told[one.subject]):
            said[void[0]] = void[1]
        elif isinstance(one.thing, Bag) and was is not None and was.state == BagState.VOIDED.value:
            said[one.thing.drop_id] = Stands(one.subject.name)
    mark(c, tenant, site, now, said)


def of_bag(one: Folded, told: Sequence[Known]) -> tuple[str, Void] | None:
    """The drop id of a voided bag, and its void: the first one that contradicts nothing."""
    if not isinstance(one.thing, Bag) or one.thing.state is not BagState.VOIDED:
        return None
    odd = {conflict.record.stamp for conflict in one.conflicts}
    for known in life(one.subject, told):
        fact = known.record.fact
        if isinstance(fact, BagVoided) and known.record.stamp not in odd:
            void = Void(one.subject.name, known.at, fact.by, fact.reason[:LONGEST])
            return one.thing.drop_id, void
    raise AssertionError("nothing but a void that is believed makes a bag void")


def mark(
    c: sa.Connection, tenant: str, site: str, now: datetime, said: Mapping[str, Said]
) -> frozenset[str]:
    """The drops that are void by it. A bag is believed about the drop that it holds, and a counter
    about the drops of its own shop."""
    changed: list[Any] = []
    voided = set[str]()
    for row in _drops(c, tenant, site, said) if said else ():
        one = said[row.drop_id]
        if row.bag_id != one.bag_id or row.voided is isinstance(one, Void):
            continue
        changed.append(row)
        its = drops.update().where(drops.c.drop_id == row.drop_id)
        c.execute(its.values(_values(row, one, now)))
        if isinstance(one, Void):
            voided.add(row.drop_id)
            queue.drop_confirmation(c, tenant, row.return_id, row.drop_id, now)
    if changed:
        claim_again(c, tenant, sorted({row.return_id for row in changed}), now)
    return frozenset(voided)


def _drops(c: sa.Connection, tenant: str, site: str, ids: Iterable[str]) -> Sequence[Any]:
    query = (
        sa.select(drops)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .where(
            drops.c.tenant == tenant,
            devices.c.site == site,
            among(c, drops.c.drop_id, sorted(ids)),
        )
    )
    return c.execute(query.order_by(drops.c.drop_id)).all()


def _values(row: Any, one: Said, now: datetime) -> dict[str, Any]:
    """Its merchant's feed is told of either change."""
    if isinstance(one, Stands):
        return {"voided": False, "fed": False}
    return {
        "voided": True,
        "voided_at": row.voided_at or one.at,
        "void_heard_at": row.void_heard_at or now,
        "voided_by": one.by,
        "void_reason": one.reason,
        "fed": False,
    }
