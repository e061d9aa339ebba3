"""The refund key: which authorised unit is whose.

One row of `claims` is one authorised unit. Units are claimed by the unique key itself, so two
kiosks that push at the same instant cannot both win one. First received wins, and keeps it until
staff take its drop back: then the unit is free, and goes to whoever was refused it first.

Nobody is told that a unit is taken who does not hold that very row: whoever voids its drop waits,
and then finds the drop that was refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.events import DropCommitted
from sync.central.cases import Compared, Evidence, Found, Gone, Kind, key_of, open_many, settle_many
from sync.central.database import among, insert_new, locked
from sync.central.received import Received
from sync.central.tables import authorisations, claims, drop_lines, drops

PROMISED: Final = frozenset({"accepted", "returnless"})
"""States of a line for which the shopper was promised something."""


class KnownLine(msgspec.Struct, frozen=True):
    line_id: str
    name: str
    quantity: int


class Known(msgspec.Struct, frozen=True):
    """What of an authorisation (kiosk.domain.returns) a drop's rows have; the rest is not read."""

    order_number: str
    lines: tuple[KnownLine, ...]

    @property
    def units(self) -> dict[str, int]:
        """How many are authorised, by line id."""
        return {line.line_id: line.quantity for line in self.lines}


_known = msgspec.json.Decoder(Known).decode


