"""What the centre does by itself: when due, never twice at once, and after a fault again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from sync.central import keeping, late_photos
from sync.central.centre import Centre
from sync.central.database import Database
from sync.central.jobs import HELD, GoOn, Job, Jobs
from sync.central.recheck import job as rechecking
from sync.central.reconcile import job as reconciling
from sync.central.serve import CentralServer
from sync.central.tables import jobs
from tests.sync.conftest import IDS, TestClock

HOUR = timedelta(hours=1)


@pytest.fixture
def centre_of(database_url: str, clock: TestClock) -> Iterator[Centre]:
    database = Database(database_url)
    yield Centre(database, clock, IDS, ZoneInfo("UTC"))
    database.close()


def _row(centre: Centre, name: str = "count") -> Any:
    with centre.database.reading() as c:
        return c.execute(sa.select(jobs).where(jobs.c.name == name)).one()


def test_a_job_is_done_when_it_is_due_and_not_before(centre_of, clock):
    done = []
    job = Job("count", HOUR, lambda centre, go_on: done.append(1) or "counted")
    worker = Jobs(centre_of, [job])
    assert worker.run(job)
    assert not worker.run(job)
    clock.advance(minutes=59)
    assert not worker.run(job)
    clock.advance(minutes=1)
    assert worker.run(job)
    row = _row(centre_of)
    assert (len(done), row.runs, row.report, row.error, row.holder) == (2, 2, "counted", "", "")


def test_two_workers_are_never_at_one_job_at_once(centre_of, clock):
    within, go = threading.Event(), threading.Event()

    def slow(centre: Centre, go_on: GoOn) -> str:
        within.set()
        assert go.wait(60)
        return ""

    job = Job("count", timedelta(), slow)
    one, other = Jobs(centre_of, [job]), Jobs(centre_of, [job])
    thread = threading.Thread(target=one.run, args=(job,))
    thread.start()
    assert within.wait(60)
    assert not other.run(job)
    assert not other.run(job, at_once=True)
    go.set()
    thread.join()
    assert other.run(job)


def test_a_worker_that_died_holds_its_job_for_two_minutes(centre_of, clock):
    job = Job("count", HOUR, lambda centre, go_on: "")
    dead, other = Jobs(centre_of, [job]), Jobs(centre_of, [job])
    assert dead._take(job, at_once=True)
    clock.advance(hours=2)
    assert other.run(job)  # long over by then
    assert dead._take(job, at_once=True)
    clock.advance(seconds=HELD.total_seconds() - 1)
    assert not other.run(job, at_once=True)
    clock.advance(seconds=1)
    assert other.run(job, at_once=True)


def test_a_fault_is_in_the_table_and_the_next_run_mends_it(centre_of, clock, caplog):
    faults = [OSError("the disk is full")]

    def sometimes(centre: Centre, go_on: GoOn) -> str:
        if faults:
            raise faults.pop()
        return "well"

    job = Job("count", HOUR, sometimes)
    worker = Jobs(centre_of, [job])
    assert not worker.run(job)
    assert _row(centre_of).error == "OSError: the disk is full"
    assert "job count failed" in caplog.text
    clock.advance(hours=1)
    assert worker.run(job)
    assert (_row(centre_of).error, _row(centre_of).report) == ("", "well")


def test_the_thread_works_until_it_is_stopped(centre_of):
    asked, ended = threading.Event(), []

    def until_told(centre: Centre, go_on: GoOn) -> str:
        asked.set()
        while go_on():
            pass
        ended.append(True)
        return "ended early"

    job = Job("count", timedelta(), until_told)
    worker = Jobs(centre_of, [job], look_s=0.01)
    worker.start()
    assert asked.wait(60)
    worker.stop()
    assert ended == [True]
    assert _row(centre_of).report == "ended early"


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_served_centre_works_by_itself_where_it_is_told_to(
    database_url, clock, monkeypatch, by_itself
):
    """As `takeback central serve` tells it."""
    given = []
    monkeypatch.setattr(Jobs, "start", lambda self: given.extend(self._jobs))
    monkeypatch.setattr(Jobs, "stop", lambda self: given.append("stopped"))
    server = CentralServer(database_url, clock, IDS, by_itself=by_itself)
    server.start()
    server.stop()
    its = [reconciling.JOB, rechecking.JOB, late_photos.JOB, keeping.JOB]
    names = [one if isinstance(one, str) else one.name for one in given]
    notices = ["notices looked for", "notices looked for everywhere", "notices sent"]
    whole = [*(one.name for one in its), *notices, "stopped", "stopped"]
    assert names == (whole if by_itself else [])


def test_the_matching_is_one_of_them(centre_of):
    worker = Jobs(centre_of, [reconciling.JOB])
    assert worker.run(reconciling.JOB)
    assert _row(centre_of, "reconcile").report.startswith("drops 0, movements 0")
