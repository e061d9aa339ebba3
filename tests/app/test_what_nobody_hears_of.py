"""What went wrong in the background is told to staff and the centre, until it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.app.service import TOLD_FOR, service
from kiosk.checks import keeping
from kiosk.ports import Trouble
from kiosk.store import StoreFailed, aside, backup
from kiosk.store.backup import Plan
from kiosk.store.photos import ASIDE, PHOTOS
from kiosk.upkeep import AGAIN_S, Upkeep
from kiosk.words import words

MINE = {Trouble.RECORDS_ASIDE, Trouble.BACKUP_FAILED}


def troubles(ready) -> set[Trouble]:
    return set(service(ready.store, ready.clock.now(), online=True)) & MINE


def check(ready, name: str):
    return next(one for one in keeping.ledger(ready.directory) if one.name == name)


def set_apart(ready, count: int, reason: str) -> None:
    before = aside.read(ready.store.meta.get)
    for key, value in aside.more(before, count, f"7: {reason}", ready.store.now()).items():
        ready.store.meta.set(key, value)


def test_records_that_the_centre_could_not_use_are_told_for_a_week(ready):
    assert troubles(ready) == set()
    set_apart(ready, 2, "a wrong amount")
    set_apart(ready, 1, "revoked")
    assert troubles(ready) == {Trouble.RECORDS_ASIDE}
    assert check(ready, "set aside").finding.startswith("3 so far")
    assert "revoked" in check(ready, "set aside").finding
    ready.clock.pass_time(TOLD_FOR)
    assert troubles(ready) == set()
    assert check(ready, "set aside").mend


def test_a_body_that_is_refused_is_told_for_as_long_as_it_waits(ready):
    ready.store.meta.set(aside.WITHHELD, '{"E1": {"epoch": "e", "sequence": 4, "tries": 2}}')
    ready.clock.pass_time(2 * TOLD_FOR)
    assert troubles(ready) == {Trouble.RECORDS_ASIDE}
    assert check(ready, "withheld").finding.startswith("1 are at the centre without")
    ready.store.meta.set(aside.WITHHELD, "")
    assert troubles(ready) == set()


@pytest.mark.parametrize("left", ["nonsense", "3x y", "7"])
def test_what_a_damaged_disk_left_there_is_no_reason_to_stop(ready, left):
    for key in (aside.COUNT, aside.AT, aside.WITHHELD):
        ready.store.meta.set(key, left)
    assert troubles(ready) == set()


def test_a_copy_that_failed_is_told_until_one_goes_well(ready, monkeypatch):
    plan = Plan(2, 1 << 30)
    care = Upkeep(ready.store, ready.clock, plan, timedelta(days=1), lambda: True)
    care.turn()  # looks the ledger over
    monkeypatch.setattr("kiosk.store.policy_writing.free_bytes", lambda _path: 1 << 20)
    with pytest.raises(StoreFailed):
        care.turn()
    monkeypatch.undo()
    assert troubles(ready) == {Trouble.BACKUP_FAILED}
    told = check(ready, "copies")
    assert not told.well
    assert "failed: full" in told.finding
    ready.clock.pass_time(timedelta(seconds=AGAIN_S))
    care.turn()
    assert troubles(ready) == set()
    assert check(ready, "copies").well


def test_a_copy_made_by_hand_ends_it_too(ready):
    ready.store.meta.set(backup.FAILED, f"{ready.clock.now():%Y-%m-%dT%H:%M:%S.%fZ} io")
    assert troubles(ready) == {Trouble.BACKUP_FAILED}
    ready.clock.pass_time(timedelta(minutes=1))
    backup.make(ready.directory, ready.clock.now())
    assert troubles(ready) == set()


def test_the_doctor_counts_photographs_by_what_becomes_of_them(ready):
    assert keeping.photographs(ready.directory) == []
    for place, count in (("waiting", 2), (ASIDE, 1)):
        folder = ready.directory / PHOTOS / place
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"{number:064x}").write_bytes(b"jpeg")
    [told] = keeping.photographs(ready.directory)
    assert told.finding == "2 wait for the centre, 1 it does not want"
    assert told.well
    assert "cases" in told.mend


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ar"])
def test_staff_read_what_it_is_and_what_to_do(language):
    w = words(language)
    both = (*MINE, Trouble.PHOTOS_ASIDE)
    said = {ask(trouble) for trouble in both for ask in (w.trouble, w.trouble_mend)}
    assert len(said) == 6
    assert all(said)
