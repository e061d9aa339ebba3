"""What is wrong now, beside what was wrong before: news opens a case, what has gone settles it.

A person's word stands: a case that somebody settled stays settled for as long as the facts under
it are the same. Only other evidence opens it again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from sync.central import cases
from sync.central.cases import Compared, Evidence
from sync.central.cases import Kind as CaseKind
from sync.central.cases.evidence import digest, written
from sync.central.database import upsert
from sync.central.reconcile.evidence import Rows, drops_of, evidence, movements_of
from sync.central.reconcile.model import Kind, Unit
from sync.central.tables.reconcile import differences

_CHUNK = 400
Key = tuple[str, str, str]  # kind, unit id, part id


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: what was compared, and what else must be told of it. `proof` is its whole
    evidence where that is not gathered by its unit."""

    kind: CaseKind
    unit: Unit
    unit_id: str
    part_id: str = ""
    site: str = ""
    device_id: str = ""
    numbers: Mapping[str, str | int] = field(default_factory=dict)
    sides: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    amount: int = 0  # at stake, in minor units
    currency: str = ""
    proof: Evidence | None = None

    @property
    def key(self) -> Key:
        return self.kind.value, self.unit_id, self.part_id


@dataclass(frozen=True, slots=True)
class Same:
    """How many differences were news, got other evidence, or have gone."""

    opened: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other: Same) -> Same:
        return Same(
            self.opened + other.opened, self.changed + other.changed, self.gone + other.gone
        )


class When(Protocol):
    """Whose, and by which clock."""

    @property
    def tenant(self) -> str: ...
    @property
    def now(self) -> datetime: ...


def replace(
    c: sa.Connection,
    when: When,
    unit: Unit,
    found: Sequence[Found],
    among: sa.ColumnElement[bool],
) -> Same:
    """Put all that was found in the place of the differences `among` which it was looked for."""
    mine = sa.and_(differences.c.tenant == when.tenant, differences.c.unit_kind == unit.value)
    before = {
        (row.kind, row.unit_id, row.part_id): row.digest
        for row in c.execute(sa.select(differences).where(mine, among))
    }
    proofs = _proofs(c, when.tenant, unit, found)
    prints = {key: digest(written(proof)) for key, proof in proofs.items()}
    news = [one for one in found if before.get(one.key) != prints[one.key]]
    gone = sorted(before.keys() - prints.keys())
    cases.open_many(c, when.tenant, [_case(when, one, proofs[one.key]) for one in news])
    _note(c, when, unit, [(one.key, prints[one.key]) for one in news])
    _settle(c, when, unit, gone)
    _forget(c, when, unit, gone)
    changed = sum(one.key in before for one in news)
    return Same(len(news) - changed, changed, len(gone))


def _proofs(
    c: sa.Connection, tenant: str, unit: Unit, found: Sequence[Found]
) -> dict[Key, Evidence]:
    ids = {one.unit_id for one in found if one.proof is None}
    dropped = drops_of(c, tenant, unit, ids)
    moved = movements_of(c, tenant, unit, ids)
    return {
        one.key: one.proof
        or evidence(
            dropped.get(one.unit_id, ()),
            _about(unit, one.part_id, moved.get(one.unit_id, ())),
            one.numbers,
            one.sides,
            one.compared,
        )
        for one in found
    }


def _about(unit: Unit, part_id: str, moved: Rows) -> Rows:
    """Of a return's movements those of the line, or those of its money."""
    match unit:
        case Unit.LINE:
            return [row for row in moved if row["line_id"] == part_id]
        case Unit.RETURN:
            return [row for row in moved if row["kind"] == Kind.REFUNDED.value]
        case _:
            return moved


def _case(when: When, one: Found, proof: Evidence) -> cases.Found:
    return cases.Found(
        *(one.kind, one.unit.value, subject(one.unit_id, one.part_id), when.now, proof),
        device_id=one.device_id,
        site=one.site,
        amount=one.amount,
        currency=one.currency,
    )


def subject(unit_id: str, part_id: str) -> str:
    """What a case calls it: a line by its return and itself."""
    return f"{unit_id}/{part_id}" if part_id else unit_id


def _settle(c: sa.Connection, when: When, unit: Unit, gone: Sequence[Key]) -> None:
    """With all that is known of the unit now: among it is what explains it."""
    ids = {unit_id for _, unit_id, _ in gone}
    dropped = drops_of(c, when.tenant, unit, ids)
    moved = movements_of(c, when.tenant, unit, ids)
    rows = [
        cases.Gone(
            cases.key_of(CaseKind(kind), unit.value, subject(unit_id, part_id)),
            when.now,
            evidence(dropped.get(unit_id, ()), _about(unit, part_id, moved.get(unit_id, ())), {}),
        )
        for kind, unit_id, part_id in gone
    ]
    cases.settle_many(c, when.tenant, rows)


def _note(c: sa.Connection, when: When, unit: Unit, news: Sequence[tuple[Key, str]]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "tenant": when.tenant,
            "kind": kind,
            "unit_kind": unit.value,
            "unit_id": unit_id,
            "part_id": part_id,
            "digest": print_,
            "found_at": when.now,
        }
        for (kind, unit_id, part_id), print_ in news
    ]
    if rows:
        upsert(c, differences, rows)


def _forget(c: sa.Connection, when: When, unit: Unit, gone: Collection[Key]) -> None:
    key = sa.tuple_(differences.c.kind, differences.c.unit_id, differences.c.part_id)
    mine = sa.and_(differences.c.tenant == when.tenant, differences.c.unit_kind == unit.value)
    wanted = list(gone)
    for start in range(0, len(wanted), _CHUNK):
        c.execute(differences.delete().where(mine, key.in_(wanted[start : start + _CHUNK])))
