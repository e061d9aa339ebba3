"""`takeback doctor` at what a kiosk keeps: identity, directory, disk, ledger, policy."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from kiosk.checks import keeping
from kiosk.world import SystemClock
from tests.cli.findings import by_name, found


def test_a_kiosk_that_was_never_enrolled(takeback, healthy):
    (healthy.data / "identity.toml").unlink()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "takeback enrol" in told["enrolment"]["mend"]
    assert told["ledger"]["well"] is True


def test_a_damaged_identity(takeback, healthy):
    (healthy.data / "identity.toml").write_text("junk")
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "damaged" in told["enrolment"]["finding"]


def test_a_key_that_others_may_read(takeback, healthy):
    (healthy.data / "device.key").chmod(0o644)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["device key"]
    assert (check["well"], "644" in check["finding"]) == (False, True)
    assert "chmod 600" in check["mend"]


def test_a_directory_that_others_may_enter(takeback, healthy):
    healthy.data.chmod(0o755)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json"))["data directory"]
    assert "chmod 700" in check["mend"]


def test_a_directory_of_another_user(healthy, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: healthy.data.stat().st_uid + 1)
    (check,) = keeping.directory(healthy.data)
    assert not check.well
    assert "sudo -u" in check.mend


def test_a_directory_that_cannot_be_written(healthy, monkeypatch):
    """Root writes everywhere but on a file system that refuses; so the refusal is played."""

    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("kiosk.checks.keeping.tempfile.TemporaryFile", refuse)
    (check,) = keeping.directory(healthy.data)
    assert (check.well, "Read-only" in check.finding) == (False, True)


def test_a_full_disk(healthy, monkeypatch):
    monkeypatch.setattr("kiosk.store.space.free_bytes", lambda path: 1 << 20)
    told = by_name(keeping.directory(healthy.data))
    assert (told["disk"].well, told["disk"].finding) == (False, "1 MiB free")


def test_a_ledger_full_of_junk(takeback, healthy):
    (healthy.data / "ledger.db").write_bytes(b"junk" * 5000)
    check = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))["ledger"]
    assert "corrupt" in check["finding"]
    assert "takeback store recover" in check["mend"]


def test_a_ledger_that_somebody_has_changed(takeback, healthy):
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(healthy.data / "ledger.db"))
    connection.execute("UPDATE events SET subject = 'somebody else' WHERE number = 1")
    connection.commit()
    connection.close()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert told["ledger"]["well"] is True
    assert "breaks at event 1" in told["audit chain"]["finding"]


def test_a_ledger_of_a_later_version(takeback, healthy):
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(healthy.data / "ledger.db"))
    connection.execute("PRAGMA user_version=999")
    connection.close()
    told = found(takeback("doctor", "--settings", healthy.settings, "--json").says(1))
    assert "newer" in told["ledger"]["mend"]


@pytest.mark.parametrize(
    ("later", "says", "well"),
    [
        (timedelta(), "bundle", True),
        (timedelta(hours=30), "getting old", False),
        (timedelta(days=30), "EXPIRED", False),
    ],
)
def test_the_age_of_the_policy(healthy, monkeypatch, later, says, well):
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + later)
    (check,) = keeping.policy(healthy.data)
    assert (check.well, says in check.finding) == (well, True)


def test_events_that_wait_for_days_are_a_fault(healthy, monkeypatch):
    (whole, chain, queued, copies) = keeping.ledger(healthy.data)
    assert whole.well
    assert chain.well
    assert queued.well
    assert copies.well
    assert "wait for the centre" in queued.finding
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + timedelta(days=3))
    assert "3 days" in keeping.ledger(healthy.data)[2].finding
    assert not keeping.ledger(healthy.data)[2].well


def test_a_mended_ledger_is_told_for_a_month(takeback, healthy, monkeypatch):
    takeback("store", "recover", "--anyway", "--settings", healthy.settings).says(0)
    told = by_name(keeping.ledger(healthy.data))
    assert told["recovery"].well
    assert "0 missing" in told["recovery"].finding
    assert "disk" in told["recovery"].mend
    assert "bags" not in told["recovery"].mend
    now = SystemClock().now()
    monkeypatch.setattr("kiosk.world.SystemClock.now", lambda self: now + timedelta(days=31))
    assert "recovery" not in by_name(keeping.ledger(healthy.data))


def test_the_age_of_the_newest_copy_is_told(takeback, healthy):
    assert "no copy" in by_name(keeping.ledger(healthy.data))["copies"].finding
    takeback("store", "backup", "--settings", healthy.settings).says(0)
    assert "0 min ago" in by_name(keeping.ledger(healthy.data))["copies"].finding


def test_no_policy_and_a_broken_one(healthy):
    (bundle,) = healthy.data.glob("policy-*.db")
    bundle.write_bytes(b"junk" * 1000)
    assert "cannot be read" in keeping.policy(healthy.data)[0].finding
    bundle.unlink()
    assert keeping.policy(healthy.data)[0].finding == "no bundle yet"
