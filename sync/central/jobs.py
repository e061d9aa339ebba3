"""What the centre does by itself, now and then: on a thread, and never in two workers at once.

A row for each job says who is at it and until when; its holder says so again while it works. So a
worker that dies holds a job for two minutes, and one that is slow is not overtaken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from sync.central.centre import Centre
from sync.central.database import insert_new
from sync.central.tables.jobs import jobs

_LOG = logging.getLogger(__name__)

HELD: Final = timedelta(minutes=2)
RENEW_S: Final = 30.0
LOOK_S: Final = 20.0
"""How often it is looked whether something is due; also how long after the start, unless told."""
_LONGEST: Final = 500
GoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Job:
    """`work` is given a question to ask between its portions: False is to end soon, whole, as the
    centre is stopping. It answers with what it did, for the table."""

    name: str
    every: timedelta
    work: Callable[[Centre, GoOn], str]


class Jobs:
    """One worker's thread. `start` and `stop` once each."""

    def __init__(
        self,
        centre: Centre,
        given: Sequence[Job],
        *,
        look_s: float = LOOK_S,
        first_s: float | None = None,
    ) -> None:
        self._centre, self._jobs, self._look_s = centre, tuple(given), look_s
        self._first_s = look_s if first_s is None else first_s
        self._me = centre.ids.uuid()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits for the portion that is under way."""
        self._ends.set()
        self._thread.join()

    def _loop(self) -> None:
        wait_s = self._first_s
        while not self._ends.wait(wait_s):
            wait_s = self._look_s
            for job in self._jobs:
                if not self._ends.is_set():
                    self.run(job)

    def run(self, job: Job, *, at_once: bool = False) -> bool:
        """Do a job if it is due (or `at_once`) and nobody is at it; whether it was done."""
        try:
            if not self._take(job, at_once):
                return False
            began = self._centre.clock.monotonic()
            report, error = self._work(job)
            self._give_back(job, report, error, self._centre.clock.monotonic() - began)
        except sa.exc.SQLAlchemyError:
            _LOG.exception("job %s: the database does not do as it should", job.name)
            return False
        return not error

    def _take(self, job: Job, at_once: bool) -> bool:
        now = self._centre.clock.now()
        free = sa.or_(jobs.c.held_until.is_(None), jobs.c.held_until <= now)
        due = sa.or_(jobs.c.began_at.is_(None), jobs.c.began_at <= now - job.every)
        mine = sa.and_(jobs.c.name == job.name, free, *([] if at_once else [due]))

        def work(c: sa.Connection) -> bool:
            insert_new(c, jobs, {"name": job.name})
            taken = jobs.update().where(mine).values(self._held(now) | {"began_at": now})
            return c.execute(taken.returning(jobs.c.name)).first() is not None

        return self._centre.database.write(work)

    def _held(self, now: datetime) -> dict[str, object]:
        return {"holder": self._me, "held_until": now + HELD}

    def _work(self, job: Job) -> tuple[str, str]:
        """On a thread of its own, while this one holds the job."""
        done, told = threading.Event(), list[tuple[str, str]]()

        def work() -> None:
            try:
                told.append((job.work(self._centre, lambda: not self._ends.is_set()), ""))
            except Exception as error:  # noqa: BLE001 - the other jobs go on; the table says why
                _LOG.exception("job %s failed", job.name)
                told.append(("", f"{type(error).__name__}: {error}"[:_LONGEST]))
            finally:
                done.set()

        threading.Thread(target=work, name=f"job {job.name}", daemon=True).start()
        while not done.wait(RENEW_S):
            self._renew(job)
        return told[0]

    def _renew(self, job: Job) -> None:
        mine = sa.and_(jobs.c.name == job.name, jobs.c.holder == self._me)
        values = self._held(self._centre.clock.now())
        try:
            self._centre.database.write(
                lambda c: c.execute(jobs.update().where(mine).values(values))
            )
        except sa.exc.SQLAlchemyError:
            _LOG.exception("job %s could not be held on to", job.name)

    def _give_back(self, job: Job, report: str, error: str, seconds: float) -> None:
        mine = sa.and_(jobs.c.name == job.name, jobs.c.holder == self._me)
        now = self._centre.clock.now()
        values: dict[str, object] = {
            "holder": "",
            "held_until": None,
            "ended_at": now,
            "took_ms": round(seconds * 1000),
            "runs": jobs.c.runs + 1,
            "error": error,
        }
        values |= {"report": report[:_LONGEST], "well_at": now} if not error else {}
        self._centre.database.write(lambda c: c.execute(jobs.update().where(mine).values(values)))
