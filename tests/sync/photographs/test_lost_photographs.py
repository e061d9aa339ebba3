"""A photograph that its kiosk cannot read any more: the centre is told, a person hears of it, no
other photograph waits for it, and one that turns up all the same is taken."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
import requests

from kiosk.domain.events import PhotoFact
from kiosk.store import StoreCause, StoreFailed
from kiosk.store.photos import DAMAGED, WAITING
from sync.agent.lost_photos import UNREADABLE
from sync.central.cases import Kind
from sync.central.people import create_admin
from sync.central.tables import cases, drop_photos, photos
from tests.sync.boxes import IDS, facts

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40  # 10 kB
NAME = hashlib.sha256(JPEG).hexdigest()
OTHER = JPEG + b"another"
PASSWORD = "correct horse battery"
TOLD = "takeback.photo.lost.v1"


@pytest.fixture
def drop_with(drop_of, files):
    """A drop that names a photograph, which is on the disk and promised."""

    def made(jpeg=JPEG, return_id="R1"):
        name = files.keep(jpeg)
        files.promise([name])
        return dataclasses.replace(drop_of(return_id), photos=(PhotoFact("L1", name, len(jpeg)),))

    return made


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kiosk" / "photos"


@pytest.fixture
def hours(box, clock):
    def pass_by(count):
        for _ in range(count):
            clock.advance(hours=1)
            box.settle()

    return pass_by


def spoil(folder):
    (folder / WAITING / NAME).write_bytes(JPEG[:-1] + b"!")


def lost(box, centre, folder, drop_with, hours):
    """A drop whose photograph a disk has changed, and the centre knows."""
    drop = drop_with()
    box.record(drop)
    spoil(folder)
    box.settle()
    hours(2)
    return drop


def came(centre):
    return {row["sha256"] for row in centre.rows(photos) if row["came_at"] is not None}


def opened(centre):
    """Of each case about a photograph: what it is about and how it stands."""
    found = [row for row in centre.rows(cases) if row["kind"] == Kind.PHOTO_LOST]
    return [(row["subject"], row["state"]) for row in found]


def test_it_is_looked_at_twice_and_then_told_once(box, centre, folder, drop_with, hours):
    box.record(drop_with())
    spoil(folder)
    box.settle()
    assert facts(centre, TOLD) == []  # memory errs as well as disks
    hours(30)
    assert facts(centre, TOLD) == [{"sha256": NAME, "cause": "damaged"}]
    assert [path.name for path in (folder / DAMAGED).iterdir()] == [NAME]
    assert list((folder / WAITING).iterdir()) == []


def test_one_that_can_be_read_the_second_time_is_sent(box, centre, folder, drop_with, hours):
    box.record(drop_with())
    spoil(folder)
    box.settle()
    (folder / WAITING / NAME).write_bytes(JPEG)
    hours(2)
    assert came(centre) == {NAME}
    assert facts(centre, TOLD) == []


def test_the_centre_waits_no_longer_and_a_person_is_told(box, centre, folder, drop_with, hours):
    drop = lost(box, centre, folder, drop_with, hours)
    assert [row["awaited"] for row in centre.rows(drop_photos)] == [False]
    assert opened(centre) == [(f"{drop.drop_id}/{NAME}", "open")]
    [case] = centre.rows(cases)
    assert case["evidence"]["drops"] == [drop.drop_id]
    assert case["evidence"]["hashes"] == [NAME]
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    with requests.Session() as browser:
        browser.trust_env = False
        form = {"name": "ada", "password": PASSWORD}
        browser.post(centre.url + "/login", data=form, timeout=10)
        assert "A photo is lost" in browser.get(centre.url + "/cases", timeout=10).text
        page = browser.get(f"{centre.url}/drops/{drop.drop_id}", timeout=10).text
    assert "cannot read it any more" in page
    assert "<img src=" not in page


def test_the_oldest_holds_up_no_other(box, centre, folder, drop_with):
    """Whatever is first in the queue and cannot be read, the next one goes in the same turn."""
    box.record(drop_with())
    spoil(folder)
    box.record(drop_with(OTHER, "R2"))
    box.settle()
    assert came(centre) == {hashlib.sha256(OTHER).hexdigest()}


def test_what_the_disk_does_not_give_is_tried_for_longer_and_holds_up_no_other(
    box, centre, files, drop_with, hours, monkeypatch
):
    read = files.read

    def bad_block(name):
        if name == NAME:
            raise StoreFailed(StoreCause.IO, "a bad block")
        return read(name)

    monkeypatch.setattr(files, "read", bad_block)
    box.record(drop_with())
    box.record(drop_with(OTHER, "R2"))
    box.settle()
    assert came(centre) == {hashlib.sha256(OTHER).hexdigest()}
    hours(UNREADABLE - 2)
    assert facts(centre, TOLD) == []
    hours(3)
    assert facts(centre, TOLD) == [{"sha256": NAME, "cause": "damaged"}]


def test_a_power_cut_between_telling_and_putting_it_aside_tells_once(
    box, centre, folder, drop_with, hours, files, monkeypatch
):
    class Cut(BaseException):
        """The power is gone at this very point."""

    def cut(*_given):
        raise Cut

    box.record(drop_with())
    spoil(folder)
    box.settle()
    with monkeypatch.context() as patch:
        patch.setattr(files, "damaged", cut)
        with pytest.raises(Cut):
            hours(2)
    box.close()
    box.open()
    hours(3)
    assert facts(centre, TOLD) == [{"sha256": NAME, "cause": "damaged"}]
    assert [path.name for path in (folder / DAMAGED).iterdir()] == [NAME]


def test_what_is_gone_from_the_disk_is_told_when_the_centre_asks(
    box, centre, folder, drop_with, hours
):
    drop = drop_with()
    box.record(drop)
    (folder / WAITING / NAME).unlink()
    box.settle()
    hours(3)
    assert facts(centre, TOLD) == [{"sha256": NAME, "cause": "gone"}]
    assert opened(centre) == [(f"{drop.drop_id}/{NAME}", "open")]


def test_nothing_is_told_of_what_no_drop_of_ours_names(box, centre, files):
    box.agent._sending.missing(("0" * 64, "x", "../../ledger.db"))
    box.settle()
    assert facts(centre, TOLD) == []


def test_it_is_taken_all_the_same_when_it_turns_up(box, centre, folder, files, drop_with, hours):
    drop = lost(box, centre, folder, drop_with, hours)
    files.promise([files.keep(JPEG)])  # the same picture once more, or an engineer's copy
    hours(2)
    assert came(centre) == {NAME}
    assert opened(centre) == [(f"{drop.drop_id}/{NAME}", "settled")]


def test_a_drop_that_can_be_used_only_later_is_not_waited_for(
    box, centre, folder, drop_with, hours
):
    """Its record was set apart; the loss was told meanwhile, and is not told again."""
    drop = drop_with()
    box.record(dataclasses.replace(drop, photos=()))
    spoil(folder)
    box.settle()
    hours(2)
    assert (len(facts(centre, TOLD)), opened(centre)) == (1, [])
    later = dataclasses.replace(drop, drop_id="later", drop_number="K1-000009-X")
    box.record(later)
    box.settle()
    assert [row["awaited"] for row in centre.rows(drop_photos)] == [False]
    assert opened(centre) == [(f"later/{NAME}", "open")]
