"""What becomes of photographs in a visit, and when none can be taken."""

from __future__ import annotations

import pytest

from kiosk.app.photographs import Photographs
from kiosk.app.site import Site
from kiosk.ports import Photo
from kiosk.settings import Photos, Scanner, Settings
from kiosk.store import StoreCause, StoreFailed, open_store
from kiosk.store.photos import OPEN, WAITING, PhotoFiles
from kiosk.world import SystemClock, SystemIds

PHOTO = Photo(b"\xff\xd8\xff a coat", 720, 720, b"\xff\xd8\xff")


class Lens:
    """A camera that sees, or does not."""

    def __init__(self, seeing=True):
        self.seeing = seeing

    def sees(self):
        return self.seeing

    def photograph(self):
        return PHOTO if self.seeing else None


@pytest.fixture
def files(tmp_path):
    return PhotoFiles(tmp_path, SystemIds(), 300 << 20)


def there(tmp_path, place):
    folder = tmp_path / "photos" / place
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_the_first_camera_that_sees_is_used(files):
    blind, seeing = Lens(False), Lens()
    assert Photographs(files, (blind, seeing)).take() is PHOTO
    assert Photographs(files, (blind,)).take() is None
    assert [Photographs(files, c).ready() for c in ((blind, seeing), (blind,), ())] == [
        True,
        False,
        False,
    ]


def test_after_one_that_could_not_be_kept_none_is_asked_for_in_this_visit(files, monkeypatch):
    photographs = Photographs(files, (Lens(),))

    def full(jpeg):
        raise StoreFailed(StoreCause.FULL)

    with monkeypatch.context() as patch:
        patch.setattr(files, "keep", full)
        assert photographs.keep(PHOTO) == ""
    assert not photographs.ready()
    photographs.let_go()
    assert photographs.ready()
    assert photographs.keep(PHOTO)


def test_a_move_that_the_disk_refused_is_made_up_for_at_the_end_of_the_visit(
    files, monkeypatch, tmp_path
):
    photographs = Photographs(files, (Lens(),))
    name = photographs.keep(PHOTO)

    def refused(names):
        raise StoreFailed(StoreCause.IO)

    with monkeypatch.context() as patch:
        patch.setattr(files, "promise", refused)
        photographs.promised([name])
    assert there(tmp_path, OPEN) == [name]
    photographs.let_go()
    assert (there(tmp_path, OPEN), there(tmp_path, WAITING)) == ([], [name])


def test_no_room_is_told_only_where_photographs_are_taken(tmp_path):
    crowded = PhotoFiles(tmp_path, SystemIds(), 1 << 19)
    assert Photographs(crowded, (Lens(),)).full
    assert not Photographs(crowded, ()).full
    assert not Photographs(crowded, (Lens(),)).ready()


@pytest.mark.parametrize(
    ("driver", "enabled", "can"),
    [
        ("camera", True, True),
        ("virtual-camera", True, True),
        ("camera", False, False),
        ("wedge", True, False),
    ],
)
def test_tools_beside_the_kiosk_judge_by_its_settings(driver, enabled, can):
    scanner = Scanner(name="s", driver=driver)
    assert Site.of(Settings(scanners=(scanner,), photos=Photos(enabled=enabled))).photos is can
    assert not Site.of(Settings()).photos


@pytest.mark.parametrize("lost", [True, False])
def test_while_lost_drops_are_asked_back_no_photograph_goes(tmp_path, files, lost):
    """The ledger does not know what was promised: one that it lost may name this one."""
    name = files.keep(PHOTO.jpeg)
    store = open_store(tmp_path, SystemClock(), SystemIds())
    store.outbox.new_epoch(lost=lost)
    Photographs(files, ()).recover(store)
    store.close()
    assert there(tmp_path, OPEN) == []
    assert there(tmp_path, WAITING) == ([name] if lost else [])
