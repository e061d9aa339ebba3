"""Files of movements: all of a file or nothing, and before that a look at what it would do.

The look is the real thing, in a transaction that is taken back: what it says of cases is what the
matching will say, not a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.domain.sentences import Sentence
from sync.central.counter.settling import follow
from sync.central.database import Database
from sync.central.importing import MOST_TOLD, Wrong
from sync.central.reconcile import touched
from sync.central.reconcile.csv_file import Row
from sync.central.reconcile.matching import Portion, match
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import digest, record_many
from sync.central.reconcile.run import tolerances_of
from sync.central.reconcile.scratch import room
from sync.central.reconcile.touched import Window
from sync.central.tables import differences

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many movements were new, and how many were known. In a preview also the differences:
    how many of each kind the file would open, and how many it would explain."""

    new: int
    known: int
    opened: dict[str, int] = field(default_factory=dict)
    gone: int = 0


class _Back(Exception):
    """Takes the transaction back."""

    def __init__(self, answer: Imported | list[Wrong]) -> None:
        super().__init__()
        self.answer = answer


def import_movements(
    database: Database,
    tenant: str,
    rows: Callable[[], Iterable[Row]],
    now: Callable[[], datetime],
    *,
    preview: bool = False,
) -> Imported | list[Wrong]:
    """`rows` begins anew each time that it is called. Nothing is kept where a line is wrong, where
    two lines have one source_id, or where one came before with another content."""
    told = _told(rows)
    if isinstance(told, list):
        return told
    when = Portion(tenant, now(), tolerances_of(database, tenant))

    def work(c: sa.Connection) -> Imported:
        done = _record(c, when, told)
        if preview:
            raise _Back(_looked(c, when, done))
        return done

    try:
        return database.write(work)
    except _Back as back:
        return back.answer


def _told(rows: Callable[[], Iterable[Row]]) -> dict[str, tuple[int, Movement]] | list[Wrong]:
    """By source_id, with their lines."""
    made: dict[str, tuple[int, Movement]] = {}
    wrong: list[Wrong] = []
    for line, one in rows():
        if isinstance(one, Movement):
            first = made.setdefault(one.source_id, (line, one))
            if digest(first[1]) != digest(one):
                why = Sentence(
                    "{name} stands in line {line} with another content",
                    name=f"source_id {one.source_id}",
                    line=first[0],
                )
                one = Wrong(line, why, Sentence("each fact has a name of its own"))
        if isinstance(one, Wrong):
            wrong.append(one)
            if len(wrong) >= MOST_TOLD:
                break
    return wrong or made


def _record(c: sa.Connection, when: Portion, told: dict[str, tuple[int, Movement]]) -> Imported:
    every = [one for _, one in told.values()]
    new = known = 0
    wrong: list[Wrong] = []
    for start in range(0, len(every), _CHUNK):
        done = record_many(c, when.tenant, every[start : start + _CHUNK], when.now)
        new, known = new + done.new, known + done.known
        wrong += [
            Wrong(
                told[one.source_id][0],
                Sentence(
                    "{source} told {name} before, with another content",
                    source=one.source,
                    name=one.source_id,
                ),
                Sentence("what was told stays; tell a correction under a name of its own"),
            )
            for one in done.clashes
        ]
    if wrong:
        raise _Back(wrong[:MOST_TOLD])
    follow(c, when.tenant, when.now, every)
    return Imported(new, known)


def _looked(c: sa.Connection, when: Portion, done: Imported) -> Imported:
    """What the matching would say now. Of what is only late later it can say nothing yet."""
    moment = timedelta(microseconds=1)
    with room(c):
        touched.by_movements(c, when.tenant, Window(when.now - moment, when.now))
        same = match(c, when)
    fresh = sa.and_(differences.c.tenant == when.tenant, differences.c.found_at == when.now)
    counted = sa.select(differences.c.kind, sa.func.count().label("many")).where(fresh)
    rows = c.execute(counted.group_by(differences.c.kind).order_by(differences.c.kind))
    return Imported(done.new, done.known, {row.kind: row.many for row in rows}, same.gone)
