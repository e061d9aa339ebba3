"""The renewal of bundles is one job of all workers: done once, and by another when one dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from sync.central import policy
from sync.central.centre import Centre
from sync.central.database import Database
from sync.central.jobs import HELD, Jobs
from sync.central.policy import renewing
from sync.central.policy.renewing import EVERY, JOB
from sync.central.tables import bundles, jobs
from tests.sync.conftest import BUNDLE_KEY, IDS, TestClock

pytestmark = pytest.mark.usefixtures("centre")


@pytest.fixture
def workers(database_url: str, clock: TestClock) -> Iterator[tuple[Jobs, Jobs]]:
    """Of two processes: each with connections of its own."""
    database, beside = Database(database_url), Database(database_url)
    yield _worker(database, clock), _worker(beside, clock)
    database.close()
    beside.close()


def _worker(database: Database, clock: TestClock, *tenants: str) -> Jobs:
    keys = dict.fromkeys(("acme", *tenants), BUNDLE_KEY)
    return Jobs(Centre(database, clock, IDS, ZoneInfo("UTC"), bundle_keys=keys), [JOB])


def _numbers(centre) -> list[int]:
    return [row["number"] for row in centre.rows(bundles)]


def test_of_two_workers_at_once_one_renews(workers, centre):
    start = threading.Barrier(2)
    did: list[bool] = []

    def work(worker: Jobs) -> None:
        start.wait(60)
        did.append(worker.run(JOB))

    threads = [threading.Thread(target=work, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(did) == [False, True]
    assert _numbers(centre) == [1]


def test_a_worker_that_dies_while_it_renews_is_followed_by_the_other(workers, centre, clock):
    one, other = workers
    assert one.run(JOB)
    clock.advance(hours=7)  # the bundle is old now
    assert one._take(JOB, at_once=False)  # and is killed there
    clock.advance(seconds=HELD.total_seconds() - 1)
    assert not other.run(JOB, at_once=True)
    assert _numbers(centre) == [1]
    clock.advance(seconds=EVERY.total_seconds())
    assert other.run(JOB)
    assert _numbers(centre) == [1, 2]
    assert [row["report"] for row in centre.rows(jobs)] == ["renewed 1 of 1"]


def test_one_tenants_fault_costs_no_other_its_bundle_and_is_told(
    database_url, centre, clock, monkeypatch, caplog
):
    monkeypatch.setattr(renewing, "renew", _failing_for("zeta", "unfit"))
    database = Database(database_url)
    assert not _worker(database, clock, "unfit", "zeta").run(JOB)
    database.close()
    assert _numbers(centre) == [1]
    [row] = centre.rows(jobs)
    assert row["error"] == "NotRenewed: the bundles of unfit, zeta were not renewed; see the log"
    assert "unfit was not renewed: no key" in caplog.text
    assert "OSError: the disk is full" in caplog.text


def _failing_for(broken: str, unfit: str):
    def renew(database, clock, tenant, key):
        if tenant == broken:
            raise OSError("the disk is full")
        if tenant == unfit:
            return policy.NotPublished(("no key",))
        return policy.renew(database, clock, tenant, key)

    return renew
