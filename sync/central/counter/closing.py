"""A conflict whose case a person settled is settled at the counters, too; opened again, there too.

The word travels as any fact of the centre. What it is about is looked up in the facts themselves:
where they are gone by now, no counter has the conflict any more, and nothing is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.facts import Kind, Subject
from sync.central.cases import Kind as CaseKind
from sync.central.counter import writing
from sync.central.counter.disputing import key, word
from sync.central.counter.folding import fold
from sync.central.counter.telling import tell
from sync.central.counter.writing import Site


def hold(c: sa.Connection, tenant: str, kind: str, site: str) -> None:
    """Before the case itself is held: counters' facts come in that order, and two that wait for
    each other would wait for ever."""
    if kind == CaseKind.COUNTER_CONFLICT:
        writing.hold(c, Site(tenant, site))


def say(c: sa.Connection, now: datetime, case: sa.Row[Any], *, again: bool) -> None:
    """`case` was just settled, or opened again. Cases of other kinds are none of the counters'
    business. The site must be held."""
    if case.kind != CaseKind.COUNTER_CONFLICT:
        return
    found = _conflict(c, case)
    if found is not None and found[1] is again:
        tell(c, now, case.tenant, case.site, [word(found[0], again=again)])


def _conflict(c: sa.Connection, case: sa.Row[Any]) -> tuple[Conflict, bool] | None:
    """And whether the counters take it for settled."""
    name, _, _ = case.subject.removeprefix(f"{case.site}/").rsplit("/", 2)
    subject = Subject(Kind(case.subject_kind), name)
    known, _ = writing.load(c, Site(case.tenant, case.site), [subject])
    if not known[subject]:
        return None
    folded = fold(subject, known[subject])
    for conflict in folded.conflicts:
        if key(case.site, conflict) == case.key:
            return conflict, conflict not in folded.unsettled
    return None
