"""Pictures of kiosks' screens: from the kiosk to the page of the back office."""

from __future__ import annotations

import hashlib
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.events import ScreenPictured
from kiosk.store.screens import ScreenFiles
from sync.agent.pace import Pace
from sync.agent.unwanted import PATIENCE
from sync.central import keeping, photos, screens
from sync.central.audit import at_console
from sync.central.centre import Centre as Held
from sync.central.devices import revoke
from sync.central.jobs import Jobs
from sync.central.tables import photos as files_there
from tests.sync.boxes import IDS, Box

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 100
NAME = hashlib.sha256(JPEG).hexdigest()
PACE = Pace(beat=900, policy=90_000, first_contact=0, retry_least=0.02, retry_most=0.05, photo=0.0)


@pytest.fixture
def database_url(prepared_file, tmp_path):
    (tmp_path / "centre.db").write_bytes(prepared_file.read_bytes())
    return f"sqlite:///{tmp_path}/centre.db"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "kiosk").mkdir()
    return ScreenFiles(tmp_path / "kiosk", IDS)


@pytest.fixture
def box(centre, clock, tmp_path, files):
    made = Box(centre, clock, tmp_path / "kiosk", screens=files, pace=PACE)
    yield made
    made.close()


@pytest.fixture
def pictured(box, files):
    """The kiosk takes a picture of its screen, and the line is good."""

    def take(jpeg=JPEG, troubles=("printer_silent",), ordered=0):
        name = files.keep(jpeg)
        box.record(ScreenPictured(name, len(jpeg), troubles, ordered))
        files.promise([name])
        box.settle()
        return name

    return take


def listed(centre, box):
    with centre.database.reading() as c:
        return screens.of_kiosk(c, "acme", box.me.device_id, box.clock.now(), 100)


def test_it_comes_to_the_kiosks_page_with_what_was_wrong(pictured, files, centre, box, desk):
    pictured()
    assert files.waiting() == ()  # the kiosk keeps none that the centre has
    [one] = listed(centre, box)
    page = desk.get(f"/kiosks/{box.me.device_id}")
    path = f"/kiosks/{box.me.device_id}/screens/{one['event_id']}"
    assert f'src="{path}"' in page
    assert "The screen, " in page
    assert "The receipt printer does not answer right now." in page
    answer = desk.browser.get(desk.url + path, timeout=20)
    assert answer.content == JPEG
    assert answer.headers["content-type"] == "image/jpeg"
    assert "no-store" in answer.headers["cache-control"]


def test_it_waits_until_what_names_it_was_told(box, files, centre):
    """As where it is taken in the moment between two turns of the agent."""
    box.settle()
    name = files.keep(JPEG)
    box.store.record(ScreenPictured(name, len(JPEG), ()), "kiosk")
    files.promise([name])
    box.agent._photo()
    assert files.waiting() == (name,)
    box.agent.wake()
    box.settle()
    assert files.waiting() == ()
    assert [one["came_at"] is None for one in listed(centre, box)] == [False]


def test_while_it_is_on_its_way_the_page_says_so(box, centre, desk, clock):
    box.record(ScreenPictured(NAME, len(JPEG), (), 3))
    box.settle()
    page = desk.get(f"/kiosks/{box.me.device_id}")
    assert "On its way" in page
    assert "As ordered" in page
    [one] = listed(centre, box)
    path = f"/kiosks/{box.me.device_id}/screens/{one['event_id']}"
    assert desk.browser.get(desk.url + path, timeout=20).status_code == 404
    clock.advance(days=1)
    assert listed(centre, box) == ()  # its kiosk has given it up


def test_the_same_picture_twice_is_one_file(pictured, centre, box):
    pictured()
    pictured()
    assert [one["came_at"] is None for one in listed(centre, box)] == [False, False]
    assert len(centre.rows(files_there)) == 1


def test_nobody_of_another_tenant_and_no_other_page_shows_it(pictured, centre, box, desk_of):
    from sync.central.policy import put_tenant

    pictured()
    [one] = listed(centre, box)
    put_tenant(centre.database, "other", "Other", "other")
    eve = desk_of("eve", tenant="other")
    ada = desk_of("ada")
    path = f"/screens/{one['event_id']}"
    for desk, kiosk in ((eve, box.me.device_id), (ada, "another")):
        answer = desk.browser.get(f"{desk.url}/kiosks/{kiosk}{path}", timeout=20)
        assert answer.status_code == 404
    assert ada.browser.get(f"{ada.url}/photos/{NAME}", timeout=20).status_code == 404


@pytest.mark.parametrize(("sha256", "size"), [("x" * 64, 10), (NAME, 0), (NAME, 1 << 20)])
def test_what_could_be_no_picture_is_not_waited_for(box, centre, sha256, size):
    box.record(ScreenPictured(sha256, size, ()))
    box.settle()
    assert listed(centre, box) == ()


def test_an_older_centre_that_knows_no_such_event_is_offered_it_a_while_and_no_more(
    box, files, clock, centre
):
    files.promise([files.keep(JPEG)])  # told of by an event that means nothing there
    box.settle()
    for _ in range(PATIENCE):
        clock.advance(days=1)
        box.settle()
    assert files.waiting() == ()
    assert centre.rows(files_there) == []


def test_what_a_revoked_kiosk_sends_is_not_taken(pictured, centre, box, clock, files):
    revoke(centre.database, clock, at_console("acme"), box.me.device_id, "stolen")
    pictured()
    assert listed(centre, box) == ()
    assert centre.rows(files_there) == []


def test_of_each_kiosk_the_newest_are_kept(pictured, centre, box, clock):
    names = []
    for number in range(screens.MOST_KEPT + 2):
        names.append(pictured(JPEG + bytes([number])))
        clock.advance(minutes=1)
    assert [one["sha256"] for one in listed(centre, box)] == names[:1:-1]
    assert {row["sha256"] for row in centre.rows(files_there)} == set(names[2:])


def test_they_go_after_their_time_and_photographs_have_theirs(pictured, centre, box, clock):
    held = Held(centre.database, clock, IDS, ZoneInfo("UTC"))

    def tidied(days):
        clock.advance(days=days)
        assert Jobs(held, [keeping.JOB]).run(keeping.JOB, at_once=True)

    actor = at_console("acme")
    assert keeping.put(centre.database, actor, clock.now(), keeping.What.PHOTOGRAPHS, 1) == ""
    old = pictured()
    tidied(29)
    assert photos.read(centre.database, "acme", old) == JPEG
    new = pictured(JPEG + b"new")
    tidied(2)
    assert [one["sha256"] for one in listed(centre, box)] == [new]
    assert [row["sha256"] for row in centre.rows(files_there)] == [new]
