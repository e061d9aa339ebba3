"""Opening cases, and letting the centre settle those whose cause has gone: in sets.

A case is known by its key, "kind:subject kind:subject". Opening it again with the same evidence
changes nothing, so whoever looks for cases may look twice; with other evidence it becomes a step
of the case that is there, and one that was settled is open again. Ids are made from the keys, so
two workers that find the same thing at once cannot open it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sync.central.cases.evidence import Evidence, digest, things, written
from sync.central.cases.kinds import Kind, Resolution
from sync.central.cases.lifecycle import Standing, State, Step, Taken, after
from sync.central.database import insert_set, locked
from sync.central.tables import case_events, case_links, cases, devices

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a person must settle. `subject` is what it is about: of `subject_kind` drop,
    line, bag, container, manifest, event, device, day ... `amount` is at stake, in minor units.
    `site` may be left to the device."""

    kind: Kind
    subject_kind: str
    subject: str
    at: datetime
    evidence: Evidence
    device_id: str = ""
    site: str = ""
    amount: int = 0
    currency: str = ""

    @property
    def key(self) -> str:
        return key_of(self.kind, self.subject_kind, self.subject)


@dataclass(frozen=True, slots=True)
class Gone:
    """The cause of a case is gone. `evidence` says what explains it."""

    key: str
    at: datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Opened:
    """Keys: of cases that are new, that were settled and are open again, that have more evidence
    now. What is in none of them was known."""

    new: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def __add__(self, other: Opened) -> Opened:
        return Opened(self.new + other.new, self.reopened + other.reopened, self.more + other.more)


def key_of(kind: Kind, subject_kind: str, subject: str) -> str:
    return f"{kind}:{subject_kind}:{subject}"


def case_id(tenant: str, key: str) -> str:
    return hashlib.sha256(f"{tenant}\n{key}".encode()).hexdigest()[:32]


def open_many(c: sa.Connection, tenant: str, rows: Sequence[Found]) -> Opened:
    """Open what is not open yet; of the same key twice the last counts. In the caller's
    transaction."""
    wanted = sorted({row.key: row for row in rows}.values(), key=lambda row: row.key)
    told = Opened()
    for start in range(0, len(wanted), _AT_ONCE):
        told += _open(c, tenant, wanted[start : start + _AT_ONCE])
    return told


def settle_many(c: sa.Connection, tenant: str, rows: Sequence[Gone]) -> tuple[str, ...]:
    """Settle what later facts explain, with those facts; the keys of what was settled. What is
    settled already, or was never opened, stays as it is."""
    wanted = sorted({row.key: row for row in rows}.values(), key=lambda row: row.key)
    settled: list[str] = []
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        known = _known(c, tenant, [row.key for row in part])
        moves = [
            Move(known[row.key], Step.SETTLED, row.at, row.evidence)
            for row in part
            if row.key in known and known[row.key].state != State.SETTLED
        ]
        _take(c, tenant, moves)
        settled += (move.case.key for move in moves)
    return tuple(settled)


def _open(c: sa.Connection, tenant: str, rows: Sequence[Found]) -> Opened:
    fresh = _insert(c, tenant, rows)
    known = _known(c, tenant, [row.key for row in rows if row.key not in fresh])
    moves = [
        Move(known[row.key], _next(known[row.key]), row.at, row.evidence)
        for row in rows
        if row.key in known and digest(written(row.evidence)) != known[row.key].digest
    ]
    _take(c, tenant, moves)
    again, more = (
        tuple(move.case.key for move in moves if move.step is step)
        for step in (Step.REOPENED, Step.FOUND)
    )
    return Opened(tuple(row.key for row in rows if row.key in fresh), again, more)


def _next(case: sa.Row[Any]) -> Step:
    return Step.REOPENED if case.state == State.SETTLED else Step.FOUND


def _known(c: sa.Connection, tenant: str, keys: Sequence[str]) -> dict[str, sa.Row[Any]]:
    """By key, held until commit, in one order everywhere."""
    if not keys:
        return {}
    query = sa.select(cases).where(cases.c.tenant == tenant, cases.c.key.in_(keys))
    return {row.key: row for row in c.execute(locked(query.order_by(cases.c.key)))}


