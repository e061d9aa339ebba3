"""What the back-office pages show, read from the database for one tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from sync.central import journey, photos
from sync.central.cases.evidence import read
from sync.central.cases.lifecycle import State
from sync.central.database import Database
from sync.central.tables import (
    case_links,
    cases,
    devices,
    drop_lines,
    drop_photos,
    drops,
    events,
    merchants,
)

PAGE = 50
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One event in a drop's story."""

    type: str
    told_at: datetime
    received_at: datetime
    state: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the story. `what` is a Told where `kind` is told, a Moved where it is moved, and
    the case's row where it is case (it was opened then) or settled; the drop's own where it is
    voided."""

    at: datetime
    kind: str
    what: Any


@dataclass(frozen=True, slots=True)
class Story:
    drop: Row
    lines: tuple[Row, ...]
    told: tuple[Told, ...]
    cases: tuple[Row, ...]
    photos: tuple[photos.Shown, ...] = ()
    moved: tuple[journey.Moved, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything that was told of it, in the order in which it happened."""
        every = [
            *(Step(one.told_at, "told", one) for one in self.told),
            *(Step(one.told_at, "moved", one) for one in self.moved),
            *([Step(self.drop["voided_at"], "voided", self.drop)] if self.drop["voided"] else ()),
            *(Step(one["opened_at"], "case", one) for one in self.cases),
            *(
                Step(one["settled_at"], "settled", one)
                for one in self.cases
                if one["state"] == State.SETTLED and one["settled_at"] is not None
            ),
        ]
        return tuple(sorted(every, key=lambda step: step.at))


def _rows(c: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in c.execute(query).mappings())


def drops_of(tenant: str, merchant: str = "") -> sa.Select[Any]:
    """Drops with the names that people know: shop, kiosk, site; those of one merchant alone where
    it is named."""
    shops = sa.and_(
        merchants.c.tenant == drops.c.tenant, merchants.c.merchant_id == drops.c.merchant_id
    )
    return (
        sa.select(
            drops,
            sa.func.coalesce(merchants.c.name, drops.c.merchant_id).label("merchant"),
            devices.c.kiosk_code,
            devices.c.site,
        )
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(merchants, shops)
        .where(whose(tenant, merchant))
    )


def whose(tenant: str, merchant: str) -> sa.ColumnElement[bool]:
    here = drops.c.tenant == tenant
    return sa.and_(here, drops.c.merchant_id == merchant) if merchant else here


def list_drops(
    database: Database, tenant: str, page: int, merchant: str = ""
) -> tuple[tuple[Row, ...], bool]:
    """A page of drops, newest first, and whether there are more."""
    order = (drops.c.received_at.desc(), drops.c.drop_id)
    # What stands on the pages before is counted off without the names of its shops and kiosks.
    here = sa.select(drops.c.drop_id).where(whose(tenant, merchant)).order_by(*order)
    here = here.limit(PAGE + 1).offset(PAGE * (page - 1))
    query = drops_of(tenant, merchant).where(drops.c.drop_id.in_(here)).order_by(*order)
    with database.reading() as c:
        rows = _rows(c, query)
    return rows[:PAGE], len(rows) > PAGE


def story(
    database: Database, tenant: str, drop_id: str, now: datetime, merchant: str = ""
) -> Story | None:
    """A merchant's person is told what happened to the drop itself: a visit may have been to
    several shops."""
    with database.reading() as c:
        found = _rows(c, drops_of(tenant, merchant).where(drops.c.drop_id == drop_id))
        if not found:
            return None
        drop = found[0]
        lines = sa.select(drop_lines).where(drop_lines.c.drop_id == drop_id)
        whole = (drop_id, drop["return_id"], drop["visit_id"])
        subjects = (drop_id,) if merchant else whole
        told = c.execute(
            sa.select(events)
            .where(events.c.tenant == tenant, events.c.subject.in_(subjects))
            .order_by(events.c.corrected_at, events.c.epoch, events.c.sequence)
            .limit(200)
        )
        about = (
            sa.select(cases)
            .join(case_links, case_links.c.case_id == cases.c.case_id)
            .where(
                case_links.c.tenant == tenant,
                case_links.c.thing == "drop",
                case_links.c.id == drop_id,
            )
            .order_by(cases.c.opened_at, cases.c.case_id)
        )
        heard = tuple(_event(row) for row in told)
        return Story(
            drop=drop,
            lines=_with_facts(_rows(c, lines.order_by(drop_lines.c.position)), heard, drop_id),
            told=heard,
            cases=_cases(c, about),
            photos=photos.of_drop(c, drop_id, now),
            moved=journey.of_drop(c, tenant, drop),
        )


def shows_photo(database: Database, tenant: str, sha256: str, merchant: str) -> bool:
    """Whether a photograph belongs to a drop that may be looked at."""
    query = (
        sa.select(drop_photos.c.sha256)
        .join(drops, drops.c.drop_id == drop_photos.c.drop_id)
        .where(drop_photos.c.tenant == tenant, drop_photos.c.sha256 == sha256)
        .where(whose(tenant, merchant))
    )
    with database.reading() as c:
        return c.execute(query.limit(1)).first() is not None


def _with_facts(lines: tuple[Row, ...], told: Sequence[Told], drop_id: str) -> tuple[Row, ...]:
    """The lines with all that the drop's own event told of them, under `told`: what fees are for,
    the way of refund. {} where it is not here any more, or came from an older kiosk."""
    facts = {
        fact.get("line_id"): fact
        for event in told
        if event.data.get("drop_id") == drop_id
        for fact in event.data.get("lines", ())
    }
    return tuple({**line, "told": facts.get(line["line_id"], {})} for line in lines)


def _event(row: sa.Row[Any]) -> Told:
    data = msgspec.json.decode(row.body).get("data", {})
    return Told(row.type, row.corrected_at, row.received_at, row.state, data)


def _cases(c: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple({**row, "evidence": read(row["evidence"])} for row in _rows(c, query))
