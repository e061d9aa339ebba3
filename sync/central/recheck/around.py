"""What the centre knows around past drops: what came of the same return before, and the return
itself. Two queries for any number of drops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.events import DropCommitted
from kiosk.domain.returns import Authorisation
from sync.central.recheck.rebuilding import Around
from sync.central.tables import authorisations, drops, events


@dataclass(frozen=True, slots=True)
class Past:
    """A drop, or a refusal put as one, and where its event stands among others."""

    event_id: str
    device_id: str
    epoch: str
    sequence: int
    corrected_at: datetime
    fact: DropCommitted


class _Event(msgspec.Struct):
    data: dict[str, Any]


_event = msgspec.json.Decoder(_Event).decode
_return = msgspec.json.Decoder(Authorisation).decode


def data_of(body: str) -> dict[str, Any]:
    """What an event says, from its row's body."""
    return _event(body).data


def drop_of(body: str) -> DropCommitted:
    """Raises msgspec.ValidationError for a body that tells of no drop."""
    return msgspec.convert(data_of(body), type=DropCommitted)


def around(c: sa.Connection, tenant: str, ones: Sequence[Past]) -> list[Around]:
    """For each of them."""
    names = {one.fact.return_id for one in ones}
    rows = c.execute(
        sa.select(
            *(drops.c.return_id, drops.c.device_id, drops.c.event_id, drops.c.corrected_at),
            *(events.c.body, events.c.epoch, events.c.sequence),
            *(drops.c.voided, drops.c.voided_at),
        )
        .join(events, events.c.id == drops.c.event_id)
        .where(drops.c.tenant == tenant, drops.c.return_id.in_(names))
        .order_by(drops.c.corrected_at, drops.c.drop_id)
    ).all()
    of_return: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        of_return[row.return_id].append(row)
    bodies = c.execute(
        sa.select(authorisations.c.return_id, authorisations.c.body).where(
            authorisations.c.tenant == tenant, authorisations.c.return_id.in_(names)
        )
    )
    known = {row.return_id: _return(row.body) for row in bodies}
    return [
        _seen_from(one, of_return[one.fact.return_id], known.get(one.fact.return_id))
        for one in ones
    ]


def _seen_from(one: Past, others: Sequence[Any], authorised: Authorisation | None) -> Around:
    before = [row for row in others if _before(row, one)]
    every = {row.event_id: drop_of(row.body) for row in before}
    own = [row for row in before if row.device_id == one.device_id]
    return Around(
        tuple(every[row.event_id] for row in own if _stood(row, one)),
        tuple(every[row.event_id] for row in before if _stood(row, one)),
        authorised,
        tuple(every[row.event_id] for row in own),
    )


def _stood(row: Any, one: Past) -> bool:
    """Whether nobody had taken it back by then."""
    return not (row.voided and row.voided_at < one.corrected_at)


def _before(row: Any, one: Past) -> bool:
    """One kiosk's events are in the order of their numbers, whatever its clock said."""
    if row.event_id == one.event_id:
        return False
    if (row.device_id, row.epoch) == (one.device_id, one.epoch):
        return bool(row.sequence < one.sequence)
    return bool(row.corrected_at < one.corrected_at)