@dataclass(frozen=True, slots=True)
class Claimant:
    """A drop that wants its units."""

    tenant: str
    drop_id: str
    drop_number: str
    return_id: str
    bag_id: str
    device_id: str
    event_id: str
    at: datetime  # it was received, or is looked at again


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line for which something was promised; amounts in minor units."""

    line_id: str
    brought: int
    refund: int
    currency: str


def authorised(c: sa.Connection, tenant: str, returns: Collection[str]) -> dict[str, Known]:
    """Those that the centre knows, by return id."""
    rows = c.execute(
        sa.select(authorisations.c.return_id, authorisations.c.body).where(
            authorisations.c.tenant == tenant, among(c, authorisations.c.return_id, returns)
        )
    )
    return {row.return_id: _known(row.body) for row in rows}


def claimant(came: Received, fact: DropCommitted) -> Claimant:
    return Claimant(
        came.tenant,
        fact.drop_id,
        fact.drop_number,
        fact.return_id,
        fact.bag_id,
        came.device_id,
        came.event_id,
        came.received_at,
    )


def wanted(fact: DropCommitted) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(line.line_id, line.brought, line.refund, line.currency)
        for line in fact.lines
        if line.state in PROMISED and line.brought > 0
    )


def claim(c: sa.Connection, who: Claimant, lines: Iterable[Wanted], known: Known | None) -> bool:
    """Claim one authorised unit for each unit brought, less what the drop has; whether there were
    too few left. It is disputed then, and each such line has its case."""
    units = known.units if known else {}
    has = _has(c, who)
    short = [
        line
        for line in lines
        if not _claim(c, who, line, units.get(line.line_id, line.brought), has[line.line_id])
    ]
    if short:
        c.execute(drops.update().where(drops.c.drop_id == who.drop_id).values(disputed=True))
    return bool(short)


def _has(c: sa.Connection, who: Claimant) -> Counter[str]:
    """By line; a new drop has none."""
    rows = c.execute(
        sa.select(claims.c.line_id, sa.func.count().label("units"))
        .where(
            claims.c.tenant == who.tenant,
            claims.c.return_id == who.return_id,
            claims.c.drop_id == who.drop_id,
        )
        .group_by(claims.c.line_id)
    )
    return Counter({row.line_id: row.units for row in rows})


def _claim(c: sa.Connection, who: Claimant, line: Wanted, most: int, has: int) -> bool:
    """Whether it has all that it brought."""
    left = line.brought - has
    while left > 0:
        for unit in range(1, most + 1):
            left -= left > 0 and insert_new(c, claims, _row(who, line, unit))
        if left > 0 and len(_held(c, who, line, most)) == most:
            _dropped_twice(c, who, line, most, left)
            return False
    return True


def _row(who: Claimant, line: Wanted, unit: int) -> dict[str, Any]:
    return {
        "tenant": who.tenant,
        "return_id": who.return_id,
        "line_id": line.line_id,
        "unit": unit,
        "drop_id": who.drop_id,
    }


def _held(c: sa.Connection, who: Claimant, line: Wanted, most: int) -> Sequence[Any]:
    """The units that are claimed, held until commit. Fewer than there are: one was just freed."""
    query = sa.select(claims.c.unit).where(
        claims.c.tenant == who.tenant,
        claims.c.return_id == who.return_id,
        claims.c.line_id == line.line_id,
        claims.c.unit.between(1, most),
    )
    return c.execute(locked(query.order_by(claims.c.unit))).all()


# --- cases ---------------------------------------------------------------------------------------


def _dropped_twice(c: sa.Connection, who: Claimant, line: Wanted, most: int, left: int) -> None:
    """More of a line was brought than was authorised: `left` found no unit to claim."""
    first_id, first_bag, first_number = _first_claim(c, who, line.line_id)
    evidence = Evidence(
        drops=_named(first_id, who.drop_id),
        bags=(first_bag, who.bag_id),
        events=(who.event_id,),
        returns=(who.return_id,),
        lines=(line.line_id,),
        receipts=_named(first_number, who.drop_number),
        sides=("authorised", "dropped"),
        compared=(Compared("units", most, most + left, line.line_id),),
        numbers={"authorised": most, "brought": line.brought, "too_many": left},
    )
    found = Found(
        Kind.DUPLICATE_DROP,
        "drop_line",
        f"{who.drop_id}/{line.line_id}",
        who.at,
        evidence,
        device_id=who.device_id,
        amount=line.refund * left // line.brought,
        currency=line.currency,
    )
    open_many(c, who.tenant, [found])


def _first_claim(c: sa.Connection, who: Claimant, line_id: str) -> tuple[str, str, str]:
    """Id, bag and number of the drop that keeps the refund; "" each where the same drop brought
    too many."""
    row = c.execute(
        sa.select(drops.c.drop_id, drops.c.bag_id, drops.c.drop_number)
        .join(claims, claims.c.drop_id == drops.c.drop_id)
        .where(
            claims.c.tenant == who.tenant,
            claims.c.return_id == who.return_id,
            claims.c.line_id == line_id,
            claims.c.drop_id != who.drop_id,
        )
        .order_by(claims.c.unit)
    ).first()
    return (row.drop_id, row.bag_id, row.drop_number) if row else ("", "", "")


def _named(*ids: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one)


# --- again ---------------------------------------------------------------------------------------


def claim_again(c: sa.Connection, tenant: str, returns: Collection[str], now: datetime) -> None:
    """Drops of these returns were voided, or stand after all: what voided ones had is free, and
    goes to those that were refused it, the first first. Cases of theirs are settled by it."""
    mine = sa.and_(drops.c.tenant == tenant, among(c, drops.c.return_id, returns))
    gone = sa.select(drops.c.drop_id).where(mine, drops.c.voided)
    c.execute(
        claims.delete().where(
            claims.c.tenant == tenant,
            among(c, claims.c.return_id, returns),
            claims.c.drop_id.in_(gone),
        )
    )
    # Read after the deletion, which has waited for whoever was refused one of its units.
    rows = c.execute(sa.select(drops).where(mine).order_by(drops.c.received_at, drops.c.drop_id))
    every = rows.all()
    lines = _lines(c, tenant, [row.drop_id for row in every])
    known = authorised(c, tenant, returns)
    settled: list[Gone] = []
    for row in every:
        wants = lines[row.drop_id]
        who = Claimant(
            tenant,
            row.drop_id,
            row.drop_number,
            row.return_id,
            row.bag_id,
            row.device_id,
            row.event_id,
            now,
        )
        if not row.voided and claim(c, who, wants, known.get(row.return_id)):
            continue
        if row.disputed:
            c.execute(drops.update().where(drops.c.drop_id == row.drop_id).values(disputed=False))
            settled += (_gone(row, line, now) for line in wants)
    if settled:
        settle_many(c, tenant, settled)


def _lines(
    c: sa.Connection, tenant: str, drop_ids: Collection[str]
) -> Mapping[str, Sequence[Wanted]]:
    line = drop_lines.c
    query = sa.select(line.drop_id, line.line_id, line.brought, line.refund, line.currency).where(
        line.tenant == tenant,
        among(c, line.drop_id, drop_ids),
        line.state.in_(sorted(PROMISED)),
        line.brought > 0,
    )
    found: defaultdict[str, list[Wanted]] = defaultdict(list)
    for drop_id, *told in c.execute(query.order_by(line.drop_id, line.position)):
        found[drop_id].append(Wanted(*told))
    return found


def _gone(row: Any, line: Wanted, now: datetime) -> Gone:
    key = key_of(Kind.DUPLICATE_DROP, "drop_line", f"{row.drop_id}/{line.line_id}")
    why = "this drop was voided" if row.voided else "an earlier drop was voided"
    evidence = Evidence(drops=(row.drop_id,), returns=(row.return_id,), detail=why)
    return Gone(key, now, evidence)