def _insert(c: sa.Connection, tenant: str, rows: Sequence[Found]) -> set[str]:
    """The keys of those that were not there."""
    sites = _sites(c, tenant, {row.device_id for row in rows if row.device_id})
    made = [_row(tenant, row, sites) for row in rows]
    maker = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
    statement = maker(cases).on_conflict_do_nothing().returning(cases.c.key)
    fresh = set(c.execute(statement, made).scalars())
    ours = [(row, found) for row, found in zip(made, rows, strict=True) if row["key"] in fresh]
    insert_set(c, case_events, [_first_step(row) for row, _ in ours])
    insert_set(c, case_links, [link for row, found in ours for link in _links(row, found)])
    return fresh


def _sites(c: sa.Connection, tenant: str, names: set[str]) -> dict[str, str]:
    """By device id."""
    if not names:
        return {}
    rows = c.execute(
        sa.select(devices.c.device_id, devices.c.site).where(
            devices.c.tenant == tenant, devices.c.device_id.in_(names)
        )
    )
    return {row.device_id: row.site for row in rows}


def _row(tenant: str, found: Found, sites: dict[str, str]) -> dict[str, Any]:
    document = written(found.evidence)
    return {
        "case_id": case_id(tenant, found.key),
        "tenant": tenant,
        "key": found.key,
        "kind": found.kind.value,
        "subject_kind": found.subject_kind,
        "subject": found.subject,
        "opened_at": found.at,
        "device_id": found.device_id,
        "site": found.site or sites.get(found.device_id, ""),
        "evidence": document,
        "digest": digest(document),
        "amount": found.amount,
        "currency": found.currency,
    }


def _first_step(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": row["case_id"],
        "number": 1,
        "tenant": row["tenant"],
        "at": row["opened_at"],
        "step": Step.OPENED.value,
        "evidence": row["evidence"],
    }


def _links(row: dict[str, Any], found: Found) -> Iterator[dict[str, Any]]:
    named = dict.fromkeys([(found.subject_kind, found.subject), *things(found.evidence)])
    for thing, one in named:
        yield {"tenant": row["tenant"], "thing": thing, "id": one, "case_id": row["case_id"]}


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the centre's own, on a case that is held."""

    case: sa.Row[Any]
    step: Step
    at: datetime
    evidence: Evidence


def _take(c: sa.Connection, tenant: str, moves: Sequence[Move]) -> None:
    if not moves:
        return
    insert_set(c, case_events, [_step(tenant, move) for move in moves])
    links = [link for move in moves for link in _more_links(tenant, move)]
    insert_set(c, case_links, links)
    changed = (
        cases.update()
        .where(cases.c.case_id == sa.bindparam("of_case"))
        .values({name: sa.bindparam(f"to_{name}") for name in _FOLDED})
    )
    c.execute(changed, [_changes(move) for move in moves])


_FOLDED: Final = (
    *("state", "owner", "settled_at", "settled_by", "resolution"),
    *("steps", "evidence", "digest"),
)


def _step(tenant: str, move: Move) -> dict[str, Any]:
    return {
        "case_id": move.case.case_id,
        "number": move.case.steps + 1,
        "tenant": tenant,
        "at": move.at,
        "step": move.step.value,
        "resolution": _resolution(move),
        "evidence": written(move.evidence),
    }


def _resolution(move: Move) -> str:
    return Resolution.CAUSE_GONE.value if move.step is Step.SETTLED else ""


def _more_links(tenant: str, move: Move) -> Iterator[dict[str, Any]]:
    for thing, one in things(move.evidence):
        yield {"tenant": tenant, "thing": thing, "id": one, "case_id": move.case.case_id}


def _changes(move: Move) -> dict[str, Any]:
    standing = after(standing_of(move.case), Taken(move.step, move.at, "", _resolution(move)))
    document = written(move.evidence)
    return {
        "of_case": move.case.case_id,
        "to_state": standing.state.value,
        "to_owner": standing.owner,
        "to_settled_at": standing.settled_at,
        "to_settled_by": standing.settled_by,
        "to_resolution": standing.resolution,
        "to_steps": move.case.steps + 1,
        "to_evidence": document,
        "to_digest": digest(document),
    }


def standing_of(case: sa.Row[Any]) -> Standing:
    """As it is kept in `cases`."""
    return Standing(
        State(case.state), case.owner, case.settled_at, case.settled_by, case.resolution
    )
