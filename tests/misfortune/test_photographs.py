"""A shop wants a photograph of the goods: from the virtual camera to the centre's page, and what
goes wrong on the way."""

from __future__ import annotations

import hashlib
import json

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from kiosk.domain.reasons import Why
from kiosk.flows.model import (
    Attract,
    Bagging,
    Items,
    Photographing,
    Press,
    Receipt,
    StaffCalled,
)
from kiosk.ports import Trouble
from kiosk.settings import Photos
from kiosk.store.photos import OPEN, SENT, WAITING
from sync.central.tables import merchants, photos

RULE = {"rule": "evidence", "id": "picture", "evidence": "photo"}


@pytest.fixture
def wanting(street):
    """Every shop of the street wants a photograph of every item."""

    def work(c):
        for row in c.execute(merchants.select()).all():
            rules = json.dumps([*json.loads(row.rules), RULE])
            here = merchants.c.merchant_id == row.merchant_id
            c.execute(merchants.update().where(here).values(rules=rules))

    street.database.write(work)
    return street.publish()


@pytest.fixture
def kiosk(install, wanting):
    made = install().ready()
    made.eventually(lambda: made.core.store.policy.number >= wanting, "the rules")
    return made


def goods():
    """A red box on white paper."""
    picture = np.full((500, 500, 3), 255, np.uint8)
    picture[100:400, 100:400] = (30, 30, 200)
    return picture


def ask(kiosk) -> Photographing:
    """To the question, with the goods before the camera."""
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.camera.present(goods(), size=0.95, steady=True, tilt=0.0)
    kiosk.press(Press.ALL_HERE)
    return kiosk.sees(Photographing)


def take(kiosk):
    """A press, and the photograph that is looked at; the goods are in the camera's view by then."""
    kiosk.eventually(lambda: red(kiosk.core.scanners["camera"].photograph()), "the goods in view")
    kiosk.press(Press.TAKE_PHOTO)
    return kiosk.until(
        lambda s: isinstance(s.screen, Photographing) and s.screen.photo is not None, "a photograph"
    ).screen.photo


def red(photo) -> bool:
    if photo is None:
        return False
    picture = cv2.imdecode(np.frombuffer(photo.jpeg, np.uint8), cv2.IMREAD_COLOR)
    blue, _, much = picture[picture.shape[0] // 2, picture.shape[1] // 2].tolist()
    return much > blue + 60


def drop_it(kiosk):
    kiosk.sees(Bagging)
    kiosk.hold_bag()
    return kiosk.sees(Receipt).drop


def files(kiosk, place) -> list[str]:
    folder = kiosk.folder / "photos" / place
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def arrived(street):
    return [row for row in street.rows(photos) if row["came_at"] is not None]


def test_from_the_camera_to_the_centre(kiosk, street) -> None:
    ask(kiosk)
    photo = take(kiosk)
    name = hashlib.sha256(photo.jpeg).hexdigest()
    assert files(kiosk, OPEN) == []  # nothing is on the disk before the shopper says so
    kiosk.press(Press.USE_PHOTO)
    drop = drop_it(kiosk)
    (told,) = kiosk.events("drop.committed")
    assert told["photos"] == [
        {"line_id": drop.items[0].line.line_id, "sha256": name, "size": len(photo.jpeg)}
    ]
    assert told["lines"][0]["answers"]["evidence_photo"] == name
    kiosk.eventually(lambda: arrived(street), "the photograph at the centre")
    (row,) = arrived(street)
    assert (row["sha256"], bytes(row["data"])) == (name, photo.jpeg)
    kiosk.eventually(lambda: files(kiosk, SENT) == [name], "its move")
    assert files(kiosk, WAITING) == []
    assert len(street.drops) == 1
    kiosk.is_whole()


@pytest.mark.long
def test_a_visit_that_is_given_up_leaves_no_photograph(kiosk) -> None:
    ask(kiosk)
    take(kiosk)
    kiosk.press(Press.USE_PHOTO)
    kiosk.sees(Bagging)
    assert len(files(kiosk, OPEN)) == 1
    kiosk.press(Press.BACK, Press.CANCEL)
    kiosk.sees(Attract)
    kiosk.eventually(lambda: files(kiosk, OPEN) == [], "the end of it")
    assert files(kiosk, WAITING) == []


def test_a_crash_before_the_promise_leaves_none_and_after_it_keeps_it(kiosk, street) -> None:
    ask(kiosk)
    take(kiosk)
    kiosk.press(Press.USE_PHOTO)
    kiosk.sees(Bagging)
    kiosk.power_cut()
    assert (files(kiosk, OPEN), files(kiosk, WAITING)) == ([], [])
    street.goes_down()
    ask(kiosk)
    take(kiosk)
    kiosk.press(Press.USE_PHOTO)
    drop_it(kiosk)
    (name,) = files(kiosk, WAITING)
    # The promise is on the disk, and the power goes before the file is moved.
    (kiosk.folder / "photos" / WAITING / name).rename(kiosk.folder / "photos" / OPEN / name)
    kiosk.power_cut()
    assert (files(kiosk, OPEN), files(kiosk, WAITING)) == ([], [name])
    street.comes_back()
    kiosk.eventually(lambda: [r["sha256"] for r in arrived(street)] == [name], "its arrival")


def test_a_lost_file_promises_nothing(kiosk) -> None:
    ask(kiosk)
    take(kiosk)
    kiosk.press(Press.USE_PHOTO)
    kiosk.sees(Bagging)
    (name,) = files(kiosk, OPEN)
    (kiosk.folder / "photos" / OPEN / name).write_bytes(b"\xff\xd8 half of it")
    kiosk.hold_bag()
    assert kiosk.sees(StaffCalled).reason.why is Why.STORE_FAILED
    assert kiosk.events("drop.committed") == []
    assert kiosk.bags_held == []


@pytest.mark.long
def test_a_covered_camera_sends_to_staff(kiosk) -> None:
    ask(kiosk)
    kiosk.camera.cover()
    kiosk.knows(Trouble.SCANNER_COVERED)
    kiosk.press(Press.TAKE_PHOTO)
    assert kiosk.sees(StaffCalled).reason.why is Why.EVIDENCE_NEEDED


def test_without_a_camera_it_is_not_even_asked(kiosk, street) -> None:
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    kiosk.press(Press.SHORT_CODE)
    kiosk.type(street.sample.find("simple").short_code)
    kiosk.press(Press.SUBMIT)
    assert kiosk.sees(StaffCalled).reason.why is Why.EVIDENCE_NEEDED


@pytest.mark.long
def test_a_kiosk_that_may_not_photograph_sends_to_staff(install, wanting) -> None:
    kiosk = install()
    kiosk.settings = replace(kiosk.settings, photos=Photos(enabled=False))
    kiosk.ready()
    kiosk.eventually(lambda: kiosk.core.store.policy.number >= wanting, "the rules")
    kiosk.hold_return("simple")
    assert kiosk.sees(StaffCalled).reason.why is Why.EVIDENCE_NEEDED


@pytest.mark.long
def test_a_full_disk_sends_to_staff_and_what_is_there_stays(kiosk, monkeypatch) -> None:
    ask(kiosk)
    take(kiosk)
    monkeypatch.setattr("kiosk.store.photos.free_bytes", lambda path: 1 << 20)
    kiosk.press(Press.USE_PHOTO)
    assert kiosk.sees(StaffCalled).reason.why is Why.EVIDENCE_NEEDED
    assert files(kiosk, OPEN) == []
