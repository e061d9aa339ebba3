"""Goods on their way, as hubs and carriers tell it: movements, which reconciliation matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from sync.central.counter.settling import follow
from sync.central.reconcile.model import NOT_COUNTED, Kind, Movement
from sync.central.reconcile.record import problem as wrong_with
from sync.central.reconcile.record import record_many
from sync.central.rest.calls import Answer, Call
from sync.central.rest.goods_shapes import Acknowledgements, Disposals, Grades, Noted, Receipts
from sync.central.rest.problems import Kind as ProblemKind
from sync.central.rest.problems import Problem, problem

_YEARS = range(2000, 2200)


def received(c: sa.Connection, call: Call) -> Answer | Problem:
    rows = [
        Movement(
            source=call.key.account,
            source_id=one.id,
            kind=Kind.RECEIVED,
            told_at=one.at,
            site=one.site,
            return_id=one.return_id,
            line_id=one.line_id,
            bag_id=one.bag_id,
            container_id=one.container_id,
            manifest_id=one.manifest_id,
            count=_count(one.count),
        )
        for one in call.asked(Receipts).receipts
    ]
    return _note(c, call, rows)


def graded(c: sa.Connection, call: Call) -> Answer | Problem:
    rows = [
        Movement(
            source=call.key.account,
            source_id=one.id,
            kind=Kind.GRADED,
            told_at=one.at,
            site=one.site,
            return_id=one.return_id,
            line_id=one.line_id,
            bag_id=one.bag_id,
            count=one.count,
            detail=one.grade,
        )
        for one in call.asked(Grades).grades
    ]
    return _note(c, call, rows)


def disposed(c: sa.Connection, call: Call) -> Answer | Problem:
    rows = [
        Movement(
            source=call.key.account,
            source_id=one.id,
            kind=Kind.DISPOSED,
            told_at=one.at,
            site=one.site,
            return_id=one.return_id,
            line_id=one.line_id,
            count=_count(one.count),
            detail=one.done,
        )
        for one in call.asked(Disposals).disposals
    ]
    return _note(c, call, rows)


def acknowledged(c: sa.Connection, call: Call) -> Answer | Problem:
    rows = [
        Movement(
            source=call.key.account,
            source_id=one.id,
            kind=Kind.ACKNOWLEDGED,
            told_at=one.at,
            site=one.site,
            bag_id=one.bag_id,
            container_id=one.container_id,
            manifest_id=one.manifest_id,
            count=_count(one.count),
        )
        for one in call.asked(Acknowledgements).acknowledgements
    ]
    return _note(c, call, rows)


def _count(told: int | None) -> int:
    return NOT_COUNTED if told is None else told


def _note(c: sa.Connection, call: Call, rows: Sequence[Movement]) -> Answer | Problem:
    """All of them or none: whoever mends one fact sends them all again."""
    seen: set[str] = set()
    for one in rows:
        why = (
            wrong_with(one)
            or _slip(one.told_at)
            or ("comes twice" if one.source_id in seen else "")
        )
        if why:
            return problem(ProblemKind.UNFIT, f"{one.source_id}: {why}.")
        seen.add(one.source_id)
    done = record_many(c, call.key.tenant, rows, call.now)
    follow(c, call.key.tenant, call.now, rows)
    clashes = tuple(one.source_id for one in done.clashes)
    noted = Noted(new=done.new, known=done.known, clashes=clashes)
    return Answer(noted, changed=done.new > 0)


def _slip(at: datetime) -> str:
    return "" if at.year in _YEARS else "at must lie between the years 2000 and 2200"
